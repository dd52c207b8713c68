"""Lines of an outline, and an origin, as a scene: who calls whom, turn by turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from wherefrom.render.participants import Participants
from wherefrom.render.places import Places
from wherefrom.render.scene import Row, RowKind, Scene, Thread
from wherefrom.render.states import with_states
from wherefrom.traces import (
    Call,
    Event,
    Line,
    Origin,
    Store,
    Trace,
    boundary,
    class_name,
    event_name,
    is_own,
)
from wherefrom.traces import value_name as name_of

RETURNS = "returns here"
LATER = "later, "


@dataclass(frozen=True)
class Named:
    """What a figure is called: the ids of its parts begin with ``ident``.

    ``ran_on`` says which versions it was seen with.
    """

    ident: str
    title: str
    ran_on: str = ""


def scene_of(lines: Iterable[Line], places: Places, named: Named) -> Scene:
    """The scene of an outline whose lines have found their events."""
    people = Participants(places.trace)
    rows = [*with_states(_Drawing(places, people).rows(tuple(lines)), places.trace)]
    return Scene(
        ident=named.ident,
        title=named.title,
        description=_told(rows),
        lifelines=people.lifelines(),
        rows=tuple(row for row, _ in rows),
        thread=_thread(places.trace, rows, people),
        ran_on=named.ran_on,
    )


def lines_of(origin: Origin, trace: Trace) -> tuple[Line, ...]:
    """An origin as the lines of an outline: its birth, the way, and its store."""
    events: dict[int, Event] = {}
    born = (origin.born,) if origin.born else ()
    for each in (*origin.born_chain, *born, *origin.carried, *origin.stored_chain, origin.store):
        events[each.ident] = each
    return tuple(_lines(trace, [events[ident] for ident in sorted(events)]))


def _lines(trace: Trace, events: list[Event]) -> Iterator[Line]:
    turn, thread, depths = 0, 0, dict[int, int]()
    for event in events:
        if (event.turn, event.thread) != (turn, thread):
            name = trace.threads[event.thread] if event.thread != thread else ""
            yield Line(0, boundary(trace, event.turn, name))
            turn, thread = event.turn, event.thread
        above = (each for each in trace.above(event) if each.turn == turn)
        depth = next((depths[each.ident] + 1 for each in above if each.ident in depths), 0)
        depths[event.ident] = depth
        yield Line(depth, event_name(trace, event), event)


@dataclass
class _Drawing:
    """One scene being made."""

    places: Places
    people: Participants

    @property
    def trace(self) -> Trace:
        return self.places.trace

    def rows(self, lines: tuple[Line, ...]) -> Iterator[tuple[Row, Event | None]]:
        """A row for each line, and one for each result or exception that is worth a row."""
        watched = {e.new.ident for e in _events(lines) if isinstance(e, Store) and e.new}
        open_calls: list[tuple[Call, Row]] = []
        for line in lines:
            if line.event is None:
                yield from self._ends(open_calls, 0, watched)
                yield Row(RowKind.TURN, self._band(line.text)), None
                continue
            yield from self._ends(open_calls, line.depth, watched)
            parent = open_calls[-1][0] if open_calls else None
            row = self._row(line, line.event, parent)
            yield row, line.event
            if isinstance(line.event, Call):
                open_calls.append((line.event, row))
        yield from self._ends(open_calls, 0, watched)

    def _ends(
        self, open_calls: list[tuple[Call, Row]], depth: int, watched: set[int]
    ) -> Iterator[tuple[Row, Event | None]]:
        """Close the calls that are not above ``depth``; what they gave may be worth a row."""
        while len(open_calls) > depth:
            call, row = open_calls.pop()
            # What a call gave arrives at the line that called: the place stays, the name doesn't.
            back = replace(row, source=row.target, target=row.source, entry="")
            if call.raised:
                text = f"raises {call.raised}"
                yield replace(back, kind=RowKind.RAISE, label=text, name=call.raised), None
            elif call.result and call.result.ident in watched - {0} and not call.constructs:
                given = name_of(self.trace, call.result)
                text = f"returns {given.rpartition('.')[2]}"
                yield replace(back, kind=RowKind.RETURN, label=text, name=given), None

    def _row(self, line: Line, event: Event, parent: Call | None) -> Row:
        return (
            self._store(line, event)
            if isinstance(event, Store)
            else self._call(line, event, parent)
        )

    def _call(self, line: Line, call: Call, parent: Call | None) -> Row:
        source = self.people.of(parent) if parent else self.people.outside(call)
        spot = self.places.spot(call.caller_file, call.caller_line)
        return Row(
            kind=RowKind.CALL,
            label=_bare(call),
            name=line.text,
            direct=self._is_direct(call, parent),
            source=source,
            target=self.people.of(call),
            depth=line.depth,
            place=spot.name,
            code=spot.code,
            first_line=spot.first_line,
            mark=spot.mark,
            href=spot.href,
            entry=f"{call.module}.{call.qualname}",
        )

    def _store(self, line: Line, store: Store) -> Row:
        holder = self.people.of_class(store.holder.type)
        spot = self.places.spot(store.file, store.line)
        label = f"{class_name(self.trace, store.holder.type)}.{store.attribute}"
        return Row(
            kind=RowKind.STORE,
            label=label,
            name=label,
            source=holder,
            target=holder,
            depth=line.depth,
            old=name_of(self.trace, store.old),
            new=name_of(self.trace, store.new),
            place=spot.name,
            code=spot.code,
            first_line=spot.first_line,
            mark=spot.mark,
            href=spot.href,
            entry=store.watch,
        )

    def _is_direct(self, call: Call, parent: Call | None) -> bool:
        """Whether the source of the arrow called by itself, with nothing unlisted between."""
        if parent is not None:
            return call.parent == parent.ident
        above = next(iter(self.trace.above(call)), None)
        return above is None or above.loop or (call.turn == 0 and is_own(self.trace, above))

    def _band(self, text: str) -> str:
        said = text.lstrip("- ").strip()
        return f"{RETURNS}; {said}" if len(self.people) and said.startswith(LATER) else said


def _bare(call: Call) -> str:
    """What an arrow says: the function's own name, or the class that is made."""
    name = call.qualname.rsplit(".", 1)[-1]
    return f"{name}(…)" if call.constructs else name


