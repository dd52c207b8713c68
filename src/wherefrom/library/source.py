"""Source excerpts of what is installed, found by name."""

from __future__ import annotations

import tokenize
from dataclasses import dataclass, replace
from typing import Self

from wherefrom.library.index import Index

_QUOTES = ('"""', "'''")


@dataclass(frozen=True)
class Excerpt:
    """The lines of one definition.

    ``path`` is the file from the folder that holds the package, ``start`` the first line's number.
    """

    name: str
    module: str
    file: str
    path: str
    start: int
    lines: tuple[str, ...]

    @property
    def end(self) -> int:
        """The last line's number."""
        return self.start + len(self.lines) - 1

    def marked(self, text: str) -> tuple[int, ...]:
        """The lines that hold ``text``, counted from 0."""
        return tuple(number for number, line in enumerate(self.lines) if text in line)

    def around(self, text: str, lines: int) -> Self:
        """The lines that hold ``text``, and as many as ``lines`` before and after; else all."""
        marked = self.marked(text)
        if not marked:
            return self
        first = self._outside_docstring(max(marked[0] - lines, 0), marked[0])
        kept = self.lines[first : marked[-1] + lines + 1]
        return replace(self, start=self.start + first, lines=kept)

    def _outside_docstring(self, first: int, mark: int) -> int:
        """Where to cut: a docstring's end without its beginning would read as a beginning."""
        if first == 0:
            return first
        ends = [n for n in range(first, mark) if self.lines[n].rstrip().endswith(_QUOTES)]
        return ends[-1] + 1 if ends else first


def excerpt(dotted: str, index: Index) -> Excerpt:
    """The source of ``dotted``. Raises `LookupError` where there is none to be found."""
    found = index.definition(dotted)
    try:
        with tokenize.open(found.file) as file:
            lines = file.read().splitlines()
    except (OSError, SyntaxError, UnicodeDecodeError) as error:
        raise LookupError(f"the source of `{dotted}` can't be read: {error}") from error
    shown = tuple(lines[found.start - 1 : found.end])
    return Excerpt(found.name, found.module, found.file, found.path, found.start, shown)
