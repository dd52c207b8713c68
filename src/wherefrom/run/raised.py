"""An exception that left a snippet, as data. Standard library only."""

from __future__ import annotations

import traceback
from pathlib import Path
from types import TracebackType

from wherefrom.model import Raised

MOST_TEXT = 20_000
"""Characters of a traceback or message that are kept, at its start and at its end."""

_OURS = str(Path(__file__).parent)


def raised(error: BaseException, path: str) -> Raised:
    """What left a snippet of the file ``path``; frames of ours are left out of its text."""
    tb = _below_ours(error.__traceback__)
    told = traceback.TracebackException(type(error), error, tb, compact=True)
    return Raised(
        name=_name(type(error)),
        message=_bounded(_message(error)),
        text=_bounded("".join(told.format())),
        line=_line(error, tb, path),
    )


def _below_ours(tb: TracebackType | None) -> TracebackType | None:
    while tb is not None and tb.tb_frame.f_code.co_filename.startswith(_OURS):
        tb = tb.tb_next
    return tb


def _name(cls: type[BaseException]) -> str:
    module = cls.__module__
    return (
        cls.__qualname__ if module in ("builtins", "__main__") else f"{module}.{cls.__qualname__}"
    )


def _message(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return str(error.msg)
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - a stranger's __str__ may raise anything
        return "<exception str() failed>"


def _line(error: BaseException, tb: TracebackType | None, path: str) -> int | None:
    line = None
    for frame, number in traceback.walk_tb(tb):
        if frame.f_code.co_filename == path:
            line = number
    if line is None and isinstance(error, SyntaxError) and error.filename == path:
        return error.lineno
    return line


def _bounded(text: str) -> str:
    if len(text) <= 2 * MOST_TEXT:
        return text
    left_out = len(text) - 2 * MOST_TEXT
    return f"{text[:MOST_TEXT]}\n... {left_out} characters left out ...\n{text[-MOST_TEXT:]}"
