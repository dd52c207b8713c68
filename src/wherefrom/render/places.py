"""Where a step happened: the file as a reader knows it, its lines, and where it is released."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePath

from wherefrom.profiles import Profile
from wherefrom.traces import Trace

CONTEXT = 3


@dataclass(frozen=True)
class Spot:
    """One line of a file: what to call it, where it is released, and the lines around it."""

    name: str
    href: str = ""
    code: tuple[str, ...] = ()
    first_line: int = 1
    mark: int | None = None


@dataclass(frozen=True)
class Places:
    """The files of one trace. ``versions`` maps a distribution to the version that ran."""

    trace: Trace
    profile: Profile
    python: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)

    def spot(self, file: str, line: int) -> Spot:
        """The place of ``line`` in ``file``; a file that can't be read has no lines to show."""
        if not file or line < 1:
            return Spot("")
        lines = self._lines(file)
        first, last = max(1, line - CONTEXT), min(len(lines), line + CONTEXT)
        if file in self.trace.own:
            first, last = _within_fence(lines, line, first, last)
        code = lines[first - 1 : last]
        name = PurePath(file).name if file in self.trace.own else self._path(file)
        return Spot(
            f"{name}:{line}",
            self._href(file, line),
            code,
            first,
            line - first if len(lines) >= line else None,
        )

    def _lines(self, file: str) -> tuple[str, ...]:
        if file not in self._files:
            try:
                text = Path(file).read_text("utf-8", errors="replace")
            except (OSError, ValueError):
                text = ""
            self._files[file] = tuple(text.splitlines())
        return self._files[file]

    def _path(self, file: str) -> str:
        """The path from the folder that holds the package: what its own repository calls it."""
        parts = PurePath(file).parts
        module = self._modules.get(file)
        if module is None:
            return PurePath(*parts[-2:]).as_posix()
        count = len(module.split(".")) + (parts[-1] == "__init__.py")
        return PurePath(*parts[-count:]).as_posix()

    def _href(self, file: str, line: int) -> str:
        package = self._modules.get(file, "").split(".")[0]
        profile = self.profile
        if package != profile.name:
            return ""
        versions = self.versions if profile.distribution else {"": self.python}
        version = versions.get(profile.distribution, "")
        return profile.released(version, self._path(file), line, line)

    @cached_property
    def _modules(self) -> dict[str, str]:
        return {each.file: each.module for each in self.trace.calls}

    @cached_property
    def _files(self) -> dict[str, tuple[str, ...]]:
        return {}


def _within_fence(lines: tuple[str, ...], line: int, first: int, last: int) -> tuple[int, int]:
    """The lines around one of a page's own that belong to the same block of code."""
    fences = [number for number in range(first, last + 1) if _is_fence(lines[number - 1])]
    start = max((number + 1 for number in fences if number < line), default=first)
    return start, min((number - 1 for number in fences if number > line), default=last)


def _is_fence(line: str) -> bool:
    return line.lstrip(" >").startswith(("```", "~~~", ":::"))
