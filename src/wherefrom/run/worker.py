"""The child: runs the snippets of one group, and reports each as it ends. Standard library only.

It trusts nothing that a snippet may have done (so what it cannot do without is imported by name,
lest a page that patches a module patches us), and the parent trusts nothing that it says: a
report that doesn't come, or isn't one, is a death in the snippet that was running.
"""

from __future__ import annotations

import atexit
import dataclasses
import faulthandler
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from json import dumps
from os import _exit, getpid, read, write
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple, NoReturn

from wherefrom.model import Job, Json, Kind, Outcome, Raised, Snippet, Status
from wherefrom.observe import observe
from wherefrom.run.brake import ForkBrake
from wherefrom.run.environment import Installed, environment
from wherefrom.run.raised import raised
from wherefrom.run.snippets import Namespace, remember_sources
from wherefrom.run.streams import HIGH, Streams, kept

THREAD_GRACE = 0.5
"""Seconds that threads have to end by themselves after the last snippet."""
DUMP_SIGNAL = getattr(signal, "SIGRTMAX", signal.SIGTERM + 16) - 3
"""Asks for all Python stacks; a signal that programs hardly use themselves."""
FAILED_EXIT = 70
OUR_RECURSION = 1000
"""The least recursion limit with which we can tell what a snippet did."""
_STARTS = frozenset(
    ("subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system", "pty.spawn")
)


class Wires(NamedTuple):
    """The descriptors between a worker and its slot."""

    report: int
    output: int
    errors: int
    stack: int


def work(
    job: Job, wires: Wires, token: str, installed: Installed, brake: ForkBrake | None = None
) -> NoReturn:
    """Run ``job`` in this process, whose last deed it is."""
    status = FAILED_EXIT
    try:
        given, wires = wires, Wires(*(kept(fd) for fd in wires))
        for fd in given:
            os.close(fd)
        _close_others(wires)
        _dump_stacks_into(wires.stack)
        _Worker(job, wires, token, installed, brake).run()
        status = 0
    except BaseException as error:  # noqa: BLE001 - a snippet may have broken anything we stand on
        with suppress(BaseException):
            write(wires.errors, f"the worker broke: {error!r}\n".encode(errors="replace"))
    finally:
        _exit(status)


