"""What an installed package holds: classes, bases, overriders, implementers, assignments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Self

from wherefrom.library.modules import modules
from wherefrom.library.scan import Plain

MOST_STEPS = 20
TESTS = ("test", "tests")


@dataclass(frozen=True)
class Definition:
    """Where a name is defined: ``start`` is its first line (a decorator's), ``end`` its last."""

    name: str
    kind: str
    module: str
    file: str
    start: int
    end: int


@dataclass(frozen=True)
class Assignment:
    """One place that could set an attribute; ``where`` is the dotted name that it stands in."""

    attribute: str
    kind: str
    module: str
    file: str
    line: int
    where: str


@dataclass(frozen=True)
class Overriders:
    """Who overrides a method: the first on each chain of subclasses, and those beneath them."""

    first: tuple[str, ...]
    deeper: tuple[str, ...]


class Index:
    """One package, as its files say, without importing it."""

    def __init__(self, package: str, data: dict[str, Plain]) -> None:
        self.package = package
        self._modules = data

    @classmethod
    def load(cls, package: str, cache: Path | None = None) -> Self:
        """Read the package, or what ``cache`` holds of it. Raises `LookupError`: not installed."""
        return cls(package, modules(package, cache))

    def resolve(self, dotted: str) -> str | None:
        """The name by which a thing is defined, whatever it was imported as."""
        found = self._resolve(dotted, MOST_STEPS)
        if found is not None:
            return found
        owner, _, name = dotted.rpartition(".")
        above = self._resolve(owner, MOST_STEPS) if owner else None
        inherited = (f"{each}.{name}" for each in self.mro(above)[1:]) if above else ()
        return next((each for each in inherited if each in self._definitions), None)

    def definition(self, dotted: str) -> Definition:
        """Where ``dotted`` is defined, an inherited member in its own class.

        Raises `LookupError`, which names what is near.
        """
        full = self.resolve(dotted)
        if full is not None:
            return self._definitions[full]
        near = get_close_matches(dotted, self._definitions, 3)
        hint = f"; near are: {', '.join(near)}" if near else ""
        raise LookupError(f"`{dotted}` is not defined in the source of {self.package}{hint}")

    def bases(self, name: str) -> tuple[str, ...]:
        """The bases of a class; those of other packages by the name that they are imported as."""
        return self._bases.get(name, ())

    def mro(self, name: str) -> tuple[str, ...]:
        """A class and all above it, nearest first; good enough to find who defines a member."""
        found: dict[str, None] = {}
        queue = [name]
        while queue:
            each = queue.pop(0)
            if each not in found:
                found[each] = None
                queue = [*self.bases(each), *queue]
        return tuple(found)

    def subclasses(self, name: str, *, tests: bool = False) -> tuple[str, ...]:
        """All classes beneath ``name``, direct and deeper, sorted."""
        return tuple(sorted(self._beneath(self._class(name), tests=tests)))

    def direct_subclasses(self, name: str, *, tests: bool = False) -> tuple[str, ...]:
        """The classes that name ``name`` among their bases, sorted."""
        found = self._children.get(self._class(name), ())
        return tuple(sorted(each for each in found if tests or not self._is_test(each)))

    def overriders(self, method: str, *, tests: bool = False) -> Overriders:
        """Who defines ``method`` anew beneath the class that ``method`` names."""
        owner, _, name = method.rpartition(".")
        owner = self._class(owner)
        first: set[str] = set()
        every = {
            each
            for each in self._beneath(owner, tests=tests)
            if f"{each}.{name}" in self._definitions
        }
        queue = [*self._children.get(owner, ())]
        while queue:
            each = queue.pop()
            if each in every:
                first.add(each)
            else:
                queue.extend(self._children.get(each, ()))
        first &= every
        return Overriders(tuple(sorted(first)), tuple(sorted(every - first)))

    def implementers(self, interface: str, decorator: str, *, tests: bool = False) -> list[str]:
        """The classes that ``decorator`` says implement ``interface``, directly."""
        wanted = self.resolve(interface) or interface
        found = []
        for name, module, data in self._classes():
            for called, arguments in data["decorators"]:
                if called.rpartition(".")[2] != decorator:
                    continue
                meant = [self._meant(module, each) for each in arguments]
                if wanted in meant and (tests or not self._is_test(name)):
                    found.append(name)
        return sorted(set(found))

    def assignments(
        self, attribute: str, within: str = "", *, tests: bool = False
    ) -> tuple[Assignment, ...]:
        """Every place in the package (or in ``within``) that could set ``attribute``, in order."""
        found = []
        for module, data in self._modules.items():
            if (within and not f"{module}.".startswith(f"{within}.")) or (
                self._is_test(module) and not tests
            ):
                continue
            for name, kind, line, where in data["stores"]:
                if name == attribute:
                    place = f"{module}.{where}" if where else module
                    found.append(Assignment(name, kind, module, data["file"], line, place))
        return tuple(sorted(found, key=lambda each: (each.module, each.line)))

    def canonical(self, name: str) -> str:
        """The name that the package exports a thing by, where ``__all__`` of a package says so."""
        return self._exported.get(name, name)

    @cached_property
    def _definitions(self) -> dict[str, Definition]:
        found: dict[str, Definition] = {}
        for module, data in self._modules.items():
            for name, kind, start, end in data["defs"]:
                full = f"{module}.{name}"
                old = found.get(full)
                # An overload or a setter comes again; the one with a body is the last function.
                if old is None or kind in ("method", "function", "class"):
                    found[full] = Definition(full, kind, module, data["file"], start, end)
        return found

    @cached_property
    def _bases(self) -> dict[str, tuple[str, ...]]:
        return {
            name: tuple(self._meant(module, each) for each in data["bases"])
            for name, module, data in self._classes()
        }

    @cached_property
    def _children(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for name, bases in self._bases.items():
            for each in bases:
                found.setdefault(each, []).append(name)
        return {name: tuple(children) for name, children in found.items()}

    @cached_property
    def _exported(self) -> dict[str, str]:
        """Private definitions that a package's ``__all__`` moves up to itself."""
        found: dict[str, str] = {}
        for module, data in self._modules.items():
            for each in data["exports"] or ():
                full = self._resolve(f"{module}.{each}", MOST_STEPS)
                if full and full.rpartition(".")[0].startswith(f"{module}._"):
                    found[full] = f"{module}.{each}"
        return found

    def _classes(self) -> Iterator[tuple[str, str, Plain]]:
        for module, data in self._modules.items():
            for name, each in data["classes"].items():
                yield f"{module}.{name}", module, each

    def _class(self, name: str) -> str:
        full = self.definition(name)
        if full.kind != "class":
            raise LookupError(f"`{name}` is no class of {self.package}: it is a {full.kind}")
        return full.name

    def _beneath(self, name: str, *, tests: bool) -> set[str]:
        found: set[str] = set()
        queue = [*self._children.get(name, ())]
        while queue:
            each = queue.pop()
            if each not in found and (tests or not self._is_test(each)):
                found.add(each)
                queue.extend(self._children.get(each, ()))
        return found

    def _is_test(self, dotted: str) -> bool:
        parts = dotted.split(".")
        return any(each in TESTS or each.startswith("test_") for each in parts[1:])

    def _meant(self, module: str, written: str) -> str:
        """What a name in ``module`` means: resolved in the package, or as it was imported."""
        full = self._resolve(f"{module}.{written}", MOST_STEPS)
        if full is not None:
            return full
        head, dot, rest = written.partition(".")
        imported = self._modules[module]["names"].get(head)
        return f"{imported}{dot}{rest}" if imported else written

    def _resolve(self, dotted: str, steps: int) -> str | None:
        if dotted in self._definitions:
            return dotted
        if steps == 0:
            return None
        parts = dotted.split(".")
        for cut in range(len(parts) - 1, 0, -1):
            module = ".".join(parts[:cut])
            if module in self._modules:
                return self._within(module, parts[cut:], steps - 1)
        return None

    def _within(self, module: str, path: list[str], steps: int) -> str | None:
        """A path from a module: through what it imports."""
        data, rest = self._modules[module], "".join(f".{each}" for each in path[1:])
        imported = data["names"].get(path[0])
        if imported:
            return self._resolve(f"{imported}{rest}", steps)
        stars = (self._resolve(f"{each}.{path[0]}{rest}", steps) for each in data["stars"])
        return next((each for each in stars if each), None)
