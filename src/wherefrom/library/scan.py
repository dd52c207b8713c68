"""One module's text as plain data: what it defines, imports and assigns. Nothing is imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Plain = dict[str, Any]
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_PROPERTIES = ("property", "cached_property", "functools.cached_property")


def scan(text: str, module: str, *, is_package: bool) -> Plain:
    """What the module ``module`` says of itself; a text that is not Python says nothing.

    ``names`` maps local names to the dotted ones that they were imported as, ``stars`` are the
    modules that all is imported from, ``exports`` is ``__all__``. Each of ``classes`` has its
    bases and decorators as they are written. ``defs`` are (qualname, kind, first line, last
    line), where a decorated one begins at its first decorator. ``stores`` are (attribute, kind,
    line, enclosing qualname).
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return _Scan(module, is_package).data
    found = _Scan(module, is_package)
    found.body(tree.body, "", in_class=False)
    return found.data


@dataclass
class _Scan:
    module: str
    is_package: bool
    data: Plain = field(
        default_factory=lambda: {
            "names": {},
            "stars": [],
            "exports": None,
            "classes": {},
            "defs": [],
            "stores": [],
        }
    )

    def body(self, body: list[ast.stmt], where: str, *, in_class: bool) -> None:
        """Take in the statements of a module or class, also those under ``if`` and ``try``."""
        for each in body:
            if isinstance(each, ast.ClassDef):
                self._class(each, where)
            elif isinstance(each, _FUNCTIONS):
                self._function(each, where, in_class=in_class)
            elif isinstance(each, ast.Import | ast.ImportFrom):
                self._import(each)
            else:
                self._statement(each, where, in_class=in_class)

    def _statement(self, node: ast.stmt, where: str, *, in_class: bool) -> None:
        for target in _targets(node):
            self._target(target, where, node, in_class=in_class)
        for attribute, kind in _calls(node):
            self._store(attribute, kind, node, where)
        for branch in _branches(node):
            self.body(branch, where, in_class=in_class)

    def _target(self, target: ast.expr, where: str, node: ast.stmt, *, in_class: bool) -> None:
        if isinstance(target, ast.Name):
            if target.id == "__all__" and not where:
                self.data["exports"] = _strings(getattr(node, "value", None))
            kind = "class attribute" if in_class else "variable"
            self._define(f"{where}.{target.id}" if where else target.id, kind, node)
            if in_class:
                self._store(target.id, kind, node, where)
        else:
            self._stored(target, node, where)

    def _stored(self, target: ast.expr, node: ast.stmt, where: str) -> None:
        """An attribute that a statement sets: by its name, or in an object's ``__dict__``."""
        if isinstance(target, ast.Attribute):
            self._store(target.attr, "attribute", node, where)
        elif isinstance(target, ast.Subscript) and _dotted(target.value).endswith(".__dict__"):
            name = target.slice
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                self._store(name.value, "__dict__", node, where)

    def _class(self, node: ast.ClassDef, where: str) -> None:
        name = f"{where}.{node.name}" if where else node.name
        self._define(name, "class", node)
        self.data["classes"][name] = {
            "bases": [each for each in map(_dotted, node.bases) if each],
            "decorators": [*_decorators(node)],
        }
        self.body(node.body, name, in_class=True)

    def _function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, where: str, *, in_class: bool
    ) -> None:
        name = f"{where}.{node.name}" if where else node.name
        self._define(name, _kind(node, in_class=in_class), node)
        for inner in _own(node):
            if isinstance(inner, ast.stmt):
                for target in _targets(inner):
                    self._stored(target, inner, name)
            elif isinstance(inner, ast.Call):
                for attribute, kind in _by_call(inner):
                    self._store(attribute, kind, inner, name)
        self._locals(node, f"{name}.<locals>")

    def _locals(self, node: ast.AST, where: str) -> None:
        """What a function defines within: its attributes' stores are the function's own."""
        for each in ast.iter_child_nodes(node):
            if isinstance(each, ast.ClassDef):
                self._class(each, where)
            elif isinstance(each, _FUNCTIONS):
                self._define(f"{where}.{each.name}", "function", each)
                self._locals(each, f"{where}.{each.name}.<locals>")
            elif isinstance(each, ast.stmt | ast.excepthandler):
                self._locals(each, where)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                self.data["names"][alias.asname or top] = alias.name if alias.asname else top
            return
        start = self._start(node)
        for alias in node.names:
            if alias.name == "*":
                self.data["stars"].append(start)
            else:
                self.data["names"][alias.asname or alias.name] = f"{start}.{alias.name}"

    def _start(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.module.split(".")
        up = node.level - (1 if self.is_package else 0)
        stem = ".".join(parts[: len(parts) - up])
        return f"{stem}.{node.module}" if node.module else stem

    def _define(self, name: str, kind: str, node: Any) -> None:
        decorators = getattr(node, "decorator_list", [])
        first = min((each.lineno for each in decorators), default=node.lineno)
        self.data["defs"].append((name, kind, first, node.end_lineno or node.lineno))

    def _store(self, attribute: str, kind: str, node: ast.stmt | ast.expr, where: str) -> None:
        self.data["stores"].append((attribute, kind, node.lineno, where))


def _branches(node: ast.stmt) -> list[list[ast.stmt]]:
    """The bodies of a statement, the likeliest last: what it defines is what counts.

    An ``else`` or ``except`` is for where something is missing; ``if TYPE_CHECKING:`` never runs.
    """
    others = [*getattr(node, "handlers", []), *getattr(node, "cases", [])]
    found = [each.body for each in others]
    found += [getattr(node, name, []) for name in ("orelse", "finalbody", "body")]
    if isinstance(node, ast.If) and _dotted(node.test).rpartition(".")[2] == "TYPE_CHECKING":
        found.reverse()
    return found


def _own(function: ast.AST) -> Iterator[ast.AST]:
    """All that is written in a function, but for the classes in it, which speak for themselves."""
    for each in ast.iter_child_nodes(function):
        if not isinstance(each, ast.ClassDef):
            yield each
            yield from _own(each)


def _targets(node: ast.stmt) -> Iterator[ast.expr]:
    """What a statement binds, tuples taken apart."""
    found: list[ast.expr] = []
    if isinstance(node, ast.Assign | ast.Delete):
        found = [*node.targets]
    elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.For | ast.AsyncFor):
        found = [node.target]
    elif isinstance(node, ast.With | ast.AsyncWith):
        found = [each.optional_vars for each in node.items if each.optional_vars]
    while found:
        each = found.pop()
        if isinstance(each, ast.Tuple | ast.List):
            found.extend(each.elts)
        elif isinstance(each, ast.Starred):
            found.append(each.value)
        else:
            yield each


