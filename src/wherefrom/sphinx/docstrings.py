"""Docstrings on their way to autodoc: a library's markup as reStructuredText, links resolved."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, NewType, ParamSpec, TypeVar

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.roles import XRefRole
from sphinx.util import logging

from wherefrom.library.described import docstring
from wherefrom.library.epytext import EpytextError, as_literal, literal, to_rest
from wherefrom.library.index import Index, index_of
from wherefrom.library.meaning import meaning, said_by_interface
from wherefrom.profiles import Profile, for_library

_logger = logging.getLogger(__name__)
_MARK = "wherefrom_link"
_POINTER = re.compile(r"@see:\s*(?:L\{)?([\w.]+)\}?")
"""A docstring that only points to where its text is."""


class LinkRole(XRefRole):
    """A link that a docstring asks for: where nothing is documented, its text stands alone."""

    def process_link(
        self, env: BuildEnvironment, refnode: nodes.Element, *rest: Any
    ) -> tuple[str, str]:
        """Mark the node as one that may lead nowhere."""
        refnode["refdomain"], refnode["reftype"] = "py", "obj"
        refnode[_MARK] = True
        return super().process_link(env, refnode, *rest)


def unresolved(
    app: Sphinx, _env: BuildEnvironment, node: pending_xref, text: nodes.Element
) -> nodes.Element | None:
    """Show the text of such a link, or of a type that nobody documents: a private or variable."""
    target = str(node.get("reftarget"))
    package, *rest = target.split(".")
    ours = package in app.config.wherefrom_reference
    private = any(each.startswith("_") for each in rest)
    return text if node.get(_MARK) or (ours and (private or _is_variable(target))) else None


def _is_variable(dotted: str) -> bool:
    module, _, name = dotted.rpartition(".")
    try:
        found = getattr(import_module(module), name, None)
    except ImportError:
        return False
    return isinstance(found, TypeVar | ParamSpec | NewType)


@dataclass(frozen=True)
class Docstrings:
    """The docstrings of one build, with ``cache`` for the indexes of their packages."""

    cache: Path | None

    def convert(
        self, _app: Sphinx, what: str, name: str, _obj: Any, _options: Any, lines: list[str]
    ) -> None:
        """Rewrite a docstring whose library writes in epytext, or has interfaces."""
        package = name.partition(".")[0]
        profile = for_library(package)
        if profile.markup != "epytext" and not profile.interface:
            return
        told = Told(name, index_of(package, self.cache), profile)
        text, scope = told.text("\n".join(lines))
        if text.strip():
            lines[:] = told.rest(text, scope) if profile.markup == "epytext" else text.splitlines()
        if scope != name:
            lines += field("Docstring of", (scope,), told.index)
        if what == "class":
            lines += told.interfaces()


@dataclass(frozen=True)
class Told:
    """What is told of ``name``: by itself, or by its interface."""

    name: str
    index: Index
    profile: Profile

    def text(self, own: str) -> tuple[str, str]:
        """The docstring, and the name that it was written for."""
        pointer = _POINTER.fullmatch(own.strip())
        there = self.index.resolve(pointer[1]) if pointer else None
        if own.strip() and there is None:
            return own, self.name
        interface = there or said_by_interface(
            self.name, self.profile.interface, self.profile.implementer, self.index
        )
        said = docstring(interface, self.index) if interface else ""
        return (said, interface) if interface and said else (own, self.name)

    def rest(self, text: str, scope: str) -> list[str]:
        """Epytext as reStructuredText; what is none stays as it stands."""
        try:
            return to_rest(text, Links(scope, self.index))
        except EpytextError as error:
            what = "the docstring of %s is not epytext (line %s: %s); it is shown as it stands"
            _logger.info(what, scope, error.line, error)
            return literal(text)

    def interfaces(self) -> list[str]:
        """A field that names the interfaces which a class declares to implement."""
        found = self.index.implemented(self.name, self.profile.implementer)
        return field("Implements", found, self.index) if found else []


def field(title: str, names: Iterable[str], index: Index) -> list[str]:
    """A field of linked names."""
    links = [Links(index.package, index).link(each, each) for each in names]
    return ["", f":{title}: {', '.join(links)}", ""]


@dataclass(frozen=True)
class Links:
    """What names mean in the docstring of ``scope``."""

    scope: str
    index: Index

    def link(self, text: str, target: str) -> str:
        """A link to the canonical name of ``target``, or its text as code."""
        full = meaning(target.removesuffix("()"), self.scope, self.index)
        shown = text.replace("`", "").replace("<", "").replace(">", "")
        return f":wherefrom-link:`{shown} <{full}>`" if full and shown else as_literal(text)

    def exception(self, name: str) -> str | None:
        """The full name of an exception class."""
        return meaning(name, self.scope, self.index)


class TypeNames:
    """How sphinx-autodoc-typehints is to write what has no entry: a type variable by its name.

    An object, since Sphinx keeps its configuration, and can't keep a function.
    """

    def __call__(self, annotation: Any, _config: Any) -> str | None:
        """The name as code; ``None`` leaves any other annotation to the extension."""
        if isinstance(annotation, TypeVar | ParamSpec | NewType):
            return as_literal(annotation.__name__)
        return None
