"""One verdict as lines of text: where, what happened, the difference, the traceback."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator
from pathlib import Path

from wherefrom.check.rewrite import kept
from wherefrom.errors import WherefromError
from wherefrom.model import Fault, Status, Verdict

MOST_LINES = 60
"""Lines of one difference, traceback or output that are shown."""
_HALF = MOST_LINES // 2


def shown_path(path: str, start: Path) -> str:
    """``path`` from the folder ``start``, where it lies beneath it."""
    return os.path.relpath(path, start) if Path(path).is_relative_to(start) else path


def headline(verdict: Verdict | Fault, start: Path) -> str:
    """``path:line: what happened``, safe to print."""
    line = "" if verdict.line is None else f":{verdict.line}"
    path = visible(shown_path(verdict.path, start)).replace("\n", " ")
    return f"{path}{line}: {said(verdict)}"


def said(verdict: Verdict | Fault) -> str:
    """What happened, in one line, safe to print."""
    what = f"{verdict.what} [{verdict.slug}]" if isinstance(verdict, Fault) else verdict.message
    return visible(what).replace("\n", " ")


def complaint(error: WherefromError, start: Path) -> str:
    """An error of ours with its path from the folder ``start``, safe to print."""
    if error.path is None:
        return visible(str(error))
    return headline(Fault(str(error.path), error.line, error.what, error.slug), start)


def body(verdict: Verdict) -> Iterator[str]:
    """The lines beneath the headline, safe to print; a difference's begin with `-`, `+`, `  `."""
    if verdict.status is Status.FAILED or (verdict.expected and verdict.status is Status.RAISED):
        yield from _bounded([*difference(verdict.expected or "", verdict.got or "")])
    elif verdict.status in (Status.TIMEOUT, Status.DIED) and verdict.got:
        yield "printed until then:"
        yield from (f"  {line}" for line in _bounded(visible(verdict.got).splitlines()))
    if verdict.detail:
        yield from _bounded(visible(verdict.detail).splitlines())


def difference(expected: str, got: str) -> Iterator[str]:
    """The lines of ``expected`` (`-`) and ``got`` (`+`) that differ, with some around them.

    Lines that doctest takes to be alike count as equal.
    """
    old = visible(expected).splitlines()
    new = visible(kept(expected, got)).splitlines()
    for line in [*difflib.unified_diff(old, new, lineterm="", n=2)][3:]:
        yield "..." if line.startswith("@@") else f"{line[:1]} {line[1:]}"


def visible(text: str) -> str:
    """``text`` with what a terminal might obey, or would hide, written as escapes."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        each if each.isprintable() or each in "\n\t" else _escaped(each)
        for each in text.replace("\r\n", "\n")
    )


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _bounded(lines: list[str]) -> list[str]:
    if len(lines) <= MOST_LINES:
        return lines
    left_out = f"... {len(lines) - 2 * _HALF} more lines ..."
    return [*lines[:_HALF], left_out, *lines[-_HALF:]]
