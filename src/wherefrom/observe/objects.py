"""Which object is which: numbers for objects, that neither run their code nor keep them alive."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from inspect import CO_OPTIMIZED
from types import (
    BuiltinMethodType,
    CellType,
    CodeType,
    FrameType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
)
from types import TracebackType as Traceback
from typing import Any, Generic, TypeVar

from wherefrom.traces import Value

MISSING: Any = type("Missing", (), {"__slots__": ()})()
# A property, or a descriptor of the program's own: to read it would run its code.
UNREADABLE: Any = type("Unreadable", (), {"__slots__": ()})()
LONGEST_TEXT = 40
T = TypeVar("T")
# Objects that no weak reference can be made to are held until the trace ends, so many at most.
MOST_HELD = 1_000
_HEAP_TYPE = 1 << 9
_LITERALS = frozenset(map(id, (type(None), bool, int, str, bytes)))
# Python makes these once and keeps them.
_UNDYING = range(-5, 257)
# Made for one call and gone: not worth a number of their own.
_FLEETING = frozenset(map(id, (MethodType, BuiltinMethodType, FrameType, CellType, Traceback)))
# Read past any metaclass: a class may define these names as it likes.
_module_of = type.__dict__["__module__"].__get__
_qualname_of = type.__dict__["__qualname__"].__get__
_mro_of = type.__dict__["__mro__"].__get__
_namespace_of = type.__dict__["__dict__"].__get__
_PLAIN_STORES = (object.__setattr__, type.__setattr__, ModuleType.__setattr__)
_flags_of = type.__dict__["__flags__"].__get__


class _Ref(weakref.ref[Any]):
    """A weak reference that knows where its object was."""

    __slots__ = ("key",)
    key: int


class ByClass(Generic[T]):
    """What is known of each class, until the class dies; a class is never asked for its hash."""

    def __init__(self) -> None:
        self.found: dict[int, T] = {}
        self._refs: dict[int, _Ref] = {}

    def keep(self, cls: type, known: T) -> T:
        """Remember what is known of a class."""
        key = id(cls)
        ref = _Ref(cls, self._forget)
        ref.key, self._refs[key] = key, ref
        self.found[key] = known
        return known

    def clear(self) -> None:
        """Let go of all that is known."""
        self.found.clear()
        self._refs.clear()

    def _forget(self, ref: Any) -> None:
        key = ref.key
        if self._refs.get(key) is ref:
            del self._refs[key]
            self.found.pop(key, None)


class Objects:
    """The objects that a trace has met, by numbers, since most are never looked at again."""

    def __init__(self) -> None:
        # Rows of plain values cost the program's garbage collector nothing; row 0 is no object.
        self.known: dict[int, int] = {}
        self._rows: list[tuple[int, str, str]] = [(0, "", "")]
        self._values: dict[int, Value] = {}
        # Told of each object that is met for the first time; says whether its class may be of
        # interest again.
        self.met: Callable[[Any], bool] | None = None
        self._dull: ByClass[bool] = ByClass()
        self._forgetting = self._forget
        self._refs: dict[int, _Ref] = {}
        self._held: dict[int, Any] = {}
        self._names: ByClass[str] = ByClass()
        self._literals: dict[tuple[int, Any], int] = {}
        self._plain: ByClass[int] = ByClass()
        self.lost = False

    def number(self, obj: Any) -> int:
        """The number of ``obj``: always the same while it lives; or of all that are like it."""
        found = self.known.get(id(obj))
        if found is not None:
            return found
        cls = type(obj)
        if id(cls) in _LITERALS:
            return self._literal(obj, cls)
        # Of a class whose objects can't be told apart there is one number for all.
        alike = self._plain.found.get(id(cls))
        if alike is not None:
            return alike
        return self._anonymous(cls) if id(cls) in _FLEETING else self._new(obj, cls)

    def value(self, obj: Any) -> Value:
        """The value that stands for ``obj``."""
        return self.value_at(self.number(obj))

    def value_at(self, number: int) -> Value:
        """The value that has a number."""
        found = self._values.get(number)
        if found is None:
            found = self._values[number] = Value(*self._rows[number])
        return found

    def is_told_apart(self, number: int) -> bool:
        """Whether the number is of one object alone."""
        return self._rows[number][0] != 0

    def type_at(self, number: int) -> str:
        """The class of the object that has a number."""
        return self._rows[number][1]

    def type_name(self, cls: type) -> str:
        """A class as ``module:qualname``."""
        found = self._names.found.get(id(cls))
        if found is None:
            found = self._names.keep(cls, f"{_text(_module_of, cls)}:{_qualname_of(cls)}")
        return found

    def clear(self) -> None:
        """Let go of all objects."""
        for table in (self.known, self._refs, self._held, self._names, self._plain, self._dull):
            table.clear()

    def rows(self) -> int:
        """How many objects, and sorts of values, have been met."""
        return len(self._rows)

    def _literal(self, obj: Any, cls: type) -> int:
        if cls in (str, bytes) and len(obj) > LONGEST_TEXT:
            return self._anonymous(cls)
        if cls is int and obj.bit_length() > 4 * LONGEST_TEXT:
            return self._anonymous(cls)
        key = (id(cls), obj)
        found = self._literals.get(key)
        if found is None:
            found = self._literals[key] = self._row(0, cls, repr(obj))
        if obj is None or cls is bool or (cls is int and obj in _UNDYING):
            # Found quickly from now on: its address is its own for good.
            self.known[id(obj)] = found
        return found

    def _anonymous(self, cls: type) -> int:
        found = self._plain.found.get(id(cls))
        return self._plain.keep(cls, self._row(0, cls)) if found is None else found

    def _row(self, ident: int, cls: type, text: str = "") -> int:
        self._rows.append((ident, self.type_name(cls), text))
        return len(self._rows) - 1

    def _new(self, obj: Any, cls: type) -> int:
        key = id(obj)
        try:
            ref = _Ref(obj, self._forgetting)
        except TypeError:
            if not _flags_of(cls) & _HEAP_TYPE:
                return self._anonymous(cls)
            if len(self._held) >= MOST_HELD:
                self.lost = True
                return self._anonymous(cls)
            self._held[key] = obj
        else:
            ref.key = key
            self._refs[key] = ref
        number = self.known[key] = self._row(len(self._rows), cls)
        if self.met is not None and id(cls) not in self._dull.found and not self.met(obj):
            self._dull.keep(cls, True)
        return number

    def _forget(self, ref: Any) -> None:
        key = ref.key
        # Another object may have its place already.
        if self._refs.get(key) is ref:
            del self._refs[key]
            self.known.pop(key, None)


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


def is_made_by(code: CodeType, cls: type) -> bool:
    """Whether this ``__new__`` alone makes the instances of a class: no ``__init__`` follows."""
    found = on_class(cls, "__new__")
    function = found.__func__ if type(found) is staticmethod else found
    mine = type(function) is FunctionType and function.__code__ is code
    return mine and type(on_class(cls, "__init__")) is not FunctionType


def plainly_stored(obj: Any) -> bool:
    """Whether ``obj.name = ...`` runs no code of the program's own: no ``__setattr__``."""
    found = on_class(type(obj), "__setattr__")
    return any(found is each for each in _PLAIN_STORES)


def variables(frame: FrameType) -> Mapping[str, Any] | None:
    """A frame's local names; ``None`` where a mapping of the program's own holds them."""
    found = frame.f_locals
    return found if type(found) is dict or frame.f_code.co_flags & CO_OPTIMIZED else None


def _text(read: Callable[[type], Any], cls: type) -> str:
    found = read(cls)
    return found if type(found) is str else ""
