"""The stacks in which stores happen, as places; those that recur are kept once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import CodeType, FrameType

from wherefrom.observe.entries import Thread
from wherefrom.observe.plans import OWN_PACKAGE
from wherefrom.traces import Place

MOST_STACK = 200


class Stacks:
    """All places that were met, by the code, the line, and the recorded call."""

    def __init__(self, keep: Callable[[CodeType], None]) -> None:
        self.places: dict[tuple[int, int, int | None], Place] = {}
        self._keep = keep

    def of(self, frame: FrameType | None, thread: Thread, line: int | None) -> Iterator[Place]:
        """The places from ``frame`` outwards; it is at ``line``, where that is known better."""
        calls = {each.frame: each.ident for each in thread.stack}
        for _ in range(MOST_STACK):
            if frame is None:
                return
            code, module = frame.f_code, frame.f_globals.get("__name__")
            if type(module) is str and f"{module}.".startswith(f"{OWN_PACKAGE}."):
                return
            key = id(code), line or frame.f_lineno or 0, calls.get(id(frame))
            place = self.places.get(key)
            if place is None:
                where = f"{module}", code.co_qualname, code.co_filename
                place = self.places[key] = Place(*where, key[1], key[2])
                self._keep(code)
            yield place
            frame, line = frame.f_back, None
