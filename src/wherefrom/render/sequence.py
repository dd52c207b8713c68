"""A scene as one SVG: lifelines, calls, turn bands, stores, and the thread of a value.

Colours are CSS variables that flow.css sets, so that a theme's light and dark apply; nothing here
is a script. All text comes from strangers' programs and is escaped here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from itertools import pairwise

from wherefrom.render.layout import BORN, LINE, LOOP, PILL, STEP, Layout, cut, text_of, wide
from wherefrom.render.links import nowhere, safe
from wherefrom.render.scene import NOTHING, Row, RowKind, Scene

BAR = 9
LEAST = 0.8  # of its own width: no picture is scaled down further than it stays legible
HEADS = {RowKind.CALL: "arrow", RowKind.RETURN: "open", RowKind.RAISE: "thrown"}


def svg(
    scene: Scene,
    api: Callable[[str], str] = nowhere,
    layout: Layout | None = None,
    name: str = "",
) -> str:
    """The diagram as an ``<svg>`` element that scales down no further than it stays legible.

    ``api`` gives the address that a dotted name leads to, or nothing; ``layout`` is `wide` unless
    given; ``name`` is written above the heads, where the layout leaves room.
    """
    placed = layout or wide(scene, named=bool(name))
    ident = f"{scene.ident}-narrow" if placed.narrow else scene.ident
    # The title and the description are what is heard: a picture is seen.
    plain = api is nowhere
    seen = '<g aria-hidden="true">' if plain else "<g>"
    parts = [
        _open(ident, placed, "img" if plain else "group"),
        f'<title class="nohighlight" id="{ident}-title">{escape(scene.title)}</title>',
        f'<desc class="nohighlight" id="{ident}-desc">{escape(scene.description)}</desc>',
        _markers(ident),
        *_name(name, placed),
        seen,
        *_areas(scene, placed),
        *_lifelines(placed),
        *_bands(scene, placed),
        *_bars(scene, placed),
        "</g>",
        *_thread(scene, placed, ident),
        seen,
        *_rows(scene, placed, ident, api),
        *_heads(scene, placed),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts)


def _open(ident: str, placed: Layout, role: str) -> str:
    width, height = placed.width, placed.height
    least = width if placed.narrow else round(width * LEAST)
    kind = "wf-sequence wf-narrow" if placed.narrow else "wf-sequence"
    return (
        f'<svg class="{kind}" role="{role}" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" style="min-width:{least}px" '
        f'aria-labelledby="{ident}-title {ident}-desc" '
        'xmlns="http://www.w3.org/2000/svg">'
    )


def _markers(ident: str) -> str:
    def marker(name: str, path: str) -> str:
        size = 13 if name == "end" else 10
        return (
            f'<marker id="{ident}-{name}" class="wf-{name}" markerUnits="userSpaceOnUse" '
            'viewBox="0 0 8 8" refX="7" refY="4" '
            f'markerWidth="{size}" markerHeight="{size}" orient="auto-start-reverse">'
            f'<path d="{path}"/></marker>'
        )

    full, open_ = "M0 0L8 4L0 8z", "M1 1L7 4L1 7"
    made = (("arrow", full), ("open", open_), ("thrown", open_), ("end", full))
    return f"<defs>{''.join(marker(*each) for each in made)}</defs>"


def _name(name: str, placed: Layout) -> Iterator[str]:
    if name:
        text = escape(cut(name, round(placed.width / 8)))
        yield f'<text aria-hidden="true" class="wf-name" x="12" y="26">{text}</text>'


def _areas(scene: Scene, placed: Layout) -> Iterator[str]:
    """The whole breadth of each row: what a click hits, and what shines at the current step."""
    for number, (top, bottom) in enumerate(pairwise(placed.tops[: len(scene.rows) + 1])):
        turn = scene.rows[number].kind is RowKind.TURN
        above, height = (13, 24) if turn else (20, bottom - top)
        yield (
            f'<rect class="wf-area" data-step="{number + 1}" x="0" y="{top - above}" '
            f'width="{placed.width}" height="{height}"/>'
        )


def _lifelines(placed: Layout) -> Iterator[str]:
    for x, head in zip(placed.xs, placed.heads, strict=True):
        top, bottom = head.top + 40, placed.height - 10
        yield f'<line class="wf-lifeline" x1="{x}" y1="{top}" x2="{x}" y2="{bottom}"/>'


def _bands(scene: Scene, placed: Layout) -> Iterator[str]:
    for number, (row, y) in enumerate(zip(scene.rows, placed.tops, strict=False), start=1):
        if row.kind is RowKind.TURN:
            text = escape(cut(row.label, int((placed.width - 20) / placed.sizes.label)))
            yield (
                f'<g class="wf-row wf-turn" data-step="{number}">'
                f'<rect class="wf-band" x="0" y="{y - 13}" width="{placed.width}" height="24"/>'
                f'<text class="wf-band-text" x="12" y="{y + 3}">{text}</text></g>'
            )


def _heads(scene: Scene, placed: Layout) -> Iterator[str]:
    for line, head in zip(scene.lifelines, placed.heads, strict=True):
        own = " wf-own" if line.own else ""
        middle = head.left + head.width / 2
        name_y, module_y = head.top + (18 if head.module else 25), head.top + 33
        module = (
            f'<text class="wf-head-module" x="{middle:g}" y="{module_y}">'
            f"{escape(head.module)}</text>"
            if head.module
            else ""
        )
        yield (
            f'<g><title class="nohighlight">{escape(head.tip)}</title>'
            f'<rect class="wf-head{own}" x="{head.left:g}" '
            f'y="{head.top}" width="{head.width:g}" height="42" rx="{2 if line.own else 8}"/>'
            f'<text class="wf-head-name" x="{middle:g}" y="{name_y}">{escape(head.name)}</text>'
            f"{module}</g>"
        )


def _bars(scene: Scene, placed: Layout) -> Iterator[str]:
    """How long each call lasts: from its row to before the next row that is not beneath it."""
    for number, row in enumerate(scene.rows):
        if row.kind is RowKind.CALL:
            last = _last_beneath(scene.rows, number)
            x = placed.xs[row.target] - BAR / 2 + 3 * _overlap(scene.rows, number)
            top, bottom = placed.tops[number], placed.tops[last] + 13
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


def _rows(scene: Scene, placed: Layout, ident: str, api: Callable[[str], str]) -> Iterator[str]:
    for number, (row, y) in enumerate(zip(scene.rows, placed.tops, strict=False), start=1):
        if row.kind is RowKind.TURN:
            continue
        if row.kind is RowKind.STORE:
            ends = scene.thread is not None and scene.thread.stored == number - 1
            drawn = _store(row, y, placed, ends)
        else:
            drawn = _arrow(row, y, placed, ident)
        entry = api(row.entry) if row.entry else ""
        if entry:
            drawn = f'<a href="{safe(entry)}">{drawn}</a>'
        yield f'<g class="wf-row wf-{row.kind}" data-step="{number}">{drawn}</g>'


def _arrow(row: Row, y: int, placed: Layout, ident: str) -> str:
    start, end = placed.xs[row.source], placed.xs[row.target]
    if start == end:
        path = f"M{start + 5} {y - 12}h24v12h-20"
        text = _loop_label(row.label, start, y, placed)
    else:
        side = 1 if end > start else -1
        path = f"M{start + 5 * side} {y}H{end - 7 * side}"
        label, middle = _label(row, placed)
        text = f'<text class="wf-label wf-middle" x="{middle:g}" y="{y - 6}">{escape(label)}</text>'
    return f'<path class="wf-line" d="{path}" marker-end="url(#{ident}-{HEADS[row.kind]})"/>{text}'


def _loop_label(label: str, start: int, y: int, placed: Layout) -> str:
    """Right of the loop; left of it where only that side has the room."""
    right, left = placed.width - start - LOOP, start - 12
    before = placed.long(label) > right and left > right
    said = cut(label, int((left if before else right) / placed.sizes.label))
    x, kind = (start - 8, "wf-label wf-last") if before else (start + LOOP - 3, "wf-label")
    return f'<text class="{kind}" x="{x}" y="{y - 2}">{escape(said)}</text>'


def _label(row: Row, placed: Layout) -> tuple[str, float]:
    """What an arrow says, and where: between two lifelines if it fits, nearest to who calls."""
    said = cut(row.label, int((placed.width - 8) / placed.sizes.label))
    room = placed.long(said)
    first, last = sorted((row.source, row.target))
    between = [*pairwise(placed.xs[first : last + 1])]
    for left, right in between if row.source == first else reversed(between):
        if right - left >= room + 18:
            return said, (left + right) / 2
    middle = (placed.xs[first] + placed.xs[last]) / 2
    return said, min(max(middle, room / 2 + 4), placed.width - room / 2 - 4)


def _store(row: Row, y: int, placed: Layout, ends: bool) -> str:
    """The attribute with its old and new value; ``ends`` says that the thread does so here."""
    lines = placed.pill(row)
    width = max(placed.long(each) for each in lines) + 20
    x = placed.xs[row.target]
    left = min(max(4.0, x - width / 2), placed.width - width - 4)
    height = PILL + LINE * (len(lines) - 1)
    kind = " wf-goal" if ends else " wf-gone" if row.new == NOTHING else ""
    texts = "".join(
        f'<text class="wf-label wf-middle" x="{left + width / 2:g}" y="{y + 3 + LINE * number}">'
        f"{_change(each) if ends else escape(each)}</text>"
        for number, each in enumerate(lines)
    )
    return (
        f'<title class="nohighlight">{escape(text_of(row))}</title>'
        f'<rect class="wf-store-box{kind}" x="{left:g}" y="{y - 14}" width="{width:g}" '
        f'height="{height}" rx="12"/>{texts}'
    )


def _change(text: str) -> str:
    """A store's text with its new value in the colour of the thread that ends in it."""
    before, arrow, new = text.rpartition("→ ")
    if not arrow:
        return escape(text)
    return f'{escape(before + arrow)}<tspan class="wf-new">{escape(new)}</tspan>'


