"""The full trace as a page of its own: foldable by depth, searchable, bounded."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import islice

from wherefrom.traces import Line, Store, Trace

MOST = 4000


def full_trace(trace: Trace, title: str, assets: str, back: str) -> str:
    """The page as HTML; ``assets`` leads to the folder of the style and script, ``back`` back."""
    lines = tuple(islice(trace.lines(), MOST + 1))
    more = f"<p>Cut here: the trace has more than {MOST} lines.</p>" if len(lines) > MOST else ""
    notes = "".join(f"<li>{escape(each)}</li>" for each in trace.notes)
    body = "\n".join(_tree(lines[:MOST]))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="{escape(assets)}flow.css">'
        f'<script defer src="{escape(assets)}trace.js"></script></head>\n'
        f'<body class="wf-trace-page"><main><p><a href="{escape(back)}">Back to the page</a></p>'
        f"<h1>{escape(title)}</h1>\n"
        '<p class="wf-trace-tools" hidden><label>Find a name: <input type="search"></label>'
        '<button type="button" data-open="true">Open all</button>'
        '<button type="button" data-open="false">Fold all</button>'
        '<output aria-live="polite"></output></p>\n'
        f'<div class="wf-tree">\n{body}\n</div>\n{more}<ul>{notes}</ul></main></body></html>\n'
    )


def _tree(lines: tuple[Line, ...]) -> Iterator[str]:
    """Nested `details`: a line with lines beneath it can be folded."""
    depths: list[int] = []
    for line, after in zip(lines, (*lines[1:], None), strict=True):
        while depths and depths[-1] >= line.depth:
            depths.pop()
            yield "</div></details>"
        if after is not None and after.depth > line.depth and line.event is not None:
            opened = " open" if line.depth < 2 else ""
            yield f"<details{opened}><summary>{_said(line)}</summary><div>"
            depths.append(line.depth)
        else:
            yield f"<p>{_said(line)}</p>"
    yield from ("</div></details>" for _ in depths)


def _said(line: Line) -> str:
    text = f"<code>{escape(line.text)}</code>"
    if line.event is None:
        return f"<em>{escape(line.text)}</em>"
    if isinstance(line.event, Store):
        return f"<mark>{text}</mark>"
    raised = f" raised {escape(line.event.raised)}" if line.event.raised else ""
    return text + raised
