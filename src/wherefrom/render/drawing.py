"""Lines of an outline, and an origin, as a scene: who calls whom, turn by turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from wherefrom.render.places import Places
from wherefrom.render.scene import Lifeline, Row, RowKind, Scene, Thread
from wherefrom.traces import Call, Event, Line, Origin, Store, Trace, class_name, event_name
from wherefrom.traces import value_name as name_of

PAGE = "this page"
RETURNS = "returns here"


@dataclass(frozen=True)
class Named:
    """What a figure is called: the ids of its parts begin with ``ident``."""

    ident: str
    title: str


def scene_of(lines: Iterable[Line], places: Places, named: Named) -> Scene:
    """The scene of an outline whose lines have found their events."""
    drawing = _Drawing(places)
    rows = [*drawing.rows(tuple(lines))]
    return Scene(
        ident=named.ident,
        title=named.title,
        description=_told(rows),
        lifelines=tuple(drawing.lifelines.values()),
        rows=tuple(row for row, _ in rows),
        thread=_thread(places.trace, rows),
    )


def lines_of(origin: Origin, trace: Trace) -> tuple[Line, ...]:
    """An origin as the lines of an outline: its birth, the way, and its store."""
    events: dict[int, Event] = {}
    born = (origin.born,) if origin.born else ()
    for each in (*origin.born_chain, *born, *origin.carried, *origin.stored_chain, origin.store):
        events[each.ident] = each
    return tuple(_lines(trace, [events[ident] for ident in sorted(events)]))


def _lines(trace: Trace, events: list[Event]) -> Iterator[Line]:
    turn, depths = 0, dict[int, int]()
    for event in events:
        if event.turn != turn:
            yield Line(0, f"-- later, from the {trace.loop_name}")
            turn = event.turn
        above = (each for each in trace.above(event) if each.turn == turn)
        depth = next((depths[each.ident] + 1 for each in above if each.ident in depths), 0)
        depths[event.ident] = depth
        yield Line(depth, event_name(trace, event), event)


@dataclass
class _Drawing:
    """One scene being made: lifelines get their place when they are first met."""

    places: Places
    lifelines: dict[str, Lifeline] = field(default_factory=dict)

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
                yield replace(back, kind=RowKind.RAISE, label=call.raised, name=call.raised), None
            elif call.result and call.result.ident in watched - {0} and not call.constructs:
                given = name_of(self.trace, call.result)
                text = f"returns {given}"
                yield replace(back, kind=RowKind.RETURN, label=text, name=given), None

    def _row(self, line: Line, event: Event, parent: Call | None) -> Row:
        return (
            self._store(line, event)
            if isinstance(event, Store)
            else self._call(line, event, parent)
        )

    def _call(self, line: Line, call: Call, parent: Call | None) -> Row:
        source = self._lifeline(parent) if parent else self._outside(call)
        spot = self.places.spot(call.caller_file, call.caller_line)
        return Row(
            kind=RowKind.CALL,
            label=_bare(call),
            name=line.text,
            direct=parent is None or call.parent == parent.ident,
            source=source,
            target=self._lifeline(call),
            depth=line.depth,
            place=spot.name,
            code=spot.code,
            first_line=spot.first_line,
            mark=spot.mark,
            href=spot.href,
            entry=f"{call.module}.{call.qualname}",
        )

    def _store(self, line: Line, store: Store) -> Row:
        holder = self._class(store.holder.type)
        spot = self.places.spot(store.file, store.line)
        new = name_of(self.trace, store.new)
        label = f"{class_name(self.trace, store.holder.type)}.{store.attribute}"
        return Row(
            kind=RowKind.STORE,
            label=label,
            name=label,
            source=holder,
            target=holder,
            depth=line.depth,
            old=name_of(self.trace, store.old),
            new=new,
            place=spot.name,
            code=spot.code,
            first_line=spot.first_line,
            mark=spot.mark,
            href=spot.href,
            entry=store.watch,
            value=f"{label} is {new}",
        )

    def _outside(self, call: Call) -> int:
        """Who calls when no line above does: the page, or the loop."""
        above = self.trace.above(call)
        if call.turn == 0:
            return self._number("", Lifeline(PAGE, own=True))
        loop = next((each for each in above if each.loop or each.turn != call.turn), None)
        if loop is None:
            return self._number("loop", Lifeline(f"the {self.trace.loop_name}"))
        return self._lifeline(loop)

    def _lifeline(self, call: Call) -> int:
        """The participant: the receiver's own class, or the module of a plain function."""
        if call.constructs:
            return self._class(f"{call.module}:{call.qualname}")
        if call.receiver:
            return self._class(call.receiver)
        if call.file in self.trace.own:
            return self._number("", Lifeline(PAGE, own=True))
        package, _, name = call.module.rpartition(".")
        return self._number(call.module, Lifeline(name, package))

    def _class(self, dotted: str) -> int:
        module, _, qualname = dotted.rpartition(":")
        own = module in self.trace.own_modules
        name = qualname.rsplit("<locals>.", 1)[-1]
        return self._number(dotted, Lifeline(name, "" if own else module, own))

    def _number(self, key: str, lifeline: Lifeline) -> int:
        self.lifelines.setdefault(key, lifeline)
        return list(self.lifelines).index(key)

    def _band(self, text: str) -> str:
        said = text.lstrip("- ").strip()
        return f"{RETURNS}; {said}" if self.lifelines else said


def _bare(call: Call) -> str:
    """What an arrow says: the function's own name, or the class that is made."""
    name = call.qualname.rsplit(".", 1)[-1]
    return f"{name}(…)" if call.constructs else name


def _events(lines: Iterable[Line]) -> Iterator[Event]:
    yield from (each.event for each in lines if each.event is not None)


def _thread(trace: Trace, rows: list[tuple[Row, Event | None]]) -> Thread | None:
    """The life of the first stored value whose birth is in the scene too."""
    for stored, (_, store) in enumerate(rows):
        if isinstance(store, Store) and store.new and store.new.ident:
            for born, (_, call) in enumerate(rows[:stored]):
                if isinstance(call, Call) and _makes(call, store.new.ident):
                    return Thread(f"The life of one {name_of(trace, store.new)}", born, stored)
    return None


def _makes(call: Call, ident: int) -> bool:
    return call.constructs and bool(call.args) and call.args[0][1].ident == ident


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
