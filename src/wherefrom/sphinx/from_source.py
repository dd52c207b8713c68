"""API entries made from a library's source, for what autodoc can't import or make sense of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, Self

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.parsers.rst.states import RSTState
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from wherefrom.library.described import Described, described
from wherefrom.library.index import Index, index_of
from wherefrom.profiles import for_library
from wherefrom.sphinx.docstrings import field

_logger = logging.getLogger(__name__)
_INDENT = "   "


class FromSource(SphinxDirective):
    """An entry for a class, an interface, a method or a function, as its source has it."""

    required_arguments = 1
    option_spec: ClassVar = {"no-members": directives.flag, "no-index": directives.flag}
    cache: ClassVar[Path | None] = None

    @classmethod
    def keeping(cls, cache: Path | None) -> type[Self]:
        """This directive, with the folder in which indexes are kept."""
        return type(cls.__name__, (cls,), {"cache": cache})

    def run(self) -> list[nodes.Node]:
        """The entry; a name that the source doesn't define is a warning."""
        name = self.arguments[0]
        package = name.partition(".")[0]
        try:
            index = index_of(package, self.cache)
            interface = _is_interface(name, index)
            found = described(name, index, bound=not interface)
        except LookupError as error:
            _logger.warning(
                "from-source: %s",
                error.args[0],
                location=self.get_location(),
                type="wherefrom",
                subtype="source",
            )
            return []
        if "no-members" in self.options:
            found = replace(found, members=())
        made = self._parsed([*self._entry(found, index)])
        return _as_interfaces(made) if interface else made

    def _entry(self, found: Described, index: Index) -> Iterator[str]:
        module = index.module_of(found.name) or ""
        yield from (f".. py:currentmodule:: {module}", "")
        yield from self._object(found, found.name.removeprefix(f"{module}."), index)

    def _object(self, found: Described, shown: str, index: Index) -> Iterator[str]:
        """A definition as a directive of Sphinx's Python domain, and its members beneath."""
        yield from _opened(found, shown, no_index="no-index" in self.options)
        body = [*self._body(found, index)]
        for each in found.members:
            body += [*self._object(each, each.name.rpartition(".")[2], index)]
        yield from (f"{_INDENT}{line}" if line else "" for line in body)

    def _body(self, found: Described, index: Index) -> Iterator[str]:
        if found.kind == "class":
            above = [each for each in found.bases if each != for_library(index.package).interface]
            title = "Extends" if _is_interface(found.name, index) else "Bases"
            yield from field(title, above, index) if above else ()
        lines = found.doc.splitlines() or [""]
        what = "method" if found.kind == "function" else found.kind
        self.env.events.emit("autodoc-process-docstring", what, found.name, None, None, lines)
        yield from lines
        yield ""
        implementer = for_library(index.package).implementer
        if found.kind == "class" and _is_interface(found.name, index):
            known = index.implementers(found.name, implementer)
            yield from field("Implemented by", known, index) if known else ()

    def _parsed(self, lines: list[str]) -> list[nodes.Node]:
        """The lines as reStructuredText, on whichever kind of page this is."""
        box = nodes.container()
        if not isinstance(self.state, RSTState):
            lines = ["``````{eval-rst}", *lines, "``````"]
        source, _ = self.get_source_info()
        self.state.nested_parse(StringList(lines, source), self.content_offset, box)
        return box.children


def _opened(found: Described, shown: str, *, no_index: bool) -> Iterator[str]:
    kind = found.kind
    signature = found.signature if kind in ("class", "method", "function") else ""
    yield f".. py:{kind}:: {shown}{signature}"
    yield from (f"{_INDENT}:{each}:" for each in found.marks)
    if kind in ("attribute", "property") and found.signature:
        yield f"{_INDENT}:type: {found.signature}"
    if no_index:
        yield f"{_INDENT}:no-index:"
    yield ""


def _is_interface(name: str, index: Index) -> bool:
    """Whether a class is an interface, or a member one's own."""
    base = for_library(index.package).interface
    full = index.resolve(name) or name
    above = {*index.mro(full), *index.mro(full.rpartition(".")[0])}
    return bool(base) and base in above


def _as_interfaces(made: list[nodes.Node]) -> list[nodes.Node]:
    """Have the entries of classes say what they are."""
    for top in made:
        for each in [*top.findall(addnodes.desc_annotation)]:
            if each.astext().strip() == "class":
                each.replace_self(addnodes.desc_annotation("", "interface "))
    return made
