"""What happens at each moment of a run: calls begin and end, attributes change."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping
from types import FrameType, FunctionType
from typing import Any

from wherefrom.observe.codes import Plan
from wherefrom.observe.entries import Entry, Thread, call_of, ends
from wherefrom.observe.limits import Bounds, Limits
from wherefrom.observe.objects import Objects, is_class, is_made_by, mro, namespace_of
from wherefrom.observe.plans import Planner
from wherefrom.observe.stacks import Stacks
from wherefrom.observe.watches import Change, Watches
from wherefrom.profiles import Profile
from wherefrom.traces import Event, Store

MOST_GATHERED = 8


class Recorder:
    """The events of one observation, as they happen; the engines tell it what they see."""

    def __init__(
        self,
        watch: tuple[str, ...],
        focus: tuple[str, ...],
        profiles: tuple[Profile, ...],
        own: Collection[str],
        bounds: Bounds,
    ) -> None:
        self.objects = Objects()
        planner = Planner(focus, profiles, own)
        self.watches = Watches(watch, self.objects, planner.forget)
        planner.watches = self.watches
        if watch:
            self.objects.met = self.watches.meet_new
        self.plans = planner.known
        self.plan = planner.of
        self._planner = planner
        self.entries: list[Entry | Store] = []
        # How many recorded calls are open, in all threads: an empty list is the quickest test.
        self.opened: list[Entry] = []
        self.suspended: dict[int, Entry] = {}
        # An identifier is given to another thread once its own has ended.
        self.local = threading.local()
        self.thread_names: list[str] = []
        self.limits = Limits(bounds, self._rows)
        self._focus = bool(focus)
        self.stacks = Stacks(planner.keep)
        self._turns = 0
        self._born: set[int] = set()
        # Events come from several threads; reentrant, since a weak reference may die within.
        self._lock = threading.RLock()

    def thread(self) -> Thread:
        """The current thread."""
        found: Thread | None = getattr(self.local, "thread", None)
        if found is None:
            found = self.local.thread = Thread(len(self.thread_names))
            self.thread_names.append("")
        if not found.named:
            # Never threading.current_thread(): it would make an object for a foreign thread. One
            # that is only beginning isn't known yet: it is asked for again.
            ident = threading.get_ident()
            known: Any = getattr(threading, "_active", {}).get(ident)
            found.named = known is not None
            name = known._name if found.named else f"{ident}"  # noqa: SLF001 - a property
            self.thread_names[found.number] = name
        return found

    def takes(self, thread: Thread) -> bool:
        """Whether calls in focus are recorded in a thread just now."""
        # What an import runs is shown only where the focus asks for it.
        return not (thread.muted or (thread.importing and not self._focus))

    def wants(self, plan: Plan, frame: FrameType, thread: Thread) -> bool:
        """Whether this call of a function is recorded."""
        if plan.loop or plan.dispatcher:
            return True
        if plan.folded or not self.takes(thread):
            return False
        if plan.focused:
            return True
        if not plan.own or not self._focus:
            return False
        back = frame.f_back
        caller = self.plan(back) if back is not None else None
        return caller is not None and caller.focused

    def enter(
        self, plan: Plan, frame: FrameType, thread: Thread, *, goes_on: bool = False
    ) -> Entry | None:
        """A call begins, or a generator ``goes_on``; ``None`` where a limit stops it."""
        if plan.generator:
            going = self.suspended.pop(id(frame), None)
            # A generator may be gone without a word, and another one have its frame's place.
            if goes_on and going is not None and going.plan is plan:
                return self._go_on(going, thread)
        if not thread.named:
            self.thread()
        stack = thread.stack
        parent = stack[-1] if stack else None
        count, limits = len(self.entries), self.limits
        is_near = count >= limits.count_at or (parent is not None and parent.depth >= limits.depth)
        if is_near and limits.is_full(count, parent):
            return None
        with self._lock:
            if self.watches.changed():
                self._unseen(frame, thread)
            entry = Entry(len(self.entries), plan, parent, frame)
            self.entries.append(entry)
        if thread.number:
            entry.thread = thread.number
        back = frame.f_back
        if back is not None:
            entry.caller_file = back.f_code.co_filename
            entry.caller_line = back.f_lineno or 0
        if plan.args or plan.stars:
            self._fill(entry, plan, frame.f_locals)
        if plan.loop or (parent is not None and parent.plan.dispatcher):
            self._set_turn(entry, parent)
        stack.append(entry)
        self.opened.append(entry)
        return entry

    def _rows(self) -> tuple[int, int]:
        """How many objects, and how many places in stacks, are known."""
        return self.objects.rows(), len(self.stacks.places)

    def _go_on(self, entry: Entry, thread: Thread) -> Entry:
        """A generator or coroutine goes on, in the turn of what resumes it."""
        entry.resumed += 1
        entry.now = self._turn_in(thread.stack[-1] if thread.stack else None, 0)
        thread.stack.append(entry)
        self.opened.append(entry)
        return entry

    def leave(self, entry: Entry, thread: Thread, result: Any, *, how: str) -> None:
        """A call ends: ``how`` is ``return``, ``yield`` or ``raise``."""
        stack = thread.stack
        if self.opened:
            self.opened.pop()
        if stack and stack[-1] is entry:
            stack.pop()
        elif entry in stack:
            del stack[stack.index(entry) :]
        if how == "yield":
            self.suspended[entry.frame] = entry
            return
        if entry.plan.generator:
            self.suspended.pop(entry.frame, None)
        if how == "return":
            entry.result = self.objects.known.get(id(result)) or self.objects.number(result)
        elif not (entry.plan.generator and entry.exception == "GeneratorExit"):
            # To be closed is a generator's usual end, of which newer Pythons don't always tell.
            entry.raised = entry.exception

    def stored(
        self, change: Change, frame: FrameType, thread: Thread, *, line: int | None = None
    ) -> None:
        """A watched attribute changed, at ``line`` of ``frame``; ``None``: it wasn't seen."""
        with self._lock:
            number = len(self.entries)
            # Stores are few and what one asks for: they go on when calls no longer do.
            if self.limits.is_overfull(number):
                return
            parent = thread.stack[-1] if thread.stack else None
            store = Store(
                ident=number,
                parent=parent.ident if parent else None,
                depth=parent.depth + 1 if parent else 0,
                thread=thread.number,
                turn=self._turn_in(parent, 0),
                watch=change.spec.path,
                attribute=change.spec.name,
                holder=change.holder.value,
                old=change.old,
                new=change.new,
                file=frame.f_code.co_filename,
                line=frame.f_lineno or 0 if line is None else line,
                stack=tuple(self.stacks.of(frame, thread, line)),
                seen=line is not None,
                after=number - 1,
            )
            self.entries.append(store)

    def events(self) -> Iterator[Event]:
        """The events, as plain values."""
        for each, end in zip(self.entries, ends(self.entries), strict=True):
            yield each if isinstance(each, Store) else call_of(each, end, self.objects)

    def told(self, plan: Plan, frame: FrameType) -> Change | None:
        """A property's or descriptor's setter begins: what it is told to store."""
        _, name = self.watches.setters[id(plan.code)]
        obj, now = (frame.f_locals.get(each) for each in plan.args[-2:])
        return self.watches.told(obj, name, now)

    def set_through(self, told: Change, frame: FrameType, thread: Thread) -> None:
        """The setter has ended: the store is its caller's."""
        caller = frame.f_back or frame
        change = self.watches.set_through(told)
        self.stored(change, caller, thread, line=caller.f_lineno or 0)

    def finish(self, frame: FrameType) -> None:
        """The block ended: a last look for what changed unseen."""
        for change in self.watches.changes():
            self.stored(change, frame, self.thread())

    def clear(self) -> None:
        """Let go of all that the run had."""
        self.objects.clear()
        self.watches.clear()
        self.suspended.clear()
        self._planner.clear()

    def _fill(self, entry: Entry, plan: Plan, given: Mapping[str, Any]) -> None:
        """Which objects the call was given."""
        known, number = self.objects.known.get, self.objects.number
        # A generator that is met late may have let go of some.
        values = [given[name] for name in plan.args if name in given]
        args = entry.args = tuple([known(id(each)) or number(each) for each in values])
        if plan.stars:
            entry.stars = tuple(
                (place, number(each))
                for place, name in enumerate(plan.stars)
                for each in _gathered(given.get(name))
            )
        if plan.ordinary:
            if args:
                entry.receiver = args[0]
        elif args and (plan.method or plan.perhaps_method):
            self._receive(entry, plan, given[plan.args[0]])

    def _receive(self, entry: Entry, plan: Plan, obj: Any) -> None:
        """A method's own object: constructed by it, or of the class that has the method."""
        number = entry.args[0]
        if plan.new and is_class(obj):
            entry.owner = self.objects.type_name(obj) if is_made_by(plan.code, obj) else ""
            entry.constructs = bool(entry.owner)
        elif plan.init and number not in self._born:
            entry.constructs = True
            if self.objects.is_told_apart(number):
                self._born.add(number)
        elif plan.generated or not plan.method:
            entry.owner = self._owner(plan, type(obj))
        if plan.method or entry.owner:
            entry.receiver = number

    def _owner(self, plan: Plan, cls: type) -> str:
        """The class whose namespace holds this code: generated methods don't say it themselves."""
        for each in mro(cls):
            found = namespace_of(each).get(plan.name)
            if type(found) is FunctionType and found.__code__ is plan.code:
                return self.objects.type_name(each)
        return ""

    def _set_turn(self, entry: Entry, parent: Entry | None) -> None:
        if entry.plan.loop:
            self._turns += 1
            entry.turn = self._turns
        else:
            entry.turn = self._turn_in(parent, entry.receiver)
        entry.now = entry.turn

    def _turn_in(self, parent: Entry | None, receiver: int) -> int:
        """The turn of what runs beneath ``parent``; a dispatcher begins one at each line's call."""
        if parent is None:
            return 0
        dispatches = parent.plan.dispatcher and (not receiver or parent.receiver != receiver)
        if dispatches and parent.epoch != parent.inner_epoch:
            self._turns += 1
            parent.inner_epoch = parent.epoch
            parent.inner_turn = self._turns
        return parent.inner_turn if dispatches else parent.now

    def _unseen(self, frame: FrameType, thread: Thread) -> None:
        """Tell the changes that no step saw."""
        for change in self.watches.changes():
            self.stored(change, frame, thread)


def _gathered(found: Any) -> list[Any]:
    """The objects in ``*args`` or ``**kwargs``, the first few."""
    values = tuple(found.values()) if type(found) is dict else found
    return list(values[:MOST_GATHERED]) if type(values) is tuple else []
