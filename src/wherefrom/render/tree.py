"""A class tree as one SVG: bases above, the class, and what derives from it beneath.

Names come from strangers' programs and are escaped here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

WIDTH, HEIGHT = 158, 42
GAP, RISE = 14, 34
MARGIN = 8
MOST_IN_ROW = 5
LEAST = 0.8  # of its own width: no picture is scaled down further than it stays legible
ROOM = 20  # characters of the monospace fonts that fit into a box


@dataclass(frozen=True)
class ClassTree:
    """What is drawn: ``bases`` maps each class, none before its own bases, to these.

    ``own`` is the class that it is about, ``beneath`` are those that derive from it, ``more`` how
    many further ones do; ``hrefs`` are the addresses of those that have an entry.
    """

    ident: str
    own: str
    bases: Mapping[str, Sequence[str]]
    beneath: Sequence[str] = ()
    more: int = 0
    hrefs: Mapping[str, str] = field(default_factory=dict)


def svg(tree: ClassTree) -> str:
    """The tree as an ``<svg>`` element with a title and a description."""
    rows = [*_layers(tree), *_beneath(tree)]
    width = max(len(row) for row in rows) * (WIDTH + GAP) - GAP + 2 * MARGIN
    height = len(rows) * (HEIGHT + RISE) - RISE + 2 * MARGIN
    places = {
        name: (_left(row, at, width), MARGIN + level * (HEIGHT + RISE))
        for level, row in enumerate(rows)
        for at, name in enumerate(row)
    }
    title = f"The classes above and beneath {tree.own}"
    opener = (
        f'<svg class="wf-sequence wf-tree" role="img" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" style="min-width:{width * LEAST:.0f}px" '
        f'aria-labelledby="{tree.ident}-title {tree.ident}-desc" '
        'xmlns="http://www.w3.org/2000/svg">'
    )
    parts = [
        opener,
        f'<title class="nohighlight" id="{tree.ident}-title">{escape(title)}</title>',
        f'<desc class="nohighlight" id="{tree.ident}-desc">{escape(_told(tree))}</desc>',
        *_edges(tree, places),
        *(_box(tree, name, *place) for name, place in places.items()),
        "</svg>",
    ]
    return "\n".join(parts)


def _told(tree: ClassTree) -> str:
    said = [
        f"{name} derives from {', '.join(above)}." for name, above in tree.bases.items() if above
    ]
    if tree.beneath:
        more = f", and {tree.more} more" if tree.more else ""
        said.append(f"From {tree.own} derive {', '.join(tree.beneath)}{more}.")
    return " ".join(said)


def _layers(tree: ClassTree) -> list[list[str]]:
    """The classes in rows: each above all that derive from it, as near as can be."""
    height: dict[str, int] = {}
    for name in reversed([*tree.bases]):
        height.setdefault(name, 0)
        for each in tree.bases[name]:
            height[each] = max(height.get(each, 0), height[name] + 1)
    if len(height) > 2:
        height.pop("object", None)  # all derive from it; its lines would hide the others
    rows: list[list[str]] = [[] for _ in range(max(height.values()) + 1)]
    for name in tree.bases:
        if name in height:
            rows[height[name]].append(name)
    return rows[::-1]


def _beneath(tree: ClassTree) -> Iterator[list[str]]:
    names = [*tree.beneath, *([f"and {tree.more} more"] if tree.more else [])]
    for start in range(0, len(names), MOST_IN_ROW):
        yield names[start : start + MOST_IN_ROW]


def _left(row: Sequence[str], at: int, width: int) -> float:
    whole = len(row) * (WIDTH + GAP) - GAP
    return (width - whole) / 2 + at * (WIDTH + GAP)


def _edges(tree: ClassTree, places: Mapping[str, tuple[float, float]]) -> Iterator[str]:
    pairs = [(name, each) for name, above in tree.bases.items() for each in above]
    first_row = tree.beneath[:MOST_IN_ROW] or ()
    pairs += [(each, tree.own) for each in first_row]
    for below, above in pairs:
        if below in places and above in places:
            (x1, y1), (x2, y2) = places[above], places[below]
            x1, x2, y1 = x1 + WIDTH / 2, x2 + WIDTH / 2, y1 + HEIGHT
            middle = y2 - RISE / 2
            yield (
                f'<path class="wf-line" d="M{x1:g} {y1:g}C{x1:g} {middle:g} '
                f'{x2:g} {middle:g} {x2:g} {y2:g}"/>'
            )


def _box(tree: ClassTree, name: str, x: float, y: float) -> str:
    module, _, last = name.rpartition(".")
    own = " wf-own" if name == tree.own else ""
    middle = x + WIDTH / 2
    drawn = (
        f'<rect class="wf-head{own}" x="{x:g}" y="{y:g}" width="{WIDTH}" height="{HEIGHT}" '
        f'rx="6"/><text class="wf-head-name" x="{middle:g}" y="{y + (18 if module else 26):g}">'
        f"{escape(_cut(last))}</text>"
    )
    if module:
        drawn += (
            f'<text class="wf-head-module" x="{middle:g}" y="{y + 33:g}">'
            f"{escape(_end(module))}</text>"
        )
    if name in tree.hrefs:
        drawn = f'<a href="{escape(tree.hrefs[name])}">{drawn}</a>'
    return f'<g><title class="nohighlight">{escape(name)}</title>{drawn}</g>'


def _cut(text: str) -> str:
    return text if len(text) <= ROOM else f"{text[: ROOM - 1]}…"


def _end(module: str) -> str:
    """As much of a module's end as there is room for, in whole parts."""
    parts = module.split(".")
    while len(".".join(parts)) > ROOM and len(parts) > 1:
        del parts[0]
    return _cut(".".join(parts))