def _events(lines: Iterable[Line]) -> Iterator[Event]:
    yield from (each.event for each in lines if each.event is not None)


def _thread(
    trace: Trace, rows: list[tuple[Row, Event | None]], people: Participants
) -> Thread | None:
    """The life of the first stored value that the scene meets before its store.

    It begins at its construction; where no code of its own built it, at the first call with it.
    """
    for stored, (_, store) in enumerate(rows):
        if not isinstance(store, Store) or store.new is None or not store.new.ident:
            continue
        ident = store.new.ident
        before = [(n, call) for n, (_, call) in enumerate(rows[:stored]) if isinstance(call, Call)]
        born = next((n for n, call in before if _makes(call, ident)), None)
        met = born is None and not any(_makes(each, ident) for each in trace.calls)
        if met:
            born = next((n for n, call in before if _meets(call, ident)), None)
        if born is not None:
            label = f"The life of one {name_of(trace, store.new)}"
            return Thread(label, born, stored, met, people.at(store.new.type) if met else None)
    return None


def _makes(call: Call, ident: int) -> bool:
    return call.constructs and bool(call.args) and call.args[0][1].ident == ident


def _meets(call: Call, ident: int) -> bool:
    return call.holds(ident) or (call.result is not None and call.result.ident == ident)


def _told(rows: list[tuple[Row, Event | None]]) -> str:
    """The scene in one sentence a row, for who can't see it."""
    said = {
        RowKind.CALL: "{0.name} is called",
        RowKind.STORE: "{0.name} changes from {0.old} to {0.new}",
        RowKind.TURN: "{0.label}",
        RowKind.RETURN: "{0.label}",
        RowKind.RAISE: "{0.label} is raised",
    }
    return "; ".join(said[row.kind].format(row) for row, _ in rows) + "."
