"""What a page asks of a library's index: an excerpt, or a list of places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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


def listed(directive: str, name: str, within: str, index: Index) -> Excerpt | Listing:
    """The answer of ``index``. Raises `LookupError` for a name that it doesn't know."""
    if directive == "source":
        return excerpt(name, index)
    if directive == "overriders":
        return _overriders(name, index)
    if directive == "subclasses":
        known = index.definition(name).name
        return Listing(tuple(_tree(known, index, 0, {known})), f"nothing derives from {name}")
    return _assignments(name, within, index)


def _overriders(name: str, index: Index) -> Listing:
    index.definition(name)
    found = index.overriders(name)
    first = [_entry(index, f"{each}.{name.rpartition('.')[2]}") for each in found.first]
    deeper = [
        _entry(index, f"{each}.{name.rpartition('.')[2]}", depth=1, note="beneath one of these")
        for each in found.deeper
    ]
    return Listing((*first, *deeper), f"nothing overrides {name}")


def _tree(name: str, index: Index, depth: int, above: set[str]) -> Iterator[Entry]:
    for each in index.direct_subclasses(name):
        if each not in above:
            yield _entry(index, each, depth=depth)
            yield from _tree(each, index, depth + 1, {*above, each})


def _assignments(name: str, within: str, index: Index) -> Listing:
    entries = tuple(
        Entry(
            each.where, 0, each.kind, each.file, _path(each.file, each.module, each.line), each.line
        )
        for each in index.assignments(name, within)
    )
    place = within or index.package
    return Listing(entries, f"nothing in {place} sets an attribute called {name}")


def _entry(index: Index, name: str, depth: int = 0, note: str = "") -> Entry:
    found = index.definition(name)
    path = _path(found.file, found.module, found.start)
    return Entry(found.name, depth, note, found.file, path, found.start)


def _path(file: str, module: str, line: int) -> str:
    """A file from the folder that holds the package, and a line in it."""
    depth = len(module.split(".")) + file.endswith("__init__.py")
    return f"{'/'.join(file.split('/')[-depth:])}:{line}"
