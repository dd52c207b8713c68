"""The engine for Python 3.11: ``sys.settrace``, with each frame's own trace function."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from threading import get_ident
from types import FrameType
from typing import Any

from wherefrom.observe.codes import Plan
from wherefrom.observe.entries import Entry, Thread
from wherefrom.observe.recorder import Recorder
from wherefrom.observe.steps import Steps

Trace = Callable[[FrameType, str, Any], Any]


class Tracing:
    """Watches all Python functions of all threads that begin while it is on."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._active = False
        self._trace: Trace | None = None
        self._before: Any = None
        self._before_threads: Any = None
        self._root: tuple[FrameType, Any] | None = None
        self.note = ""

    @staticmethod
    def refusal() -> str:
        """Why it can't run here, or nothing."""
        tracer = sys.gettrace()
        if tracer is None or hasattr(tracer, "__code__") or hasattr(tracer, "__func__"):
            return ""
        return (
            f"another tracer is active ({type(tracer).__module__}.{type(tracer).__qualname__}) and"
            " takes the place of any other; stop it, or use Python 3.12 or newer"
        )

    def start(self, root: FrameType) -> None:
        """Begin; ``root`` is the frame that goes on beneath the observation."""
        self._active = True
        self._before = sys.gettrace()
        self._before_threads = threading.gettrace()
        plan = self._recorder.plan(root)
        if plan is not None and plan.stores:
            self._root = (root, root.f_trace)
            # The frame is stepped for its stores; it is no call of its own.
            root.f_trace = self._local(root, plan, None, self._recorder.thread())
        self._trace = self._watcher() if self._before is None else self._nested()
        threading.settrace(self._trace)
        sys.settrace(self._trace)

    def stop(self) -> None:
        """End, and leave everything as it was."""
        self._active = False
        if sys.gettrace() is self._trace:
            sys.settrace(self._before)
        else:
            self.note = "the program set a tracer of its own: what came after was not seen"
        if threading.gettrace() is self._trace:
            threading.settrace(self._before_threads)
        if self._root is not None:
            frame, before = self._root
            frame.f_trace = before
            frame.f_trace_lines, frame.f_trace_opcodes = True, False

    def _watcher(self) -> Trace:
        """The function that is told of every call: most calls must leave it at once."""
        plans, plan_of, opened = self._recorder.plans, self._recorder.plan, self._recorder.opened
        begin = self._begin

        def trace(frame: FrameType, _event: str, _arg: Any) -> Trace | None:
            key = id(frame.f_code)
            plan = plans[key] if key in plans else plan_of(frame)
            if plan is None or (plan.called_back and not opened) or not self._active:
                return None
            return begin(plan, frame)

        return trace

    def _nested(self) -> Trace:
        """The same, where there is a tracer already: both are served."""
        first, before = self._watcher(), self._before

        def trace(frame: FrameType, event: str, arg: Any) -> Trace | None:
            ours, theirs = first(frame, event, arg), before(frame, event, arg)
            if sys.gettrace() is not trace and self._active:
                # Some tracers put themselves in place when called.
                sys.settrace(trace)
            return _both(ours, theirs) if ours and theirs else ours or theirs

        return trace

    def _begin(self, plan: Plan, frame: FrameType) -> Trace | None:
        recorder = self._recorder
        thread = recorder.threads.get(get_ident()) or recorder.thread()
        if plan.mutes:
            thread.muted += 1
            frame.f_trace_lines = False
            return self._unmute(thread)
        if plan.setter:
            recorder.set_through(plan, frame, thread)
        entry = recorder.enter(plan, frame, thread) if recorder.wants(plan, frame, thread) else None
        if plan.stores:
            return self._local(frame, plan, entry, thread)
        if entry is None:
            return None
        if not plan.dispatcher:
            if self._before is None:
                frame.f_trace_lines = False
            return self._ends(plan, entry, thread)
        return self._local(frame, plan, entry, thread)

    def _ends(self, plan: Plan, entry: Entry, thread: Thread) -> Trace:
        """For a frame of which only the end is wanted."""
        leave = self._recorder.leave

        def trace(frame: FrameType, event: str, arg: Any) -> Any:
            if event == "return":
                if self._active:
                    leave(entry, thread, arg, how=plan.how_left(frame.f_lasti))
            elif event == "exception":
                entry.exception = _named(arg)
            return trace

        return trace

    def _local(self, frame: FrameType, plan: Plan, entry: Entry | None, thread: Thread) -> Trace:
        """For a frame that is stepped through."""
        frame.f_trace_opcodes = bool(plan.targets)
        steps = Steps(self._recorder, plan, frame)
        recorder = self._recorder

        def trace(frame: FrameType, event: str, arg: Any) -> Any:
            if not self._active:
                return trace
            if event == "opcode":
                steps.instruction(frame, frame.f_lasti, thread)
            elif event == "line":
                steps.line(frame, thread, entry)
                # Stepping by instructions is slow: only where one of them stores.
                frame.f_trace_opcodes = frame.f_lineno in plan.lines
            elif event == "exception":
                steps.end(frame, thread, failed=True)
                if entry is not None:
                    entry.exception = _named(arg)
            elif event == "return":
                steps.end(frame, thread, failed=False)
                if entry is not None:
                    recorder.leave(entry, thread, arg, how=plan.how_left(frame.f_lasti))
            return trace

        return trace

    def _unmute(self, thread: Thread) -> Trace:
        def trace(_frame: FrameType, event: str, _arg: Any) -> Any:
            if event == "return":
                thread.muted -= 1
            return trace

        return trace


def _named(arg: Any) -> str:
    """The name of an exception's class."""
    cls = arg[0]
    return cls.__qualname__ if isinstance(cls, type) else ""


def _both(ours: Trace, theirs: Trace) -> Trace:
    """One trace function that serves two tracers."""
    pair: list[Trace | None] = [ours, theirs]

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        for number, each in enumerate(pair):
            if each is not None:
                pair[number] = each(frame, event, arg)
        return trace if any(pair) else None

    return trace
