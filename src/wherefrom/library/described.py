"""What a definition says of itself in the library's source: its signature, docstring, members."""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from inspect import cleandoc

from wherefrom.library.definitions import Definition
from wherefrom.library.index import Index

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_MARKS = {"classmethod": "classmethod", "staticmethod": "staticmethod"}


@dataclass(frozen=True)
class Described:
    """One definition, as its source has it; nothing was imported.

    ``kind`` is ``class``, ``method``, ``function``, ``property`` or ``attribute``. ``signature``
    is in Python's own form (``(host: str) -> IConnector``), its names in full, without ``self``;
    of an attribute it is the annotation. ``marks`` are ``async``, ``classmethod`` and such.
    ``doc`` is the docstring, its indent gone. ``members`` are those whose names are public.
    """

    name: str
    kind: str
    line: int
    signature: str = ""
    doc: str = ""
    marks: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    members: tuple[Described, ...] = ()


def described(dotted: str, index: Index, *, bound: bool = True) -> Described:
    """What ``dotted`` says of itself. Raises `LookupError` where it isn't to be found.

    ``bound`` is false for interfaces, whose methods have no ``self``.
    """
    found = index.definition(dotted)
    node = _node(found)
    reader = _Reader(index, found.module, bound)
    if isinstance(node, ast.ClassDef):
        return replace(reader.of_class(node, found.name), bases=index.bases(found.name))
    owner = found.name.rpartition(".")[0]
    is_member = owner != found.module
    described_node = reader.of(node, found.name, is_member=is_member)
    if described_node is None:
        raise LookupError(f"`{dotted}` has no signature and no docstring in its source")
    return described_node


def docstring(dotted: str, index: Index) -> str:
    """The docstring of ``dotted``, or nothing. Raises `LookupError` where it isn't defined."""
    node = _node(index.definition(dotted))
    if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
        return ast.get_docstring(node) or ""
    return _first_text(node)


def _node(found: Definition) -> ast.stmt:
    """The statement that a definition is."""
    try:
        with tokenize.open(found.file) as file:
            tree = ast.parse(file.read())
    except (OSError, SyntaxError, ValueError) as error:
        raise LookupError(f"the source of `{found.name}` can't be read: {error}") from error
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and _first_line(node) == found.start:
            named = getattr(node, "name", None)
            if named in (None, found.name.rpartition(".")[2]):
                return node
    raise LookupError(f"`{found.name}` has moved in its file since that was read")


def _first_line(node: ast.stmt) -> int:
    decorators = getattr(node, "decorator_list", [])
    return min((each.lineno for each in decorators), default=node.lineno)


@dataclass(frozen=True)
class _Reader:
    index: Index
    module: str
    bound: bool

    def of_class(self, node: ast.ClassDef, name: str) -> Described:
        """A class and its public members, a name that comes twice as it is at last."""
        members: dict[str, Described] = {}
        for each in node.body:
            for inner in self._members(each, name):
                members[inner.name] = inner
        signature = next(
            (each.signature for key, each in members.items() if key == f"{name}.__init__"), ""
        )
        shown = [
            each for each in members.values() if not each.name.rpartition(".")[2].startswith("_")
        ]
        doc = ast.get_docstring(node) or ""
        return Described(name, "class", _first_line(node), signature, doc, members=(*shown,))

    def _members(self, node: ast.stmt, owner: str) -> Iterator[Described]:
        for name in _names(node):
            found = self.of(node, f"{owner}.{name}", is_member=True)
            if found is not None:
                yield found

    def of(self, node: ast.stmt, name: str, *, is_member: bool) -> Described | None:
        """A function or an attribute; of anything else there is nothing to be said."""
        if isinstance(node, _FUNCTIONS):
            return self._function(node, name, is_member=is_member)
        if isinstance(node, ast.ClassDef):
            return self.of_class(node, name)
        if isinstance(node, ast.Assign | ast.AnnAssign):
            annotation = getattr(node, "annotation", None)
            written = self._full(annotation) if annotation is not None else ""
            return Described(name, "attribute", node.lineno, written, _first_text(node))
        return None

    def _function(self, node: _Function, name: str, *, is_member: bool) -> Described | None:
        """A function, method or property; a property's setter says nothing of its own."""
        called = {ast.unparse(each).rpartition(".")[2] for each in node.decorator_list}
        if called & {"setter", "deleter"}:
            return None
        doc = ast.get_docstring(node) or ""
        line = _first_line(node)
        if called & {"property", "cached_property"}:
            returns = self._full(node.returns) if node.returns else ""
            return Described(name, "property", line, returns, doc)
        marks = [_MARKS[each] for each in sorted(called & _MARKS.keys())]
        if isinstance(node, ast.AsyncFunctionDef):
            marks.insert(0, "async")
        drop = is_member and self.bound and "staticmethod" not in called
        kind = "method" if is_member else "function"
        return Described(name, kind, line, self._signature(node, drop=drop), doc, (*marks,))

    def _signature(self, node: _Function, *, drop: bool) -> str:
        """The arguments and the result; ``drop`` leaves out the first, which is the receiver."""
        arguments = deepcopy(node.args)
        positional = arguments.posonlyargs or arguments.args
        if drop and positional:
            del positional[0]
        for each in ast.walk(arguments):
            if isinstance(each, ast.arg) and each.annotation is not None:
                each.annotation = self._in_full(each.annotation)
        result = f" -> {self._full(node.returns)}" if node.returns else ""
        return f"({ast.unparse(arguments)}){result}"

    def _full(self, annotation: ast.expr) -> str:
        return ast.unparse(self._in_full(annotation))

    def _in_full(self, annotation: ast.expr) -> ast.expr:
        changed = _Names(self.index, self.module).visit(deepcopy(annotation))
        assert isinstance(changed, ast.expr)  # noqa: S101 - for mypy
        return changed


@dataclass(frozen=True)
class _Names(ast.NodeTransformer):
    """Writes the names of an annotation in full; one in quotes as if it weren't."""

    index: Index
    module: str

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._meant(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return self._meant(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        node.value = self.visit(node.value)
        if not ast.unparse(node.value).endswith("Literal"):
            node.slice = self.visit(node.slice)
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if not isinstance(node.value, str):
            return node
        try:
            written: ast.expr = self.visit(ast.parse(node.value, mode="eval").body)
        except SyntaxError:
            return node
        return written

    def _meant(self, node: ast.expr) -> ast.expr:
        full = self.index.meant(self.module, ast.unparse(node))
        return ast.parse(full, mode="eval").body


def _names(node: ast.stmt) -> Iterator[str]:
    """The names that a statement of a class defines."""
    if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
        yield node.name
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    yield from (each.id for each in targets if isinstance(each, ast.Name))


def _first_text(node: ast.stmt) -> str:
    """What an attribute made by a call says of itself: the call's first argument, if a text."""
    value = getattr(node, "value", None)
    if isinstance(value, ast.Call) and value.args:
        first = value.args[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            return cleandoc(first.value)
    return ""
