"""What to do with each function that a run calls, decided once for its code."""

from __future__ import annotations

from collections.abc import Collection
from types import CodeType, FrameType

from wherefrom.observe.codes import Plan
from wherefrom.observe.watches import Watches
from wherefrom.profiles import Profile

OWN_PACKAGE = "wherefrom"
# What begins and ends another observation, a script or a snippet, and what puts its streams in
# place: what Python runs beneath it is no part of a trace.
_OUR_DOORS = (
    *("__init__", "__enter__", "__exit__", "_end"),
    *("restore", "flush", "_told", "_left_threads"),
)


class Planner:
    """The plans of one observation; ``known`` has them by the code's address."""

    def __init__(
        self, focus: tuple[str, ...], profiles: tuple[Profile, ...], own: Collection[str]
    ) -> None:
        self.known: dict[int, Plan | None] = {}
        self.watches: Watches | None = None
        # A plan is found by its code's address, so no code may die and give its address away.
        self._codes: list[CodeType] = []
        self._focus = tuple(f"{each}." for each in focus)
        self._own = frozenset(own)
        self._loops = frozenset(name for each in profiles for name in each.loops)
        self._dispatchers = frozenset(name for each in profiles for name in each.dispatchers)
        self._loop_names = {each.rsplit(".", 1)[-1] for each in self._loops | self._dispatchers}

    def of(self, frame: FrameType) -> Plan | None:
        """What to do with a frame's code; ``None``: nothing, ever."""
        code = frame.f_code
        key = id(code)
        if key not in self.known:
            self._codes.append(code)
            module = frame.f_globals.get("__name__")
            self.known[key] = self._planned(code, module if type(module) is str else "")
        return self.known[key]

    def forget(self, code: CodeType) -> None:
        """Decide anew: this code is known now to be a setter."""
        self.known.pop(id(code), None)

    def keep(self, code: CodeType) -> None:
        """Let this code's address mean nothing else for as long as it is asked about."""
        self._codes.append(code)

    def clear(self) -> None:
        """Let go of all code."""
        self.known.clear()
        self._codes.clear()

    def _planned(self, code: CodeType, module: str) -> Plan | None:
        if f"{module}.".startswith(f"{OWN_PACKAGE}."):
            return self._ours(code, module)
        names = self.watches.names if self.watches else frozenset()
        plan = Plan(code, module, names)
        if plan.imports:
            plan.mutes = code.co_name == "_find_and_load"
            return plan if plan.mutes else None
        plan.own = code.co_filename in self._own
        plan.focused = not self._focus or f"{module}.".startswith(self._focus)
        if code.co_name in self._loop_names:
            plan.loop = plan.key in self._loops
            plan.dispatcher = plan.key in self._dispatchers
        plan.setter = self.watches is not None and id(code) in self.watches.setters
        special = plan.folded or plan.generator or plan.stores or plan.calls_out or plan.setter
        plan.plain = plan.focused and not special
        plan.called_back = plan.own and not (plan.focused or plan.stores or plan.setter)
        wanted = plan.own or plan.focused or plan.calls_out or plan.setter or plan.stores
        return plan if wanted else None

    def _ours(self, code: CodeType, module: str) -> Plan | None:
        if code.co_name not in _OUR_DOORS:
            return None
        plan = Plan(code, module, frozenset())
        plan.mutes = True
        return plan
