"""What a sequence diagram shows, before it is drawn: lifelines, and the rows between them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

NOTHING = "nothing"  # what an outline calls the value of an attribute that is not there


class RowKind(StrEnum):
    """What one row of a diagram says."""

    CALL = "call"
    RETURN = "return"
    RAISE = "raise"
    STORE = "store"
    TURN = "turn"


@dataclass(frozen=True)
class Lifeline:
    """One participant: a class of the library (with its module) or the page's own code.

    ``shown`` is as much of the module as tells it from others; ``plain`` says that the label
    is words, not a name of the code.
    """

    label: str
    module: str = ""
    own: bool = False
    shown: str = ""
    plain: bool = False


@dataclass(frozen=True)
class Row:
    """One moment of a flow.

    ``source`` and ``target`` index the scene's lifelines; ``depth`` counts calls of the outline
    above this one in its turn. ``old`` and ``new`` are a store's values. ``place`` is where to
    look, as ``file:line``; ``code`` holds source lines around it, ``mark`` is the one that counts
    (its index), ``first_line`` the number of the first; ``href`` leads to the released source,
    ``entry`` is the documented name that this step runs.
    ``name`` is the label in full, ``direct`` says that no unlisted call lies between.
    ``value`` says what the watched attributes are, once the row has happened.
    """

    kind: RowKind
    label: str
    source: int = 0
    target: int = 0
    depth: int = 0
    old: str = ""
    new: str = ""
    place: str = ""
    code: tuple[str, ...] = ()
    first_line: int = 1
    mark: int | None = None
    href: str = ""
    entry: str = ""
    value: str = ""
    name: str = ""
    direct: bool = True


@dataclass(frozen=True)
class Thread:
    """The life of one value in a scene: born at a row, carried down, stored at a row.

    ``met`` says that nothing saw its birth: the row is the first that held it. ``along`` is the
    value's own lifeline, where it has one; else it runs down the one that it was born at.
    """

    label: str
    born: int
    stored: int
    met: bool = False
    along: int | None = None


@dataclass(frozen=True)
class Scene:
    """One diagram. ``ident`` is unique on its page and begins the ids of all its parts.

    ``ran_on`` says which versions it was seen with.
    """

    ident: str
    title: str
    description: str
    lifelines: tuple[Lifeline, ...]
    rows: tuple[Row, ...]
    thread: Thread | None = None
    ran_on: str = ""
