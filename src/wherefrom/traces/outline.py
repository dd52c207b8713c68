"""A flow as indented text: the whole, a part, or the few lines that an author begins with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
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
    yield from _indented(recording, shown if limit is None else shown[:limit])


def chosen_lines(recording: Recording, watch: tuple[str, ...], limit: int) -> Iterator[Line]:
    """The path to the most telling store, and what was called beside it, while there is room."""
    stores = [each for each in recording.stores if _watched(each, watch)]
    if not stores:
        yield from lines(recording, watch, (), limit)
        return
    chosen: set[int] = set()
    for event in _by_weight(recording, max(stores, key=lambda each: _weight(recording, each))):
        if len(list(_indented(recording, _events(recording, chosen | {event.ident})))) <= limit:
            chosen.add(event.ident)
    yield from _indented(recording, _events(recording, chosen))


def boundary(recording: Recording, turn: int, thread: str = "") -> str:
    """The line that stands where one turn ends and another begins."""
    if thread:
        return f"{BOUNDARY}in thread {thread}"
    return f"{BOUNDARY}later, from the {recording.loop_name}" if turn else f"{BOUNDARY}back here"


def _events(recording: Recording, idents: Collection[int]) -> list[Event]:
    return [each for each in recording.events if each.ident in idents]


def _weight(recording: Recording, store: Store) -> tuple[bool, bool, int]:
    """A store says most where its value is an object, born in another turn; else the first."""
    born = _birth(recording, store)
    return (born is not None, born is not None and born.turn != store.turn, -store.ident)


def _birth(recording: Recording, store: Store) -> Call | None:
    ident = store.new.ident if store.new else 0
    return next((call for call in recording.calls if ident and call.makes(ident)), None)


def _by_weight(recording: Recording, store: Store) -> Iterator[Event]:
    """The store first, then its path, the value's birth, and the neighbours of both."""
    yield store
    path = recording.within(store)
    yield from path
    born = _birth(recording, store)
    way = (born, *recording.within(born)) if born else ()
    yield from way
    on_path = {each.ident for each in (*path, *way)}
    beside = [each for each in recording.calls if each.parent in on_path and not each.loop]
    holder = store.holder.ident
    yield from (each for each in beside if is_own(recording, each))
    # Who made the holder: the innermost call that returned it.
    within = [each for each in recording.calls if _near(each, store) and not each.constructs]
    yield from [each for each in within if each.result and each.result.ident == holder][-1:]
    yield from (each for each in reversed(beside) if each.holds(holder))
    yield from beside


def _near(call: Call, event: Event) -> bool:
    return (call.turn, call.thread) == (event.turn, event.thread) and not call.loop


def _watched(store: Store, watch: tuple[str, ...]) -> bool:
    return not watch or store.watch in watch


def _wanted(
    recording: Recording, event: Event, watch: tuple[str, ...], focus: tuple[str, ...]
) -> bool:
    if isinstance(event, Store):
        return _watched(event, watch)
    if event.loop:
        return False
    near = any(f"{event.module}.".startswith(f"{each}.") for each in focus)
    return not focus or near or is_own(recording, event)


def _indented(recording: Recording, events: Iterable[Event]) -> Iterator[Line]:
    """Each event beneath the nearest listed call above it; boundaries between turns."""
    depths: dict[int, int] = {}
    turn, thread = 0, 0
    for number, event in enumerate(events):
        if (event.turn, event.thread) != (turn, thread):
            if number or event.turn or event.thread:
                name = recording.threads[event.thread] if event.thread != thread else ""
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
