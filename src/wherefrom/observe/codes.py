"""What a code object is to a trace: recorded or not, and where it could store."""

from __future__ import annotations

import dis
from dataclasses import dataclass
from inspect import (
    CO_ASYNC_GENERATOR,
    CO_COROUTINE,
    CO_GENERATOR,
    CO_OPTIMIZED,
    CO_VARARGS,
    CO_VARKEYWORDS,
)
from itertools import takewhile
from types import CodeType

# What a function must name to store without a plain assignment.
_INDIRECT = frozenset(
    (
        "setattr",
        "delattr",
        "__setattr__",
        "__delattr__",
        "__set__",
        "__delete__",
        "__dict__",
        "vars",
        "globals",
    )
)
# Generated constructors call theirs something like `_setattr`, which is bound to `self`.
_BOUND = "setattr"
_FOLDED = frozenset(
    (
        "<module>",
        "<lambda>",
        "<listcomp>",
        "<dictcomp>",
        "<setcomp>",
        "<genexpr>",
        # What Python itself writes into a module: dataclasses, and annotations since 3.14.
        "__create_fn__",
        "__annotate__",
    )
)
_STORES = frozenset(
    dis.opmap[each]
    for each in (
        "STORE_ATTR",
        "DELETE_ATTR",
        "STORE_GLOBAL",
        "DELETE_GLOBAL",
        "STORE_NAME",
        "DELETE_NAME",
    )
)
RETURNS = (dis.opmap["RETURN_VALUE"], dis.opmap.get("RETURN_CONST"))
RESUMES = dis.opmap["RESUME"]
YIELDS = dis.opmap["YIELD_VALUE"]
# Newer Pythons have further forms of these, and some that load (or store) one name before it.
_ON_NAMES = ("LOAD_FAST", "LOAD_FAST_CHECK", "LOAD_FAST_BORROW", "LOAD_DEREF", "LOAD_NAME")
_ON_GLOBALS = ("LOAD_GLOBAL", "LOAD_CLASSDEREF")
_ON_LINKS = ("LOAD_ATTR",)
# Prefixes and no-ops that may stand between the parts of `a.b.c`.
_BETWEEN = ("EXTENDED_ARG", "CACHE", "RESUME", "PRECALL", "NOP", "NOT_TAKEN", "PUSH_NULL")
_LOCAL = ("LOAD_FAST", "LOAD_DEREF", "LOAD_NAME")


@dataclass(frozen=True)
class Target:
    """One instruction that stores: to which name, and on what.

    ``chain`` is ``("self", "proto")`` for ``self.proto.name = ...``; ``None`` where the holder is
    the result of something that can't be looked up again. A store to a global has no holder;
    ``is_local`` says that the name is a global's only where the frame runs a module's body.
    """

    name: str
    chain: tuple[str, ...] | None
    is_global: bool = False
    is_local: bool = False


class Plan:
    """Everything about one code object that a call of it needs, looked up once."""

    __slots__ = (
        "args",
        "called_back",
        "code",
        "dispatcher",
        "focused",
        "folded",
        "generated",
        "generator",
        "imports",
        "indirect",
        "init",
        "key",
        "lines",
        "loop",
        "method",
        "module",
        "mutes",
        "name",
        "new",
        "ops",
        "ordinary",
        "own",
        "perhaps_method",
        "plain",
        "searched",
        "setter",
        "stars",
        "targets",
    )

    def __init__(self, code: CodeType, module: str, names: frozenset[str]) -> None:
        self.code = code
        self.module = module
        self.name = code.co_name
        self.key = f"{module}.{code.co_qualname}"
        self.args, self.stars = _arguments(code)
        self.generator = bool(code.co_flags & (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR))
        # Only the bodies of functions are calls; a class's or a module's is part of its maker.
        self.folded = code.co_name in _FOLDED or not code.co_flags & CO_OPTIMIZED
        self.init = code.co_name == "__init__"
        self.imports = code.co_filename.startswith("<frozen importlib")
        self.ops = b""
        self.targets: dict[int, Target] = {}
        self.lines: frozenset[int | None] = frozenset()
        if not names.isdisjoint(code.co_names) and _may_store(code, names):
            self.targets, self.lines = _targets(code, names)
        self.searched: frozenset[int | None] = frozenset()
        self.indirect = False
        if names and not _INDIRECT.isdisjoint(code.co_names):
            self.indirect, self.searched = True, _lines_of_indirect(code)
        elif names:
            self.indirect = _BOUND in " ".join(code.co_names)
        self.setter = False
        # A method that a class was given, not one that its body defines.
        self.generated = "<locals>" in code.co_qualname or "." not in code.co_qualname
        named = self.args[:1] in (("self",), ("cls",))
        self.method = bool(self.args) and (named or self.init)
        self.new = code.co_name == "__new__" and bool(self.args)
        # Its first argument may be called anything.
        holder, _, _ = code.co_qualname.rpartition(".")
        self.perhaps_method = bool(holder and self.args) and not holder.endswith("<locals>")
        # Of most methods there is nothing more to know than their object.
        self.ordinary = self.method and not (self.init or self.new or self.generated)
        # Nothing but its beginning and its end is wanted, and that always.
        self.plain = False
        # The page's own code, wanted only where the focused code calls it.
        self.called_back = False
        self.focused = self.own = self.mutes = self.loop = self.dispatcher = False

    @property
    def stores(self) -> bool:
        """Whether a call of it must be stepped through."""
        return bool(self.targets) or self.indirect

    def how_left(self, offset: int) -> str:
        """How a call ended at an instruction: by ``return``, ``yield`` or ``raise``."""
        if not self.ops:
            self.ops = self.code.co_code
        operation = self.ops[offset]
        if operation in RETURNS:
            return "return"
        return "yield" if operation == YIELDS and self.generator else "raise"

    def goes_on(self, offset: int) -> bool:
        """Whether a generator that is entered at an instruction was suspended there before."""
        ops = self.ops = self.ops or self.code.co_code
        return ops[offset] != RESUMES or ops[offset + 1] != 0

    @property
    def calls_out(self) -> bool:
        """Whether the loop calls out through it."""
        return self.loop or self.dispatcher


