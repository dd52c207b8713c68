"""What the watched attributes are after each row of a scene."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from wherefrom.render.scene import NOTHING, Row
from wherefrom.traces import Event, Store, Trace, value_name

Placed = tuple[Row, Event | None]


@dataclass(frozen=True)
class _Attribute:
    """One attribute of one object: two objects of a class have two."""

    holder: int
    label: str


def with_states(rows: Iterable[Placed], trace: Trace) -> Iterator[Placed]:
    """Each row with the state of all attributes; before its first store, one is what it was."""
    given = tuple(rows)
    now: dict[_Attribute, str] = {}
    for row, event in given:
        if isinstance(event, Store):
            now.setdefault(_attribute(row, event), value_name(trace, event.old))
    for row, event in given:
        if isinstance(event, Store):
            now[_attribute(row, event)] = value_name(trace, event.new)
        yield replace(row, value=", ".join(_said(now))), event


def _attribute(row: Row, store: Store) -> _Attribute:
    return _Attribute(store.holder.ident, row.label)


def _said(now: dict[_Attribute, str]) -> Iterator[str]:
    """An attribute and its value; a further object's is numbered, in the order of the stores."""
    seen: dict[str, int] = {}
    for each, value in now.items():
        count = seen[each.label] = seen.get(each.label, 0) + 1
        name = each.label if count == 1 else f"{each.label} (object {count})"
        yield f"{name} is not set" if value == NOTHING else f"{name} is {value}"
