"""The last step of a page: its stamp, and each class tree with the members that were found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from html import escape
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.osutil import relative_uri

from wherefrom.model import Json
from wherefrom.render.figure import figure
from wherefrom.render.scene import Scene
from wherefrom.sphinx.apart import TRACED, picture_file, trace_file
from wherefrom.sphinx.classtrees import ClassTrees
from wherefrom.sphinx.directives import evidence
from wherefrom.sphinx.listings import Listings
from wherefrom.sphinx.shown import Shown, Stamp, shown_pages
from wherefrom.sphinx.standard import entry_address

_FOLDED = '<details class="wf-as-text">'


class ShowEvidence(SphinxPostTransform):
    """Put in what the runs showed, in standard nodes, so that every builder shows it."""

    default_priority = 5

    def run(self, **_kwargs: Any) -> None:
        """Replace each piece of evidence, and stamp each page."""
        pages = shown_pages(self.env)
        idents: set[str] = set()
        # What is inlined deepest comes last, and has to be gone when the page around it is done.
        for docname, part in reversed(list(self._parts())):
            page = pages.get(docname, Shown())
            for node in list(part.findall(evidence)):
                node.replace_self(self._shown(node, page, idents, docname))
            if page.stamp:
                _put_stamp(part, _stamped(page.stamp))

    def _parts(self) -> Iterator[tuple[str, nodes.Element]]:
        """The pages of this document: the builders of one file, or of a book, put many into it."""
        yield self.env.docname, self.document
        for each in self.document.findall(addnodes.start_of_file):
            yield each["docname"], each

    def _shown(self, node: evidence, page: Shown, idents: set[str], docname: str) -> nodes.Element:
        box = nodes.container(classes=["wf-evidence", f"wf-{node['directive']}"])
        scene = page.scene(node["path"], node["line"])
        if scene is not None and self.app.builder.format == "html":
            if scene.ident in idents:  # another page of this document has it
                scene = replace(scene, ident=f"{nodes.make_id(docname)}-{scene.ident}")
            idents.add(scene.ident)
            box += nodes.raw("", self._figure(node, scene), format="html")
            return box
        listing = page.listing(node["path"], node["line"])
        if listing is not None:
            box.extend(Listings(self.app, self.env).shown(listing, node["options"].get("mark")))
            return box
        caption = node["options"].get("caption")
        if caption:
            box += nodes.paragraph(caption, caption, classes=["wf-caption"])
        tree = page.tree(node["path"], node["line"])
        box.extend(self._class_tree(node, tree, idents) if tree else _as_text(node))
        return box

    def _class_tree(self, node: evidence, tree: Json, idents: set[str]) -> Iterator[nodes.Node]:
        """The tree drawn, and as text; then the members."""
        if self.app.builder.format == "html":
            ident = f"classtree-{sum(each.startswith('classtree-') for each in idents) + 1}"
            idents.add(ident)
            yield self._trees.drawing(tree, ident)
            yield nodes.raw("", f"{_FOLDED}<summary>As text</summary>", format="html")
            yield from _as_text(node)
            yield nodes.raw("", "</details>", format="html")
        else:
            yield from _as_text(node)
        if tree["members"]:
            yield self._trees.members(tree)

    @cached_property
    def _trees(self) -> ClassTrees:
        return ClassTrees(self.app, self.env)

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
        names = {each.entry for each in scene.rows if each.entry}
        found = {name: entry_address(self.env, self.app.builder, name) for name in names}
        return {name: address for name, address in found.items() if address}


def _as_text(node: evidence) -> list[nodes.Node]:
    return [child.deepcopy() for child in node.children]


def _put_stamp(part: nodes.Element, stamp: nodes.Element) -> None:
    """Beneath the title of a page, or on top where it has none."""
    section = next((each for each in part.children if isinstance(each, nodes.section)), None)
    where = part if section is None else section
    title = where.first_child_matching_class(nodes.title)
    where.insert(0 if title is None else title + 1, stamp)


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
