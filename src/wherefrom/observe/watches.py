"""The watched attributes: who holds them, what they were when last looked at."""

from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import repeat
from types import CodeType, FunctionType, ModuleType
from typing import Any

from wherefrom.observe.objects import (
    MISSING,
    MOST_HELD,
    UNREADABLE,
    ByClass,
    Objects,
    is_class,
    mro,
    namespace_of,
    on_class,
    peek,
)
from wherefrom.observe.paths import Spec, assignment, dotted, forms, named_by, spec_of
from wherefrom.traces import Default, Value

# A search of the whole heap for holders that no name leads to takes milliseconds.
MOST_SEARCHES = 100
# Looking at each holder before each call is slow for many: the rest, and classes, are
# looked at when something steps, and at the end.
MOST_PROBES = 16


@dataclass
class Holder:
    """One object (or a module's globals) that has watched attributes."""

    value: Value
    find: Callable[[], Any]
    specs: tuple[Spec, ...]
    known: dict[str, tuple[int, Value | None]] = field(default_factory=dict)
    count: int = 0


Probe = tuple[dict[str, Any], str, Holder]


@dataclass(frozen=True)
class Change:
    """An attribute that isn't what it was."""

    holder: Holder
    spec: Spec
    old: Value | None
    new: Value | None


class Watches:
    """All watched paths and all their holders that were met."""

    def __init__(
        self, paths: Iterable[str], objects: Objects, learned: Callable[[CodeType], None]
    ) -> None:
        self._learned = learned
        self.specs = tuple(spec_of(path) for path in paths)
        self.names = frozenset(each.name for each in self.specs)
        self.holders: dict[int, Holder] = {}
        self.setters: dict[int, tuple[CodeType, str]] = {}
        self._objects = objects
        self._by_type: ByClass[tuple[Spec, ...]] = ByClass()
        self._searches = 0
        self._matched: set[Spec] = set()
        # Where to look quickly, by holder and name; what has no dictionary is asked more rarely.
        self._probes: dict[tuple[int, str], Probe] = {}
        # The same in columns, made anew at each change, since holders come and go at any time:
        # the namespaces, the names, and the addresses of what was there.
        self._quick: tuple[list[dict[str, Any]], list[str], list[int]] = ([], [], [])

    def meet(self, obj: Any) -> Holder | None:
        """The holder that ``obj`` is, remembered as it is now where it's new; else ``None``."""
        found = self.holders.get(id(obj))
        if found is not None:
            return found
        specs = self._specs_of(type(obj))
        if not specs and is_class(obj):
            specs = self._specs_of(obj)
        if not specs and type(obj) is ModuleType:
            return self.meet_globals(vars(obj))
        return self._add(obj, specs) if specs else None

    def meet_new(self, obj: Any) -> bool:
        """Meet ``obj``; whether others of its class could be holders."""
        return self.meet(obj) is not None or is_class(obj) or type(obj) is ModuleType

    def meet_globals(self, namespace: dict[str, Any]) -> Holder | None:
        """The holder that a module's globals are, where one of them is watched."""
        found = self.holders.get(id(namespace))
        if found is not None:
            return found
        module = namespace.get("__name__")
        specs = tuple(each for each in self.specs if each.owner == module)
        if not specs or type(module) is not str:
            return None
        holder = Holder(Value(0, f"{module}:", module), lambda: namespace, specs)
        return self._keep(id(namespace), holder, namespace)

    @property
    def gave_up(self) -> bool:
        """Whether there were too many searches, so that a holder may have been missed."""
        return self._searches > MOST_SEARCHES

    def search(self) -> None:
        """Meet every holder there is, where no name leads to the one that is stored to."""
        self._searches += 1
        if self.gave_up:
            return
        self.meet_owners()
        known = self._by_type.found
        for obj in gc.get_objects():
            cls = type(obj)
            specs = known.get(id(cls))
            if specs is None:
                specs = self._specs_of(cls)
            if specs or cls is type:
                self.meet(obj)

    def meet_owners(self) -> None:
        """Meet the classes and modules that the paths themselves name."""
        for spec in self.specs:
            owner = sys.modules.get(spec.owner) or named_by(spec.owner)
            if type(owner) is ModuleType or is_class(owner):
                self.meet(owner)

    def changed(self) -> bool:
        """Whether any attribute isn't what it was: quick, and asked before each call."""
        spaces, names, were = self._quick
        # All of it runs in C: each call of the program waits for this.
        return bool(were) and [*map(id, map(dict.get, spaces, names, repeat(MISSING)))] != were

    def changes(self) -> Iterator[Change]:
        """Every attribute that isn't what it was when last looked at."""
        for holder in self.all():
            for spec in holder.specs:
                change = self.change(holder, spec)
                if change is not None:
                    yield change

    def all(self) -> list[Holder]:
        """All holders; a copy of the table first, since any of them may die at any time."""
        return list(self.holders.copy().values())

    def change(self, holder: Holder, spec: Spec, *, force: bool = False) -> Change | None:
        """How one attribute differs from what it was; ``force`` gives it even if it doesn't."""
        obj = holder.find()
        if obj is None:
            return None
        now = peek(obj, spec.name)
        before, old = holder.known[spec.name]
        if now is UNREADABLE or (id(now) == before and not (force and now is not MISSING)):
            return None
        new = self._value(now)
        holder.known[spec.name] = (id(now), new)
        holder.count += 1
        self._probe(holder, spec, obj)
        return Change(holder, spec, old or self._default(obj, spec.name), new)

    def told(self, obj: Any, name: str, now: Any) -> Change | None:
        """A property's or descriptor's setter was called: what it will make of it isn't asked."""
        holder = self.meet(obj)
        spec = next((each for each in holder.specs if each.name == name), None) if holder else None
        if holder is None or spec is None:
            return None
        return Change(holder, spec, None, self._objects.value(now))

    def set_through(self, told: Change) -> Change:
        """The setter has ended: what it was told is the value, as far as can be known."""
        holder, spec = told.holder, told.spec
        before, old = holder.known[spec.name]
        holder.known[spec.name] = (before, told.new)
        holder.count += 1
        return Change(holder, spec, old, told.new)

    def defaults(self) -> Iterator[Default]:
        """What each watched attribute is on its class."""
        for spec in self.specs:
            cls = named_by(spec.owner)
            if isinstance(cls, type):
                yield self._declared(cls, spec)

    def unmet(self) -> Iterator[str]:
        """The paths to which no class or module belongs that was ever there."""
        for spec in self.specs:
            owner = sys.modules.get(spec.owner) or named_by(spec.owner)
            if owner is None and spec not in self._matched:
                yield spec.path

    def clear(self) -> None:
        """Let go of all objects."""
        self.holders.clear()
        self._probes.clear()
        self._quick = ([], [], [])
        self._by_type.clear()
        self.setters.clear()

    def _specs_of(self, cls: type) -> tuple[Spec, ...]:
        found = self._by_type.found.get(id(cls))
        if found is None:
            names = {dotted(self._objects.type_name(each)) for each in mro(cls)}
            # Two paths may name one attribute, by a class and by its base: it is watched once.
            specs: dict[str, Spec] = {}
            for each in self.specs:
                if not names.isdisjoint(forms(each.owner)):
                    specs.setdefault(each.name, each)
            found = self._by_type.keep(cls, tuple(specs.values()))
            self._matched.update(found)
            for spec in found:
                self._learn_setter(cls, spec)
        return found

    def _learn_setter(self, cls: type, spec: Spec) -> None:
        """Remember the function that a property, or a descriptor, stores by."""
        found = on_class(cls, spec.name)
        function = found.fset if type(found) is property else on_class(type(found), "__set__")
        if isinstance(function, FunctionType):
            code = function.__code__
            self.setters[id(code)] = (code, spec.name)
            self._learned(code)

    def _add(self, obj: Any, specs: tuple[Spec, ...]) -> Holder | None:
        try:
            find: Callable[[], Any] = weakref.ref(obj, self._forgetter(id(obj)))
        except TypeError:
            if len(self.holders) >= MOST_HELD:
                return None

            def find() -> Any:
                return obj

        return self._keep(id(obj), Holder(self._objects.value(obj), find, specs), obj)

    def _keep(self, key: int, holder: Holder, obj: Any) -> Holder:
        self.holders[key] = holder
        for spec in holder.specs:
            now = peek(obj, spec.name)
            holder.known[spec.name] = (id(now), self._value(now))
            if now is not UNREADABLE:
                self._probe(holder, spec, obj)
        return holder

    def _probe(self, holder: Holder, spec: Spec, obj: Any) -> None:
        """Look quickly where the object's own attributes lie now: they may be put elsewhere."""
        key, namespace = (id(obj), spec.name), namespace_of(obj)
        is_plain = type(namespace) is dict
        if is_plain and (key in self._probes or len(self._probes) < MOST_PROBES):
            self._probes[key] = (namespace, spec.name, holder)
            self._arrange()

    def _arrange(self) -> None:
        probes = list(self._probes.copy().values())
        self._quick = (
            [namespace for namespace, _, _ in probes],
            [name for _, name, _ in probes],
            [holder.known[name][0] for _, name, holder in probes],
        )

    def _value(self, obj: Any) -> Value | None:
        return None if obj is MISSING or obj is UNREADABLE else self._objects.value(obj)

    def _default(self, obj: Any, name: str) -> Value | None:
        if type(obj) is dict or is_class(obj):
            return None
        found = on_class(type(obj), name)
        return self._value(MISSING if hasattr(type(found), "__get__") else found)

    def _declared(self, cls: type, spec: Spec) -> Default:
        holder = next((each for each in mro(cls) if spec.name in namespace_of(each)), cls)
        value = self._value(on_class(cls, spec.name))
        file, line = assignment(holder, spec.name)
        return Default(spec.path, self._objects.type_name(holder), value, file, line)

    def _forgetter(self, key: int) -> Callable[[object], None]:
        def forget(_: object) -> None:
            self.holders.pop(key, None)
            for name in self.names:
                self._probes.pop((key, name), None)
            self._arrange()

        return forget
