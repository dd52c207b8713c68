"""An outline that no longer holds, mended: what still holds stays as the author chose it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from wherefrom.check.outline import BOUNDARY, Match, match
from wherefrom.traces import Event, Trace, boundary, event_name

LIKELY = 0.6
INDENT = "  "


def mended(trace: Trace, body: str, instance: str | None) -> str:
    """``body`` with each line that has no counterpart put right, or left out.

    Empty where less than half of it holds: that flow is another one by now. A line is put right
    by the likeliest event there, by another indent, or by a boundary before it that was missing,
    or was too much.
    """
    rows = body.split("\n")
    tried: set[tuple[str, ...]] = set()
    found = match(trace, body, instance)
    while found.missing is not None and found.searched:
        tried.add(tuple(rows))
        options = [each for each in _options(trace, found, rows) if tuple(each) not in tried]
        if not options:
            return ""
        outcomes = [(each, match(trace, "\n".join(each), instance)) for each in options]
        rows, found = min(outcomes, key=lambda each: _left(*each))
    text = _written(found) if found.searched else ""
    return text if 2 * len(text.split("\n")) >= len(body.split("\n")) else ""


def _left(rows: list[str], found: Match) -> int:
    """How many rows are still to be found: of several ways, the one that leads furthest."""
    return 0 if found.missing is None else len(rows) - found.missing


def _written(found: Match) -> str:
    """A match as text, without boundaries that nothing follows."""
    if not any(line.event for line in found.lines):
        return ""
    lines = [str(each) for each in found.lines]
    kept = [
        line
        for line, after in zip(lines, [*lines[1:], BOUNDARY], strict=True)
        if not (line.startswith(BOUNDARY) and after.startswith(BOUNDARY))
    ]
    return "\n".join(kept)


def _options(trace: Trace, found: Match, rows: list[str]) -> Iterator[list[str]]:
    """The rows with the one that wasn't found put right, in several ways; then without it."""
    number = found.missing or 0
    row, before, after = rows[number], rows[:number], rows[number + 1 :]
    indent, text = row[: len(row) - len(row.lstrip())], " ".join(row.split())
    last = next((line.event for line in reversed(found.lines) if line.event is not None), None)
    later = [each for each in trace.events if last is None or each.ident > last.ident]
    there = [each for each in later if _name(trace, each) == text]
    for each in there[:1]:
        if not indent:
            yield [*before, _boundary(trace, each, last), row, *after]
        if before and before[-1].startswith(BOUNDARY):
            yield [*before[:-1], row, *after]
        if indent:
            yield [*before, row.removeprefix(INDENT), *after]
    for name in [] if there else _likely(trace, found, later, text):
        yield [*before, f"{indent}{name}", *after]
    yield [*before, *after]


def _likely(trace: Trace, found: Match, later: list[Event], text: str) -> list[str]:
    """The name that a line may have meant, of what was observed there."""
    if any(_name(trace, each) == text for each in trace.events):
        # It isn't called otherwise now: it happened, but not there.
        return []
    beneath = found.parent
    near = [each for each in later if beneath is None or beneath in trace.above(each)]
    names = list(dict.fromkeys(_name(trace, each) for each in near))
    return difflib.get_close_matches(text, names, 1, LIKELY)


def _boundary(trace: Trace, event: Event, last: Event | None) -> str:
    elsewhere = event.thread and (last is None or last.thread != event.thread)
    return boundary(trace, event.turn, trace.threads[event.thread] if elsewhere else "")


def _name(trace: Trace, event: Event) -> str:
    return " ".join(event_name(trace, event).split())
