"""The full trace as a page of its own: foldable by depth, searchable, bounded."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import islice
from pathlib import PurePath

from wherefrom.traces import Line, Store, Trace

MOST = 4000
OPEN = 2
# A browser nests no more than 512 elements, and a level takes two.
DEEPEST = 200

_TOOLS = (
    '<div class="wf-trace-tools" hidden><label>Find a name: <input type="search"></label>'
    '<button type="button" data-to="-1">Previous hit</button>'
    '<button type="button" data-to="1">Next hit</button>'
    '<output aria-live="polite"></output>'
    '<label>Open to depth: <input type="number" min="0" max="{deepest}" value="{opened}"></label>'
    '<button type="button" data-open="true">Open all</button>'
    '<button type="button" data-open="false">Fold all</button></div>\n'
)


def full_trace(trace: Trace, title: str, assets: str, back: str) -> str:
    """The page as HTML; ``assets`` leads to the folder of the style and script, ``back`` back."""
    lines = tuple(islice(trace.lines(), MOST + 1))
    more = f"<p>Cut here: the trace has more than {MOST} lines.</p>" if len(lines) > MOST else ""
    notes = "".join(f"<li>{escape(each)}</li>" for each in trace.notes)
    body = "\n".join(_tree(lines[:MOST]))
    deepest = max((each.depth for each in lines), default=0) + 1
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="{escape(assets)}flow.css">'
        f'<script defer src="{escape(assets)}trace.js"></script></head>\n'
        f'<body class="wf-trace-page"><main><p><a href="{escape(back)}">Back to the page</a></p>'
        f"<h1>{escape(title)}</h1>\n{_TOOLS.format(deepest=deepest, opened=OPEN)}"
        f'<div class="wf-tree">\n{body}\n</div>\n{more}<ul>{notes}</ul></main></body></html>\n'
    )


def _tree(lines: tuple[Line, ...]) -> Iterator[str]:
    """Nested `details`: a line with lines beneath it can be folded."""
    depths: list[int] = []
    for line, after in zip(lines, (*lines[1:], None), strict=True):
        while depths and depths[-1] >= line.depth:
            depths.pop()
            yield "</div></details>"
        beneath = after is not None and after.depth > line.depth and line.event is not None
        if beneath and len(depths) < DEEPEST:
            opened = " open" if line.depth < OPEN else ""
            yield f"<details{opened}><summary>{_said(line)}</summary><div>"
            depths.append(line.depth)
        else:
            yield f"<p>{_said(line)}</p>"
    yield from ("</div></details>" for _ in depths)


def _said(line: Line) -> str:
    text = f"<code>{escape(line.text)}</code>"
    event = line.event
    if event is None:
        return f'<em class="wf-turn-line">{escape(line.text)}</em>'
    if isinstance(event, Store):
        return f"<mark>{text}</mark>{_at(event.file, event.line)}"
    raised = (
        f' <span class="wf-raised">raised {escape(event.raised)}</span>' if event.raised else ""
    )
    return text + raised + _at(event.caller_file, event.caller_line)


def _at(file: str, line: int) -> str:
    """Where the line happened, as short as it is clear."""
    known = line and not file.startswith("<")
    return f" <small>{escape(PurePath(file).name)}:{line}</small>" if file and known else ""
