"""A flow as indented text: the whole, or the part that is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wherefrom.traces.events import Call, Event, Recording, Store
from wherefrom.traces.names import event_name, is_own

INDENT = "  "
BOUNDARY = "-- "


@dataclass(frozen=True)
class Line:
    """One line of an outline: an event at its depth, or a turn's boundary (without an event)."""

    depth: int
    text: str
    event: Event | None = None

    def __str__(self) -> str:
        return INDENT * self.depth + self.text


def text(recording: Recording, outline: Iterable[Line]) -> str:
    """The outline's lines as they stand in a page; a limit that was hit is said at the end."""
    hit = [f"{BOUNDARY}{note}" for note in recording.notes if note.startswith("stopped")]
    return "\n".join([*map(str, outline), *hit])


def lines(
    recording: Recording, watch: tuple[str, ...], focus: tuple[str, ...], limit: int | None
) -> Iterator[Line]:
    """Calls in ``focus`` (and the page's own), stores to ``watch``; everything where empty."""
    shown = [each for each in recording.events if _wanted(recording, each, watch, focus)]
    yield from indented(recording, shown if limit is None else shown[:limit])


def boundary(recording: Recording, turn: int, thread: str = "") -> str:
    """The line that stands where one turn ends and another begins."""
    if thread:
        return f"{BOUNDARY}in thread {thread}"
    return f"{BOUNDARY}later, from the {recording.loop_name}" if turn else f"{BOUNDARY}back here"


def is_watched(store: Store, watch: tuple[str, ...]) -> bool:
    """Whether a store is to one of the paths; to any, where there are none."""
    return not watch or store.watch in watch


def _wanted(
    recording: Recording, event: Event, watch: tuple[str, ...], focus: tuple[str, ...]
) -> bool:
    if isinstance(event, Store):
        return is_watched(event, watch)
    if event.loop:
        return False
    near = any(f"{event.module}.".startswith(f"{each}.") for each in focus)
    return not focus or near or is_own(recording, event)


def indented(recording: Recording, events: Iterable[Event]) -> Iterator[Line]:
    """Each event beneath the nearest listed call above it; boundaries between turns."""
    depths: dict[int, int] = {}
    turn, thread = 0, 0
    for number, event in enumerate(events):
        if (event.turn, event.thread) != (turn, thread):
            if number or event.turn or event.thread:
                other = event.thread and event.thread != thread
                name = recording.threads[event.thread] if other else ""
                yield Line(0, boundary(recording, event.turn, name))
            turn, thread = event.turn, event.thread
        depth = next(
            (depths[c.ident] + 1 for c in _within(recording, event) if c.ident in depths), 0
        )
        depths[event.ident] = depth
        yield Line(depth, event_name(recording, event), event)


def _within(recording: Recording, event: Event) -> Iterator[Call]:
    """The calls above an event in its own turn: a turn starts at the left margin again."""
    for call in recording.above(event):
        if call.turn != event.turn:
            return
        yield call
