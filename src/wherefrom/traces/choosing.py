"""The few lines of a flow that an author begins with: what tells most, while there is room."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wherefrom.traces.events import Call, Event, Recording, Store
from wherefrom.traces.names import call_name, class_name, is_own
from wherefrom.traces.outline import Line, indented, is_watched, lines

# What doesn't fit is passed over; so many times, and what comes then would hardly fit either.
MOST_PASSED = 200


@dataclass(frozen=True)
class Wanted:
    """What a flow is about: the attributes, the packages, and the class of the one object."""

    watch: tuple[str, ...] = ()
    focus: tuple[str, ...] = ()
    instance: str = ""


def chosen_lines(recording: Recording, wanted: Wanted, limit: int) -> Iterator[Line]:
    """The way to the stores, or the page's own code that was called, and what is beside it."""
    chosen: dict[int, Event] = {}
    passed = 0
    for event in _by_weight(recording, wanted):
        if event.ident in chosen:
            continue
        tried = {**chosen, event.ident: event}
        if len(list(indented(recording, _in_order(tried)))) <= limit:
            chosen = tried
        else:
            passed += 1
        if len(chosen) >= limit or passed >= MOST_PASSED:
            break
    if chosen:
        yield from indented(recording, _in_order(chosen))
    else:
        yield from lines(recording, wanted.watch, wanted.focus, limit)


def _in_order(events: dict[int, Event]) -> list[Event]:
    return [events[ident] for ident in sorted(events)]


def _by_weight(recording: Recording, wanted: Wanted) -> Iterator[Event]:
    """All that may be worth a line, the most telling first."""
    stores = [
        each
        for each in recording.stores
        if is_watched(each, wanted.watch)
        if _is_of(recording, each.holder.type, wanted.instance)
    ]
    if stores:
        yield from _about_stores(recording, stores, wanted.instance)
    else:
        yield from _about_own(recording, wanted)


def _is_of(recording: Recording, dotted: str, instance: str) -> bool:
    return not instance or class_name(recording, dotted) == instance


def _about_stores(recording: Recording, stores: list[Store], instance: str) -> Iterator[Event]:
    """The most telling store, its way, its value's birth; its holder's others; what is beside."""
    best = max(stores, key=lambda each: _weight(recording, each))
    born = _birth(recording, best)
    way = [*recording.within(best)]
    if born is not None:
        way += [born, *recording.within(born)]
    yield best
    yield from way
    others = [each for each in stores if each.holder.ident == best.holder.ident]
    # A constructor that sets an attribute for the first time says least.
    others.sort(key=lambda each: (each.old is None, each.ident))
    for each in others:
        yield each
        yield from recording.within(each)[:1]
    beside = _beneath(recording, [each.ident for each in way])
    own = (each for each in beside if is_own(recording, each))
    yield from (each for each in own if _is_of(recording, each.receiver, instance))
    yield from (each for other in others for each in recording.within(other))
    # Who made the holder: the innermost call that returned it.
    holder = best.holder.ident
    here = (best.turn, best.thread)
    makers = [each for each in recording.calls if holder and each.gives(holder)]
    yield from [each for each in makers if (each.turn, each.thread) == here][-1:]
    yield from (each for each in reversed(beside) if each.holds(holder))
    if not instance:
        yield from beside


def _weight(recording: Recording, store: Store) -> tuple[bool, bool, bool, int]:
    """A store says most where its value is an object, born in another turn; else the first."""
    born = _birth(recording, store)
    elsewhere = born is not None and born.turn != store.turn
    return (born is not None, elsewhere, store.old is not None, -store.ident)


def _birth(recording: Recording, store: Store) -> Call | None:
    ident = store.new.ident if store.new else 0
    return next((call for call in recording.calls if ident and call.makes(ident)), None)


def _about_own(recording: Recording, wanted: Wanted) -> Iterator[Event]:
    """The page's own code that a library called, each function once at first; how, and why."""
    called = [each for each in recording.calls if _is_called_back(recording, each, wanted)]
    firsts = _once(recording, called)
    yield from firsts
    yield from _raised_in(recording, firsts)
    ways = [recording.within(each) for each in firsts]
    for way in ways:
        yield from (*way[-1:], *way[:1])
    yield from _once(recording, _beneath(recording, [each.ident for each in firsts]))
    for way in ways:
        yield from way
    if not wanted.instance:
        near = [each for each in _into_library(recording) if _is_near(each, wanted.focus)]
        yield from _once(recording, near)
    yield from called


def _once(recording: Recording, calls: Iterable[Call]) -> list[Call]:
    """The first call of each name."""
    found: dict[str, Call] = {}
    for each in calls:
        found.setdefault(call_name(recording, each), each)
    return list(found.values())


def _is_called_back(recording: Recording, call: Call, wanted: Wanted) -> bool:
    above = recording.within(call)
    if not is_own(recording, call) or (above and is_own(recording, above[0])):
        return False
    if not _is_of(recording, call.receiver, wanted.instance):
        return False
    return bool(above or call.turn or call.thread)


def _raised_in(recording: Recording, calls: Iterable[Call]) -> Iterator[Call]:
    """Those that an exception left, with all beneath them that it left before."""
    for call in calls:
        if call.raised:
            yield call
            beneath = (each for each in recording.calls if each.parent == call.ident)
            yield from _raised_in(recording, beneath)


def _into_library(recording: Recording) -> Iterator[Call]:
    """What the page itself called, in its own words: not what Python does by the way."""
    for call in recording.calls:
        above = recording.within(call)
        by_page = is_own(recording, above[0]) if above else not (call.turn or call.thread)
        if by_page and not call.loop and not is_own(recording, call):
            yield call


def _is_near(call: Call, focus: tuple[str, ...]) -> bool:
    if focus:
        return f"{call.module}.".startswith(tuple(f"{each}." for each in focus))
    return call.module.partition(".")[0] not in sys.stdlib_module_names


def _beneath(recording: Recording, idents: Iterable[int]) -> list[Call]:
    """The calls that those of ``idents`` made themselves; none that a library keeps to itself."""
    wanted = frozenset(idents)
    found = (each for each in recording.calls if each.parent in wanted and not each.loop)
    return [each for each in found if not each.qualname.rpartition(".")[2].startswith("_")]
