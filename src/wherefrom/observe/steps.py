"""Stores as they happen: one frame, stepped through because its code could store."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import CO_OPTIMIZED
from types import FrameType
from typing import Any

from wherefrom.observe.codes import Plan, Target
from wherefrom.observe.entries import Entry, Thread
from wherefrom.observe.objects import (
    MISSING,
    UNREADABLE,
    is_class,
    on_class,
    peek,
    plainly_stored,
    variables,
)
from wherefrom.observe.paths import Spec
from wherefrom.observe.recorder import Recorder
from wherefrom.observe.watches import Holder


@dataclass(frozen=True, slots=True)
class Pending:
    """An instruction is about to store to ``holder``, or may be, where that isn't ``sure``.

    A holder that no name leads to may die as soon as it was stored to: it lives one step longer.
    """

    holder: Holder
    spec: Spec
    count: int
    sure: bool
    held: Any = None


class Steps:
    """One frame between its instructions: what it is about to store, what has changed since."""

    __slots__ = ("_line", "_pending", "_recorder", "plan", "thrown")

    def __init__(self, recorder: Recorder, plan: Plan, frame: FrameType) -> None:
        self._recorder = recorder
        self.plan = plan
        # The line that is running: the frame itself is at the next one when a change is found.
        self._line = frame.f_lineno or 0
        self._pending: list[Pending] = []
        # The instruction at which an exception last came up.
        self.thrown = -1
        if plan.indirect:
            self._meet_locals(frame)

    def instruction(self, frame: FrameType, offset: int, thread: Thread) -> None:
        """The instruction at ``offset`` is about to run."""
        if self._pending:
            self._settle(frame, thread, failed=False)
        target = self.plan.targets.get(offset)
        if target is not None:
            self._line = frame.f_lineno or 0
            self._expect(target, frame)

    def line(self, frame: FrameType, thread: Thread, entry: Entry | None) -> None:
        """Another line is about to run."""
        if entry is not None:
            entry.epoch += 1
        if self._pending:
            self._settle(frame, thread, failed=False)
        if self.plan.indirect:
            self._look(frame, thread)
            self._meet_locals(frame)
            self._line = frame.f_lineno or 0
            # Imports set attributes of all kinds by the thousand.
            if self._line in self.plan.searched and not thread.importing:
                self._recorder.watches.search()

    def end(self, frame: FrameType, thread: Thread, *, failed: bool) -> None:
        """The frame is left, or an exception came up in it."""
        if self._pending:
            self._settle(frame, thread, failed=failed)
        if self.plan.indirect:
            self._look(frame, thread)

    def _look(self, frame: FrameType, thread: Thread) -> None:
        for change in self._recorder.watches.changes():
            self._recorder.stored(change, frame, thread, line=self._line)

    def _meet_locals(self, frame: FrameType) -> None:
        watches = self._recorder.watches
        watches.meet_globals(frame.f_globals)
        local, beyond = frame.f_locals, frame.f_globals
        # A function's globals are many, and looked for only where a line leads to none of these.
        in_body = local is not beyond and not frame.f_code.co_flags & CO_OPTIMIZED
        for names in (variables(frame) or {}, beyond if in_body else {}):
            for obj in tuple(names.values()):
                watches.meet(obj)

    def _expect(self, target: Target, frame: FrameType) -> None:
        watches = self._recorder.watches
        found = self._holder(target, frame)
        if found is MISSING:
            watches.search()
        holders = watches.all() if found is MISSING else [found] if found else []
        self._pending = [
            _pending(holder, spec, sure=found is not MISSING)
            for holder in holders
            for spec in holder.specs
            if spec.name == target.name
        ]

    def _holder(self, target: Target, frame: FrameType) -> Any:
        """The one holder that is stored to, or ``None``; ``MISSING`` where that can't be told."""
        watches = self._recorder.watches
        if target.is_global:
            elsewhere = target.is_local and frame.f_locals is not frame.f_globals
            return None if elsewhere else watches.meet_globals(frame.f_globals)
        obj = MISSING if target.chain is None else _follow(target.chain, frame)
        return MISSING if obj is MISSING else watches.meet(obj)

    def _settle(self, frame: FrameType, thread: Thread, *, failed: bool) -> None:
        pending, self._pending = self._pending, []
        watches = self._recorder.watches
        for each in pending:
            # What ran within (a property, a __setattr__) has told of it already.
            untold = each.holder.count == each.count
            force = each.sure and untold and not failed
            change = watches.change(each.holder, each.spec, force=force)
            if change is not None:
                self._recorder.stored(change, frame, thread, line=self._line)


def _pending(holder: Holder, spec: Spec, *, sure: bool) -> Pending:
    obj = holder.find()
    # What the program's own __setattr__ does of a store is known only by what has changed.
    sure = sure and obj is not None and plainly_stored(obj)
    return Pending(holder, spec, holder.count, sure, None if sure else obj)


def _follow(chain: tuple[str, ...], frame: FrameType) -> Any:
    """The object that ``a.b.c`` names in a frame, where no code must run to find it."""
    first, *rest = chain
    local = variables(frame)
    if local is None:
        return MISSING
    for names in (local, frame.f_globals):
        if first in names:
            obj = names[first]
            break
    else:
        return MISSING
    for name in rest:
        found = peek(obj, name)
        if found is MISSING:
            found = on_class(obj if is_class(obj) else type(obj), name)
            if hasattr(type(found), "__get__"):
                return MISSING
        if found is UNREADABLE:
            return MISSING
        obj = found
    return obj
