"""What a page asks of a library's index: an excerpt, or a list of places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf

from wherefrom.library.index import Index
from wherefrom.library.source import Excerpt, excerpt


@dataclass(frozen=True)
class Entry:
    """One line of a list: a name at its depth, where it is, and what is to be said of it."""

    name: str
    depth: int = 0
    note: str = ""
    file: str = ""
    path: str = ""
    line: int = 0


@dataclass(frozen=True)
class Listing:
    """The entries that answer one question; ``empty`` says it where there are none."""

    entries: tuple[Entry, ...]
    empty: str


def listed(
    directive: str, name: str, options: Mapping[str, str], index: Index
) -> Excerpt | Listing:
    """The answer of ``index``. Raises `LookupError` for what it doesn't know or can't take."""
    if directive == "source":
        whole, around = excerpt(name, index), options.get("around")
        return whole.around(options.get("mark", ""), int(around)) if around else whole
    if directive == "overriders":
        known = index.definition(name).name
        return Listing(tuple(_overriders(known, index, 0, set())), f"nothing overrides {name}")
    if directive == "subclasses":
        known = index.definition(name).name
        tree = _tree(known, index, 0, {known})
        most = float(options.get("depth") or inf)
        return Listing(tuple(e for e in tree if e.depth < most), f"nothing derives from {name}")
    return _assignments(name, options.get("in", ""), index)


def _overriders(method: str, index: Index, depth: int, above: set[str]) -> Iterator[Entry]:
    """Those who override it first, and beneath each who overrides it again."""
    name = method.rpartition(".")[2]
    for each in index.overriders(method):
        if each not in above:
            again = f"{each}.{name}"
            yield _entry(index, again, depth=depth)
            yield from _overriders(again, index, depth + 1, {*above, each})


def _tree(name: str, index: Index, depth: int, above: set[str]) -> Iterator[Entry]:
    for each in index.direct_subclasses(name):
        if each not in above:
            yield _entry(index, each, depth=depth)
            yield from _tree(each, index, depth + 1, {*above, each})


def _assignments(name: str, within: str, index: Index) -> Listing:
    entries = tuple(
        Entry(each.where, 0, each.kind, each.file, each.path, each.line)
        for each in index.assignments(name, within)
    )
    place = within or index.package
    return Listing(entries, f"nothing in {place} sets an attribute called {name}")


def _entry(index: Index, name: str, depth: int) -> Entry:
    found = index.definition(name)
    return Entry(found.name, depth, "", found.file, found.path, found.start)
