"""Calls while they run, and the values that they become."""

from __future__ import annotations

from types import FrameType
from typing import Any

from wherefrom.observe.codes import Plan
from wherefrom.observe.objects import Objects
from wherefrom.traces import Call, Store


class Entry:
    """One call while it runs; most calls never change what the class says of them.

    ``turn`` is that in which it began, ``now`` that of what runs beneath it: a coroutine goes on
    in other turns. ``inner_turn`` is the turn that a dispatcher last began.
    """

    thread = 0
    epoch = 0
    inner_epoch = -1
    inner_turn = 0
    resumed = 0
    caller_file = ""
    caller_line = 0
    # Numbers of objects; 0 is none. ``stars`` go with the place of their name in the plan's.
    args: tuple[int, ...] = ()
    stars: tuple[tuple[int, int], ...] = ()
    result = 0
    receiver = 0
    raised = exception = owner = ""
    constructs = False

    def __init__(self, ident: int, plan: Plan, parent: Entry | None, frame: FrameType) -> None:
        self.ident = ident
        self.plan = plan
        self.frame = id(frame)
        self.parent: int | None = None
        self.depth = self.turn = self.now = 0
        if parent is not None:
            self.parent = parent.ident
            self.depth = parent.depth + 1
            self.turn = self.now = parent.now


class Thread:
    """One thread: the calls that it is in, innermost last, and how deep in what is not shown."""

    __slots__ = ("ends", "importing", "muted", "named", "number", "stack")

    def __init__(self, number: int) -> None:
        self.number = number
        self.named = False
        self.stack: list[Entry] = []
        self.muted = 0
        self.importing = 0
        # An engine's own: what is told of the end of each plain call.
        self.ends: Any = None

    def mute(self, plan: Plan, by: int) -> None:
        """An import, or what is no part of a trace, begins (1) or ends (-1)."""
        if plan.imports:
            self.importing += by
        else:
            self.muted += by


def ends(entries: list[Entry | Store]) -> list[int]:
    """For each event the last one beneath it."""
    last = list(range(len(entries)))
    for number in range(len(entries) - 1, -1, -1):
        parent = entries[number].parent
        if parent is not None:
            last[parent] = max(last[parent], last[number])
    return last


def call_of(entry: Entry, end: int, objects: Objects) -> Call:
    """The value that an ended call becomes."""
    value_at, plan = objects.value_at, entry.plan
    made = entry.constructs and entry.owner
    receiver = entry.owner if made else objects.type_at(entry.receiver)
    args = zip(plan.args, map(value_at, entry.args), strict=False)
    stars = ((f"*{plan.stars[place]}", value_at(number)) for place, number in entry.stars)
    module, qualname = entry.plan.module, entry.plan.code.co_qualname
    if entry.constructs or entry.owner:
        module, _, owner = (receiver if entry.constructs else entry.owner).partition(":")
        qualname = owner if entry.constructs else f"{owner}.{entry.plan.name}"
    return Call(
        ident=entry.ident,
        parent=entry.parent,
        depth=entry.depth,
        thread=entry.thread,
        turn=entry.turn,
        module=module,
        qualname=qualname,
        file=entry.plan.code.co_filename,
        line=entry.plan.code.co_firstlineno,
        caller_file=entry.caller_file,
        caller_line=entry.caller_line,
        args=(*args, *stars),
        result=value_at(entry.result) if entry.result else None,
        raised=entry.raised,
        receiver=receiver,
        constructs=entry.constructs,
        resumed=entry.resumed,
        loop=entry.plan.calls_out,
        end=end,
    )
