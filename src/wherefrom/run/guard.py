"""One worker under its limits: it is watched, and when it is over nothing of it is left running.

At a limit: all Python stacks are dumped, then the worker's process group is asked to end, then it
is killed, and then every process that it ever started.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import selectors
import signal
import socket
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

import psutil

from wherefrom.model import Job, Run, Status
from wherefrom.run import processes
from wherefrom.run.channel import Channel, JunkError
from wherefrom.run.progress import Progress, stack_text
from wherefrom.run.start import Child, Start
from wherefrom.run.streams import kept
from wherefrom.run.worker import DUMP_SIGNAL, Wires

LOOK_EVERY = 0.1
"""Seconds between two looks at a worker's memory, processes and output."""
DUMP_WAIT = 0.5
"""Seconds that the dump of the stacks may take."""
DUMP_QUIET = 0.03
"""Seconds without a further line after which the dump is complete."""
TERM_WAIT = 1.0
"""Seconds between asking the process group to end and killing it."""
EXIT_WAIT = 2.0
"""Seconds that a worker may take to end once it has reported everything."""
PIPE_WAIT = 0.5
"""Seconds between the close of a worker's pipe and its end, where it ended by itself."""
CHILD_GRACE = 0.3
"""Seconds that processes which a group started may outlast it."""
MOST_STACK = 50_000
_STEP = 0.005
_OURS = str(Path(__file__).parents[1])


class AbandonedError(Exception):
    """Nobody waits for this worker's results any more."""


