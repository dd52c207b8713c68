"""Annotations for GitHub Actions: each bad verdict at its line of the pull request."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from wherefrom.model import Fault, PageResult, Verdict
from wherefrom.report.lines import body, shown_path, visible


def runs() -> bool:
    """Whether this is a step of GitHub Actions."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def workspace() -> Path:
    """The folder from which GitHub counts the paths of its annotations."""
    return Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd())


@contextmanager
def unheeded(echo: Callable[[str], None]) -> Iterator[None]:
    """Have the runner take all that is printed meanwhile for text: a page may print ``::`` too."""
    token = secrets.token_hex(16)
    echo(f"::stop-commands::{token}")
    yield
    echo(f"::{token}::")


def commands(results: Iterable[PageResult], start: Path) -> Iterator[str]:
    """One workflow command for each bad verdict; paths count from the folder ``start``."""
    # What several pages include is told once.
    yield from dict.fromkeys(_each(results, start))


def _each(results: Iterable[PageResult], start: Path) -> Iterator[str]:
    for result in results:
        if result.error is not None:
            yield _command(result.error, [f"{result.error.what} [{result.error.slug}]"], start)
        for verdict in result.verdicts:
            if not verdict.status.good:
                yield _command(verdict, [verdict.message, *body(verdict)], start)


def _command(place: Verdict | Fault, lines: list[str], start: Path) -> str:
    file = _property(shown_path(place.path, start))
    title = "a page can't be read" if isinstance(place, Fault) else f"{place.kind} {place.status}"
    where = f"file={file},line={place.line or 1},title={_property(title)}"
    return f"::error {where}::{_data(visible(chr(10).join(lines)))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")
