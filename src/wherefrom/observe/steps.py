"""Stores as they happen: one frame, stepped through because its code could store."""

from __future__ import annotations

from types import FrameType
from typing import Any

from wherefrom.observe.codes import Plan, Target
from wherefrom.observe.entries import Entry, Thread
from wherefrom.observe.objects import MISSING, is_class, on_class, peek
from wherefrom.observe.recorder import Recorder
from wherefrom.observe.watches import Holder, Spec


class Steps:
    """One frame between its instructions: what it is about to store, what has changed since."""

    __slots__ = ("_line", "_pending", "_plan", "_recorder")

    def __init__(self, recorder: Recorder, plan: Plan, frame: FrameType) -> None:
        self._recorder = recorder
        self._plan = plan
        # The line that is running: the frame itself is at the next one when a change is found.
        self._line = frame.f_lineno or 0
        self._pending: list[tuple[Holder, Spec, int, bool]] = []
        if plan.indirect:
            self._meet_locals(frame)

    def instruction(self, frame: FrameType, offset: int, thread: Thread) -> None:
        """The instruction at ``offset`` is about to run."""
        if self._pending:
            self._settle(frame, thread, failed=False)
        target = self._plan.targets.get(offset)
        if target is not None:
            self._line = frame.f_lineno or 0
            self._expect(target, frame)

    def line(self, frame: FrameType, thread: Thread, entry: Entry | None) -> None:
        """Another line is about to run."""
        if entry is not None:
            entry.epoch += 1
        if self._pending:
            self._settle(frame, thread, failed=False)
        if self._plan.indirect:
            self._look(frame, thread)
            self._meet_locals(frame)
            self._line = frame.f_lineno or 0

    def end(self, frame: FrameType, thread: Thread, *, failed: bool) -> None:
        """The frame is left, or an exception came up in it."""
        if self._pending:
            self._settle(frame, thread, failed=failed)
        if self._plan.indirect:
            self._look(frame, thread)

    def _look(self, frame: FrameType, thread: Thread) -> None:
        for change in self._recorder.watches.changes():
            self._recorder.stored(change, frame, thread, line=self._line)

    def _meet_locals(self, frame: FrameType) -> None:
        watches = self._recorder.watches
        for obj in tuple(frame.f_locals.values()):
            watches.meet(obj)

    def _expect(self, target: Target, frame: FrameType) -> None:
        watches = self._recorder.watches
        if target.is_global:
            holder = watches.meet_globals(frame.f_globals)
            holders = [holder] if holder else []
        elif target.chain is None:
            watches.search()
            holders = list(watches.holders.values())
        else:
            obj = _follow(target.chain, frame)
            if obj is MISSING:
                watches.search()
                holders = list(watches.holders.values())
            else:
                met = watches.meet(obj)
                holders = [met] if met else []
        sure = len(holders) == 1 and target.chain is not None
        self._pending = [
            (holder, spec, holder.count, sure)
            for holder in holders
            for spec in holder.specs
            if spec.name == target.name
        ]

    def _settle(self, frame: FrameType, thread: Thread, *, failed: bool) -> None:
        pending, self._pending = self._pending, []
        watches = self._recorder.watches
        for holder, spec, count, sure in pending:
            # What ran within (a property, a __setattr__) has told of it already.
            untold = holder.count == count
            change = watches.change(holder, spec, force=sure and untold and not failed)
            if change is not None:
                self._recorder.stored(change, frame, thread, line=self._line)


def _follow(chain: tuple[str, ...], frame: FrameType) -> Any:
    """The object that ``a.b.c`` names in a frame, where no code must run to find it."""
    first, *rest = chain
    for names in (frame.f_locals, frame.f_globals):
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
        obj = found
    return obj
