"""A trace for a terminal: the outline and the origins, in colour, as wide as the terminal is."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from wherefrom.traces import Call, Line, Origin, Store, Trace, is_own

MOST_LINES = 200
LIBRARY = "cyan"
OWN = "yellow"
STORED = "bold magenta"
BOUNDARY = "italic dim"


def traced(out: Console, trace: Trace, *, most: int = MOST_LINES) -> None:
    """Print what was observed: at most ``most`` lines of the outline, then every origin."""
    lines = trace.lines()
    for line in lines[:most]:
        out.print(_shown(trace, line), overflow="ellipsis", no_wrap=True)
    if len(lines) > most:
        what = f"... and {len(lines) - most} more lines: narrow it with --focus, or use --json"
        out.print(Text(what, BOUNDARY))
    if not lines:
        out.print(Text("nothing was observed", BOUNDARY))
    for origin in trace.origins(""):
        if origin.value.ident:
            out.print()
            out.print(Text(f"the origin of {origin.name}", "bold"))
            out.print(_origin(origin))
    for note in trace.notes:
        out.print(Text(f"note: {note}", BOUNDARY))


def _shown(trace: Trace, line: Line) -> Text:
    indent = "  " * line.depth
    if isinstance(line.event, Store):
        return Text.assemble(indent, (line.text, STORED))
    if not isinstance(line.event, Call):
        return Text(line.text, BOUNDARY)
    style = OWN if is_own(trace, line.event) else LIBRARY
    raised = f"  raised {line.event.raised}" if line.event.raised else ""
    return Text.assemble(indent, (line.text, style), (raised, "red"))


def _origin(origin: Origin) -> Table:
    """A row for each of default, born, carried, stored; long chains hang beneath their start."""
    table = Table.grid(padding=(0, 1))
    for row in str(origin).splitlines():
        label, _, rest = row.partition(": ")
        table.add_row(Text(f"  {label}:", STORED), Text(rest))
    return table
