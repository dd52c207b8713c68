"""A bar on standard error while pages run: only in a terminal, only if it takes a while."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)

PATIENCE = 1.0
"""Seconds before the bar is shown."""
ROOM = 60
"""Columns of a terminal that has room for more than the numbers."""

T = TypeVar("T")


def with_progress(items: Iterable[T], total: int, console: Console) -> Iterator[T]:
    """The ``items`` as they come, counted in a bar on ``console``."""
    # Not `is_terminal`, which is also true where colours are forced into a file.
    if not console.file.isatty():
        yield from items
        return
    progress = Progress(*_columns(console.width), console=console, transient=True)
    task = progress.add_task("running pages", total=total)
    timer = threading.Timer(PATIENCE, progress.start)
    timer.daemon = True
    timer.start()
    try:
        for item in items:
            progress.advance(task)
            yield item
    finally:
        timer.cancel()
        timer.join()
        progress.stop()


def _columns(width: int) -> Iterator[ProgressColumn]:
    yield TextColumn("{task.description}")
    if width >= ROOM:
        yield BarColumn()
    yield MofNCompleteColumn()
    yield TimeElapsedColumn()
