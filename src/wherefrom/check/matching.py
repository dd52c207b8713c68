"""Doctest's comparison of expected and got, with addresses and ports by place."""

from __future__ import annotations

import doctest
from collections.abc import Iterable

from wherefrom.check.places import by_place

Flags = frozenset[str]

_CHECKER = doctest.OutputChecker()


def flags_on(everywhere: Iterable[str], own: Iterable[tuple[str, bool]]) -> Flags:
    """The names of the doctest flags that hold for one snippet: later ones win."""
    on = set(everywhere)
    for name, value in own:
        (on.add if value else on.discard)(name)
    return frozenset(on)


def matches(want: str, got: str, flags: Flags) -> bool:
    """Whether ``got`` is what ``want`` says, by doctest's rules."""
    options = sum(number for name, number in doctest.OPTIONFLAGS_BY_NAME.items() if name in flags)
    # As written first: an author may well have put an ellipsis into an address.
    return _CHECKER.check_output(want, got, options) or _CHECKER.check_output(
        by_place(want), by_place(got), options
    )


def ended(text: str) -> str:
    """``text`` ending in a newline, as doctest has it; no text stays none."""
    return text if not text or text.endswith("\n") else f"{text}\n"


def written(output: str, *, blank_lines: bool) -> str:
    """Output as a page holds it.

    A blank line is `<BLANKLINE>` where a bare one would end the expected text, or be lost: all of
    them unless ``blank_lines``, else those at the edges and those that hold white space.
    """
    lines = ended(output).split("\n")[:-1]
    texts = [at for at, line in enumerate(lines) if line.strip()]
    inside = range(texts[0], texts[-1]) if blank_lines and texts else range(0)
    return "".join(
        "<BLANKLINE>\n" if not line.strip() and (line or at not in inside) else f"{line}\n"
        for at, line in enumerate(lines)
    )
