"""A scene as one SVG: lifelines, calls, turn bands, stores, and the thread of a value.

Colours are CSS variables with the classes' own fallbacks, so that a theme's light and dark apply;
nothing here is a script. All text comes from strangers' programs and is escaped here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

from wherefrom.render.links import nowhere, safe
from wherefrom.render.scene import Lifeline, Row, RowKind, Scene

COLUMN = 132
MARGIN = 70
HEAD = 64
STEP = 40
BAND = 34
BAR = 9
CHARACTER = 6.7  # of the 11 px monospace font that flow.css gives labels
LEAST = 0.8  # of its own width: no picture is scaled down further than it stays legible


def svg(scene: Scene, api: Callable[[str], str] = nowhere) -> str:
    """The diagram as an ``<svg>`` element that scales down no further than it stays legible.

    ``api`` gives the address that a dotted name leads to, or nothing.
    """
    tops = _tops(scene)
    width = _width(scene)
    height = tops[-1] + 26
    parts = [
        _open(scene.ident, width, height),
        f'<title id="{scene.ident}-title">{escape(scene.title)}</title>',
        f'<desc id="{scene.ident}-desc">{escape(scene.description)}</desc>',
        _markers(scene.ident),
        *_bands(scene, tops, width),
        *_lifelines(scene, height),
        *_bars(scene, tops),
        *_thread(scene, tops),
        *_rows(scene, tops, api),
        *_heads(scene),
        "</svg>",
    ]
    return "\n".join(parts)


def _width(scene: Scene) -> int:
    """The columns and what sticks out at the right: loops' labels and stores."""
    edges = [_x(len(scene.lifelines) - 1) + MARGIN]
    for row in scene.rows:
        room = len(_text(row)) * CHARACTER
        if row.kind is RowKind.STORE:
            edges.append(_x(row.target) + round(room / 2) + 24)
        elif row.kind is not RowKind.TURN and row.source == row.target:
            edges.append(_x(row.source) + round(room) + 52)
    return max(edges)


def _text(row: Row) -> str:
    """What a row has written on it."""
    changed = row.kind is RowKind.STORE and (row.old or row.new)
    return f"{row.label}: {row.old} → {row.new}" if changed else row.label


def _open(ident: str, width: int, height: int) -> str:
    return (
        f'<svg class="wf-sequence" role="img" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" style="min-width:{width * LEAST:.0f}px" '
        f'aria-labelledby="{ident}-title {ident}-desc" '
        'xmlns="http://www.w3.org/2000/svg">'
    )


def _tops(scene: Scene) -> list[int]:
    """The middle of each row, and one more for the end."""
    tops, y = [], HEAD + 24
    for row in scene.rows:
        tops.append(y)
        y += BAND if row.kind is RowKind.TURN else STEP
    return [*tops, y]


def _x(lifeline: int) -> int:
    return MARGIN + COLUMN * lifeline


def _markers(ident: str) -> str:
    def marker(name: str, path: str) -> str:
        size = 13 if name == "end" else 10
        return (
            f'<marker id="{ident}-{name}" class="wf-{name}" markerUnits="userSpaceOnUse" '
            'viewBox="0 0 8 8" refX="7" refY="4" '
            f'markerWidth="{size}" markerHeight="{size}" orient="auto-start-reverse">'
            f'<path d="{path}"/></marker>'
        )

    return (
        "<defs>"
        + marker("arrow", "M0 0L8 4L0 8z")
        + marker("open", "M1 1L7 4L1 7")
        + marker("end", "M0 0L8 4L0 8z")
        + "</defs>"
    )


def _bands(scene: Scene, tops: list[int], width: int) -> Iterator[str]:
    for row, y in zip(scene.rows, tops, strict=False):
        if row.kind is RowKind.TURN:
            yield f'<rect class="wf-band" x="0" y="{y - 13}" width="{width}" height="26"/>'
            yield f'<text class="wf-band-text" x="12" y="{y + 4}">{escape(row.label)}</text>'


def _lifelines(scene: Scene, height: int) -> Iterator[str]:
    for number in range(len(scene.lifelines)):
        x = _x(number)
        yield f'<line class="wf-lifeline" x1="{x}" y1="{HEAD}" x2="{x}" y2="{height - 8}"/>'


def _heads(scene: Scene) -> Iterator[str]:
    for number, line in enumerate(scene.lifelines):
        x = _x(number)
        own = " wf-own" if line.own else ""
        yield f'<rect class="wf-head{own}" x="{x - 61}" y="10" width="122" height="44" rx="6"/>'
        yield from _head_text(line, x)


