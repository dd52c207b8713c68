"""Which object is which: numbers for objects, that neither run their code nor keep them alive."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from types import GetSetDescriptorType, MemberDescriptorType
from typing import Any

from wherefrom.traces import Value

MISSING: Any = type("Missing", (), {"__slots__": ()})()
# A property, or a descriptor of the program's own: to read it would run its code.
UNREADABLE: Any = type("Unreadable", (), {"__slots__": ()})()
LONGEST_TEXT = 40
# Objects that no weak reference can be made to are held until the trace ends, so many at most.
MOST_HELD = 1_000
_HEAP_TYPE = 1 << 9
_LITERALS = frozenset(map(id, (type(None), bool, int, str, bytes)))
# Read past any metaclass: a class may define these names as it likes.
_module_of = type.__dict__["__module__"].__get__
_qualname_of = type.__dict__["__qualname__"].__get__
_mro_of = type.__dict__["__mro__"].__get__
_namespace_of = type.__dict__["__dict__"].__get__
_flags_of = type.__dict__["__flags__"].__get__


class Objects:
    """The objects that a trace has met."""

    def __init__(self) -> None:
        self.known: dict[int, Value] = {}
        # Told of each object that is met for the first time.
        self.met: Callable[[Any], object] | None = None
        self._refs: dict[int, weakref.ref[Any]] = {}
        self._held: dict[int, Any] = {}
        self._names: dict[int, tuple[type, str]] = {}
        self._literals: dict[tuple[int, Any], Value] = {}
        self._plain: dict[str, Value] = {}
        self._next = 1
        self.lost = False

    def value(self, obj: Any) -> Value:
        """The value that stands for ``obj``: always the same while it lives."""
        found = self.known.get(id(obj))
        if found is not None:
            return found
        cls = type(obj)
        if id(cls) in _LITERALS:
            return self._literal(obj, cls)
        return self._new(obj, cls)

    def type_name(self, cls: type) -> str:
        """A class as ``module:qualname``."""
        found = self._names.get(id(cls))
        if found is None:
            found = self._names[id(cls)] = (cls, f"{_text(_module_of, cls)}:{_qualname_of(cls)}")
        return found[1]

    def clear(self) -> None:
        """Let go of all objects."""
        for table in (self.known, self._refs, self._held, self._names):
            table.clear()

    def _literal(self, obj: Any, cls: type) -> Value:
        if cls in (str, bytes) and len(obj) > LONGEST_TEXT:
            return self._anonymous(cls)
        if cls is int and obj.bit_length() > 4 * LONGEST_TEXT:
            return self._anonymous(cls)
        key = (id(cls), obj)
        found = self._literals.get(key)
        if found is None:
            found = self._literals[key] = Value(0, self.type_name(cls), repr(obj))
        return found

    def _anonymous(self, cls: type) -> Value:
        name = self.type_name(cls)
        return self._plain.setdefault(name, Value(0, name))

    def _new(self, obj: Any, cls: type) -> Value:
        key = id(obj)
        try:
            self._refs[key] = weakref.ref(obj, self._forgetter(key))
        except TypeError:
            if not _flags_of(cls) & _HEAP_TYPE:
                return self._anonymous(cls)
            if len(self._held) >= MOST_HELD:
                self.lost = True
                return self._anonymous(cls)
            self._held[key] = obj
        value = self.known[key] = Value(self._next, self.type_name(cls))
        self._next += 1
        if self.met is not None:
            self.met(obj)
        return value

    def _forgetter(self, key: int) -> Callable[[object], None]:
        known, refs = self.known, self._refs

        def forget(_: object) -> None:
            known.pop(key, None)
            refs.pop(key, None)

        return forget


def mro(cls: type) -> tuple[type, ...]:
    """The classes that a class inherits from, itself first."""
    found: tuple[type, ...] = _mro_of(cls)
    return found


def on_class(cls: type, name: str) -> Any:
    """What a class or its bases hold under a name, as it lies there; else ``MISSING``."""
    for each in mro(cls):
        namespace = _namespace_of(each)
        if name in namespace:
            return namespace[name]
    return MISSING


def is_class(obj: Any) -> bool:
    """Whether ``obj`` is a class; unlike ``isinstance``, it never asks ``obj`` itself."""
    return issubclass(type(obj), type)


def namespace_of(obj: Any) -> Any:
    """The dictionary that holds an object's own attributes, or ``None``."""
    if is_class(obj):
        return _namespace_of(obj)
    if type(obj) is dict:
        return obj
    descriptor = on_class(type(obj), "__dict__")
    if type(descriptor) not in (GetSetDescriptorType, MemberDescriptorType):
        return None
    try:
        return descriptor.__get__(obj, type(obj))
    except AttributeError:
        return None


def peek(obj: Any, name: str) -> Any:
    """An object's own attribute, read without running any of its code."""
    if type(obj) is not dict:
        found = on_class(type(obj), name)
        if type(found) is MemberDescriptorType:
            try:
                return found.__get__(obj, type(obj))
            except AttributeError:
                return MISSING
        if found is not MISSING and hasattr(type(found), "__set__"):
            return UNREADABLE
    namespace = namespace_of(obj)
    return MISSING if namespace is None else namespace.get(name, MISSING)


def _text(read: Callable[[type], Any], cls: type) -> str:
    found = read(cls)
    return found if type(found) is str else ""