def _arguments(code: CodeType) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the arguments, and of those that gather further ones."""
    plain = code.co_argcount + code.co_kwonlyargcount
    gathering = bool(code.co_flags & CO_VARARGS) + bool(code.co_flags & CO_VARKEYWORDS)
    return code.co_varnames[:plain], code.co_varnames[plain : plain + gathering]


def _may_store(code: CodeType, names: frozenset[str]) -> bool:
    """Whether an instruction could store to one of the names: quick, where `dis` is slow."""
    steps = set(zip(code.co_code[::2], code.co_code[1::2], strict=True))
    places = [place & 0xFF for place, name in enumerate(code.co_names) if name in names]
    return any((operation, place) in steps for operation in _STORES for place in places)


def _targets(
    code: CodeType, names: frozenset[str]
) -> tuple[dict[int, Target], frozenset[int | None]]:
    """The offsets, and the lines, of the instructions that store to one of the names."""
    found: dict[int, Target] = {}
    lines = set()
    before: list[dis.Instruction] = []
    for each in dis.get_instructions(code):
        if each.opcode in _STORES and each.argval in names:
            found[each.offset] = target = _target(each, before)
            lines.add(each.positions.lineno if each.positions else None)
            # The tracer may stop at the prefix of a long instruction, and not at itself.
            for prefix in reversed(before):
                if prefix.opname != "EXTENDED_ARG":
                    break
                found[prefix.offset] = target
        before.append(each)
    return found, frozenset(lines)


def _lines_of_indirect(code: CodeType) -> frozenset[int | None]:
    """The lines that could store to what no local name leads to, without a plain assignment."""
    steps = [each for each in dis.get_instructions(code) if each.opname not in _BETWEEN]
    return frozenset(
        each.positions.lineno
        for place, each in enumerate(steps)
        if each.positions and each.opname.startswith("LOAD")
        if isinstance(each.argval, str) and each.argval in _INDIRECT
        if not _is_on_local(steps, place)
    )


def _is_on_local(steps: list[dis.Instruction], place: int) -> bool:
    """Whether `setattr(x, ...)` or `x.__dict__` has a plain local name for its object."""
    if steps[place].argval == "__dict__":
        return place > 0 and steps[place - 1].opname.startswith(_LOCAL)
    given = steps[place + 1 : place + 2]
    if not given or not given[0].opname.startswith((*_LOCAL, "LOAD_CONST")):
        return False
    # `x.y`, `x[y]` and `x(y)` begin where `x` does.
    return sum(_start(each) == _start(given[0]) for each in steps[place + 1 :]) == 1


def _start(step: dis.Instruction) -> tuple[int | None, int | None]:
    at = step.positions
    return (at.lineno, at.col_offset) if at else (None, None)


def _target(store: dis.Instruction, before: list[dis.Instruction]) -> Target:
    if not store.opname.endswith("_ATTR"):
        return Target(store.argval, (), is_global=True, is_local=store.opname.endswith("_NAME"))
    if _is_reached_by_jump(store, before):
        return Target(store.argval, None)
    links: list[str] = []
    for each in reversed(_up_to_holder(store, before)):
        if each.opname in _BETWEEN:
            continue
        if each.opname in _ON_LINKS and isinstance(each.argval, str) and not each.is_jump_target:
            links.append(each.argval)
        elif each.opname.endswith(_ON_NAMES) or each.opname in _ON_GLOBALS:
            name = each.argval[-1] if isinstance(each.argval, tuple) else each.argval
            return Target(store.argval, (name, *reversed(links)))
        else:
            break
    return Target(store.argval, None)


def _is_reached_by_jump(store: dis.Instruction, before: list[dis.Instruction]) -> bool:
    """Whether the holder may have come from elsewhere, as in `(x or y).a = 1`."""
    prefixes = takewhile(lambda each: each.opname == "EXTENDED_ARG", reversed(before))
    return any(each.is_jump_target for each in (store, *prefixes))


def _up_to_holder(store: dis.Instruction, before: list[dis.Instruction]) -> list[dis.Instruction]:
    """The instructions before a store, the last of which gave its holder.

    `x.a += 1` gives it first, and copies it: once to load the attribute, once to store it.
    """
    if not before or before[-1].opname != "SWAP":
        return before
    for place in range(len(before) - 1, 0, -1):
        loads, copies = before[place], before[place - 1]
        alike = (loads.opname, loads.argval) == ("LOAD_ATTR", store.argval)
        if alike and copies.opname == "COPY" and loads.positions == store.positions:
            return before[: place - 1]
    return before
