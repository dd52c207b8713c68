"""Expected tracebacks, in doctest's forms: with a stack, with `...` in its place, with neither."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wherefrom.check.matching import Flags, ended, matches
from wherefrom.model import Raised

HEADER = "Traceback (most recent call last):"

_HEADER = re.compile(r"Traceback \((?:most recent call last|innermost last)\):\s*$")
_LINKS = (
    "During handling of the above exception, another exception occurred:",
    "The above exception was the direct cause of the following exception:",
)


@dataclass(frozen=True)
class Expected:
    """A traceback at the end of an expected text: the output ``before`` it, and its last part."""

    before: str
    error: str


def expected_exceptions(want: str) -> Iterator[Expected]:
    """The ways in which an expected text ends in a traceback, the likeliest first.

    There is more than one where the output before it holds a traceback too, or where one
    exception led to another.
    """
    lines = ended(want).split("\n")[:-1]
    headers = [at for at, line in enumerate(lines) if _HEADER.match(line)]
    links = [at for at, line in enumerate(lines) if line.strip() in _LINKS]
    for last in reversed(headers):
        error = _after_stack(lines, last)
        if error == len(lines):
            continue
        for first in (each for each in headers if each <= last):
            if first == last or any(first < link < last for link in links):
                yield Expected(_joined(lines[:first]), _joined(lines[error:]))


def is_expected(expected: Expected, raised: Raised, flags: Flags) -> bool:
    """Whether the exception is the expected one; the stack is never compared."""
    want, got = expected.error, error_text(raised)
    if matches(want, got, flags):
        return True
    return "IGNORE_EXCEPTION_DETAIL" in flags and _bare(want) == _bare(got)


def error_text(raised: Raised) -> str:
    """The last part of a traceback: the exception's name and message."""
    return ended(f"{raised.name}: {raised.message}" if raised.message else raised.name)


def headed(error: str) -> str:
    """A traceback as a page holds it: the stack is left out, for it moves with every edit."""
    return f"{HEADER}\n  ...\n{error}"


def _after_stack(lines: list[str], header: int) -> int:
    """The stack goes on to the first line that begins with a word: the exception's own."""
    at = header + 1
    while at < len(lines) and not re.match(r"\w", lines[at]):
        at += 1
    return at


def _joined(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _bare(error: str) -> str:
    """The exception's name without its module and its message, as doctest has it."""
    return error.split("\n", 1)[0].split(":", 1)[0].rpartition(".")[2].strip()