def _thread(scene: Scene, placed: Layout, ident: str) -> Iterator[str]:
    """One line: a dot at the birth, down the value's own lifeline, an arrow into the attribute."""
    thread = scene.thread
    if thread is None:
        return
    born, stored = scene.rows[thread.born], scene.rows[thread.stored]
    x, end = placed.xs[born.target], placed.xs[stored.target]
    own = x if thread.along is None else placed.xs[thread.along]
    top, bottom = placed.tops[thread.born] + 12, placed.tops[thread.stored] - 21
    across = "" if own == x else f"H{own}"
    path = f"M{x} {top}{across}V{bottom}H{end}V{bottom + 7}"
    yield f'<path class="wf-thread-under" d="{path}"/>'
    yield (
        f'<path class="wf-thread" d="{path}" marker-end="url(#{ident}-end)">'
        f'<title class="nohighlight">{escape(thread.label)}</title></path>'
    )
    dot = "wf-thread-dot wf-met" if thread.met else "wf-thread-dot"
    yield f'<circle class="{dot}" cx="{x}" cy="{top}" r="6"/>'
    # Left of the dot where the thread itself, or the edge, is at its right.
    aside = own > x or x + BORN > placed.width or (end > x and bottom < top + STEP / 2)
    place = f'wf-last" x="{x - 11}' if aside else f'wf-first" x="{x + 11}'
    word = "seen" if thread.met else "born"
    yield f'<text aria-hidden="true" class="wf-born {place}" y="{top + 4}">{word}</text>'