def _calls(node: ast.stmt) -> Iterator[tuple[str, str]]:
    """The attributes that a statement sets which is a call."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield from _by_call(node.value)


def _by_call(call: ast.Call) -> Iterator[tuple[str, str]]:
    """The attribute that ``setattr(x, "name", value)``, or such a method, sets, and by what."""
    called = _dotted(call.func).rpartition(".")[2]
    if called == "setattr" and len(call.args) == 3:
        name = call.args[1]
    elif called == "__setattr__" and len(call.args) >= 2:
        name = call.args[-2]
    else:
        return
    if isinstance(name, ast.Constant) and isinstance(name.value, str):
        yield name.value, called


def _kind(node: Any, *, in_class: bool) -> str:
    """What a function is to who looks for it; a property's setter is not the property."""
    called = [each for each, _ in _decorators(node)]
    if any(each in _PROPERTIES for each in called):
        return "property"
    if any(each.endswith((".setter", ".deleter")) for each in called):
        return "accessor"
    return "method" if in_class else "function"


def _decorators(node: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each decorator's name, and the names that it was called with."""
    for each in node.decorator_list:
        call = each.func if isinstance(each, ast.Call) else each
        arguments = each.args if isinstance(each, ast.Call) else []
        yield _dotted(call), tuple(name for name in map(_dotted, arguments) if name)


def _dotted(node: ast.expr) -> str:
    """A dotted name as it is written; of ``Generic[T]`` the name; else nothing."""
    if isinstance(node, ast.Subscript):
        return _dotted(node.value)
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        start = _dotted(node.value)
        return f"{start}.{node.attr}" if start else ""
    return ""


def _strings(node: ast.expr | None) -> list[str]:
    items = node.elts if isinstance(node, ast.List | ast.Tuple) else []
    return [e.value for e in items if isinstance(e, ast.Constant) and isinstance(e.value, str)]
