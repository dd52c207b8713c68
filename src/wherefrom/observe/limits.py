"""How much a trace may hold, and whether that much is reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wherefrom.observe.entries import Entry

# What an event, an object that is met, and a place in a stack take, roughly, until the trace is
# made of them: the memory limit counts by these, anew after so many events.
EVENT_BYTES = 1_000
ROW_BYTES = 400
PLACE_BYTES = 300
MOST_UNCOUNTED = 500


@dataclass(frozen=True)
class Bounds:
    """How much a trace may hold: events, calls within calls, bytes."""

    events: int = 50_000
    depth: int = 500
    memory: int = 200_000_000


class Limits:
    """The bounds of one observation, and which of them ``stopped`` it, in words."""

    def __init__(self, bounds: Bounds, known: Callable[[], tuple[int, int]]) -> None:
        self.stopped = ""
        # Below both there is room: what is asked before each call.
        self.count_at = 0
        self.depth = bounds.depth
        self._bounds = bounds
        self._known = known
        self._full = False

    def is_full(self, events: int, parent: Entry | None) -> bool:
        """Whether there is no room for another call beneath ``parent``."""
        if events >= self.count_at and not self._full:
            self._count(events)
        if self._full:
            return True
        if parent is not None and parent.depth >= self.depth:
            self.stopped = f"stopped at a depth of {self.depth} calls"
            return True
        return False

    def is_overfull(self, events: int) -> bool:
        """Whether there is no room for a store: they go on for a while when calls no longer do."""
        if events < 2 * self._bounds.events:
            return False
        self.stopped = self.stopped or f"stopped after {events} events"
        return True

    def _count(self, events: int) -> None:
        """Whether there is room for more, and when to ask again."""
        bounds, (rows, places) = self._bounds, self._known()
        taken = EVENT_BYTES * events + ROW_BYTES * rows + PLACE_BYTES * places
        room = min(bounds.events - events, (bounds.memory - taken) // EVENT_BYTES)
        if room > 0:
            self.count_at = events + min(room // 2 + 1, MOST_UNCOUNTED)
            return
        self._full = True
        memory = "" if events >= bounds.events else f", which took {bounds.memory // 10**6} MB"
        self.stopped = f"stopped after {events} events{memory}"
