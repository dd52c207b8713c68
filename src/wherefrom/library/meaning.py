"""What a name in a docstring means, and which interface a method's docstring is written in."""

from __future__ import annotations

import builtins
import importlib.util
import sys
from collections.abc import Iterator

from wherefrom.library.index import Index


def meaning(target: str, scope: str, index: Index) -> str | None:
    """The full name of what a docstring of ``scope`` calls ``target``; ``None``: it can't be told.

    Looked for in ``scope`` and what encloses it, bases included; among what its module imports;
    as a full name; and as the one thing in the package whose last parts these are.
    """
    if not all(part.isidentifier() for part in target.split(".")):
        return None
    parts = scope.split(".")
    for end in range(len(parts), 0, -1):
        found = index.resolve(f"{'.'.join(parts[:end])}.{target}")
        if found is not None:
            return index.canonical(found)
    module = index.module_of(scope)
    meant = index.meant(module, target) if module else target
    if meant != target or index.holds(target):
        return index.canonical(index.resolve(meant) or meant)
    return _elsewhere(target) or index.only(target)


def _elsewhere(target: str) -> str | None:
    """A name of Python's own, or a full one of another package."""
    head, dot, _ = target.partition(".")
    if hasattr(builtins, head) or head in sys.stdlib_module_names:
        return target
    return target if dot and importlib.util.find_spec(head) else None


def said_by_interface(name: str, base: str, decorator: str, index: Index) -> str | None:
    """The first of `promised_by` for a method, if there is one."""
    return next(promised_by(name, base, decorator, index), None)


def promised_by(name: str, base: str, decorator: str, index: Index) -> Iterator[str]:
    """The interfaces' own members that the method ``name`` implements, nearest first.

    ``base`` is what makes a class an interface, ``decorator`` what declares that one is
    implemented.
    """
    owner, _, member = name.rpartition(".")
    for cls in index.mro(owner):
        for each in index.implemented(cls, decorator):
            found = index.resolve(f"{each}.{member}")
            if found is not None and base in index.mro(each):
                yield found
