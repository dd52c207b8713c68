"""The walk over a page: its blocks, what is nested in them, and what they include."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from wherefrom.errors import ConfigError, PageError
from wherefrom.model import Claim, NotRun, Page
from wherefrom.read.claims import GROUP_CLAIMS, claim
from wherefrom.read.directive import Directive, directive, load_mapping
from wherefrom.read.groups import assemble
from wherefrom.read.include import included_lines, included_path, not_run_include, only_shown
from wherefrom.read.lines import Lines, load, split
from wherefrom.read.markdown import Block, Shape, blocks, plain
from wherefrom.read.runnable import Expected, Part, is_runnable, runnable
from wherefrom.read.unrun import LITERAL, not_run_block, not_run_directive

# Deeper than any page; a page that nests more would exhaust Python's stack.
MAX_DEPTH = 40

Item = Part | Expected | Claim | NotRun


def find_pages(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The pages among files and in folders, as absolute paths, sorted, each once.

    Raises `ConfigError` for a path that doesn't exist. Hidden folders are left out.
    """
    found: set[Path] = set()
    for path in paths:
        if path.is_dir():
            found.update(page for page in path.rglob("*.md") if _is_shown(page, path))
        elif path.is_file():
            found.add(path)
        else:
            raise ConfigError("no such file or folder: give the path of a page", path=path)
    return tuple(sorted({Path(_absolute(path)) for path in found}))


def _is_shown(page: Path, folder: Path) -> bool:
    inside = page.relative_to(folder).parts
    return page.is_file() and not any(part.startswith(".") for part in inside)


def read_page(path: Path, text: str | None = None) -> Page:
    """Read a page, or ``text`` in its place.

    Raises `PageError` or `EncodingError`, at the line that is wrong.
    """
    place = _absolute(path)
    try:
        text = load(Path(place)) if text is None else text
    except OSError as error:
        raise PageError(f"can't be read: {error.strerror}", path=place) from error
    lines = split(text, place)
    walk = _Walk(place)
    items = tuple(walk.items(lines))
    claims = [item for item in items if isinstance(item, Claim)]
    parts = [item for item in items if isinstance(item, Part | Expected)]
    return Page(
        path=place,
        title=walk.title or Path(place).stem,
        groups=assemble(parts, claims),
        claims=tuple(each for each in claims if each.directive not in GROUP_CLAIMS),
        not_run=tuple(item for item in items if isinstance(item, NotRun)),
        files=tuple(walk.files),
        meta=walk.meta,
    )


def _absolute(path: Path) -> str:
    return Path(os.path.abspath(path)).as_posix()  # noqa: PTH100 - links stay, `..` goes


class _Walk:
    """One page's walk: ``files`` grows as it meets includes; its head is what it meets first."""

    def __init__(self, path: str) -> None:
        self.title = ""
        self.meta: dict[str, Any] = {}
        self.files: dict[str, None] = {path: None}
        self._including: tuple[str, ...] = (path,)

    def items(self, lines: Lines, depth: int = 0) -> Iterator[Item]:
        """All that runs, is claimed, or is not run, in page order."""
        for block in blocks(lines):
            if not depth:
                self._head(block)
            inner = directive(block)
            if inner is None:
                yield from self._plain(block, depth)
            else:
                yield from self._directive(inner, depth)

    def _head(self, block: Block) -> None:
        if block.shape is Shape.FRONT_MATTER:
            self.meta = load_mapping(block.lines, "the page's front matter")
        elif block.shape is Shape.HEADING and not self.title:
            self.title = plain(block.info)

    def _plain(self, block: Block, depth: int) -> Iterator[Item]:
        # A colon fence without a directive's name is a division: its text is Markdown.
        if block.shape is Shape.COLON_FENCE:
            yield from self._nested(block.lines, block, depth)
            return
        unrun = not_run_block(block)
        if unrun is not None:
            yield unrun

    def _directive(self, found: Directive, depth: int) -> Iterator[Item]:
        if is_runnable(found.name):
            yield from runnable(found)
        elif found.name == "include":
            yield from self._include(found, depth)
        elif found.name in LITERAL:
            unrun = not_run_directive(found)
            if unrun is not None:
                yield unrun
        else:
            asserted = claim(found)
            if asserted is not None:
                yield asserted
            else:
                yield from self._nested(found.body, found.block, depth)

    def _nested(self, lines: Lines, block: Block, depth: int) -> Iterator[Item]:
        if depth >= MAX_DEPTH:
            what = f"nested more than {MAX_DEPTH} deep"
            raise PageError(what, path=block.opener.path, line=block.opener.number)
        yield from self.items(lines, depth + 1)

    def _include(self, found: Directive, depth: int) -> Iterator[Item]:
        path = included_path(found)
        lines = None if path is None else included_lines(found, path)
        unrun = not_run_include(found, lines)
        if unrun is not None:
            yield unrun
        if path is None or lines is None:
            return
        self.files[path] = None
        if only_shown(found):
            return
        if path in self._including:
            chain = " -> ".join((*self._including, path))
            raise found.error(f"this file includes itself: {chain}")
        outer, self._including = self._including, (*self._including, path)
        yield from self._nested(lines, found.block, depth)
        self._including = outer
