"""A trace: what was observed, what it says of flows and origins, and its JSON form."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Self

from wherefrom.traces.choosing import Wanted, chosen_lines
from wherefrom.traces.events import Default, Event, Recording
from wherefrom.traces.origin import Origin, origins
from wherefrom.traces.outline import Line, lines, text
from wherefrom.traces.packing import pack, unpack_calls, unpack_stores, value_of

Json = dict[str, Any]
VERSION = 2


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

    def chosen(self, watch: tuple[str, ...] = (), limit: int = 12, **wanted: Any) -> str:
        """What an author would begin with, in at most ``limit`` lines: see `chosen_lines`."""
        return text(self, self.chosen_lines(watch, limit, **wanted))

    def chosen_lines(
        self,
        watch: tuple[str, ...] = (),
        limit: int = 12,
        *,
        focus: tuple[str, ...] = (),
        instance: str = "",
    ) -> tuple[Line, ...]:
        """The way to the watched stores and their neighbours; without any, what was called back.

        ``instance`` names the class of the one object that is followed.
        """
        wanted = Wanted(tuple(watch), tuple(focus), instance)
        return tuple(chosen_lines(self, wanted, limit))

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
            **pack(self.calls, self.stores),
        }

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The trace that `to_json` wrote."""
        events: list[Event] = [*unpack_calls(data), *unpack_stores(data)]
        plain = {name: tuple(data[name]) for name in ("watch", "focus", "own", "threads", "notes")}
        return cls(
            events=tuple(sorted(events, key=lambda each: each.ident)),
            defaults=tuple(
                Default(**{**each, "value": value_of(each["value"])}) for each in data["defaults"]
            ),
            loop_name=data["loop_name"],
            **plain,
        )
