"""Docstrings on their way to autodoc: a library's markup as reStructuredText, links resolved."""

from __future__ import annotations

import builtins
import sys
from dataclasses import dataclass
from importlib import import_module
from typing import Any, NewType, ParamSpec, TypeVar

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.roles import XRefRole
from sphinx.util import logging

from wherefrom.library.epytext import EpytextError, as_literal, literal, to_rest
from wherefrom.profiles import for_library

_logger = logging.getLogger(__name__)
_MARK = "wherefrom_link"


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
    """Show the text of such a link, or of a type variable, which nobody documents."""
    target = str(node.get("reftarget"))
    ours = target.partition(".")[0] in app.config.wherefrom_reference
    return text if node.get(_MARK) or (ours and _is_variable(target)) else None


def _is_variable(dotted: str) -> bool:
    module, _, name = dotted.rpartition(".")
    try:
        found = getattr(import_module(module), name, None)
    except ImportError:
        return False
    return isinstance(found, TypeVar | ParamSpec | NewType)


def convert(_app: Sphinx, _what: str, name: str, obj: Any, _options: Any, lines: list[str]) -> None:
    """Rewrite a docstring whose library writes in epytext."""
    if for_library(name.partition(".")[0]).markup != "epytext":
        return
    text = "\n".join(lines)
    try:
        lines[:] = to_rest(text, Names(name, obj))
    except EpytextError as error:
        what = "the docstring of %s is not epytext (line %s: %s); it is shown as it stands"
        _logger.info(what, name, error.line, error)
        lines[:] = literal(text)


@dataclass(frozen=True)
class Names:
    """What names mean in the docstring of ``name``, which documents ``obj``."""

    name: str
    obj: Any

    def link(self, text: str, target: str) -> str:
        """A link to the canonical name of ``target``, or its text as code."""
        full = self.resolve(target.removesuffix("()"))
        shown = text.replace("`", "").replace("<", "").replace(">", "")
        return f":wherefrom-link:`{shown} <{full}>`" if full and shown else as_literal(text)

    def exception(self, name: str) -> str | None:
        """The full name of an exception class."""
        return self.resolve(name)

    def resolve(self, target: str) -> str | None:
        """By the class and its bases, the module, or as an absolute name."""
        if not all(part.isidentifier() for part in target.split(".")):
            return None
        for start, holder in self._scopes():
            found = _walk(holder, target.split("."))
            if found is not None:
                return _canonical(found, f"{start}.{target}")
        return _absolute(target)

    def _scopes(self) -> list[tuple[str, Any]]:
        """What to look in: the object, what encloses it, its module, and Python's own names."""
        parts = self.name.split(".")
        cut = next((i for i in range(len(parts), 0, -1) if ".".join(parts[:i]) in sys.modules), 0)
        module = sys.modules.get(".".join(parts[:cut]))
        scopes: list[tuple[str, Any]] = []
        holder: Any = module
        for number, part in enumerate(parts[cut:], start=cut + 1):
            holder = getattr(holder, part, None)
            if isinstance(holder, type):
                scopes.insert(0, (".".join(parts[:number]), holder))
        return [*scopes, (".".join(parts[:cut]), module), ("builtins", builtins)]


def _walk(holder: Any, path: list[str]) -> Any:
    """What a dotted path leads to; ``None`` where it leads nowhere."""
    for part in path:
        holder = vars(holder).get(part) if _is_module(holder) else getattr(holder, part, None)
    return holder


def _is_module(holder: Any) -> bool:
    return isinstance(holder, type(sys))


def _canonical(found: Any, spelled: str) -> str:
    """Where a thing is defined, whatever name it was found by."""
    module = getattr(found, "__module__", None)
    name = getattr(found, "__qualname__", None) or getattr(found, "__name__", None)
    if _is_module(found):
        return str(found.__name__)
    if not isinstance(module, str) or not isinstance(name, str) or "<" in name:
        return spelled.removeprefix("builtins.")
    return name if module == "builtins" else f"{module}.{name}"


def _absolute(target: str) -> str | None:
    parts = target.split(".")
    for cut in range(len(parts), 0, -1):
        module = sys.modules.get(".".join(parts[:cut]))
        if module is not None:
            return target
    return None
