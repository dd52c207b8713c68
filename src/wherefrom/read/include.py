"""`{include}`: the part of another file that a page takes in, at that file's own lines."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from wherefrom.model import NotRun
from wherefrom.read.directive import Directive
from wherefrom.read.lines import Line, Lines, load, split
from wherefrom.read.unrun import looks_runnable

_SHOWING = ("literal", "code", "parser")


def included_path(directive: Directive) -> str | None:
    """The file that an `{include}` names, or ``None`` where only Sphinx can tell."""
    name = directive.argument
    if not name:
        raise directive.error("`{include}` needs the path of a file")
    if name.startswith(("/", "<")):
        return None
    folder = os.path.dirname(directive.path)  # noqa: PTH120 - paths are POSIX strings here
    path = Path(os.path.normpath(os.path.join(folder, name)))  # noqa: PTH118 - `..` must go
    if not path.is_file():
        raise directive.error(f"no file {path.as_posix()}, which `{{include}}` names")
    return path.as_posix()


def included_lines(directive: Directive, path: str) -> Lines:
    """The lines that `{include}` takes, cut by its options as docutils cuts them."""
    lines = split(load(Path(path), directive.option("encoding") or "utf-8"), path)
    lines = lines[_number(directive, "start-line") : _number(directive, "end-line")]
    after = directive.option("start-after")
    if after:
        at, column = _find(directive, "start-after", after, lines)
        lines = _cut_start(lines[at:], column + len(after))
    before = directive.option("end-before")
    if before:
        at, column = _find(directive, "end-before", before, lines)
        lines = _cut_end(lines[: at + 1], column)
    return lines


def not_run_include(directive: Directive, lines: Lines | None) -> NotRun | None:
    """An include whose text is not read as Markdown but looks runnable, or can't be found."""
    opener = directive.block.opener
    if lines is None:
        reason = "a path from Sphinx's source folder; write it from this file"
        return NotRun(opener.path, opener.number, "include", reason)
    shown = [name for name in _SHOWING if directive.option(name) is not None]
    language = (directive.option("code") or "").strip()
    if shown and (looks_runnable(lines) or language in ("python", "py", "python3", "pycon")):
        reason = f"an include with :{shown[0]}: only shows the file"
        return NotRun(opener.path, opener.number, language or "text", reason)
    return None


def only_shown(directive: Directive) -> bool:
    """Whether an `{include}` shows its file instead of reading it as Markdown."""
    return any(directive.option(name) is not None for name in _SHOWING)


def _number(directive: Directive, name: str) -> int | None:
    value = directive.option(name)
    if value is None:
        return None
    try:
        return int(value)
    except ValueError as error:
        what = f"`:{name}:` must be a whole number, not `{value}`"
        raise directive.error(what) from error


def _find(directive: Directive, option: str, text: str, lines: Lines) -> tuple[int, int]:
    for at, line in enumerate(lines):
        column = line.text.find(text)
        if column >= 0:
            return at, column
    raise directive.error(f"`:{option}:` looks for `{text}`, which is not in the file")


def _cut_start(lines: Lines, column: int) -> Lines:
    first: Line = lines[0]
    text, prefix = first.text[column:], first.prefix + first.text[:column]
    return (replace(first, text=text, prefix=prefix), *lines[1:])


def _cut_end(lines: Lines, column: int) -> Lines:
    return (*lines[:-1], replace(lines[-1], text=lines[-1].text[:column]))
