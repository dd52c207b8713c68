"""The life of one value: born, carried, stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wherefrom.traces.events import Call, Default, Event, Place, Recording, Store, Value
from wherefrom.traces.names import call_name, class_name, event_name, value_name


@dataclass(frozen=True)
class Origin:
    """Where the value of one store comes from.

    ``born`` is the call that constructed it (or the first that met it, where ``met`` is true: its
    construction runs no code that can be seen), ``born_chain`` that call's callers, outermost
    first. ``carried`` are the calls that passed the value on, from birth to store, the shortest
    chain; ``every`` are all that held it. ``stored_chain`` are the store's callers, outermost
    first, from the loop or the page.
    """

    name: str
    holder: str
    value: Value
    store: Store
    default: Default | None
    born: Call | None
    born_chain: tuple[Call, ...]
    carried: tuple[Call, ...]
    every: tuple[Call, ...]
    stored_chain: tuple[Call, ...]
    met: bool
    text: str = ""

    def __str__(self) -> str:
        return self.text


def origins(recording: Recording, name: str) -> tuple[Origin, ...]:
    """An origin for each store to ``name``, which may leave out leading parts; empty: all."""
    return tuple(_origin(recording, store) for store in recording.stores if is_of(store, name))


def is_of(store: Store, name: str) -> bool:
    """Whether a store is to ``name``: ``Some.transport``, its dotted path, or the watched path."""
    dotted = f".{store.holder.type.replace(':', '.')}.{store.attribute}"
    bare = f".{dotted.rsplit('<locals>.', 1)[-1]}"
    return (
        not name or name == store.watch or dotted.endswith(f".{name}") or bare.endswith(f".{name}")
    )


def _origin(recording: Recording, store: Store) -> Origin:
    value = store.new or Value(0, "", "")
    holding = _holding(recording, value.ident, store)
    born = next((call for call in holding if call.makes(value.ident)), None)
    met = born is None and bool(holding)
    first = born or (holding[0] if holding else None)
    born_chain = tuple(reversed(recording.within(first))) if first else ()
    stored_chain = tuple(reversed(recording.within(store)))
    holder = class_name(recording, store.holder.type)
    origin = Origin(
        name=f"{holder}.{store.attribute}",
        holder=holder,
        value=value,
        store=store,
        default=next((each for each in recording.defaults if each.watch == store.watch), None),
        born=first,
        born_chain=born_chain,
        carried=_carried(first, store, (born_chain, stored_chain)),
        every=holding,
        stored_chain=stored_chain,
        met=met,
    )
    return Origin(**{**vars(origin), "text": describe(recording, origin)})


def _holding(recording: Recording, ident: int, store: Store) -> tuple[Call, ...]:
    """All calls before the store that held or returned the object."""
    if not ident:
        return ()
    return tuple(
        call
        for call in recording.calls
        if call.ident < store.ident and (call.holds(ident) or call.gives(ident))
    )


def _carried(
    born: Call | None, store: Store, chains: tuple[tuple[Call, ...], tuple[Call, ...]]
) -> tuple[Call, ...]:
    """The way up from the birth by results (in one turn), and down to the store by arguments."""
    ident = store.new.ident if store.new else 0
    if born is None or not ident:
        return ()
    born_chain, stored_chain = chains
    here = set(stored_chain)
    near = (born.turn, born.thread) == (store.turn, store.thread)
    returned = [
        call for call in reversed(born_chain) if near and call not in here and call.gives(ident)
    ]
    passed = [call for call in stored_chain if call != born and call.holds(ident)]
    return (*returned, *passed)


def describe(recording: Recording, origin: Origin) -> str:
    """An origin as text: a line for each of default, born, carried, stored."""
    rows = [_default(recording, origin.default)] if origin.default else []
    if origin.born is not None:
        way = [*origin.born_chain, origin.born]
        word = "met" if origin.met else "born"
        rows.append(f"{word}: {_chain(recording, way)}{_turn(recording, origin.born)}")
    elif origin.value.ident:
        rows.append("born: not seen")
    else:
        rows.append(f"born: a plain value, {value_name(recording, origin.value)}")
    if origin.carried:
        turn = _turn(recording, origin.carried[-1])
        rows.append(f"carried: {_chain(recording, origin.carried)}{turn}")
    by: list[Call | Place] = [*origin.store.stack[:1], *reversed(origin.stored_chain)]
    place = f" by {call_name(recording, by[0])}" if by else ""
    stored = event_name(recording, origin.store)
    rows.append(f"stored: {stored}{place}{_turn(recording, origin.store)}")
    return "\n".join(rows)


def _default(recording: Recording, default: Default) -> str:
    owner = class_name(recording, default.owner)
    return f"default: {value_name(recording, default.value)} on {owner}"


def _chain(recording: Recording, calls: Iterable[Call]) -> str:
    return " -> ".join(call_name(recording, call) for call in calls)


def _turn(recording: Recording, event: Event) -> str:
    if event.thread:
        return f" (in thread {recording.threads[event.thread]})"
    return f" (later, from the {recording.loop_name})" if event.turn else ""
