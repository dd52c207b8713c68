"""The worker's standard streams: its output goes to files, and no snippet can spoil the next one's.

Standard library only.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable
from typing import IO, Any

from wherefrom.run.snippets import show

try:
    import fcntl
except ImportError:  # a system without POSIX descriptors; the worker isn't used there
    fcntl = None  # type: ignore[assignment]

HIGH = 200
"""Descriptors of ours lie from here on, where a program that counts or closes its own won't be."""


def kept(fd: int) -> int:
    """A copy of ``fd`` that lies high and isn't passed on to programs."""
    return fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, HIGH)


class Streams:
    """Descriptors 0, 1 and 2 and the ``sys`` names over them, as each snippet is to find them."""

    def __init__(self, output: int, errors: int) -> None:
        null = os.open(os.devnull, os.O_RDONLY)
        self._fds = (kept(null), output, errors)
        os.close(null)
        self._files: list[IO[str]] = []
        self._hook: Callable[[type[BaseException], BaseException, Any], Any] = sys.excepthook

    def restore(self) -> None:
        """Put every stream and hook in place, whatever was done to it."""
        for fd, own in enumerate(self._fds):
            os.dup2(own, fd)
        if not self._files or any(map(_spoiled, self._files)):
            self._files = [_opened(0, "r"), _opened(1, "w"), _opened(2, "w")]
        sys.stdin, sys.stdout, sys.stderr = self._files
        sys.__stdin__, sys.__stdout__, sys.__stderr__ = self._files  # type: ignore[misc,assignment]
        sys.displayhook = show
        sys.excepthook = self._hook

    def flush(self) -> None:
        """Let what was written reach its file."""
        for stream in (
            getattr(sys, "stdout", None),
            getattr(sys, "stderr", None),
            *self._files[1:],
        ):
            with contextlib.suppress(Exception):
                stream.flush()  # type: ignore[union-attr]  # whatever stands there by now

    def sizes(self) -> tuple[int, int]:
        """How many bytes of output, and of errors, there are so far."""
        return os.fstat(self._fds[1]).st_size, os.fstat(self._fds[2]).st_size


def _spoiled(file: IO[str]) -> bool:
    """Whether a snippet has closed, detached or patched a stream of ours."""
    try:
        return file.closed or bool(vars(file).keys() - {"mode"})
    except ValueError:
        return True


def _opened(fd: int, mode: str) -> IO[str]:
    raw = io.FileIO(fd, mode, closefd=False)
    if mode == "r":
        return io.TextIOWrapper(io.BufferedReader(raw), encoding="utf-8", errors="replace")
    return io.TextIOWrapper(
        io.BufferedWriter(raw), encoding="utf-8", errors="backslashreplace", line_buffering=True
    )
