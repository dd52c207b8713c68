"""`observe`: the context manager that watches what runs beneath it."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterable, Sequence
from types import FrameType, TracebackType
from typing import Any

from wherefrom import profiles
from wherefrom.errors import WherefromError
from wherefrom.observe.limits import Bounds
from wherefrom.observe.monitoring import Monitoring
from wherefrom.observe.objects import variables
from wherefrom.observe.plans import OWN_PACKAGE
from wherefrom.observe.recorder import Recorder
from wherefrom.observe.tracing import Tracing
from wherefrom.traces import Call, Event, Trace

_ENGINE: type[Monitoring | Tracing] = Monitoring if sys.version_info >= (3, 12) else Tracing


class ObserveError(WherefromError):
    """The program can't be observed as things stand."""

    slug = "observe"


class observe:  # noqa: N801 - it is used as a function, as contextlib's own are
    """Watch the calls made, and the attributes stored, in the ``with`` block.

    ``watch`` are dotted paths of attributes (a class's or a module's), ``focus`` the packages to
    record calls of (and what they call in your own code); without it, all calls are recorded.
    ``profile`` names a library's profile, for its event loop; by default all known loops are.
    ``own`` are further files that count as your own code. ``bounds`` limit the trace. The `Trace`
    is what ``as`` names, complete when the block ends.
    Raises `ObserveError` where ``watch`` names no attribute, and where something else observes in
    a way that excludes this.
    """

    def __init__(
        self,
        watch: Iterable[str] = (),
        focus: Iterable[str] = (),
        profile: str | None = None,
        *,
        own: Iterable[str] = (),
        bounds: Bounds | None = None,
    ) -> None:
        self._watch = _attributes(_paths(watch))
        self._focus = _paths(focus)
        self._own = tuple(own)
        wanted = profiles.names() if profile is None else (profile,)
        self._profiles = tuple(profiles.load(each) for each in wanted)
        self._bounds = bounds or Bounds()
        self._trace = LiveTrace()
        self._recorder: Recorder | None = None
        self._engine: Tracing | Monitoring | None = None

    def __enter__(self) -> LiveTrace:
        if self._engine is not None:
            raise ObserveError("this observation is on already; make another one")
        reason = _ENGINE.refusal()
        if reason:
            raise ObserveError(reason)
        root = _block()
        own = {*self._own, *_main_file()}
        if not f"{root.f_globals.get('__name__')}.".startswith(f"{OWN_PACKAGE}."):
            own.add(root.f_code.co_filename)
        self._own = tuple(sorted(own))
        self._recorder = Recorder(self._watch, self._focus, self._profiles, own, self._bounds)
        self._meet(root)
        self._engine = _ENGINE(self._recorder)
        self._engine.start(root)
        return self._trace

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        engine, recorder = self._engine, self._recorder
        if engine is None or recorder is None:
            return
        engine.stop()
        recorder.finish(_block())
        self._trace.fill(self._traced(recorder, engine.note))
        recorder.clear()
        self._engine = self._recorder = None

    def _meet(self, root: FrameType) -> None:
        """Know the holders that are there already, as far as the block's own names lead."""
        assert self._recorder is not None  # noqa: S101 - for mypy
        watches = self._recorder.watches
        watches.meet_owners()
        for obj in (*(variables(root) or {}).values(), *root.f_globals.values()):
            watches.meet(obj)

    def _traced(self, recorder: Recorder, note: str) -> Trace:
        notes = [each for each in (recorder.limits.stopped, note) if each]
        if recorder.objects.lost:
            notes.append("some objects could not be told apart: too many without weak references")
        if recorder.watches.gave_up:
            notes.append("some stores may be missing: too many were to objects that no name led to")
        notes += [f"`{each}` was never met: is it spelt so?" for each in recorder.watches.unmet()]
        events = tuple(recorder.events())
        return Trace(
            events=events,
            watch=self._watch,
            focus=self._focus,
            defaults=tuple(recorder.watches.defaults()),
            own=self._own,
            threads=tuple(recorder.thread_names) or (threading.main_thread().name,),
            loop_name=_loop_name(self._profiles, events),
            notes=tuple(notes),
        )


class LiveTrace:
    """A `Trace` that is still being made: it has all that a trace has once its block ended."""

    def __init__(self) -> None:
        self._done: Trace | None = None

    def fill(self, trace: Trace) -> None:
        """The block ended."""
        self._done = trace

    @property
    def trace(self) -> Trace:
        """The finished trace; ObserveError before the block's end."""
        if self._done is None:
            raise ObserveError("the trace is complete only when the `with` block has ended")
        return self._done

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            # Asked by copy, pickle and whatever shows objects: this one is plain.
            raise AttributeError(name)
        return getattr(self.trace, name)

    def __str__(self) -> str:
        return str(self.trace)


def _block() -> FrameType:
    """The frame whose block this is, though an ``ExitStack`` may have entered it."""
    frame = sys._getframe(2)  # noqa: SLF001 - there is no other way to it
    while frame.f_globals.get("__name__") == contextlib.__name__ and frame.f_back is not None:
        frame = frame.f_back
    return frame


def _paths(given: Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _attributes(paths: tuple[str, ...]) -> tuple[str, ...]:
    for path in paths:
        owner, *names = path.split(".")
        if not (names and all(each.isidentifier() for each in (owner, *names))):
            raise ObserveError(f"`{path}` is no attribute's path: write package.module.Class.name")
    return paths


def _main_file() -> Sequence[str]:
    file = getattr(sys.modules.get("__main__"), "__file__", None)
    return [file] if isinstance(file, str) else []


def _loop_name(known: tuple[profiles.Profile, ...], events: Iterable[Event]) -> str:
    """What to call the loop: as the profile does whose loop was seen, or whose library is here."""
    loops = {f"{e.module}.{e.qualname}" for e in events if isinstance(e, Call) and e.loop}
    seen = [each for each in known if loops & {*each.loops, *each.dispatchers}]
    here = [each for each in known if each.name in sys.modules]
    named = seen or [each for each in here if each.distribution] or here
    return named[0].loop_name if named else "loop"
