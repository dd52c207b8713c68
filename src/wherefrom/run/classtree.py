"""What ``{classtree}`` shows of a class: its tree and its members. Standard library only."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from wherefrom.model import Json

_TOLD_DUNDERS = frozenset({"__init__", "__call__"})
_UNTOLD = "_abc_impl"
"""What Python itself adds to every abstract class."""


def class_tree(expression: str, names: Mapping[str, Any]) -> Json:
    """The tree and the members of the class that ``expression`` names.

    It is a name of the group, or a dotted name to import. Raises `NameError` where it is neither,
    `TypeError` where it isn't a class.
    """
    cls = _found(expression, names)
    if not isinstance(cls, type):
        raise TypeError(f"{expression} is not a class: it is of {type(cls)!r}")
    tree = [*_flat(inspect.getclasstree(list(inspect.getmro(cls))), 0)]
    return {"class": _name(cls), "tree": tree, "members": [*_members(cls)]}


def _found(expression: str, names: Mapping[str, Any]) -> Any:
    first, *rest = expression.split(".")
    if first in names:
        return _attribute(names[first], rest)
    for end in range(len(rest), 0, -1):
        module = ".".join([first, *rest[: end - 1]])
        try:
            found = importlib.import_module(module)
        except ModuleNotFoundError as error:
            if error.name is None or not f"{module}.".startswith(f"{error.name}."):
                raise
        else:
            return _attribute(found, rest[end - 1 :])
    raise NameError(f"{expression} is neither a name of this group nor one to import")


def _attribute(holder: Any, path: list[str]) -> Any:
    for name in path:
        holder = getattr(holder, name)
    return holder


def _flat(tree: list[Any], depth: int) -> Iterator[Json]:
    for item in tree:
        if isinstance(item, list):
            yield from _flat(item, depth + 1)
        else:
            cls, bases = item
            yield {"name": _name(cls), "depth": depth, "bases": [_name(base) for base in bases]}


def _members(cls: type) -> Iterator[Json]:
    owners = [each for each in cls.__mro__ if each is not object]
    for name in sorted({name for owner in owners for name in vars(owner) if _told(name)}):
        having = [owner for owner in owners if name in vars(owner)]
        yield _member(cls, name, having)


def _told(name: str) -> bool:
    dunder = name.startswith("__") and name.endswith("__")
    return name in _TOLD_DUNDERS if dunder else name != _UNTOLD


def _member(cls: type, name: str, having: list[type]) -> Json:
    owner, *above = having
    value = vars(owner)[name]
    kind = _kind(value)
    how = "inherited" if owner is not cls else "overridden" if above else "own"
    return {
        "name": name,
        "kind": kind,
        "owner": _name(owner),
        "how": how,
        "overrides": _name(above[0]) if above else None,
        "value": type(value).__qualname__ if kind == "attribute" else None,
        "doc": "" if kind == "attribute" else _first_sentence(value),
    }


def _kind(value: Any) -> str:
    if isinstance(value, classmethod):
        return "class method"
    if isinstance(value, staticmethod):
        return "static method"
    if isinstance(value, type):
        return "class"
    if isinstance(value, property):
        return "property"
    return "method" if inspect.isroutine(value) else "attribute"


def _first_sentence(value: Any) -> str:
    doc = getattr(value, "__doc__", None)
    paragraph = doc.strip().partition("\n\n")[0] if isinstance(doc, str) else ""
    sentence, stop, _ = " ".join(paragraph.split()).partition(". ")
    return sentence + stop.strip()


def _name(cls: type) -> str:
    module = cls.__module__
    return cls.__qualname__ if module == "builtins" else f"{module}.{cls.__qualname__}"
