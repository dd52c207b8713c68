"""A search for the events that the lines of an outline assert."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wherefrom.traces import Event, Store, Trace, Value, class_name, event_name

# A search that goes on for longer than this is given up: outlines are short.
MOST_TRIES = 200_000


@dataclass(frozen=True)
class Asserted:
    """One line of an outline's body. ``number`` counts from 0; ``parent`` is such a number."""

    number: int
    depth: int
    text: str
    parent: int | None
    section: int
    later: bool


def subjects(event: Event) -> Iterator[Value]:
    """The object that an event is of: a call's first argument, a store's holder."""
    if isinstance(event, Store):
        yield event.holder
    else:
        yield from (value for _, value in event.args[:1])


class Search:
    """A search for the events that an outline's lines assert, one after the other."""

    def __init__(
        self, trace: Trace, asserted: tuple[Asserted, ...], name: str | None, ident: int | None
    ) -> None:
        self.trace = trace
        self.asserted = asserted
        self.best: tuple[Event, ...] = ()
        self._name, self._ident = name, ident
        self._tries = 0
        self._dead: set[tuple[int, ...]] = set()
        self._index = {each.number: place for place, each in enumerate(asserted)}
        self._named: dict[str, list[Event]] = {}
        for event in trace.events:
            self._named.setdefault(" ".join(event_name(trace, event).split()), []).append(event)

    def run(self) -> bool:
        """Whether every line was found; ``best`` holds the most that were."""
        return self._go(())

    def named(self, text: str) -> list[Event]:
        """The events that an outline calls ``text``, in order."""
        return [each for each in self._named.get(text, ()) if self._of_instance(each)]

    def _go(self, found: tuple[Event, ...]) -> bool:
        if len(found) > len(self.best):
            self.best = found
        if len(found) == len(self.asserted):
            return True
        key = self._key(found)
        if key in self._dead:
            return False
        for event in self.named(self.asserted[len(found)].text):
            self._tries += 1
            if self._tries > MOST_TRIES:
                return False
            if self._fits(event, found) and self._go((*found, event)):
                return True
        self._dead.add(key)
        return False

    def _key(self, found: tuple[Event, ...]) -> tuple[int, ...]:
        """What the rest of the search depends on: the lines still open, and the last event."""
        line = self.asserted[len(found)]
        last = [each.ident for each in found[-1:]]
        return (len(found), *last, *(found[place].ident for place in self._open(line)))

    def _open(self, line: Asserted) -> list[int]:
        """The places of the lines that later ones may stand beneath or beside."""
        needed = {
            self._index[each.parent]
            for each in self.asserted[self._index[line.number] :]
            if each.parent is not None and self._index[each.parent] < self._index[line.number]
        }
        beside = [self._beside(each) for each in self.asserted[self._index[line.number] :]]
        place = self._index[line.number]
        return sorted(needed | {each for each in beside if each is not None and each < place})

    def _beside(self, line: Asserted) -> int | None:
        """The place of the line before this one, of the same parent and section."""
        for place in range(self._index[line.number] - 1, -1, -1):
            other = self.asserted[place]
            if (other.parent, other.section) == (line.parent, line.section):
                return place
        return None

    def _fits(self, event: Event, found: tuple[Event, ...]) -> bool:
        line = self.asserted[len(found)]
        if found and event.ident <= found[-1].ident:
            return False
        if line.later != bool(event.turn or event.thread):
            return False
        above = {each.ident for each in self.trace.above(event)}
        beside = self._beside(line)
        if beside is not None and found[beside].ident in above:
            return False
        if line.parent is not None:
            return found[self._index[line.parent]].ident in above
        if beside is not None and line.later:
            return _where(event) == _where(found[beside])
        new = found and self.asserted[len(found) - 1].section != line.section
        return not (new and line.later and _where(event) == _where(found[-1]))

    def _of_instance(self, event: Event) -> bool:
        if self._ident is None:
            return True
        names = [each for each in subjects(event) if self._is_of(each)]
        return not names or any(each.ident == self._ident for each in names)

    def _is_of(self, value: Value) -> bool:
        return class_name(self.trace, value.type) == self._name


def _where(event: Event) -> tuple[int, int]:
    return event.turn, event.thread
