"""The paths that name what is watched, and what there is at them."""

from __future__ import annotations

import ast
import inspect
import sys
from dataclasses import dataclass
from typing import Any

from wherefrom.observe.objects import namespace_of


@dataclass(frozen=True)
class Spec:
    """One watched path: ``owner`` is a class or a module, ``name`` its attribute."""

    path: str
    owner: str
    name: str


def spec_of(path: str) -> Spec:
    """A path, read."""
    owner, _, name = path.rpartition(".")
    return Spec(path, owner, name)


def forms(owner: str) -> tuple[str, ...]:
    """A class of the program itself may be written with or without ``__main__``."""
    return (owner, f"__main__.{owner}")


def dotted(name: str) -> str:
    """A class's ``module:qualname`` as a path may write it."""
    module, _, qualname = name.partition(":")
    return f"{module}.{qualname.rsplit('<locals>.', 1)[-1]}"


def named_by(path: str) -> Any:
    """The class that a path names, among what is imported already."""
    for form in forms(path):
        module, _, rest = form.rpartition(".")
        inner = [rest]
        while module and module not in sys.modules:
            module, _, rest = module.rpartition(".")
            inner.insert(0, rest)
        found: Any = sys.modules.get(module)
        for name in inner:
            found = None if found is None else (namespace_of(found) or {}).get(name)
        if found is not None:
            return found
    return None


def assignment(cls: type, name: str) -> tuple[str, int]:
    """Where a class's body assigns to a name."""
    try:
        source, start = inspect.getsourcelines(cls)
        file = inspect.getsourcefile(cls) or ""
        tree = ast.parse(inspect.cleandoc("\n" + "".join(source)))
    except (OSError, TypeError, SyntaxError):
        return "", 0
    body = tree.body[0]
    for node in body.body if isinstance(body, ast.ClassDef) else ():
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(each, ast.Name) and each.id == name for each in targets):
            return file, start + node.lineno - 1
    return file, start
