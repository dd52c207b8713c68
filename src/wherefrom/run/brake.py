"""What keeps a program that forks without end within reach of its limit. Standard library only."""

from __future__ import annotations

from mmap import mmap
from time import monotonic, sleep

BRAKE_WAIT = 5.0
"""Seconds that a fork waits at most, should nobody look."""


class ForkBrake:
    """Makes forks wait, in all processes of a group, when there were many since the last look.

    So a program that forks without end is caught at its limit, however fast it is. ``shared`` is
    memory that the slot and all of the group's processes share.
    """

    def __init__(self, shared: mmap, most: int) -> None:
        self._shared = shared
        self._most = most

    def forking(self) -> None:
        """Count a fork, and wait while there were too many."""
        self._shared[:8] = (self._count() + 1).to_bytes(8, "little")
        until = monotonic() + BRAKE_WAIT
        while self._count() > self._most and monotonic() < until:
            sleep(0.005)

    def release(self) -> None:
        """Start to count from nothing."""
        self._shared[:8] = bytes(8)

    def close(self) -> None:
        """Give the memory back; the group has ended."""
        self._shared.close()

    def _count(self) -> int:
        return int.from_bytes(self._shared[:8], "little")
