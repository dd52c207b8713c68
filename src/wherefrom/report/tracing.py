"""A trace in a terminal: outline and origins, in colour, as wide as it is; elsewhere, whole."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.text import Text

from wherefrom.traces import Call, Line, Origin, Store, Trace, is_own

MOST_LINES = 200
ENDLESS = 100_000
"""Columns of a file: nothing is cut there."""
LIBRARY = "cyan"
OWN = "yellow"
STORED = "bold magenta"
BOUNDARY = "italic dim"
HANGING = 11


def traced(out: Console, trace: Trace, *, most: int = MOST_LINES) -> None:
    """Print what was observed: at most ``most`` lines of the outline, then every origin."""
    if not out.file.isatty():
        out.width = ENDLESS
    lines = trace.lines()
    for line in lines[:most]:
        out.print(_shown(trace, line), overflow="ellipsis", no_wrap=True)
    if len(lines) > most:
        what = f"... and {len(lines) - most} more lines: narrow it with --focus, or use --json"
        out.print(Text(what, BOUNDARY))
        _lead(out, trace, lines[:most])
    if not lines:
        out.print(Text("nothing was observed", BOUNDARY))
    for origin in trace.origins(""):
        if origin.value.ident:
            out.print()
            out.print(Text(f"the origin of {origin.name}", "bold"))
            _origin(out, origin)
    for note in trace.notes:
        out.print(Text(f"note: {note}", BOUNDARY))


@contextmanager
def printable(stream: TextIO) -> Iterator[TextIO]:
    """A stream to print any name to: ``stream``, whatever it can encode, else standard error."""
    if stream.closed:
        yield sys.stderr
        return
    stream.flush()
    try:
        number = stream.fileno()
    except OSError:
        yield stream
        return
    with open(
        number, "w", encoding=stream.encoding, errors="backslashreplace", closefd=False
    ) as out:
        yield out


def _shown(trace: Trace, line: Line) -> Text:
    indent = "  " * line.depth
    if isinstance(line.event, Store):
        return Text.assemble(indent, (line.text, STORED))
    if not isinstance(line.event, Call):
        return Text(line.text, BOUNDARY)
    style = OWN if is_own(trace, line.event) else LIBRARY
    name = line.event.raised.rpartition("<locals>.")[2]
    raised = f"  raised {name}" if name else ""
    return Text.assemble(indent, (line.text, style), (raised, "red"))


def _lead(out: Console, trace: Trace, shown: Sequence[Line]) -> None:
    """What leads to the most telling store, where that lies beyond what was shown."""
    chosen = trace.chosen_lines()
    there = {line.event.ident for line in shown if line.event is not None}
    stores = [each.event for each in chosen if isinstance(each.event, Store)]
    if all(each.ident in there for each in stores):
        return
    out.print()
    out.print(Text("among them", "bold"))
    for line in chosen:
        out.print(_shown(trace, line), overflow="ellipsis", no_wrap=True)


def _origin(out: Console, origin: Origin) -> None:
    """A row for each of default, born, carried, stored; long chains hang beneath their start."""
    for row in str(origin).splitlines():
        label, _, rest = row.partition(": ")
        lines = Text(rest).wrap(out, max(out.width - HANGING, HANGING))
        for number, line in enumerate(lines):
            start = "" if number else f"  {label}:"
            line.rstrip()
            out.print(Text.assemble((start.ljust(HANGING), STORED), line), soft_wrap=True)
