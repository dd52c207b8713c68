"""What an installed package holds: classes, bases, overriders, implementers, assignments."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path
from typing import Self

from wherefrom.library.definitions import Assignment, Definition
from wherefrom.library.modules import modules
from wherefrom.library.scan import Plain

MOST_STEPS = 20
TESTS = ("test", "tests")


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

    def meant(self, module: str, written: str) -> str:
        """What a name written in ``module`` means: resolved here, or as it was imported."""
        full = self._resolve(f"{module}.{written}", MOST_STEPS)
        if full is not None:
            return full
        head, dot, rest = written.partition(".")
        imported = self._modules[module]["names"].get(head)
        return f"{imported}{dot}{rest}" if imported else written

    def module_of(self, dotted: str) -> str | None:
        """The module that a name stands in, or is."""
        parts = dotted.split(".")
        starts = (".".join(parts[:end]) for end in range(len(parts), 0, -1))
        return next((each for each in starts if each in self._modules), None)

    def holds(self, dotted: str) -> bool:
        """Whether the package has a module, or defines or imports a thing, of this name."""
        return dotted in self._modules or self.resolve(dotted) is not None

    def only(self, name: str) -> str | None:
        """The one thing outside tests whose name ends so, if there is exactly one."""
        found = [
            each
            for each in self._by_last.get(name.rpartition(".")[2], ())
            if each.endswith(f".{name}") and not self._is_test(each)
        ]
        return found[0] if len(found) == 1 else None

    def find(self, dotted: str) -> Definition | None:
        """Where ``dotted`` is defined, if it is, an inherited member in its own class."""
        full = self.resolve(dotted)
        return None if full is None else self._definitions[full]

    def definition(self, dotted: str) -> Definition:
        """What `find` finds; raises `LookupError`, which names what is near."""
        found = self.find(dotted)
        if found is not None:
            return found
        # Slow, and only ever done to tell somebody of a mistake.
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

    def overriders(self, method: str, *, tests: bool = False) -> tuple[str, ...]:
        """The classes that define ``method`` anew, the first on each way down from its own class.

        Those further down are the overriders of these, in turn.
        """
        owner, _, name = method.rpartition(".")
        found: set[str] = set()
        queue = [*self.direct_subclasses(owner, tests=tests)]
        met = {*queue}
        while queue:
            each = queue.pop()
            if f"{each}.{name}" in self._definitions:
                found.add(each)
                continue
            below = [one for one in self.direct_subclasses(each, tests=tests) if one not in met]
            met.update(below)
            queue += below
        return tuple(sorted(found))

    def implementers(self, interface: str, decorator: str, *, tests: bool = False) -> list[str]:
        """The classes that ``decorator`` says implement ``interface``, directly."""
        wanted = (decorator, self.resolve(interface) or interface)
        return sorted(
            name
            for name, declared in self._declared.items()
            if wanted in declared and (tests or not self._is_test(name))
        )

    def implemented(self, name: str, decorator: str) -> tuple[str, ...]:
        """The interfaces that ``decorator`` says the class ``name`` implements, as it has them."""
        declared = self._declared.get(name, ())
        return tuple(interface for called, interface in declared if called == decorator)

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
                # An overload comes again; the one with a body is the last function.
                if old is None or kind in ("method", "function", "class", "property"):
                    found[full] = Definition(full, kind, module, data["file"], start, end)
        return found

    @cached_property
    def _by_last(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for full in self._definitions:
            found.setdefault(full.rpartition(".")[2], []).append(full)
        return {name: tuple(each) for name, each in found.items()}

    @cached_property
    def _bases(self) -> dict[str, tuple[str, ...]]:
        return {
            name: tuple(self.meant(module, each) for each in data["bases"])
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

    @cached_property
    def _declared(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """What each class is decorated with: the decorator's last name, and each argument."""
        found: dict[str, tuple[tuple[str, str], ...]] = {}
        for name, module, data in self._classes():
            found[name] = tuple(
                (called.rpartition(".")[2], self.meant(module, each))
                for called, arguments in data["decorators"]
                for each in arguments
            )
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


@cache
def index_of(package: str, folder: Path | None) -> Index:
    """The index of a package, read once in a process; ``folder`` keeps it between processes.

    Raises `LookupError` where no such package is installed.
    """
    return Index.load(package, folder)
