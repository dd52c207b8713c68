"""What the explainers' runs did, told at the API entries that they called or stored to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from docutils import nodes
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from sphinx import addnodes
from wherefrom.sphinx.shown import Shown, shown_pages

MOST = 6
"""Explainers that one entry names; the others are counted."""


@dataclass(frozen=True, order=True)
class Seen:
    """A page whose run had something happen, and the step of a figure that shows it, if any."""

    docname: str
    step: str = ""


class coverage(nodes.General, nodes.Element):  # noqa: N801 - docutils names its nodes so
    """Where the table of explained and unexplained entries goes."""


class Coverage(SphinxDirective):
    """A table: which part of the documented API a run explains, and which none does yet."""

    def run(self) -> list[nodes.Node]:
        """A place for it: what is documented is known when all is read."""
        return [coverage()]


def seen_running(env: BuildEnvironment) -> dict[str, tuple[Seen, ...]]:
    """The pages that saw each dotted name happen, those with a step first."""
    found: dict[str, dict[str, Seen]] = {}
    for docname, page in sorted(shown_pages(env).items()):
        for name, step in _steps(page):
            found.setdefault(name, {}).setdefault(docname, Seen(docname, step))
        for name in page.called:
            found.setdefault(name, {}).setdefault(docname, Seen(docname))
    return {
        name: tuple(sorted(pages.values(), key=lambda each: (not each.step, each.docname)))
        for name, pages in found.items()
    }


def _steps(page: Shown) -> Iterator[tuple[str, str]]:
    for each in page.scenes:
        for number, row in enumerate(each.scene.rows, start=1):
            if row.entry:
                yield row.entry, f"{each.scene.ident}-step-{number}"


def documented(env: BuildEnvironment) -> Iterable[str]:
    """The documents that hold API entries: they change with what was seen."""
    return {each.docname for each in env.domains.python_domain.objects.values()}


class ShowSeen(SphinxPostTransform):
    """Add to each API entry the explainers whose runs called it or stored to it."""

    default_priority = 6

    def run(self, **_kwargs: Any) -> None:
        """Look at each entry of the page, and at each table."""
        signatures = [
            each
            for each in self.document.findall(addnodes.desc_signature)
            if each.get("module") and each.get("fullname")
        ]
        tables = [*self.document.findall(coverage)]
        if not signatures and not tables:
            return
        seen = seen_running(self.env)
        for signature in signatures:
            pages = seen.get(f"{signature['module']}.{signature['fullname']}")
            content = signature.next_node(addnodes.desc_content, descend=False, siblings=True)
            if pages and content is not None:
                content.insert(0, self._line(pages))
        for table in tables:
            table.replace_self(self._coverage(seen))

    def _line(self, pages: tuple[Seen, ...]) -> nodes.paragraph:
        line = nodes.paragraph("", "", nodes.Text("Seen running in: "), classes=["wf-seen"])
        for number, each in enumerate(pages[:MOST]):
            if number:
                line += nodes.Text(", ")
            line += self._link(each)
        if len(pages) > MOST:
            line += nodes.Text(f", and {len(pages) - MOST} more")
        return line

    def _link(self, seen: Seen) -> nodes.Node:
        title = self.env.titles[seen.docname].astext()
        here, builder = self.env.docname, self.app.builder
        return make_refnode(builder, here, seen.docname, seen.step, nodes.Text(title))

    def _coverage(self, seen: dict[str, tuple[Seen, ...]]) -> nodes.Element:
        entries = self.env.domains.python_domain.objects
        ours = [
            (name, each)
            for name, each in sorted(entries.items())
            if not each.aliased and each.objtype in ("class", "method", "attribute", "function")
            if name.partition(".")[0] in self.config.wherefrom_reference
        ]
        explained = [each for each in ours if each[0] in seen]
        box = nodes.container(classes=["wf-coverage"])
        text = f"{len(explained)} of {len(ours)} documented entries were seen in a run."
        box += nodes.paragraph(text, text)
        for title, wanted in (("Explained by a run", True), ("Not explained yet", False)):
            box += nodes.rubric(title, title)
            items = nodes.bullet_list()
            for name, entry in ours:
                if (name in seen) is wanted:
                    code = nodes.literal(name, name)
                    link = make_refnode(
                        self.app.builder, self.env.docname, entry.docname, entry.node_id, code
                    )
                    line = nodes.paragraph("", "", link)
                    if wanted:
                        line += nodes.Text(": ")
                        line += self._link(seen[name][0])
                    items += nodes.list_item("", line)
            box += items if len(items) else nodes.paragraph("none", "none")
        return box
