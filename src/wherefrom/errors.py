"""What can be wrong with pages, options and runs: one base class, a slug on each.

Every slug has a section of the same name in ``docs/messages.md``.
"""

from __future__ import annotations

from pathlib import Path


class WherefromError(Exception):
    """A mistake that the user can mend; ``str()`` is ``path:line: what [slug]``."""

    slug = "error"

    def __init__(
        self, what: str, *, path: Path | str | None = None, line: int | None = None
    ) -> None:
        super().__init__(what)
        self.what = what
        self.path = path
        self.line = line

    def __str__(self) -> str:
        place = "" if self.path is None else f"{self.path}: "
        if self.path is not None and self.line is not None:
            place = f"{self.path}:{self.line}: "
        return f"{place}{self.what} [{self.slug}]"


class PageError(WherefromError):
    """A page, or one block of it, can't be read as it stands."""

    slug = "page"


class EncodingError(PageError):
    """A page is not UTF-8."""

    slug = "encoding"


class ConfigError(WherefromError):
    """An option has a name, a type or a value that it can't have."""

    slug = "config"


class WorkerError(WherefromError):
    """The processes that run snippets can't be started, or are lost."""

    slug = "worker"
