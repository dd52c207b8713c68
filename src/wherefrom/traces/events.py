"""What was observed in a run, as plain values: calls, stores, and which object was which."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Value:
    """An object as an event met it.

    ``ident`` is its number in the trace: the same object has the same number everywhere, and 0
    means that it can't be told apart (a number, a string, a list). ``type`` is its class, as
    ``module:qualname``. ``text`` is its literal where it is exactly None, a bool, an int, or a
    short string or bytes; nothing else is ever asked for its ``repr``.
    """

    ident: int
    type: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One frame of a stack: a function and the line that it was at; ``call`` is its event."""

    module: str
    qualname: str
    file: str
    line: int
    call: int | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One call, from its start to its end.

    ``qualname`` is the function's own, in the class that defines it; for a construction it is the
    class's. ``receiver`` is the class of ``self``, as
    ``module:qualname``. ``line`` is where the function begins,
    ``caller_line`` the line in ``caller_file`` that called it. ``parent`` is the event of the
    call beneath which it ran. ``end`` is the last event beneath it. ``loop`` says that the event
    loop calls out through it; ``raised`` names the exception that left it.
    """

    ident: int
    parent: int | None
    depth: int
    thread: int
    turn: int
    module: str
    qualname: str
    file: str
    line: int
    caller_file: str
    caller_line: int
    args: tuple[tuple[str, Value], ...] = ()
    result: Value | None = None
    raised: str = ""
    receiver: str = ""
    constructs: bool = False
    resumed: int = 0
    loop: bool = False
    end: int = 0

    def holds(self, ident: int) -> bool:
        """Whether the object ``ident`` was an argument of this call."""
        return any(value.ident == ident for _, value in self.args)

    def gives(self, ident: int) -> bool:
        """Whether this call returned the object ``ident``."""
        return self.result is not None and self.result.ident == ident

    def makes(self, ident: int) -> bool:
        """Whether the object ``ident`` is what this call constructs."""
        own = bool(self.args) and self.args[0][1].ident == ident
        return self.constructs and (own or self.gives(ident))


@dataclass(frozen=True, slots=True)
class Store:
    """One change of a watched attribute.

    ``holder`` has the attribute; ``watch`` is the path that asked for it. ``old`` or ``new`` is
    ``None`` where the attribute wasn't there. ``stack`` is innermost first. Where ``seen`` is
    false, the change was noticed only afterwards: it happened between the events ``after`` and
    ``ident``, and the place is where it was noticed.
    """

    ident: int
    parent: int | None
    depth: int
    thread: int
    turn: int
    watch: str
    attribute: str
    holder: Value
    old: Value | None
    new: Value | None
    file: str
    line: int
    stack: tuple[Place, ...] = ()
    seen: bool = True
    after: int = 0


Event = Call | Store


@dataclass(frozen=True)
class Default:
    """What a watched attribute is on its class, and the line that says so (0: not found)."""

    watch: str
    owner: str
    value: Value | None
    file: str = ""
    line: int = 0


@dataclass(frozen=True)
class Recording:
    """Everything that one observation gave.

    ``own`` are the files that count as the page's own code. ``threads`` are names, by the number
    that events carry. ``notes`` say what could not be seen, and which limit was hit.
    """

    events: tuple[Event, ...] = ()
    watch: tuple[str, ...] = ()
    focus: tuple[str, ...] = ()
    defaults: tuple[Default, ...] = ()
    own: tuple[str, ...] = ()
    threads: tuple[str, ...] = ()
    loop_name: str = "loop"
    notes: tuple[str, ...] = ()

    @cached_property
    def stores(self) -> tuple[Store, ...]:
        """The stores, in order."""
        return tuple(each for each in self.events if isinstance(each, Store))

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """The calls, in the order in which they began."""
        return tuple(each for each in self.events if isinstance(each, Call))

    @cached_property
    def own_modules(self) -> frozenset[str]:
        """The modules of the page's own code."""
        return frozenset(each.module for each in self.calls if each.file in self.own) | {"__main__"}

    @cached_property
    def _calls_by_ident(self) -> dict[int, Call]:
        return {each.ident: each for each in self.calls}

    def call(self, ident: int) -> Call:
        """The call whose event is ``ident``."""
        return self._calls_by_ident[ident]

    def above(self, event: Event) -> tuple[Call, ...]:
        """The calls beneath which ``event`` ran, innermost first."""
        found: list[Call] = []
        parent = event.parent
        while parent is not None:
            found.append(self.call(parent))
            parent = found[-1].parent
        return tuple(found)

    def within(self, event: Event) -> tuple[Call, ...]:
        """The calls above ``event`` up to the loop, innermost first; the loop's own are left out.

        A coroutine that goes on in the event's turn is one of them, though it began in another.
        """
        found: list[Call] = []
        for call in self.above(event):
            if not call.loop and (call.turn == event.turn or call.resumed):
                found.append(call)
            elif event.turn:
                break
        return tuple(found)
