"""What the explainers' runs did, told at the API entries that they called or stored to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from wherefrom.library.index import Index, index_of
from wherefrom.library.meaning import promised_by
from wherefrom.profiles import Profile, for_library
from wherefrom.sphinx.options import config_of
from wherefrom.sphinx.shown import Shown, shown_pages
from wherefrom.sphinx.standard import folded, joined, linked, released, table

_DEPENDS = "wherefrom_depends_on_runs"


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
        depends_on_runs(self.env)
        return [coverage()]


def depends_on_runs(env: BuildEnvironment) -> None:
    """Note that the document that is being read shows what other documents' runs did."""
    env.metadata[env.docname][_DEPENDS] = True


def seen_running(env: BuildEnvironment) -> dict[str, tuple[Seen, ...]]:
    """The pages that saw each dotted name happen, those with a step first."""
    found: dict[str, list[Seen]] = {}
    for docname, page in sorted(shown_pages(env).items()):
        for name, step in _steps(page):
            found.setdefault(name, []).append(Seen(docname, step))
        for name in page.called:
            found.setdefault(name, []).append(Seen(docname))
    return {name: _steps_first(pages) for name, pages in found.items()}


def _steps_first(pages: Iterable[Seen]) -> tuple[Seen, ...]:
    """Each page once, at its first step if it has one; those with a step come first."""
    found: dict[str, Seen] = {}
    for each in sorted(pages, key=lambda each: (not each.step, each.docname)):
        found.setdefault(each.docname, each)
    return tuple(found.values())


def with_interfaces(
    seen: Mapping[str, tuple[Seen, ...]], index: Index, profile: Profile
) -> dict[str, tuple[Seen, ...]]:
    """What was seen, with each interface's method beside the method that implements it."""
    found = {**seen}
    for name, pages in seen.items():
        base, decorator = profile.interface, profile.implementer
        for interface in promised_by(name, base, decorator, index) if base else ():
            found[interface] = _steps_first((*found.get(interface, ()), *pages))
    return found


def _steps(page: Shown) -> Iterator[tuple[str, str]]:
    for each in page.scenes:
        for number, row in enumerate(each.scene.rows, start=1):
            if row.entry:
                yield row.entry, f"{each.scene.ident}-step-{number}"


def telling(env: BuildEnvironment) -> Iterable[str]:
    """The documents that hold API entries, or depend on runs: they change with what was seen."""
    entries = {each.docname for each in env.domains.python_domain.objects.values()}
    return entries | {name for name, each in env.metadata.items() if _DEPENDS in each}


class ShowSeen(SphinxPostTransform):
    """Add to each API entry its source, and the explainers whose runs called it or stored to it."""

    default_priority = 6

    def run(self, **_kwargs: Any) -> None:
        """Look at each entry of the page, and at each table."""
        signatures = [*self.document.findall(addnodes.desc_signature)]
        tables = [*self.document.findall(coverage)]
        if not signatures and not tables:
            return
        seen = self._seen()
        for signature in signatures:
            name = entry_name(signature)
            if name.partition(".")[0] in self.config.wherefrom_reference:
                self._link_source(signature, name)
            if name in seen:
                self._tell(signature, seen[name])
        for each in tables:
            each.replace_self(self._coverage(seen))

    def _seen(self) -> Mapping[str, tuple[Seen, ...]]:
        seen: Mapping[str, tuple[Seen, ...]] = seen_running(self.env)
        for package in self.config.wherefrom_reference:
            seen = with_interfaces(seen, self._index(package), for_library(package))
        return seen

    def _index(self, package: str) -> Index:
        return index_of(package, self._cache)

    @cached_property
    def _cache(self) -> Path | None:
        return config_of(self.app).cache_folder

    def _link_source(self, signature: addnodes.desc_signature, name: str) -> None:
        """A link to the lines of the released source, where a builder can show one."""
        found = self._index(name.partition(".")[0]).find(name)
        if found is None:  # made while the library runs: no line of it is the one
            return
        href = released(found.path, found.start, found.end)
        if href and self.app.builder.format == "html":
            inner = nodes.inline("", "[source]", classes=["viewcode-link"])
            signature += nodes.reference("", "", inner, refuri=href, classes=["wf-source-link"])

    def _tell(self, signature: addnodes.desc_signature, pages: tuple[Seen, ...]) -> None:
        content = signature.next_node(addnodes.desc_content, descend=False, siblings=True)
        if content is None:
            return
        first, *others = pages
        summary: list[nodes.Node] = [nodes.Text("Seen running: "), self._link(first)]
        if not others:
            line = nodes.paragraph("", "", *summary)
            content.insert(0, nodes.container("", line, classes=["wf-seen"]))
            return
        summary.append(nodes.Text(f", and {len(others)} more"))
        items = [[self._link(each)] for each in others]
        content.insert(0, folded(summary, items, self.app.builder, "wf-seen"))

    def _link(self, seen: Seen) -> nodes.Node:
        title = self.env.titles[seen.docname].astext()
        if seen.step:
            title += f", step {seen.step.rpartition('-')[2]}"
        here, builder = self.env.docname, self.app.builder
        return make_refnode(builder, here, seen.docname, seen.step, nodes.Text(title))

    def _coverage(self, seen: Mapping[str, tuple[Seen, ...]]) -> nodes.Element:
        """A row for each class: its entries that a run explains, and those that none does."""
        owners = _by_owner(self.env, self.config.wherefrom_reference)
        every = [each for members in owners.values() for each in members]
        count = sum(each in seen for each in every)
        text = f"Runs called or stored to {count} of the {len(every)} entries documented here."
        rows = [
            (
                [linked(self.env, self.app.builder, owner, _short(owner))],
                [nodes.Text(f"{sum(each in seen for each in members)} of {len(members)}")],
                self._names([each for each in members if each in seen]),
                self._names([each for each in members if each not in seen]),
            )
            for owner, members in owners.items()
        ]
        head = ("Of", "Seen", "Seen in a run", "Not yet")
        made = table(head, rows, "wf-coverage")
        return nodes.container("", nodes.paragraph(text, text), made)

    def _names(self, names: list[str]) -> list[nodes.Node]:
        return joined(
            linked(self.env, self.app.builder, each, each.rpartition(".")[2]) for each in names
        )


def entry_name(signature: addnodes.desc_signature) -> str:
    """The full name of what an entry documents; nothing for what is no Python name."""
    module, name = signature.get("module"), signature.get("fullname")
    return f"{module}.{name}" if module and name else ""


def _by_owner(env: BuildEnvironment, packages: Iterable[str]) -> dict[str, list[str]]:
    """The documented members of each class or module of ``packages``, all in order."""
    found: dict[str, list[str]] = {}
    for name, entry in sorted(env.domains.python_domain.objects.items()):
        if entry.aliased or name.partition(".")[0] not in packages:
            continue
        if entry.objtype in ("method", "attribute", "function", "property", "data"):
            found.setdefault(name.rpartition(".")[0], []).append(name)
    return found


def _short(owner: str) -> str:
    return ".".join(owner.split(".")[-2:])
