"""Excerpts and lists of a library's source, in standard nodes, so that every builder shows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

from wherefrom.library.listing import Entry, Listing
from wherefrom.library.source import Excerpt
from wherefrom.sphinx.shown import shown_pages
from wherefrom.sphinx.standard import linked, released


@dataclass(frozen=True)
class Listings:
    """What is shown on the page that ``env`` is at."""

    app: Sphinx
    env: BuildEnvironment

    def shown(self, listing: Excerpt | Listing, mark: str | None) -> Iterator[nodes.Node]:
        """The nodes of one directive."""
        if isinstance(listing, Excerpt):
            yield from self._excerpt(listing, mark)
        elif listing.entries:
            yield self._entries(listing.entries)
        else:
            yield nodes.paragraph(listing.empty, f"{listing.empty}.")

    def _excerpt(self, excerpt: Excerpt, mark: str | None) -> Iterator[nodes.Node]:
        text = "\n".join(excerpt.lines)
        marked = [number + 1 for number in excerpt.marked(mark)] if mark else []
        block = nodes.literal_block(text, text, language="python", linenos=True)
        block["highlight_args"] = {"linenostart": excerpt.start, "hl_lines": marked}
        place = f"{excerpt.path}:{excerpt.start}"
        line = nodes.paragraph("", "", self._name(excerpt.name), nodes.Text(", "))
        line += self._place(place, released(excerpt.path, excerpt.start, excerpt.end))
        line["classes"].append("wf-source-of")
        yield from (line, block)

    def _entries(self, entries: tuple[Entry, ...]) -> nodes.bullet_list:
        """Nested lists, by depth."""
        seen = self._seen_stores()
        top = nodes.bullet_list(classes=["wf-listing"])
        open_lists = [top]
        for each in entries:
            while len(open_lists) <= each.depth:
                open_lists.append(nodes.bullet_list())
                open_lists[-2][-1].append(open_lists[-1])  # type: ignore[attr-defined]  # an item
            del open_lists[each.depth + 1 :]
            open_lists[-1] += nodes.list_item("", self._line(each, seen))
        return top

    def _line(self, entry: Entry, seen: dict[tuple[str, int], str]) -> nodes.paragraph:
        line = nodes.paragraph("", "", self._name(entry.name), nodes.Text(", "))
        line += self._place(
            f"{entry.path}:{entry.line}", released(entry.path, entry.line, entry.line)
        )
        if entry.note:
            line += nodes.Text(f" ({entry.note})")
        docname = seen.get((entry.file, entry.line))
        if docname:
            title = nodes.Text(self.env.titles[docname].astext())
            line += nodes.Text("; seen in ")
            line += make_refnode(self.app.builder, self.env.docname, docname, "", title)
        return line

    def _seen_stores(self) -> dict[tuple[str, int], str]:
        """A page that saw each place store something."""
        pages = sorted(shown_pages(self.env).items(), reverse=True)
        return {place: docname for docname, page in pages for place in page.stores}

    def _name(self, name: str) -> nodes.Node:
        return linked(self.env, self.app.builder, name)

    def _place(self, text: str, href: str) -> nodes.Node:
        return nodes.reference(text, text, refuri=href) if href else nodes.Text(text)
