"""A trace: what was observed, what it says of flows and origins, and its JSON form."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, replace
from typing import Any, Self

from wherefrom.traces.events import Call, Default, Event, Place, Recording, Store, Value
from wherefrom.traces.origin import Origin, origins
from wherefrom.traces.outline import Line, chosen_lines, lines, text

Json = dict[str, Any]
VERSION = 1


@dataclass(frozen=True)
class Trace(Recording):
    """Everything that one observation gave; ``str()`` is the whole outline."""

    def __str__(self) -> str:
        return self.outline()

    def lines(
        self, watch: tuple[str, ...] = (), focus: tuple[str, ...] = (), limit: int | None = None
    ) -> tuple[Line, ...]:
        """The outline's lines, each with its event; see `outline`."""
        return tuple(lines(self, tuple(watch), tuple(focus), limit))

    def outline(
        self, watch: tuple[str, ...] = (), focus: tuple[str, ...] = (), limit: int | None = None
    ) -> str:
        """The flow as indented text: calls in ``focus``, stores to ``watch``; all by default."""
        return text(self, self.lines(watch, focus, limit))

    def chosen(self, watch: tuple[str, ...] = (), limit: int = 12) -> str:
        """The path to the watched stores and their neighbours, in at most ``limit`` lines."""
        return text(self, chosen_lines(self, tuple(watch), limit))

    def origins(self, name: str) -> tuple[Origin, ...]:
        """The origin of each value that the attribute ``name`` (``Some.transport``) took."""
        return origins(self, name)

    def origin(self, name: str) -> Origin:
        """The origin of the first object that ``name`` took; LookupError where there was none."""
        found = self.origins(name)
        if not found:
            stored = sorted({f"{o.holder}.{o.store.attribute}" for o in origins(self, "")})
            there = ", ".join(stored) or "nothing"
            raise LookupError(f"no store to `{name}` was observed; stored were: {there}")
        return next((each for each in found if each.value.ident), found[0])

    def to_json(self) -> Json:
        """This trace as JSON data."""
        data = {
            each.name: getattr(self, each.name)
            for each in dataclasses.fields(self)
            if each.name not in ("events", "defaults")
        }
        return {
            "version": VERSION,
            **{name: list(value) if name != "loop_name" else value for name, value in data.items()},
            "defaults": [dataclasses.asdict(each) for each in self.defaults],
            "calls": [_plain(each) for each in self.calls],
            "stores": [dataclasses.asdict(each) for each in self.stores],
        }

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The trace that `to_json` wrote."""
        events: list[Event] = [*map(_call, data["calls"]), *map(_store, data["stores"])]
        plain = {name: tuple(data[name]) for name in ("watch", "focus", "own", "threads", "notes")}
        return cls(
            events=tuple(sorted(events, key=lambda each: each.ident)),
            defaults=tuple(
                Default(**{**each, "value": _value(each["value"])}) for each in data["defaults"]
            ),
            loop_name=data["loop_name"],
            **plain,
        )


def _plain(call: Call) -> Json:
    """A call without what is as usual: traces are long."""
    usual = Call(0, None, 0, 0, 0, "", "", "", 0, "", 0)
    whole = {name: value for name, value in vars(call).items() if value != vars(usual)[name]}
    if call.args:
        whole["args"] = [[name, *vars(value).values()] for name, value in call.args]
    if call.result:
        whole["result"] = vars(call.result)
    return {**whole, "ident": call.ident}


def _call(data: Json) -> Call:
    usual = Call(0, None, 0, 0, 0, "", "", "", 0, "", 0)
    args = tuple((name, Value(*rest)) for name, *rest in data.get("args", ()))
    return replace(usual, **{**data, "args": args, "result": _value(data.get("result"))})


def _store(data: Json) -> Store:
    values = {name: _value(data[name]) for name in ("holder", "old", "new")}
    stack = tuple(Place(**each) for each in data["stack"])
    return Store(**{**data, **values, "stack": stack})


def _value(data: Json | None) -> Value | None:
    return Value(**data) if data else None
