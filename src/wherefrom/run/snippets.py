"""Compiling and executing one snippet in its group's namespace. Standard library only."""

from __future__ import annotations
import __future__

import linecache
import sys
from collections.abc import Iterable, Mapping
from types import CodeType, ModuleType
from typing import Any

from wherefrom.model import Json, Kind, Snippet
from wherefrom.run.classtree import class_tree

_FEATURES = tuple(getattr(__future__, name) for name in __future__.all_feature_names)


class Namespace:
    """The ``__main__`` module of one group, and the ``__future__`` flags its snippets have set."""

    def __init__(self, page: str) -> None:
        self.module = ModuleType("__main__")
        self.module.__file__ = page
        self._flags = 0

    @property
    def names(self) -> dict[str, Any]:
        """The globals that the snippets share."""
        return self.module.__dict__

    def skips(self, snippet: Snippet) -> str:
        """Why ``snippet`` isn't to run, else the empty string; raises what its condition raises."""
        if ("SKIP", True) in snippet.flags:
            return "skipped by its doctest directive"
        if snippet.skipif is None:
            return ""
        code = compile(_placed(snippet.skipif.strip(), snippet.line), snippet.path, "eval")
        return f"skipped: {snippet.skipif} is true" if eval(code, self.names) else ""  # noqa: S307 - running the page's code is the point

    def run(self, snippet: Snippet) -> Json | None:
        """Execute ``snippet``; the result is its evidence, where it is a directive for some."""
        if snippet.kind is Kind.CLASSTREE:
            return class_tree(snippet.source.strip(), self.names)
        code = compiled(snippet, self._flags)
        for feature in _FEATURES:
            self._flags |= code.co_flags & feature.compiler_flag
        exec(code, self.names)  # noqa: S102 - running the page's code is the point
        return None


def compiled(snippet: Snippet, flags: int = 0) -> CodeType:
    """The code of ``snippet``, its lines those of the page."""
    mode = "single" if snippet.kind is Kind.EXAMPLE else "exec"
    source = _placed(snippet.source, snippet.line)
    code: CodeType = compile(source, snippet.path, mode, flags, dont_inherit=True)
    return code


def remember_sources(snippets: Iterable[Snippet]) -> None:
    """Let tracebacks and ``inspect`` find the snippets' code at the lines of their page.

    The rest of the page is blank there, so that the whole is Python.
    """
    for path, lines in _code_by_file(snippets).items():
        text = [lines.get(number, "\n") for number in range(1, max(lines) + 1)]
        linecache.cache[path] = (sum(map(len, text)), None, text, path)


def show(value: object) -> None:
    """Print the value of an example's expression, as doctest does; nothing is kept in ``_``."""
    if value is not None:
        sys.stdout.write(f"{value!r}\n")


def _placed(source: str, line: int) -> str:
    return "\n" * (line - 1) + source


def _code_by_file(snippets: Iterable[Snippet]) -> Mapping[str, dict[int, str]]:
    files: dict[str, dict[int, str]] = {}
    for snippet in snippets:
        if snippet.kind is not Kind.CLASSTREE:
            lines = snippet.source.splitlines(keepends=True)
            files.setdefault(snippet.path, {}).update(enumerate(lines, snippet.line))
    return files
