"""The supervisor: a process of its own that is warmed once, and from which all slots are forked.

It ends, with everything beneath it, when its client does.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import json
import os
import selectors
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import NoReturn

from wherefrom.model import Job, Json, Outcome, Run, Status
from wherefrom.run import processes
from wherefrom.run.channel import Channel, JunkError
from wherefrom.run.environment import Installed
from wherefrom.run.slot import serve
from wherefrom.run.start import PRIVATE, PYTHON, forker
from wherefrom.run.streams import kept

SLACK = 15.0
"""Seconds beyond its limit after which a slot that doesn't answer is given up."""
SLOT_WAIT = 3.0
"""Seconds in which slots whose client has gone may end by themselves."""


class Slot:
    """A slot's process, and the job that it runs."""

    def __init__(self, pid: int, channel: Channel) -> None:
        self.pid = pid
        self.channel = channel
        self.ticket: int | None = None
        self._job: Job | None = None
        self._started = 0.0
        self._at = 0
        self._worker = 0

    def give(self, line: bytes) -> None:
        """Let it run a job."""
        given = json.loads(line)
        self.ticket = given["ticket"]
        self._job = Job.from_json(given["job"])
        self._started = time.monotonic()
        self._at = self._worker = 0
        self.channel.send(line)

    def hear(self, message: Json) -> bool:
        """Take note of where its worker is; whether this was the job's end instead."""
        if "at" in message:
            self._at, self._worker = message["at"], message["pid"]
            return False
        self.ticket = self._job = None
        return True

    @property
    def overdue(self) -> bool:
        """Whether it should have answered long ago."""
        if self._job is None:
            return False
        return time.monotonic() - self._started > self._job.limits.seconds + SLACK

    def end(self) -> Json | None:
        """Kill it; what is to be said of the job that it ran."""
        self.channel.close()
        if self._worker:
            processes.kill_group(self._worker)
        processes.kill(self.pid)
        return None if self._job is None else {"ticket": self.ticket, "run": self._lost(self._job)}

    def _lost(self, job: Job) -> Json:
        line = job.snippets[self._at].line if job.snippets else 0
        lost = Outcome(
            Status.SKIPPED, note=f"skipped: the group's results were lost at line {line}"
        )
        note = "it ended the process that watched it"
        outcomes = [lost] * len(job.snippets)
        if outcomes:
            outcomes[self._at] = Outcome(Status.DIED, note=note)
        seconds = time.monotonic() - self._started
        return Run(job.page, job.group, tuple(outcomes), round(seconds, 6)).to_json()


class Supervisor:
    """The loop between the client and the slots."""

    def __init__(
        self, client: Channel, count: int, start: Callable[[Iterable[Slot]], Slot]
    ) -> None:
        self._client = client
        self._start = start
        self._waiting: deque[bytes] = deque()
        self._slots: list[Slot] = []
        for _ in range(count):
            self._slots.append(start(self._slots))

    def serve(self) -> None:
        """Hand out jobs and pass on results until the client is gone."""
        self._client.send(b'{"ready": true}')
        while not self._client.ended:
            self._wait()
            self._waiting.extend(self._client.receive())
            self._client.flush()
            for slot in self._slots:
                self._pass_on(slot)
            self._slots = [
                each if self._well(each) else self._replaced(each) for each in self._slots
            ]
            self._hand_out()
        self._end()

    def _wait(self) -> None:
        with selectors.PollSelector() as selector:
            for each in (self._client, *(slot.channel for slot in self._slots)):
                selector.register(each, each.events)
            selector.select(1.0)

    def _pass_on(self, slot: Slot) -> None:
        slot.channel.flush()
        try:
            for line in slot.channel.receive():
                if slot.hear(json.loads(line)):
                    self._client.send(line)
        except (JunkError, ValueError):
            slot.channel.close()

    def _well(self, slot: Slot) -> bool:
        return not slot.channel.ended and not slot.overdue

    def _replaced(self, slot: Slot) -> Slot:
        lost = slot.end()
        others = [each for each in self._slots if each is not slot]
        processes.sweep([each.pid for each in others])
        if lost is not None:
            self._client.send(json.dumps(lost).encode())
        return self._start(others)

    def _hand_out(self) -> None:
        for slot in self._slots:
            if self._waiting and slot.ticket is None:
                slot.give(self._waiting.popleft())

    def _end(self) -> None:
        for slot in self._slots:
            slot.channel.close()
        deadline = time.monotonic() + SLOT_WAIT
        while processes.has_children() and time.monotonic() < deadline:
            processes.reap()
            time.sleep(0.005)
        processes.sweep()


def fork_slot(client: Channel, installed: Installed, others: Iterable[Slot]) -> Slot:
    """A slot forked from this process."""
    here, there = _pair()
    pid = os.fork()
    if pid:
        there.close()
        return Slot(pid, Channel(here))
    try:
        here.close()
        client.close()
        for each in others:
            each.channel.close()
        serve(Channel(there), forker(installed))
    finally:
        os._exit(1)


def spawn_slot(_: Iterable[Slot]) -> Slot:
    """A slot that is a new Python, as its workers will be."""
    here, there = _pair()
    with there:
        fd = there.fileno()
        process = subprocess.Popen([*PYTHON, "wherefrom.run.slot", str(fd)], pass_fds=[fd])
    process.returncode = 0  # it is waited for by `processes`, not by this object
    return Slot(process.pid, Channel(here))


def warm(preload: Iterable[str]) -> None:
    """Import the modules that workers will need; one that can't be is left to the pages."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for name in preload:
            with contextlib.suppress(Exception):
                importlib.import_module(name)
    gc.collect()
    gc.freeze()


def _pair() -> tuple[socket.socket, socket.socket]:
    """Two connected sockets whose descriptors lie high, out of the programs' way."""
    with contextlib.ExitStack() as stack:
        ends = [stack.enter_context(each) for each in socket.socketpair()]
        here, there = (socket.socket(fileno=kept(each.fileno())) for each in ends)
    return here, there


def main() -> NoReturn:
    """Be the supervisor of a `wherefrom.run.Pool`."""
    given: Json = json.loads(sys.argv[1])
    client = Channel(socket.socket(fileno=kept(given["fd"])))
    os.close(given["fd"])
    processes.adopt_orphans()
    start: Callable[[Iterable[Slot]], Slot] = spawn_slot
    if given["start_method"] == "fork":
        installed = Installed.look(PRIVATE)
        warm(given["preload"])

        def start(others: Iterable[Slot]) -> Slot:
            return fork_slot(client, installed, others)

    Supervisor(client, given["workers"], start).serve()
    os._exit(0)


if __name__ == "__main__":
    main()
