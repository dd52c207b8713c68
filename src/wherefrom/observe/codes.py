"""What a code object is to a trace: recorded or not, and where it could store."""

from __future__ import annotations

import dis
from collections.abc import Iterator
from dataclasses import dataclass
from inspect import CO_ASYNC_GENERATOR, CO_COROUTINE, CO_GENERATOR, CO_VARARGS, CO_VARKEYWORDS
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
RETURNS = frozenset(
    dis.opmap[each] for each in ("RETURN_VALUE", "RETURN_CONST") if each in dis.opmap
)
YIELDS = dis.opmap["YIELD_VALUE"]
_ON_NAMES = ("LOAD_FAST", "LOAD_DEREF", "LOAD_NAME", "LOAD_GLOBAL", "LOAD_CLASSDEREF")
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
        "code",
        "dispatcher",
        "focused",
        "folded",
        "generator",
        "imports",
        "indirect",
        "init",
        "key",
        "loop",
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
        self.folded = code.co_name in _FOLDED
        self.init = code.co_name == "__init__"
        self.imports = code.co_filename.startswith("<frozen importlib")
        self.ops = code.co_code
        self.targets = dict(_targets(code, names)) if names else {}
        self.indirect = bool(names) and not INDIRECT.isdisjoint(code.co_names)
        self.setter = False
        self.focused = self.own = self.mutes = self.loop = self.dispatcher = False

    @property
    def stores(self) -> bool:
        """Whether a call of it must be stepped through."""
        return bool(self.targets) or self.indirect

    @property
    def calls_out(self) -> bool:
        """Whether the loop calls out through it."""
        return self.loop or self.dispatcher


def _arguments(code: CodeType) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the arguments, and of those that gather further ones."""
    plain = code.co_argcount + code.co_kwonlyargcount
    gathering = bool(code.co_flags & CO_VARARGS) + bool(code.co_flags & CO_VARKEYWORDS)
    return code.co_varnames[:plain], code.co_varnames[plain : plain + gathering]


def _targets(code: CodeType, names: frozenset[str]) -> Iterator[tuple[int, Target]]:
    """The offsets of the instructions that store to one of the names."""
    if names.isdisjoint(code.co_names):
        return
    before: list[dis.Instruction] = []
    for each in dis.get_instructions(code):
        if each.opcode in _STORES and each.argval in names:
            target = _target(each, before)
            yield each.offset, target
            # The tracer may stop at the prefix of a long instruction, and not at itself.
            for prefix in reversed(before):
                if prefix.opname != "EXTENDED_ARG":
                    break
                yield prefix.offset, target
        before.append(each)


def _target(store: dis.Instruction, before: list[dis.Instruction]) -> Target:
    if not store.opname.endswith("_ATTR"):
        return Target(store.argval, (), is_global=True)
    links: list[str] = []
    for each in reversed(before):
        if each.opname in _BETWEEN:
            continue
        if each.opname in _ON_LINKS and isinstance(each.argval, str):
            links.append(each.argval)
        elif each.opname in _ON_NAMES:
            return Target(store.argval, (each.argval, *reversed(links)))
        else:
            break
    return Target(store.argval, None)
