"""An asserted outline against what was observed: order and nesting, with gaps allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from wherefrom.check.search import Asserted, Search, subjects
from wherefrom.model import Claim, Run, Status, Verdict
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
    with what was observed around there.
    """

    lines: tuple[Line, ...]
    missing: int | None = None
    problem: str = ""


def check_flow(claim: Claim, run: Run) -> Verdict:
    """The verdict on one ``{flow}``; ``got`` is a well-chosen body, for `wherefrom update`."""
    if run.trace is None:
        return _verdict(claim, Status.FAILED, "nothing was observed: the group's run has no trace")
    trace = Trace.from_json(run.trace)
    got = trace.chosen(
        paths(claim.option("watch")),
        focus=paths(claim.option("focus")),
        instance=claim.option("object") or "",
    )
    if not claim.body.strip():
        message = "the flow is empty: `wherefrom update` writes what was observed"
        return _verdict(claim, Status.FAILED, message, got)
    found = match(trace, claim.body, claim.option("object"))
    if found.missing is None:
        return _verdict(claim, Status.PASSED, "", claim.body)
    first, *rest = found.problem.split("\n")
    line = claim.region.start + found.missing
    return _verdict(claim, Status.FAILED, first, got, line=line, detail="\n".join(rest))


def paths(option: str | None) -> tuple[str, ...]:
    """The dotted paths in an option's value, which spaces or commas separate."""
    return tuple((option or "").replace(",", " ").split())


def match(trace: Trace, body: str, instance: str | None = None) -> Match:
    """Find each line of ``body`` in ``trace``; ``instance`` names a class of which one is meant."""
    rows = body.split("\n")
    asserted = tuple(_asserted(rows))
    if len(asserted) > MOST_LINES:
        return Match((), 0, f"an outline that is asserted has at most {MOST_LINES} lines")
    idents = _instances(trace, instance) if instance else (None,)
    searches = [Search(trace, asserted, instance, ident) for ident in idents]
    for each in searches:
        if each.run():
            return Match(tuple(_lines(rows, each.asserted, each.best)))
    best = max(searches, key=lambda each: len(each.best), default=None)
    if best is None:
        return Match((), 0, f"no instance of `{instance}` was observed")
    missing = asserted[len(best.best)]
    lines = tuple(_lines(rows[: missing.number], asserted, best.best))
    return Match(lines, missing.number, "\n".join(_problem(best, missing)))


def _verdict(
    claim: Claim,
    status: Status,
    message: str,
    got: str | None = None,
    *,
    line: int | None = None,
    detail: str = "",
) -> Verdict:
    return Verdict(
        path=claim.path,
        line=claim.line if line is None else line,
        kind=claim.directive,
        status=status,
        message=message,
        expected=claim.body,
        got=got,
        detail=detail,
        region=claim.region,
        snippet_line=claim.line,
    )


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
    parent = next(
        (e for e, a in zip(found, search.asserted, strict=False) if a.number == missing.parent),
        None,
    )
    where = f" beneath `{event_name(trace, parent)}`" if parent else ""
    after = f" after `{event_name(trace, found[-1])}`" if found and found[-1] != parent else ""
    if elsewhere:
        yield f"`{missing.text}` was observed, but not{where}{after}"
        yield from (f"  it was: {_way(trace, each)}" for each in elsewhere[: MOST_AROUND // 2])
    else:
        yield f"`{missing.text}` was never observed"
        near = difflib.get_close_matches(missing.text, _all_names(trace), 3)
        if near:
            yield f"  similar: {', '.join(f'`{each}`' for each in near)}"
    yield f"observed around there{where or ' (at the top)'}:"
    yield from (f"  {each}" for each in _around(trace, parent, found[place - 1] if found else None))


def _all_names(trace: Trace) -> list[str]:
    return list(dict.fromkeys(event_name(trace, each) for each in trace.events))


def _way(trace: Trace, event: Event) -> str:
    above = trace.within(event)[:3]
    return " -> ".join(event_name(trace, each) for each in (*reversed(above), event))


def _around(trace: Trace, parent: Event | None, last: Event | None) -> list[str]:
    """What was observed beneath the parent, from a little before the last line that was found."""
    within = [
        each
        for each in trace.events
        if (parent is None or parent in trace.above(each))
        and not (isinstance(each, Call) and each.loop)
    ]
    shallow = min((each.depth for each in within), default=0)
    near = [each for each in within if each.depth <= shallow + 1]
    start = sum(each.ident < last.ident for each in near) if last else 0
    start = max(0, start - 1)
    shown = near[start : start + MOST_AROUND]
    names = [f"{'  ' * (each.depth - shallow)}{event_name(trace, each)}" for each in shown]
    return [*names, "..."] if len(near) > start + MOST_AROUND else names or ["nothing"]