class _Worker:
    def __init__(
        self, job: Job, wires: Wires, token: str, installed: Installed, brake: ForkBrake | None
    ) -> None:
        self._job = job
        self._report = wires.report
        self._streams = Streams(wires.output, wires.errors)
        self._token = token
        self._installed = installed
        self._brake = brake
        self._pid = getpid()
        self._namespace = Namespace(job.page)
        self._threads: dict[threading.Thread, int] = {}
        self._started = False
        self._set_up_failed = ""
        self._recursion = sys.getrecursionlimit()
        self._folder = os.path.join(Path(job.page).parent, "")  # noqa: PTH118 - ends in a separator
        self._files: set[str] = set()

    def run(self) -> None:
        self._settle()
        with _observing(self._job) as trace:
            for place, snippet in enumerate(self._job.snippets):
                starts = self._streams.sizes()
                outcome = self._outcome(snippet)
                self._end(place, starts, outcome)
        left = self._left_threads()
        atexit._run_exitfuncs()  # noqa: SLF001 - the only way to run them before os._exit
        self._streams.flush()
        found = environment(self._installed, self._job.profile, self._files)
        self._send(
            done={
                "environment": dataclasses.asdict(found),
                "trace": None if trace is None else trace.trace.to_json(),
                "threads": left,
            }
        )

    def _settle(self) -> None:
        """Make this process look like one that runs the page as a script."""
        with suppress(OSError):
            os.chdir(self._folder)
        sys.path.insert(0, str(Path(self._folder)))
        sys.argv = [self._job.page]
        sys.modules["__main__"] = self._namespace.module
        remember_sources(self._job.snippets)
        sys.addaudithook(self._notice)

    def _notice(self, event: str, details: tuple[Any, ...]) -> None:
        if event == "open":
            self._opened(*details)
        elif event in _STARTS:
            self._started = True
            if event == "os.fork" and self._brake is not None:
                self._brake.forking()

    def _opened(self, path: object, _: object, flags: int) -> None:
        """Remember a file beside the page that is read: the run depends on it."""
        if type(path) is str and not flags & (os.O_WRONLY | os.O_RDWR):
            file = os.path.abspath(path)  # noqa: PTH100 - pathlib would need many more steps here
            if file.startswith(self._folder) and "__pycache__" not in file:
                self._files.add(file)

    def _outcome(self, snippet: Snippet) -> Outcome:
        if self._set_up_failed:
            return Outcome(Status.SKIPPED, note=self._set_up_failed)
        self._streams.restore()
        outcome = self._ran(snippet)
        if getpid() != self._pid:  # a child forked by the snippet has come back out of it
            self._streams.flush()
            _exit(0 if outcome.raised is None else 1)
        if snippet.kind is Kind.SETUP and not outcome.status.good:
            self._set_up_failed = f"skipped: the setup at line {snippet.line} failed"
        return outcome

    def _ran(self, snippet: Snippet) -> Outcome:
        try:
            why = self._namespace.skips(snippet)
            if why:
                return Outcome(Status.SKIPPED, note=why)
            sys.setrecursionlimit(self._recursion)
            try:
                evidence = self._namespace.run(snippet)
            finally:  # a page may want a low limit, but not for us
                self._recursion = sys.getrecursionlimit()
                sys.setrecursionlimit(max(self._recursion, OUR_RECURSION))
            return Outcome(Status.PASSED, evidence=evidence)
        except BaseException as error:  # noqa: BLE001 - SystemExit too is what the snippet did
            return Outcome(Status.RAISED, raised=_told(error, snippet.path))

    def _end(self, place: int, starts: tuple[int, int], outcome: Outcome) -> None:
        self._streams.flush()
        for thread in threading.enumerate():
            self._threads.setdefault(thread, place)
        started, self._started = self._started, False
        self._send(
            ended=place,
            outcome=dataclasses.asdict(outcome),
            sizes=[*zip(starts, self._streams.sizes(), strict=True)],
            started=started,
        )
        read(self._report, 1)  # the next one starts when the parent knows of this one's end

    def _left_threads(self) -> Sequence[tuple[int, str]]:
        """The threads that would keep a script from ending, each with its snippet's place."""
        self._streams.restore()
        ours = threading.Thread(target=_end_executors, daemon=True)
        ours.start()
        deadline = monotonic() + THREAD_GRACE
        for thread in _lasting(threading.enumerate()):
            thread.join(max(0.0, deadline - monotonic()))
        ours.join(max(0.0, deadline - monotonic()))
        last = max(len(self._job.snippets) - 1, 0)
        left = _lasting(threading.enumerate())
        return [(self._threads.get(each, last), str(each.name)) for each in left]

    def _send(self, **message: Any) -> None:
        data = dumps({"token": self._token, **message}).encode() + b"\n"
        while data:
            data = data[write(self._report, data) :]


def _lasting(threads: Sequence[threading.Thread]) -> Sequence[threading.Thread]:
    main = threading.main_thread()
    return [each for each in threads if each is not main and not each.daemon]


def _end_executors() -> None:
    """Do what the interpreter does at its end, so that idle pools of threads end too."""
    for call in reversed(getattr(threading, "_threading_atexits", [])):
        with suppress(Exception):
            call()


def _told(error: BaseException, path: str) -> Raised:
    try:
        return raised(error, path)
    except Exception:  # noqa: BLE001 - an exception's class may be as hostile as can be
        return Raised(name=type(error).__qualname__, message="", text="")


def _observing(job: Job) -> AbstractContextManager[Any]:
    """What watches the run of ``job``, where it asks for it."""
    if job.observe is None:
        return nullcontext()
    own = {job.page, *(snippet.path for snippet in job.snippets)}
    return observe(job.observe.watch, job.observe.focus, job.profile, own=sorted(own))


def _close_others(wires: Wires) -> None:
    """Close what the slot and the supervisor have open; all of it lies at `HIGH` and above."""
    low = HIGH
    for fd in sorted(wires):
        os.closerange(low, fd)
        low = fd + 1
    os.closerange(low, low + 100)


def _dump_stacks_into(fd: int) -> None:
    faulthandler.enable(fd)
    faulthandler.register(DUMP_SIGNAL, fd, all_threads=True, chain=False)


def main() -> None:
    """Be a worker that was started as a program: the job comes through standard input."""
    given: Json = json.load(sys.stdin)
    work(Job.from_json(given["job"]), Wires(*given["wires"]), given["token"], Installed.look())


if __name__ == "__main__":
    main()
