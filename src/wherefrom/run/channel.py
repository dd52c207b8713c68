"""JSON lines over a socket that never blocks."""

from __future__ import annotations

import selectors
import socket
from collections import deque
from contextlib import suppress

CHUNK = 1 << 16
MOST_LINE = 1 << 26
"""Bytes of one line; who sends more isn't talking to us."""


class JunkError(Exception):
    """What came is no line of ours."""


class Channel:
    """One end: complete lines in, bytes out as far as the other end takes them."""

    def __init__(self, end: socket.socket) -> None:
        end.setblocking(False)
        self._end = end
        self._coming = bytearray()
        self._going: deque[memoryview] = deque()
        self.ended = False

    def fileno(self) -> int:
        """The descriptor, for selectors."""
        return self._end.fileno()

    @property
    def busy(self) -> bool:
        """Whether something waits to be sent."""
        return bool(self._going) and not self.ended

    @property
    def events(self) -> int:
        """What a selector should wait for."""
        return selectors.EVENT_READ | (selectors.EVENT_WRITE if self.busy else 0)

    def send(self, line: bytes) -> None:
        """Send ``line``, now or as soon as it can be."""
        self._going.append(memoryview(line + b"\n"))
        self.flush()

    def flush(self) -> None:
        """Send what waits, as far as it goes without waiting."""
        try:
            while self._going:
                sent = self._end.send(self._going[0])
                self._going[0] = self._going[0][sent:]
                if not self._going[0]:
                    self._going.popleft()
        except BlockingIOError:
            return
        except OSError:
            self.ended = True

    def receive(self) -> list[bytes]:
        """The complete lines that have come; at the other end's close, `ended` is true.

        Raises `JunkError` for a line longer than `MOST_LINE`.
        """
        with suppress(BlockingIOError):
            self._read()
        if b"\n" not in self._coming:
            if len(self._coming) > MOST_LINE:
                raise JunkError
            return []
        *lines, rest = bytes(self._coming).split(b"\n")
        self._coming = bytearray(rest)
        return lines

    def close(self) -> None:
        """Close this end."""
        self.ended = True
        self._end.close()

    def _read(self) -> None:
        while len(self._coming) <= MOST_LINE:
            try:
                data = self._end.recv(CHUNK)
            except ConnectionError:
                data = b""
            if not data:
                self.ended = True
                return
            self._coming += data
