"""The engine for Python 3.11: ``sys.settrace``, with each frame's own trace function."""

from __future__ import annotations

import sys
import threading
from types import FrameType
from typing import Any

from wherefrom.observe.codes import Plan
from wherefrom.observe.entries import Entry, Thread
from wherefrom.observe.recorder import Recorder
from wherefrom.observe.sharing import Shared, Trace, Wish
from wherefrom.observe.steps import Steps
from wherefrom.observe.watches import Change


class Tracing:
    """Watches all Python functions of all threads that begin while it is on.

    What goes wrong in a trace function would go wrong in the program: where the stack has no
    room left, a call is not seen, and the program meets its limit by itself.
    """

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._active = False
        self._trace: Trace | None = None
        self._thread_trace: Trace | None = None
        self._before: Any = None
        self._before_threads: Any = None
        self._root: FrameType | None = None
        self._root_trace: Trace | None = None
        self._shared: Shared | None = None
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
        self._root = root
        self._before = sys.gettrace()
        self._before_threads = threading.gettrace()
        plan = self._recorder.plan(root)
        if plan is not None and plan.stores:
            # The frame is stepped for its stores; it is no call of its own.
            theirs = Wish(root.f_trace, root.f_trace_lines, root.f_trace_opcodes)
            ours = self._local(root, plan, None, self._recorder.thread())
            self._shared = Shared(Wish(ours, True, root.f_trace_opcodes), theirs)
            self._root_trace = self._shared.trace if theirs.trace else ours
            root.f_trace = self._root_trace
            self._shared.ask(root)
        self._trace = self._watcher(self._before)
        self._thread_trace = self._watcher(self._before_threads)
        threading.settrace(self._thread_trace)
        sys.settrace(self._trace)

    def stop(self) -> None:
        """End, and leave everything as it was."""
        self._active = False
        if sys.gettrace() is self._trace:
            sys.settrace(self._before)
        elif sys.gettrace() is None:
            self.note = "tracing was turned off, as by a lack of stack: what came after isn't known"
        else:
            self.note = "the program set a tracer of its own: what came after was not seen"
        if threading.gettrace() is self._thread_trace:
            threading.settrace(self._before_threads)
        if self._shared is not None and self._root is not None:
            self._shared.leave(self._root)
        self._root = None

    def _watcher(self, before: Trace | None) -> Trace:
        """The function that is told of every call, ours or that of a tracer before as well."""
        return self._first() if before is None else self._nested(before)

    def _first(self) -> Trace:
        """The function that is told of every call: most calls must leave it at once."""
        plans, plan_of, opened = self._recorder.plans, self._recorder.plan, self._recorder.opened
        begin = self._begin

        def trace(frame: FrameType, _event: str, _arg: Any) -> Trace | None:
            try:
                key = id(frame.f_code)
                plan = plans[key] if key in plans else plan_of(frame)
                if plan is None or (plan.called_back and not opened):
                    return None
                if self._active:
                    return begin(plan, frame)
            except RecursionError:
                return None
            if sys.gettrace() is trace:
                # A thread that goes on after the block.
                sys.settrace(None)
            return None

        return trace

    def _nested(self, before: Trace) -> Trace:
        """The same, where there is a tracer already: both are served."""
        first = self._first()

        def trace(frame: FrameType, event: str, arg: Any) -> Trace | None:
            ours = Wish(first(frame, event, arg), frame.f_trace_lines, frame.f_trace_opcodes)
            frame.f_trace_lines, frame.f_trace_opcodes = True, False
            theirs = Wish(before(frame, event, arg), frame.f_trace_lines, frame.f_trace_opcodes)
            if sys.gettrace() is not trace and self._active:
                # Some tracers put themselves in place when called.
                sys.settrace(trace)
            elif not self._active:
                sys.settrace(before)
            if not ours.trace:
                return theirs.trace
            shared = Shared(ours, theirs)
            shared.ask(frame)
            return shared.trace

        return trace

    def _begin(self, plan: Plan, frame: FrameType) -> Trace | None:
        if frame is self._root:
            # The block's own function, which was suspended within it.
            return self._root_trace
        recorder = self._recorder
        try:
            thread: Thread = recorder.local.thread
        except AttributeError:
            thread = recorder.thread()
        if plan.plain:
            if not recorder.takes(thread) or recorder.enter(plan, frame, thread) is None:
                return None
            frame.f_trace_lines = False
            return thread.ends or self._plain_ends(thread)
        if plan.mutes:
            thread.mute(plan, 1)
            frame.f_trace_lines = False
            return self._unmute(plan, thread)
        trace = self._watched(plan, frame, thread)
        told = recorder.told(plan, frame) if plan.setter else None
        return trace if told is None else self._setter(plan, told, thread, trace)

    def _plain_ends(self, thread: Thread) -> Trace:
        """For all frames of one thread of which only the end is wanted, and which end once."""
        leave, stack = self._recorder.leave, thread.stack

        def trace(frame: FrameType, event: str, arg: Any) -> Any:
            if event == "line" or not self._active:
                return trace
            try:
                entry = stack[-1] if stack else None
                if entry is None or entry.frame != id(frame):
                    entry = next((each for each in stack if each.frame == id(frame)), None)
                if entry is None:
                    return trace
                if event == "return":
                    leave(entry, thread, arg, how=entry.plan.how_left(frame.f_lasti))
                else:
                    entry.exception = _named(arg)
            except RecursionError:
                return trace
            return trace

        thread.ends = trace
        return trace

    def _watched(self, plan: Plan, frame: FrameType, thread: Thread) -> Trace | None:
        recorder = self._recorder
        goes_on = plan.generator and plan.goes_on(frame.f_lasti)
        entry = None
        if recorder.wants(plan, frame, thread):
            entry = recorder.enter(plan, frame, thread, goes_on=goes_on)
        if plan.stores or (plan.dispatcher and entry is not None):
            return self._local(frame, plan, entry, thread)
        if entry is None:
            return None
        frame.f_trace_lines = False
        return self._ends(plan, entry, thread)

    def _ends(self, plan: Plan, entry: Entry, thread: Thread) -> Trace:
        """For a frame of which only the end is wanted."""
        leave = self._recorder.leave
        thrown = -1

        def trace(frame: FrameType, event: str, arg: Any) -> Any:
            nonlocal thrown
            if event == "return":
                try:
                    if self._active:
                        at = frame.f_lasti
                        how = "raise" if at == thrown else plan.how_left(at)
                        leave(entry, thread, arg, how=how)
                except RecursionError:
                    return trace
            elif event == "exception":
                entry.exception = _named(arg)
                if plan.generator:
                    # One that is thrown in leaves by a `yield`, unless a handler runs next.
                    thrown, frame.f_trace_lines = frame.f_lasti, True
            elif event == "line":
                thrown, frame.f_trace_lines = -1, False
            return trace

        return trace

    def _local(self, frame: FrameType, plan: Plan, entry: Entry | None, thread: Thread) -> Trace:
        """For a frame that is stepped through."""
        frame.f_trace_opcodes = bool(plan.targets)
        steps = Steps(self._recorder, plan, frame)

        def trace(frame: FrameType, event: str, arg: Any) -> Any:
            if self._active:
                try:
                    self._step(steps, entry, thread, frame, event, arg)
                except RecursionError:
                    return trace
            return trace

        return trace

    def _step(
        self,
        steps: Steps,
        entry: Entry | None,
        thread: Thread,
        frame: FrameType,
        event: str,
        arg: Any,
    ) -> None:
        if event == "opcode":
            steps.instruction(frame, frame.f_lasti, thread)
        elif event == "line":
            steps.thrown = -1
            steps.line(frame, thread, entry)
            # Stepping by instructions is slow: only where one of them stores.
            frame.f_trace_opcodes = frame.f_lineno in steps.plan.lines
        elif event == "exception":
            steps.thrown = frame.f_lasti
            steps.end(frame, thread, failed=True)
            if entry is not None:
                entry.exception = _named(arg)
        elif event == "return":
            steps.end(frame, thread, failed=False)
            if entry is not None:
                at = frame.f_lasti
                how = "raise" if at == steps.thrown else steps.plan.how_left(at)
                self._recorder.leave(entry, thread, arg, how=how)

    def _setter(self, plan: Plan, told: Change, thread: Thread, inner: Trace | None) -> Trace:
        """For a setter: the store is told when it has ended well."""

        def trace(frame: FrameType, event: str, arg: Any) -> Any:
            if inner is not None:
                inner(frame, event, arg)
            returns = event == "return" and plan.how_left(frame.f_lasti) == "return"
            if returns and self._active:
                self._recorder.set_through(told, frame, thread)
            return trace

        return trace

    def _unmute(self, plan: Plan, thread: Thread) -> Trace:
        def trace(_frame: FrameType, event: str, _arg: Any) -> Any:
            if event == "return":
                thread.mute(plan, -1)
            return trace

        return trace


def _named(arg: Any) -> str:
    """The name of an exception's class."""
    cls = arg[0]
    return cls.__qualname__ if isinstance(cls, type) else ""
