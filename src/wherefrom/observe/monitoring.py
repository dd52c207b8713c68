"""The engine for Python 3.12 and newer: ``sys.monitoring``, which leaves unwatched code alone.

It sees threads that ran before it, and lives beside any debugger, profiler or coverage.
"""

from __future__ import annotations

import dis
import sys
from dataclasses import dataclass
from threading import get_ident
from types import CodeType, FrameType
from typing import Any

from wherefrom.observe.codes import Plan
from wherefrom.observe.entries import Entry, Thread
from wherefrom.observe.recorder import Recorder
from wherefrom.observe.steps import Steps
from wherefrom.observe.watches import Change

_monitoring: Any = getattr(sys, "monitoring", None)
# Those that Python gives no meaning to: 0, 1, 2 and 5 are debuggers', coverage's and so on.
FREE_TOOLS = (4, 3)


@dataclass
class Watched:
    """One frame while it runs."""

    plan: Plan
    thread: Thread | None
    entry: Entry | None = None
    steps: Steps | None = None
    told: Change | None = None
    mutes: bool = False


class Monitoring:
    """Watches all Python functions of all threads.

    What goes wrong in a callback would go wrong in the program: where the stack has no room left,
    a call is not seen, and the program meets its limit by itself.
    """

    note = ""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._tool = -1
        self._frames: dict[int, Watched] = {}
        self._codes: dict[int, CodeType] = {}
        self._offsets: dict[int, frozenset[int]] = {}
        self._root: FrameType | None = None
        self._root_watched: Watched | None = None

    @staticmethod
    def refusal() -> str:
        """Why it can't run here, or nothing."""
        if all(_monitoring.get_tool(each) for each in FREE_TOOLS):
            return "all of sys.monitoring's free tools are taken; stop an observation or a tool"
        return ""

    def start(self, root: FrameType) -> None:
        """Begin; ``root`` is the frame that goes on beneath the observation."""
        self._tool = next(each for each in FREE_TOOLS if not _monitoring.get_tool(each))
        _monitoring.use_tool_id(self._tool, "wherefrom")
        events = _monitoring.events
        for event, callback in self._callbacks().items():
            _monitoring.register_callback(self._tool, event, callback)
        self._root = root
        # The frame is stepped for its stores; it is no call of its own.
        self._step(root, self._recorder.thread())
        self._root_watched = self._frames.get(id(root))
        self._step_others()
        # Another observation may have turned off what this one must see.
        _monitoring.restart_events()
        starts = events.PY_START | events.PY_RESUME | events.PY_THROW
        _monitoring.set_events(self._tool, starts | events.PY_UNWIND | events.RAISE)

    def stop(self) -> None:
        """End, and leave everything as it was."""
        _monitoring.set_events(self._tool, 0)
        for code in self._codes.values():
            _monitoring.set_local_events(self._tool, code, 0)
        for event in self._callbacks():
            _monitoring.register_callback(self._tool, event, None)
        _monitoring.free_tool_id(self._tool)
        self._frames.clear()
        self._root = self._root_watched = None

    def _step_others(self) -> None:
        """Step through what other threads are in the midst of."""
        here = get_ident()
        for ident, innermost in sys._current_frames().items():  # noqa: SLF001 - documented so
            frame: FrameType | None = innermost if ident != here else None
            while frame is not None:
                self._step(frame, None)
                frame = frame.f_back

    def _step(self, frame: FrameType, thread: Thread | None) -> None:
        """Step through a frame that is running already."""
        plan = self._recorder.plan(frame)
        if plan is not None and plan.stores:
            steps = Steps(self._recorder, plan, frame)
            self._frames[id(frame)] = Watched(plan, thread, steps=steps)
            self._watch(plan)

    def _callbacks(self) -> dict[int, Any]:
        events = _monitoring.events
        return {
            events.PY_START: self._start,
            events.PY_RESUME: self._resume,
            events.PY_THROW: self._throw,
            events.PY_RETURN: self._return,
            events.PY_YIELD: self._yield,
            events.PY_UNWIND: self._unwind,
            events.RAISE: self._raise,
            events.LINE: self._line,
            events.INSTRUCTION: self._instruction,
        }

    def _watch(self, plan: Plan) -> None:
        """Ask for the further events that one code object needs."""
        if id(plan.code) in self._codes:
            return
        self._codes[id(plan.code)] = plan.code
        events = _monitoring.events
        wanted = events.PY_RETURN
        if plan.generator:
            wanted |= events.PY_YIELD
        if plan.indirect or plan.dispatcher:
            wanted |= events.LINE
        if plan.targets:
            wanted |= events.INSTRUCTION
            self._offsets[id(plan.code)] = _around(plan)
        _monitoring.set_local_events(self._tool, plan.code, wanted)

    def _start(self, code: CodeType, _offset: int) -> Any:
        plans, recorder = self._recorder.plans, self._recorder
        try:
            key = id(code)
            plan = plans[key] if key in plans else recorder.plan(sys._getframe(1))  # noqa: SLF001
            if plan is None:
                return _monitoring.DISABLE
            if plan.called_back and not recorder.opened:
                return None
            return self._begin(plan, sys._getframe(1))  # noqa: SLF001 - there is no other way to it
        except RecursionError:
            # The program meets its limit by itself.
            return None

    def _resume(self, _code: CodeType, _offset: int) -> Any:
        try:
            return self._go_on(sys._getframe(1))  # noqa: SLF001
        except RecursionError:
            return None

    def _throw(self, _code: CodeType, _offset: int, _error: BaseException) -> None:
        try:
            self._go_on(sys._getframe(1))  # noqa: SLF001
        except RecursionError:
            return

    def _go_on(self, frame: FrameType) -> Any:
        if frame is self._root:
            # The block's own function, which was suspended within it.
            if self._root_watched is not None:
                self._frames[id(frame)] = self._root_watched
            return None
        plan = self._recorder.plan(frame)
        if plan is None:
            return _monitoring.DISABLE
        if not plan.called_back or self._recorder.opened:
            self._begin(plan, frame, goes_on=True)
        return None

    def _begin(self, plan: Plan, frame: FrameType, *, goes_on: bool = False) -> None:
        recorder = self._recorder
        thread = recorder.thread()
        if plan.mutes:
            thread.mute(plan, 1)
            self._watch(plan)
            self._frames[id(frame)] = Watched(plan, thread, mutes=True)
            return
        entry = None
        if recorder.wants(plan, frame, thread):
            entry = recorder.enter(plan, frame, thread, goes_on=goes_on)
        steps = Steps(recorder, plan, frame) if plan.stores else None
        told = recorder.told(plan, frame) if plan.setter else None
        if entry is not None or steps is not None or told is not None:
            self._watch(plan)
            self._frames[id(frame)] = Watched(plan, thread, entry, steps, told)

    def _return(self, _code: CodeType, _offset: int, result: object) -> None:
        self._end(sys._getframe(1), result, "return")  # noqa: SLF001

    def _yield(self, _code: CodeType, _offset: int, result: object) -> None:
        self._end(sys._getframe(1), result, "yield")  # noqa: SLF001

    def _unwind(self, _code: CodeType, _offset: int, error: BaseException) -> None:
        try:
            self._end(sys._getframe(1), error, "raise")  # noqa: SLF001
        except RecursionError:
            return

    def _end(self, frame: FrameType, result: object, how: str) -> None:
        watched = self._frames.pop(id(frame), None)
        if watched is None:
            return
        try:
            self._ended(watched, frame, result, how)
        except RecursionError:
            return

    def _ended(self, watched: Watched, frame: FrameType, result: object, how: str) -> None:
        thread = watched.thread or self._recorder.thread()
        if watched.mutes:
            thread.mute(watched.plan, -1)
        if watched.steps is not None:
            watched.steps.end(frame, thread, failed=how == "raise")
        if watched.entry is not None:
            if how == "raise":
                watched.entry.exception = type(result).__qualname__
            self._recorder.leave(watched.entry, thread, result, how=how)
        if watched.told is not None and how == "return":
            self._recorder.set_through(watched.told, frame, thread)

    def _raise(self, _code: CodeType, _offset: int, _error: BaseException) -> None:
        frame = sys._getframe(1)  # noqa: SLF001
        watched = self._frames.get(id(frame))
        if watched is None or watched.steps is None:
            return
        try:
            watched.steps.end(frame, watched.thread or self._recorder.thread(), failed=True)
        except RecursionError:
            return

    def _line(self, _code: CodeType, _line: int) -> None:
        frame = sys._getframe(1)  # noqa: SLF001
        watched = self._frames.get(id(frame))
        if watched is None:
            return
        if watched.steps is not None:
            try:
                thread = watched.thread or self._recorder.thread()
                watched.steps.line(frame, thread, watched.entry)
            except RecursionError:
                return
        elif watched.entry is not None:
            watched.entry.epoch += 1

    def _instruction(self, code: CodeType, offset: int) -> Any:
        if offset not in self._offsets[id(code)]:
            return _monitoring.DISABLE
        frame = sys._getframe(1)  # noqa: SLF001
        watched = self._frames.get(id(frame))
        if watched is None or watched.steps is None:
            return None
        try:
            thread = watched.thread or self._recorder.thread()
            watched.steps.instruction(frame, offset, thread)
        except RecursionError:
            return None
        return None


def _around(plan: Plan) -> frozenset[int]:
    """The offsets of the instructions that store, and of those that come next."""
    found = set(plan.targets)
    before = -1
    for each in dis.get_instructions(plan.code):
        if before in plan.targets:
            found.add(each.offset)
        before = each.offset
    return frozenset(found)
