"""Where the parts of a diagram stand: as wide as its names need, or narrow, for a phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from wherefrom.render.scene import Lifeline, Row, RowKind, Scene

ROOM = 736  # the width of a page's text at most themes: what no name needs isn't wider
NARROW = 344  # a phone of 360 px, less its margins
BAND = 32
STEP = 34
PILL = 25
LINE = 15  # between two lines of one pill
LOOP = 36  # from a lifeline to the label of a call to itself
EDGE = 6
BORN = 44  # room for the word beside the dot


@dataclass(frozen=True)
class Sizes:
    """The width of one character of each text, in the monospace font that flow.css sets."""

    label: float
    name: float
    module: float
    longest: int


WIDE_SIZES = Sizes(label=6.95, name=7.55, module=6.05, longest=26)
NARROW_SIZES = Sizes(label=6.65, name=6.65, module=5.75, longest=20)


@dataclass(frozen=True)
class Head:
    """The box at the top of a lifeline."""

    left: float
    top: int
    width: float
    name: str
    module: str
    tip: str


@dataclass(frozen=True)
class Layout:
    """The places of one picture: of each lifeline, of each row's middle, and of the end."""

    width: int
    xs: tuple[int, ...]
    heads: tuple[Head, ...]
    tops: tuple[int, ...]
    sizes: Sizes
    narrow: bool = False

    @property
    def height(self) -> int:
        """Of the whole picture."""
        return self.tops[-1]

    @property
    def bottom(self) -> int:
        """Where the heads end and the lifelines begin."""
        return max((each.top for each in self.heads), default=0) + HEAD

    def pill(self, row: Row) -> tuple[str, ...]:
        """What a store has written on it: two lines where one is too long for the picture."""
        text = text_of(row)
        if not self.narrow or self.long(text) <= self.width - 30:
            return (text,)
        most = int((self.width - 30) / self.sizes.label)
        name, _, change = text.partition(": ")
        return tuple(cut(each, most) for each in (f"{name}:", change) if each)

    def long(self, text: str) -> float:
        """How wide a label is."""
        return len(text) * self.sizes.label


HEAD = 42


def wide(scene: Scene, named: bool = False) -> Layout:
    """Columns as far apart as what stands in and between them; ``named`` leaves room on top."""
    sizes = WIDE_SIZES
    boxes = [_box(line, sizes) for line in scene.lifelines]
    gaps = [(one + other) / 2 + 12 for one, other in pairwise(boxes)]
    for row in scene.rows:
        _widen(gaps, row, sizes)
    for row in scene.rows:
        _widen_for_loop(gaps, row, sizes, ROOM - EDGE * 2 - (boxes[0] + boxes[-1]) / 2)
    xs = [round(EDGE + boxes[0] / 2)] if boxes else []
    for gap in gaps:
        xs.append(round(xs[-1] + gap))
    placed = Layout(0, tuple(xs), (), (), sizes)
    width = round(max(_edges(scene, placed, boxes), default=ROOM))
    placed = replace(placed, width=width)
    heads = _heads(scene, placed, boxes, 30 if named else 0)
    return _with_rows(scene, replace(placed, heads=tuple(heads)))


def narrow(scene: Scene) -> Layout:
    """The same in the width of a phone: heads one above another, labels over what they cross."""
    sizes = NARROW_SIZES
    boxes = [_box(line, sizes) for line in scene.lifelines]
    left, right = min(boxes[0] / 2 + 4, 46), NARROW - min(boxes[-1] / 2 + 4, 46)
    step = (right - left) / max(1, len(boxes) - 1)
    xs = tuple(round(left + step * number) for number in range(len(boxes)))
    placed = Layout(NARROW, xs, (), (), sizes, narrow=True)
    return _with_rows(scene, replace(placed, heads=tuple(_heads(scene, placed, boxes, 0))))


def cut(text: str, most: int) -> str:
    """The text, shortened to ``most`` characters."""
    return text if len(text) <= most else text[: most - 1] + "…"


def text_of(row: Row) -> str:
    """What a row has written on it."""
    changed = row.kind is RowKind.STORE and (row.old or row.new)
    return f"{row.label}: {row.old} → {row.new}" if changed else row.label


def _box(line: Lifeline, sizes: Sizes) -> float:
    name = len(cut(line.label, sizes.longest)) * sizes.name
    return max(name, len(_module(line, sizes)) * sizes.module, 44) + 14


def _module(line: Lifeline, sizes: Sizes) -> str:
    return cut(line.shown or line.module, sizes.longest)


def _widen(gaps: list[float], row: Row, sizes: Sizes) -> None:
    """Make room for a label between the two lifelines of its arrow."""
    first, last = sorted((row.source, row.target))
    if row.kind in (RowKind.TURN, RowKind.STORE) or first == last:
        return
    short = len(row.label) * sizes.label + 26 - sum(gaps[first:last])
    for number in range(first, last):
        gaps[number] += max(0.0, short) / (last - first)


def _widen_for_loop(gaps: list[float], row: Row, sizes: Sizes, room: float) -> None:
    """Keep the label of a call to itself off the next lifeline, where there is room for that."""
    if row.kind is RowKind.TURN or row.source != row.target or row.target >= len(gaps):
        return
    if row.kind is not RowKind.STORE:
        more = LOOP + len(row.label) * sizes.label + 10 - gaps[row.target]
        gaps[row.target] += max(0.0, min(more, room - sum(gaps)))


def _edges(scene: Scene, placed: Layout, boxes: list[float]) -> Iterator[float]:
    """How far right each part goes."""
    if boxes:
        yield placed.xs[-1] + boxes[-1] / 2 + EDGE
    for number, row in enumerate(scene.rows):
        room = placed.long(text_of(row))
        if row.kind is RowKind.STORE or row.kind is RowKind.TURN:
            yield room + 30
        elif row.source == row.target:
            yield placed.xs[row.source] + LOOP + room + EDGE
        if scene.thread and number == scene.thread.born:
            yield placed.xs[row.target] + BORN


def _heads(scene: Scene, placed: Layout, boxes: list[float], top: int) -> Iterator[Head]:
    """Each box above its lifeline, in the first storey where it doesn't touch another."""
    storeys: list[float] = []
    for line, x, width in zip(scene.lifelines, placed.xs, boxes, strict=True):
        left = min(max(x - width / 2, 2.0), placed.width - width - 2)
        fits = (number for number, end in enumerate(storeys) if end + 4 <= left)
        storey = next(fits, len(storeys))
        storeys[storey : storey + 1] = [left + width]
        name, module = cut(line.label, placed.sizes.longest), _module(line, placed.sizes)
        tip = f"{line.module}.{line.label}" if line.module and not line.own else line.label
        yield Head(left, top + 8 + storey * (HEAD + 4), width, name, module, tip)


def _with_rows(scene: Scene, placed: Layout) -> Layout:
    """The layout with the middle of each row, and one more place for the end."""
    tops, y = [], placed.bottom + 26
    for row in scene.rows:
        more = 0
        if row.kind is RowKind.STORE:
            more = LINE * (len(placed.pill(row)) - 1)
        tops.append(y)
        y += more + (BAND if row.kind is RowKind.TURN else STEP)
    return replace(placed, tops=(*tops, y))
