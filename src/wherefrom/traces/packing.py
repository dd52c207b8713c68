"""A trace as JSON data: what recurs (functions, names, objects) is written once."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from wherefrom.traces.events import Call, Place, Store, Value

Json = dict[str, Any]


class Table:
    """Rows that are written once and referred to by their place."""

    def __init__(self) -> None:
        self.rows: list[Any] = []
        self._places: dict[Any, int] = {}

    def place(self, row: Any) -> int:
        """Where ``row`` is, added where it's new."""
        found = self._places.get(row)
        if found is None:
            found = self._places[row] = len(self.rows)
            self.rows.append(row)
        return found


def pack(calls: Iterable[Call], stores: Iterable[Store]) -> Json:
    """The events, with the tables that they refer to."""
    names, values, functions, places = Table(), Table(), Table(), Table()

    def value(each: Value | None) -> int | None:
        return None if each is None else values.place((each.ident, each.type, each.text))

    rows = []
    for call in calls:
        args = [part for name, each in call.args for part in (names.place(name), value(each))]
        rows.append(
            [
                call.ident,
                call.parent,
                call.depth,
                call.thread,
                call.turn,
                functions.place((call.module, call.qualname, call.file, call.line)),
                names.place(call.caller_file),
                call.caller_line,
                args,
                value(call.result),
                names.place(call.raised),
                names.place(call.receiver),
                call.constructs,
                call.resumed,
                call.loop,
                call.end,
            ]
        )
    kept = []
    for store in stores:
        stack = [places.place(dataclasses.astuple(each)) for each in store.stack]
        plain = {each.name: getattr(store, each.name) for each in dataclasses.fields(store)}
        objects = {name: value(plain[name]) for name in ("holder", "old", "new")}
        kept.append({**plain, **objects, "stack": stack})
    return {
        "names": names.rows,
        "values": [list(row) for row in values.rows],
        "functions": [list(row) for row in functions.rows],
        "calls": rows,
        "stores": kept,
        "places": [list(row) for row in places.rows],
    }


def unpack_calls(data: Json) -> Iterable[Call]:
    """The calls that `pack` wrote."""
    names = data["names"]
    values = [Value(*row) for row in data["values"]]
    for row in data["calls"]:
        ident, parent, depth, thread, turn, function, caller, at, args, result, *rest = row
        module, qualname, file, line = data["functions"][function]
        raised, receiver, constructs, resumed, loop, end = rest
        pairs = zip(args[::2], args[1::2], strict=True)
        yield Call(
            ident,
            parent,
            depth,
            thread,
            turn,
            module=module,
            qualname=qualname,
            file=file,
            line=line,
            caller_file=names[caller],
            caller_line=at,
            args=tuple((names[name], values[place]) for name, place in pairs),
            result=None if result is None else values[result],
            raised=names[raised],
            receiver=names[receiver],
            constructs=constructs,
            resumed=resumed,
            loop=loop,
            end=end,
        )


def unpack_stores(data: Json) -> Iterable[Store]:
    """The stores that `pack` wrote."""
    values = [Value(*row) for row in data["values"]]
    places = [Place(*row) for row in data["places"]]
    for row in data["stores"]:
        objects = {
            name: None if row[name] is None else values[row[name]]
            for name in ("holder", "old", "new")
        }
        stack = tuple(places[each] for each in row["stack"])
        yield Store(**{**row, **objects, "stack": stack})


def value_of(data: Json | None) -> Value | None:
    """The value whose ``dataclasses.asdict`` is ``data``."""
    return Value(**data) if data else None
