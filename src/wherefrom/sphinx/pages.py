"""The last step of a page: its stamp, and each class tree with the members that were found."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import make_refnode
from sphinx.util.osutil import relative_uri

from wherefrom.model import Json
from wherefrom.render.figure import figure
from wherefrom.render.scene import Scene
from wherefrom.sphinx.apart import TRACED, picture_file, trace_file
from wherefrom.sphinx.directives import evidence
from wherefrom.sphinx.listings import Listings
from wherefrom.sphinx.shown import Shown, Stamp, shown_pages


class ShowEvidence(SphinxPostTransform):
    """Put in what the runs showed, in standard nodes, so that every builder shows it."""

    default_priority = 5

    def run(self, **_kwargs: Any) -> None:
        """Replace each piece of evidence, and stamp the page."""
        page = shown_pages(self.env).get(self.env.docname, Shown())
        for node in list(self.document.findall(evidence)):
            node.replace_self(self._shown(node, page))
        title = next(iter(self.document.findall(nodes.title)), None)
        if page.stamp and title is not None:
            title.parent.insert(title.parent.index(title) + 1, _stamped(page.stamp))

    def _shown(self, node: evidence, page: Shown) -> nodes.Element:
        box = nodes.container(classes=["wf-evidence", f"wf-{node['directive']}"])
        scene = page.scene(node["path"], node["line"])
        if scene is not None and self.app.builder.format == "html":
            box += nodes.raw("", self._figure(node, scene), format="html")
            return box
        listing = page.listing(node["path"], node["line"])
        if listing is not None:
            box.extend(Listings(self.app, self.env).shown(listing, node["options"].get("mark")))
            return box
        caption = node["options"].get("caption")
        if caption:
            box += nodes.paragraph(caption, caption, classes=["wf-caption"])
        box.extend(child.deepcopy() for child in node.children)
        tree = page.tree(node["path"], node["line"])
        if tree and tree["members"]:
            box += self._members(tree)
        return box

    def _figure(self, node: evidence, scene: Scene) -> str:
        """The drawn scene, and beneath it the asserted text."""
        group = node["argument"] or "default"
        apart = self.app.builder.name in TRACED
        docname = self.env.docname
        drawing = figure(
            scene,
            caption=node["options"].get("caption", ""),
            trace_href=self._to(trace_file(docname, group)) if apart else "",
            picture_href=self._to(picture_file(docname, scene)) if apart else "",
            entries=self._entries(scene),
        )
        text = escape(node.astext())
        opened = ' open=""' if node["directive"] == "origin" else ""
        return (
            f'{drawing}\n<details class="wf-as-text"{opened}><summary>What is asserted</summary>'
            f"<pre>{text}</pre></details>"
        )

    def _to(self, file: str) -> str:
        """The way to a file of the site from this page, as every builder lays out its pages."""
        return relative_uri(self.app.builder.get_target_uri(self.env.docname), file)

    def _entries(self, scene: Scene) -> dict[str, str]:
        """The address of each step's API entry, where the project documents what it runs."""
        objects = self.env.domains.python_domain.objects
        found = {each.entry: objects.get(each.entry) for each in scene.rows if each.entry}
        return {
            name: f"{self._uri(entry.docname)}#{entry.node_id}"
            for name, entry in found.items()
            if entry is not None
        }

    def _uri(self, docname: str) -> str:
        return self.app.builder.get_relative_uri(self.env.docname, docname)

    def _members(self, tree: Json) -> nodes.table:
        rows: list[tuple[list[nodes.Node], ...]] = [
            (
                [self._name(f"{each['owner']}.{each['name']}", each["name"])],
                [nodes.Text(each["kind"])],
                self._whence(each),
                [nodes.Text(each["doc"])],
            )
            for each in tree["members"]
        ]
        return _table(("Member", "Kind", "Where", "Says of itself"), rows)

    def _whence(self, member: Json) -> list[nodes.Node]:
        if member["how"] == "inherited":
            return [nodes.Text("from "), self._name(member["owner"])]
        if member["how"] == "overridden" and member["overrides"]:
            return [nodes.Text("overrides "), self._name(member["overrides"])]
        return [nodes.Text("its own")]

    def _name(self, name: str, text: str = "") -> nodes.Node:
        """A name as code, linked to its entry where the project documents it."""
        shown = text or name.rpartition(".")[2]
        code = nodes.literal(shown, shown)
        found = self.env.domains.python_domain.objects.get(name)
        if found is None:
            return code
        here = self.env.docname
        return make_refnode(self.app.builder, here, found.docname, found.node_id, code, name)


def _table(head: tuple[str, ...], rows: list[tuple[list[nodes.Node], ...]]) -> nodes.table:
    group = nodes.tgroup(cols=len(head))
    group.extend(nodes.colspec(colwidth=1) for _ in head)
    heads = tuple([nodes.Text(each)] for each in head)
    group += nodes.thead("", _row(heads))
    group += nodes.tbody("", *(_row(each) for each in rows))
    return nodes.table("", group, classes=["wf-members"])


def _row(cells: tuple[Any, ...]) -> nodes.row:
    entries = (nodes.entry("", nodes.paragraph("", "", *each)) for each in cells)
    return nodes.row("", *entries)


def _stamped(stamp: Stamp) -> nodes.container:
    text = f"Ran on {stamp.ran_on}: {', '.join(_counts(stamp))}."
    return nodes.container("", nodes.paragraph(text, text), classes=["wf-stamp"])


def _counts(stamp: Stamp) -> Iterator[str]:
    yield f"{stamp.passed} checked and passed"
    if stamp.bad:
        yield f"{stamp.bad} failed"
    if stamp.skipped:
        yield f"{stamp.skipped} skipped"
    if stamp.not_run:
        yield f"{stamp.not_run} {'block' if stamp.not_run == 1 else 'blocks'} not run"
