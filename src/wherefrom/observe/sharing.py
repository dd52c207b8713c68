"""One frame that two tracers want to be told of: ours, and the one that was there before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any

Trace = Callable[[FrameType, str, Any], Any]


@dataclass
class Wish:
    """One of several tracers of a frame, and which events it wants of it."""

    trace: Trace | None
    lines: bool
    opcodes: bool

    def serve(self, frame: FrameType, event: str, arg: Any) -> None:
        """Tell it of an event, as if it were alone."""
        refused = (event == "line" and not self.lines) or (event == "opcode" and not self.opcodes)
        if self.trace is None or refused:
            return
        frame.f_trace_lines, frame.f_trace_opcodes = self.lines, self.opcodes
        self.trace = self.trace(frame, event, arg) or self.trace
        self.lines, self.opcodes = frame.f_trace_lines, frame.f_trace_opcodes


class Shared:
    """A frame that has two tracers: ours, and the one that was there before."""

    def __init__(self, ours: Wish, theirs: Wish) -> None:
        self._ours = ours
        self._theirs = theirs

    def ask(self, frame: FrameType) -> None:
        """Ask for the events that either wants."""
        both = [each for each in (self._ours, self._theirs) if each.trace is not None]
        frame.f_trace_lines = any(each.lines for each in both)
        frame.f_trace_opcodes = any(each.opcodes for each in both)

    def trace(self, frame: FrameType, event: str, arg: Any) -> Trace:
        """The frame's trace function."""
        self._ours.serve(frame, event, arg)
        self._theirs.serve(frame, event, arg)
        self.ask(frame)
        return self.trace

    def leave(self, frame: FrameType) -> None:
        """Give the frame back to the one that was there before."""
        frame.f_trace = self._theirs.trace
        frame.f_trace_lines, frame.f_trace_opcodes = self._theirs.lines, self._theirs.opcodes
