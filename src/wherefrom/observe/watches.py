"""The watched attributes: who holds them, what they were when last looked at."""

from __future__ import annotations

import ast
import gc
import inspect
import sys
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import CodeType, FunctionType, ModuleType
from typing import Any

from wherefrom.observe.objects import (
    MISSING,
    MOST_HELD,
    UNREADABLE,
    Objects,
    is_class,
    mro,
    namespace_of,
    on_class,
    peek,
)
from wherefrom.traces import Default, Value

# A search of the whole heap for holders that no name leads to takes milliseconds.
MOST_SEARCHES = 50
# Looking at each holder before each call is slow for many: the rest, and classes, are
# looked at when something steps, and at the end.
MOST_PROBES = 16


@dataclass(frozen=True)
class Spec:
    """One watched path: ``owner`` is a class or a module, ``name`` its attribute."""

    path: str
    owner: str
    name: str


@dataclass
class Holder:
    """One object (or a module's globals) that has watched attributes."""

    value: Value
    find: Callable[[], Any]
    specs: tuple[Spec, ...]
    known: dict[str, tuple[int, Value | None]] = field(default_factory=dict)
    count: int = 0


Probe = tuple[Mapping[str, Any], str, Holder]


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
        self.specs = tuple(_spec(path) for path in paths)
        self.names = frozenset(each.name for each in self.specs)
        self.holders: dict[int, Holder] = {}
        self.setters: dict[int, tuple[CodeType, str]] = {}
        self._objects = objects
        self._by_type: dict[int, tuple[type, tuple[Spec, ...]]] = {}
        self._searches = 0
        # Where to look quickly, by holder and name; what has no dictionary is asked more rarely.
        self._probes: dict[tuple[int, str], Probe] = {}
        # The same as a list, made anew at each change, since holders come and go at any time.
        self._quick: tuple[Probe, ...] = ()

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

    def search(self) -> None:
        """Meet every instance there is, where no name leads to the one that is stored to."""
        self._searches += 1
        if self._searches <= MOST_SEARCHES:
            for obj in gc.get_objects():
                if self._specs_of(type(obj)):
                    self.meet(obj)

    def changed(self) -> bool:
        """Whether any attribute isn't what it was: quick, and asked before each call."""
        for namespace, name, holder in self._quick:
            if id(namespace.get(name, MISSING)) != holder.known[name][0]:
                return True
        return False

    def changes(self) -> Iterator[Change]:
        """Every attribute that isn't what it was when last looked at."""
        for holder in tuple(self.holders.values()):
            for spec in holder.specs:
                change = self.change(holder, spec)
                if change is not None:
                    yield change

    def change(self, holder: Holder, spec: Spec, *, force: bool = False) -> Change | None:
        """How one attribute differs from what it was; ``force`` gives it even if it doesn't."""
        obj = holder.find()
        if obj is None:
            return None
        now = peek(obj, spec.name)
        before, old = holder.known[spec.name]
        if now is UNREADABLE or (id(now) == before and not force):
            return None
        new = self._value(now)
        holder.known[spec.name] = (id(now), new)
        holder.count += 1
        return Change(holder, spec, old or self._default(obj, spec.name), new)

    def set_through(self, obj: Any, name: str, now: Any) -> Change | None:
        """A property's or descriptor's setter was called: what it will make of it isn't asked."""
        holder = self.meet(obj)
        spec = next((each for each in holder.specs if each.name == name), None) if holder else None
        if holder is None or spec is None:
            return None
        _, old = holder.known[name]
        new = self._objects.value(now)
        holder.known[name] = (id(now), new)
        holder.count += 1
        return Change(holder, spec, old, new)

    def defaults(self) -> Iterator[Default]:
        """What each watched attribute is on its class."""
        for spec in self.specs:
            cls = _find(spec.owner)
            if isinstance(cls, type):
                yield self._declared(cls, spec)

    def clear(self) -> None:
        """Let go of all objects."""
        self.holders.clear()
        self._probes.clear()
        self._quick = ()
        self._by_type.clear()
        self.setters.clear()

    def _specs_of(self, cls: type) -> tuple[Spec, ...]:
        found = self._by_type.get(id(cls))
        if found is None:
            names = {_dotted(self._objects.type_name(each)) for each in mro(cls)}
            # Two paths may name one attribute, by a class and by its base: it is watched once.
            specs: dict[str, Spec] = {}
            for each in self.specs:
                if not names.isdisjoint(_forms(each.owner)):
                    specs.setdefault(each.name, each)
            found = self._by_type[id(cls)] = (cls, tuple(specs.values()))
            for spec in found[1]:
                self._learn_setter(cls, spec)
        return found[1]

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
        for spec in holder.specs:
            now = peek(obj, spec.name)
            holder.known[spec.name] = (id(now), self._value(now))
            namespace = namespace_of(obj)
            if (
                type(namespace) is dict
                and now is not UNREADABLE
                and len(self._probes) < MOST_PROBES
            ):
                self._probes[key, spec.name] = (namespace, spec.name, holder)
                self._quick = tuple(self._probes.values())
        self.holders[key] = holder
        return holder

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
        file, line = _assignment(holder, spec.name)
        return Default(spec.path, self._objects.type_name(holder), value, file, line)

    def _forgetter(self, key: int) -> Callable[[object], None]:
        def forget(_: object) -> None:
            self.holders.pop(key, None)
            for name in self.names:
                self._probes.pop((key, name), None)
            self._quick = tuple(self._probes.values())

        return forget


def _spec(path: str) -> Spec:
    owner, _, name = path.rpartition(".")
    return Spec(path, owner, name)


def _forms(owner: str) -> tuple[str, ...]:
    """A class of the program itself may be written with or without ``__main__``."""
    return (owner, f"__main__.{owner}")


def _dotted(name: str) -> str:
    module, _, qualname = name.partition(":")
    return f"{module}.{qualname.rsplit('<locals>.', 1)[-1]}"


def _find(path: str) -> Any:
    """The class that a path names, among what is imported already."""
    for form in _forms(path):
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


def _assignment(cls: type, name: str) -> tuple[str, int]:
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
