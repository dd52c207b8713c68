"""Standard nodes that several directives show: a linked name, a table, a folded list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib import metadata

from docutils import nodes
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

from wherefrom.profiles import for_library

Cell = Sequence[nodes.Node]
MOST_WIDE = 40
"""Characters that one column of a table may take where it is shown as text."""


def linked(env: BuildEnvironment, builder: Builder, name: str, shown: str = "") -> nodes.Node:
    """A dotted name as code (as ``shown``), linked to its entry where the project documents it."""
    text = shown or name
    code = nodes.literal(text, text)
    found = env.domains.python_domain.objects.get(name)
    if found is None:
        return code
    return make_refnode(builder, env.docname, found.docname, found.node_id, code, name)


def entry_address(env: BuildEnvironment, builder: Builder, name: str) -> str:
    """The address of a name's entry, from the page that is written; nothing where it has none.

    Where all pages are one, a page's address has its own place in it, which the entry's replaces.
    """
    found = env.domains.python_domain.objects.get(name)
    if found is None:
        return ""
    page = builder.get_relative_uri(env.docname, found.docname).partition("#")[0]
    return f"{page}#{found.node_id}"


def table(head: Sequence[str], rows: Iterable[Sequence[Cell]], css: str) -> nodes.table:
    """A table of cells, each of which is what its paragraph holds."""
    rows = [*rows]
    group = nodes.tgroup(cols=len(head))
    group.extend(nodes.colspec(colwidth=each) for each in _widths(head, rows))
    group += nodes.thead("", _row([[nodes.Text(each)] for each in head]))
    group += nodes.tbody("", *map(_row, rows))
    return nodes.table("", group, classes=[css])


def _widths(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Iterator[int]:
    """The longest text of each column, within reason: what is shown as text keeps to it."""
    for title, *cells in zip(head, *rows, strict=True):
        longest = max((sum(len(each.astext()) for each in cell) for cell in cells), default=0)
        yield min(max(longest + 2, len(title)), MOST_WIDE)


def _row(cells: Sequence[Cell]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", _block(each)) for each in cells))


def _block(cell: Cell) -> nodes.Node:
    """Inline nodes in a paragraph; one that stands by itself as it is."""
    if len(cell) == 1 and isinstance(cell[0], nodes.container | nodes.bullet_list):
        return cell[0]
    return nodes.paragraph("", "", *cell)


def joined(parts: Iterable[nodes.Node]) -> list[nodes.Node]:
    """The parts with commas between them."""
    found: list[nodes.Node] = []
    for each in parts:
        if found:
            found.append(nodes.Text(", "))
        found.append(each)
    return found


def folded(summary: Cell, items: Iterable[Cell], builder: Builder, css: str) -> nodes.container:
    """A list beneath its summary; in HTML it opens by a click."""
    listed = nodes.bullet_list()
    listed.extend(nodes.list_item("", nodes.paragraph("", "", *each)) for each in items)
    box = nodes.container(classes=[css])
    if builder.format != "html":
        box.extend([nodes.paragraph("", "", *summary), listed])
        return box
    box += nodes.raw("", "<details><summary>", format="html")
    box += nodes.inline("", "", *summary)
    box += nodes.raw("", "</summary>", format="html")
    box += listed
    box += nodes.raw("", "</details>", format="html")
    return box


def released(path: str, start: int, end: int) -> str:
    """The address of released lines of the installed version."""
    profile = for_library(path.partition("/")[0])
    try:
        version = metadata.version(profile.distribution) if profile.distribution else ""
    except metadata.PackageNotFoundError:
        version = ""
    return profile.released(version, path, start, end)
