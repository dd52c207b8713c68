"""What a `{classtree}` shows: the drawn tree, its text, and the table of the members."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from wherefrom.library.epytext import plain
from wherefrom.library.index import Index, index_of
from wherefrom.model import Json
from wherefrom.profiles import for_library
from wherefrom.render.tree import ClassTree, svg
from wherefrom.sphinx.options import config_of
from wherefrom.sphinx.standard import entry_address, folded, joined, linked, table

MOST_BENEATH = 9
"""Classes that are drawn beneath the one that a tree is about."""
MOST_NAMED = 3
"""Overriders that a table names; where there are more, a click shows them all."""


@dataclass(frozen=True)
class ClassTrees:
    """The class trees of the page that ``env`` is at."""

    app: Sphinx
    env: BuildEnvironment

    def drawing(self, tree: Json, ident: str) -> nodes.Node:
        """The picture, where the builder shows one."""
        index = self._index(tree["class"])
        beneath = index.direct_subclasses(tree["class"]) if index else ()
        bases = _bases_first(tree["tree"])
        shown = beneath if len(beneath) <= MOST_BENEATH + 1 else beneath[:MOST_BENEATH]
        names, builder = [*bases, *shown], self.app.builder
        drawn = ClassTree(
            ident,
            tree["class"],
            bases,
            shown,
            len(beneath) - len(shown),
            {name: href for name in names if (href := entry_address(self.env, builder, name))},
        )
        label = escape(f"The classes around {tree['class']}")
        box = f'<div class="wf-picture" tabindex="0" role="region" aria-label="{label}">'
        return nodes.raw("", f"{box}{svg(drawn)}</div>", format="html")

    def members(self, tree: Json) -> nodes.table:
        """A row for each member: where it comes from, and who overrides it.

        Private ones that are inherited are in the text alone.
        """
        index = self._index(tree["class"])
        head = ["Member", "Kind", "Where", "Says of itself"]
        if index is not None:
            head.insert(3, "Overridden in")
        shown = [each for each in tree["members"] if _worth_a_row(each)]
        rows = [[*self._row(each, tree["class"], index)] for each in shown]
        return table(head, rows, "wf-members")

    def _row(self, member: Json, cls: str, index: Index | None) -> Iterator[list[nodes.Node]]:
        yield [self._name(f"{member['owner']}.{member['name']}", member["name"])]
        yield [nodes.Text(member["kind"])]
        yield self._whence(member)
        if index is not None:
            yield self._overridden(index.overriders(f"{cls}.{member['name']}"), member["name"])
        epytext = for_library(cls.partition(".")[0]).markup == "epytext"
        yield [nodes.Text(plain(member["doc"]) if epytext else member["doc"])]

    def _whence(self, member: Json) -> list[nodes.Node]:
        if member["how"] == "inherited":
            return [nodes.Text("from "), self._name(member["owner"])]
        if member["how"] == "overridden" and member["overrides"]:
            return [nodes.Text("overrides "), self._name(member["overrides"])]
        return [nodes.Text("its own")]

    def _overridden(self, owners: Iterable[str], member: str) -> list[nodes.Node]:
        names = [self._name(f"{each}.{member}", each.rpartition(".")[2]) for each in owners]
        if len(names) <= MOST_NAMED:
            return joined(names)
        summary = [nodes.Text(f"{len(names)} classes")]
        return [folded(summary, ([each] for each in names), self.app.builder, "wf-folded")]

    def _index(self, cls: str) -> Index | None:
        """The index of the class's package, if it is one whose API the project documents."""
        package = cls.partition(".")[0]
        if package not in self.app.config.wherefrom_reference:
            return None
        index = index_of(package, self._cache)
        return index if index.resolve(cls) == cls else None

    @cached_property
    def _cache(self) -> Path | None:
        return config_of(self.app).cache_folder

    def _name(self, name: str, text: str = "") -> nodes.Node:
        return linked(self.env, self.app.builder, name, text or name.rpartition(".")[2])


def _worth_a_row(member: Json) -> bool:
    private = member["name"].startswith("_") and not member["name"].endswith("__")
    return not (private and member["how"] == "inherited")


def _bases_first(rows: Iterable[Json]) -> dict[str, list[str]]:
    """Each class with its bases, none before its own; the rows name one beneath each of them."""
    found: dict[str, list[str]] = {}
    for each in rows:
        found.pop(each["name"], None)
        found[each["name"]] = each["bases"]
    return found
