"""An asserted outline against what was observed: order and nesting, with gaps allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from wherefrom.check.search import Asserted, Search, subjects
from wherefrom.traces import Call, Event, Line, Trace, class_name, event_name

BOUNDARY = "--"
BACK = "back"
MOST_LINES = 300
MOST_AROUND = 8


@dataclass(frozen=True)
class Match:
    """How an outline compares with a trace.

    ``lines`` are the body's, each with the event that it was found to be (a boundary has none),
    up to the first that has no counterpart: ``missing`` is its index, and ``problem`` says so,
    with what was observed around there; ``parent`` is the event that it was looked for beneath.
    """

    lines: tuple[Line, ...]
    missing: int | None = None
    problem: str = ""
    parent: Event | None = None
    searched: bool = True


def match(trace: Trace, body: str, instance: str | None = None) -> Match:
    """Find each line of ``body`` in ``trace``; ``instance`` names a class of which one is meant."""
    rows = body.split("\n")
    asserted = tuple(_asserted(rows))
    if len(asserted) > MOST_LINES:
        what = f"an outline that is asserted has at most {MOST_LINES} lines"
        return Match((), 0, what, searched=False)
    idents = _instances(trace, instance) if instance else (None,)
    searches = [Search(trace, asserted, instance, ident) for ident in idents]
    for each in searches:
        if each.run():
            return Match(tuple(_lines(rows, each.asserted, each.best)))
    best = max(searches, key=lambda each: len(each.best), default=None)
    if best is None:
        return Match((), 0, f"no instance of `{instance}` was observed", searched=False)
    missing = asserted[len(best.best)]
    lines = tuple(_lines(rows[: missing.number], asserted, best.best))
    problem = "\n".join(_problem(best, missing))
    return Match(lines, missing.number, problem, _parent(best, missing))


def _asserted(rows: list[str]) -> Iterator[Asserted]:
    """The lines that assert an event, each with the one that it stands beneath."""
    open_lines: list[Asserted] = []
    here: list[Asserted] = []
    section, later = 0, False
    for number, row in enumerate(rows):
        words = row.split()
        if not words:
            continue
        if words[0].startswith(BOUNDARY):
            if not later:
                here = open_lines
            section, later = section + 1, not row.strip("- ").startswith(BACK)
            open_lines = [] if later else here
            continue
        depth = len(row) - len(row.lstrip())
        open_lines = [each for each in open_lines if each.depth < depth]
        parent = open_lines[-1].number if open_lines else None
        line = Asserted(number, depth, " ".join(words), parent, section, later)
        open_lines = [*open_lines, line]
        yield line


def _instances(trace: Trace, name: str) -> tuple[int | None, ...]:
    """The numbers of the objects whose class an outline would call ``name``."""
    found: dict[int | None, None] = {}
    for event in trace.events:
        for value in subjects(event):
            if value.ident and class_name(trace, value.type) == name:
                found[value.ident] = None
    return tuple(found)


def _lines(
    rows: list[str], asserted: tuple[Asserted, ...], events: tuple[Event, ...]
) -> Iterator[Line]:
    """The body's lines with their events; depths count calls, not spaces."""
    found = {line.number: event for line, event in zip(asserted, events, strict=False)}
    by_number = {each.number: each for each in asserted}
    for number, row in enumerate(rows):
        if row.strip():
            yield Line(_depth(by_number, number), row.strip(), found.get(number))


def _depth(lines: dict[int, Asserted], number: int) -> int:
    line = lines.get(number)
    return 0 if line is None or line.parent is None else 1 + _depth(lines, line.parent)


def _problem(search: Search, missing: Asserted) -> Iterator[str]:
    """In words: which line has no counterpart, why, and what there was instead."""
    found, trace = search.best, search.trace
    place = len(found)
    elsewhere = search.named(missing.text)
    parent = _parent(search, missing)
    where = f" beneath `{event_name(trace, parent)}`" if parent else ""
    after = f" after `{event_name(trace, found[-1])}`" if found and found[-1] != parent else ""
    if elsewhere:
        yield f"`{missing.text}` was observed, but not{where}{after}"
        ways = dict.fromkeys(_way(trace, each) for each in elsewhere)
        yield from (f"  it was: {each}" for each in [*ways][: MOST_AROUND // 2])
    else:
        yield f"`{missing.text}` was never observed"
        near = difflib.get_close_matches(missing.text, _all_names(trace), 3)
        if near:
            yield f"  similar: {', '.join(f'`{each}`' for each in near)}"
    yield f"observed around there{where or ' (at the top)'}:"
    yield from (f"  {each}" for each in _around(trace, parent, found[place - 1] if found else None))


def _parent(search: Search, missing: Asserted) -> Event | None:
    """The event of the line that a line stands beneath."""
    pairs = zip(search.best, search.asserted, strict=False)
    return next((event for event, line in pairs if line.number == missing.parent), None)


def _all_names(trace: Trace) -> list[str]:
    return list(dict.fromkeys(event_name(trace, each) for each in trace.events))


def _way(trace: Trace, event: Event) -> str:
    above = trace.within(event)[:3]
    way = " -> ".join(event_name(trace, each) for each in (*reversed(above), event))
    if event.thread:
        return f"{way} (in thread {trace.threads[event.thread]})"
    return f"{way} (later, from the {trace.loop_name})" if event.turn else way


def _around(trace: Trace, parent: Event | None, last: Event | None) -> list[str]:
    """What was observed beneath the parent, from a little before the last line that was found."""
    within = [
        each
        for each in trace.events
        if (parent is None or parent in trace.above(each))
        and not (isinstance(each, Call) and each.loop)
    ]
    # At the top, what the loop calls is at the left margin, however deep the loop itself is.
    depth = {e.ident: len(trace.within(e)) if parent is None else e.depth for e in within}
    shallow = min(depth.values(), default=0)
    near = [each for each in within if depth[each.ident] <= shallow + 1]
    start = sum(each.ident < last.ident for each in near) if last else 0
    start = max(0, start - 1)
    shown = near[start : start + MOST_AROUND]
    names = [f"{'  ' * (depth[each.ident] - shallow)}{event_name(trace, each)}" for each in shown]
    return [*names, "..."] if len(near) > start + MOST_AROUND else names or ["nothing"]