class Guard:
    """One job, from its worker's start to the last of its processes' end."""

    def __init__(
        self, job: Job, start: Start, slot: Channel, tell: Callable[[int, int], None]
    ) -> None:
        self._job = job
        self._slot = slot
        self._tell = tell
        self._met: dict[int, int] = {}
        self._over_already = False
        with ExitStack() as stack:
            output, errors, self._dump = (_file(stack) for _ in range(3))
            here, there = socket.socketpair()
            with here, there:
                self._channel = Channel(socket.socket(fileno=kept(here.fileno())))
                token = secrets.token_hex(8)
                wires = Wires(there.fileno(), output, errors, self._dump)
                self._child: Child = start(job, wires, token)
            self._files = stack.pop_all()
        self._progress = Progress(job, token, output, errors)
        self._started = time.monotonic()

    def run(self) -> Run:
        """Watch until it is over; raises `AbandonedError` with everything killed."""
        with self._files:
            try:
                self._tell(0, self._child.pid)
                self._watch()
                self._clear()
            finally:
                self._kill()
                self._channel.close()
                self._child.close()
            seconds = time.monotonic() - self._started
            stack = stack_text(self._dump, MOST_STACK, _ours)
            return self._progress.run(seconds, stack)

    def _watch(self) -> None:
        deadline = self._started + self._job.limits.seconds
        look = self._started + LOOK_EVERY
        with self._selector() as selector:
            while not self._over():
                now = time.monotonic()
                if now >= deadline:
                    seconds = f"{self._job.limits.seconds:g}"
                    self._end(Status.TIMEOUT, f"it took longer than {seconds} s and was ended")
                    return
                if now >= look:
                    look = now + LOOK_EVERY
                    if self._too_much():
                        return
                selector.select(max(0.0, min(deadline, look) - now))

    def _selector(self) -> selectors.BaseSelector:
        selector = selectors.PollSelector()
        selector.register(self._channel, selectors.EVENT_READ)
        selector.register(self._slot, selectors.EVENT_READ)
        if self._child.pidfd is not None:
            selector.register(self._child.pidfd, selectors.EVENT_READ)
        return selector

    def _over(self) -> bool:
        """Take what has come; whether the worker needs no more watching."""
        self._slot.receive()
        if self._slot.ended:
            raise AbandonedError
        ended = self._child.ended()
        try:
            self._take()
        except JunkError:
            self._end(Status.DIED, "something else than reports came over the worker's pipe")
            return True
        if self._over_already or self._progress.finished:
            return True
        if ended or self._channel.ended:
            self._died()
            return True
        return False

    def _take(self) -> None:
        for line in self._channel.receive():
            place = self._progress.place
            if self._progress.take(line):
                self._meet(place)
            self._tell(self._progress.place, self._child.pid)
            if self._too_long(place):
                return
            self._channel.send(b"")  # go on

    def _meet(self, place: int) -> None:
        for each in processes.descendants():
            if each.pid != self._child.pid:
                self._met.setdefault(each.pid, place)

    def _died(self) -> None:
        place = self._progress.place
        _wait(self._child.ended, PIPE_WAIT)
        if not self._child.ended():
            self._end(Status.DIED, "it closed the worker's pipe, and was ended")
            return
        self._progress.spoil(place, Status.DIED, f"the process ended here: {self._child.how()}")

    def _too_long(self, place: int) -> bool:
        most = self._job.limits.output
        if self._progress.written <= most:
            return False
        self._end(Status.FAILED, f"it wrote more than {most:,} bytes and was ended", place)
        return True

    def _too_much(self) -> bool:
        if self._too_long(self._progress.place):
            return True
        limits = self._job.limits
        alive = processes.descendants()
        if len(alive) > limits.processes:
            what = f"more than {limits.processes} processes"
        elif processes.memory_used(alive, limits.memory) > limits.memory:
            what = f"more than {limits.memory / 1e6:,.0f} MB of memory"
        else:
            self._child.allow_forks()
            return False
        self._end(Status.FAILED, f"it used {what} and was ended")
        return True

    def _end(self, status: Status, note: str, place: int | None = None) -> None:
        """The ladder: dump, terminate, kill."""
        place = self._progress.place if place is None else place
        self._over_already = True
        self._dump_stacks()
        processes.kill_group(self._child.pid, signal.SIGTERM)
        _wait(self._child.ended, TERM_WAIT)
        self._kill()
        self._progress.spoil(place, status, note)

    def _dump_stacks(self) -> None:
        processes.kill_group(self._child.pid, signal.SIGCONT)
        with suppress(OSError):
            os.kill(self._child.pid, DUMP_SIGNAL)
        deadline = time.monotonic() + DUMP_WAIT
        size, quiet_since = 0, time.monotonic()
        while (now := time.monotonic()) < deadline and not self._child.ended():
            new = os.fstat(self._dump).st_size
            if new != size:
                size, quiet_since = new, now
            elif size and now - quiet_since > DUMP_QUIET:
                return
            time.sleep(_STEP)

    def _clear(self) -> None:
        """See to what the worker has left behind; each such process fails its snippet."""
        _wait(self._child.ended, EXIT_WAIT)
        if not self._child.ended() or not processes.has_children():
            return
        _wait(lambda: not processes.descendants(), CHILD_GRACE)
        last = self._progress.place
        for each in processes.descendants():
            place = self._met.get(each.pid, last)
            note = (
                f"it started a process, `{_name(each)}`, which didn't end; wait for it, or end it"
            )
            self._progress.spoil(place, Status.FAILED, note)

    def _kill(self) -> None:
        if not self._child.ended():
            processes.kill_group(self._child.pid)
            with suppress(OSError):
                os.kill(self._child.pid, signal.SIGKILL)
            _wait(self._child.ended, processes.SWEEP_WAIT)
        if processes.has_children() or not processes.ADOPTS:
            processes.kill_group(self._child.pid)
            processes.sweep()


def _file(stack: ExitStack) -> int:
    """A file without a name, which whoever writes to it can only make longer at its end."""
    with tempfile.TemporaryFile() as file:
        fd = kept(file.fileno())
    stack.callback(os.close, fd)
    fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_APPEND)
    return fd


def _ours(line: str) -> bool:
    return f'"{_OURS}' in line or "<frozen " in line


def _wait(done: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    pause = 0.0005
    while not done() and time.monotonic() < deadline:
        time.sleep(pause)
        pause = min(pause * 2, 0.02)


def _name(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())[:80] or process.name()
    except psutil.Error:
        return "?"
