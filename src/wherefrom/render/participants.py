"""Who takes part in a scene: the page, classes of the library, modules, the loop, threads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from wherefrom.render.scene import Lifeline
from wherefrom.traces import Call, Trace

PAGE = "this page"
INSIDE = "in this page"
THREAD = "another thread"


@dataclass
class Participants:
    """The lifelines of one scene: each gets its place when it is first met."""

    trace: Trace
    _known: dict[str, Lifeline] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._known)

    def lifelines(self) -> tuple[Lifeline, ...]:
        """All of them, each with as much of its module as tells it from its namesakes."""
        return tuple(_told_apart(self._known.values()))

    def outside(self, call: Call) -> int:
        """Who calls when no line above does: the page, the loop, or a thread."""
        above = self.trace.above(call)
        if call.turn == 0 and call.thread == 0:
            return self._number("", Lifeline(PAGE, own=True, plain=True))
        if call.turn == 0:
            name = self.trace.threads[call.thread]
            return self._number(f"thread {call.thread}", Lifeline(THREAD, name, plain=True))
        loop = next((each for each in above if each.loop or each.turn != call.turn), None)
        if loop is None:
            return self._number("loop", Lifeline(f"the {self.trace.loop_name}", plain=True))
        return self.of(loop)

    def of(self, call: Call) -> int:
        """The receiver's own class, or the module of a plain function."""
        if call.constructs:
            return self.of_class(f"{call.module}:{call.qualname}")
        if call.receiver:
            return self.of_class(call.receiver)
        if call.file in self.trace.own:
            return self._number("", Lifeline(PAGE, own=True, plain=True))
        package, _, name = call.module.rpartition(".")
        return self._number(call.module, Lifeline(name, package))

    def of_class(self, dotted: str) -> int:
        """The class of which ``dotted`` is ``module:qualname``."""
        module, _, qualname = dotted.rpartition(":")
        own = module in self.trace.own_modules
        name = qualname.rsplit("<locals>.", 1)[-1]
        return self._number(dotted, Lifeline(name, INSIDE if own else module, own))

    def at(self, dotted: str) -> int | None:
        """The lifeline of a class, if it takes part."""
        return list(self._known).index(dotted) if dotted in self._known else None

    def _number(self, key: str, lifeline: Lifeline) -> int:
        self._known.setdefault(key, lifeline)
        return list(self._known).index(key)


def _told_apart(lifelines: Iterable[Lifeline]) -> Iterator[Lifeline]:
    """The last two parts of a module are enough, except where a namesake has the same two."""
    given = tuple(lifelines)
    names = Counter((each.label, _last_parts(each.module)) for each in given)
    for each in given:
        shown = _last_parts(each.module)
        alone = names[each.label, shown] == 1 and not each.plain
        yield replace(each, shown=shown if alone else each.module)


def _last_parts(module: str) -> str:
    return ".".join(module.split(".")[-2:])
