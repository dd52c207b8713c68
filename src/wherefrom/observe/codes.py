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
from types import CodeType

# What a function must name to store without a plain assignment.
INDIRECT = frozenset(
    ("setattr", "delattr", "__setattr__", "__delattr__", "__dict__", "vars", "globals")
)
_FOLDED = frozenset(("<module>", "<lambda>", "<listcomp>", "<dictcomp>", "<setcomp>", "<genexpr>"))
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
RETURNS = dis.opmap["RETURN_VALUE"]
YIELDS = dis.opmap["YIELD_VALUE"]
# Newer Pythons have further forms of these, and some that load (or store) one name before it.
_ON_NAMES = ("LOAD_FAST", "LOAD_FAST_CHECK", "LOAD_FAST_BORROW", "LOAD_DEREF", "LOAD_NAME")
_ON_GLOBALS = ("LOAD_GLOBAL", "LOAD_CLASSDEREF")
_ON_LINKS = ("LOAD_ATTR",)
# Prefixes and no-ops that may stand between the parts of `a.b.c`.
_BETWEEN = ("EXTENDED_ARG", "CACHE", "RESUME", "PRECALL", "NOP", "NOT_TAKEN")


@dataclass(frozen=True)
class Target:
    """One instruction that stores: to which name, and on what.

    ``chain`` is ``("self", "proto")`` for ``self.proto.name = ...``; ``None`` where the holder is
    the result of something that can't be looked up again. A store to a global has no holder.
    """

    name: str
    chain: tuple[str, ...] | None
    is_global: bool = False


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
        "ops",
        "own",
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
        if not names.isdisjoint(code.co_names):
            self.targets, self.lines = _targets(code, names)
        self.indirect = bool(names) and not INDIRECT.isdisjoint(code.co_names)
        self.setter = False
        # A method that a class was given, not one that its body defines.
        self.generated = "<locals>" in code.co_qualname or "." not in code.co_qualname
        self.method = self.args[:1] in (("self",), ("cls",))
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
        if operation == RETURNS:
            return "return"
        return "yield" if operation == YIELDS and self.generator else "raise"

    @property
    def calls_out(self) -> bool:
        """Whether the loop calls out through it."""
        return self.loop or self.dispatcher


def _arguments(code: CodeType) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the arguments, and of those that gather further ones."""
    plain = code.co_argcount + code.co_kwonlyargcount
    gathering = bool(code.co_flags & CO_VARARGS) + bool(code.co_flags & CO_VARKEYWORDS)
    return code.co_varnames[:plain], code.co_varnames[plain : plain + gathering]


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


def _target(store: dis.Instruction, before: list[dis.Instruction]) -> Target:
    if not store.opname.endswith("_ATTR"):
        return Target(store.argval, (), is_global=True)
    links: list[str] = []
    for each in reversed(before):
        if each.opname in _BETWEEN:
            continue
        if each.opname in _ON_LINKS and isinstance(each.argval, str):
            links.append(each.argval)
        elif each.opname.endswith(_ON_NAMES) or each.opname in _ON_GLOBALS:
            name = each.argval[-1] if isinstance(each.argval, tuple) else each.argval
            return Target(store.argval, (name, *reversed(links)))
        else:
            break
    return Target(store.argval, None)