def _head_text(line: Lifeline, x: int) -> Iterator[str]:
    y = 29 if line.module else 36
    yield f'<text class="wf-head-name" x="{x}" y="{y}">{escape(_cut(line.label, 16))}</text>'
    if line.module:
        module = escape(_cut(line.module, 19, end=True))
        yield f'<text class="wf-head-module" x="{x}" y="45">{module}</text>'


def _bars(scene: Scene, tops: list[int]) -> Iterator[str]:
    """How long each call lasts: from its row to before the next row that is not beneath it."""
    for number, row in enumerate(scene.rows):
        if row.kind is RowKind.CALL:
            last = _last_beneath(scene.rows, number)
            x = _x(row.target) - BAR / 2 + 3 * _overlap(scene.rows, number)
            top, bottom = tops[number], tops[last] + 14
            own = " wf-own" if scene.lifelines[row.target].own else ""
            yield (
                f'<rect class="wf-bar{own}" x="{x:g}" y="{top}" width="{BAR}" '
                f'height="{bottom - top}" rx="2"/>'
            )


def _last_beneath(rows: tuple[Row, ...], number: int) -> int:
    last = number
    for later in range(number + 1, len(rows)):
        if rows[later].kind is RowKind.TURN or rows[later].depth <= rows[number].depth:
            break
        last = later
    return last


def _overlap(rows: tuple[Row, ...], number: int) -> int:
    """How many enclosing calls are already running on the same lifeline."""
    depth, count = rows[number].depth, 0
    for row in reversed(rows[:number]):
        if row.kind is RowKind.TURN:
            break
        if row.kind is RowKind.CALL and row.depth < depth:
            depth = row.depth
            count += row.target == rows[number].target
    return count


def _rows(scene: Scene, tops: list[int], api: Callable[[str], str]) -> Iterator[str]:
    for number, (row, y) in enumerate(zip(scene.rows, tops, strict=False)):
        if row.kind is RowKind.TURN:
            continue
        drawn = _store(row, y) if row.kind is RowKind.STORE else _arrow(scene.ident, row, y)
        entry = api(row.entry) if row.entry else ""
        if entry:
            drawn = f'<a href="{safe(entry)}">{drawn}</a>'
        yield f'<g class="wf-row wf-{row.kind}" id="{scene.ident}-row-{number + 1}">{drawn}</g>'


def _arrow(ident: str, row: Row, y: int) -> str:
    start, end = _x(row.source), _x(row.target)
    head = "arrow" if row.kind is RowKind.CALL else "open"
    label = escape(row.label)
    if start == end:
        path = f"M{start + 5} {y - 12}h26v12h-22"
        text = f'<text class="wf-label" x="{start + 36}" y="{y - 5}">{label}</text>'
    else:
        side = 1 if end > start else -1
        path = f"M{start + 5 * side} {y}H{end - 7 * side}"
        middle = _label_middle(row.label, start, end)
        text = f'<text class="wf-label wf-middle" x="{middle:g}" y="{y - 7}">{label}</text>'
    return f'<path class="wf-line" d="{path}" marker-end="url(#{ident}-{head})"/>{text}'


def _label_middle(label: str, start: int, end: int) -> float:
    """The middle of the arrow, moved right where a long label would leave the picture."""
    return max((start + end) / 2, len(label) * CHARACTER / 2 + 6)


def _store(row: Row, y: int) -> str:
    x = _x(row.target)
    text = _text(row)
    width = len(text) * CHARACTER + 18
    left = max(4.0, x - width / 2)
    return (
        f'<rect class="wf-store-box" x="{left:g}" y="{y - 14}" width="{width:g}" height="25" '
        f'rx="12"/><text class="wf-label wf-middle" x="{left + width / 2:g}" y="{y + 3}">'
        f"{escape(text)}</text>"
    )


def _thread(scene: Scene, tops: list[int]) -> Iterator[str]:
    """One line: a dot at the birth, down the value's own lifeline, an arrow into the attribute."""
    thread = scene.thread
    if thread is None:
        return
    born, stored = scene.rows[thread.born], scene.rows[thread.stored]
    x, end = _x(born.target), _x(stored.target)
    top, bottom = tops[thread.born] + 14, tops[thread.stored] - 22
    path = f"M{x} {top}V{bottom}H{end}V{bottom + 7}"
    yield (
        f'<path class="wf-thread" d="{path}" marker-end="url(#{scene.ident}-end)">'
        f"<title>{escape(thread.label)}</title></path>"
    )
    yield f'<circle class="wf-thread-dot" cx="{x}" cy="{top}" r="6"/>'


def _cut(text: str, room: int, *, end: bool = False) -> str:
    """The text shortened to its room; ``end`` keeps the end, as a module's name wants."""
    if len(text) <= room:
        return text
    return "…" + text[-(room - 1) :] if end else text[: room - 1] + "…"
