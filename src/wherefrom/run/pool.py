"""The client's side: submits jobs, gives their runs as they finish, and never waits for long."""

from __future__ import annotations

import json
import os
import secrets
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from types import TracebackType
from typing import IO, Self

from wherefrom.errors import WorkerError
from wherefrom.model import Job, Outcome, Run, Status
from wherefrom.run import processes, versions
from wherefrom.run.channel import Channel, JunkError
from wherefrom.run.start import PYTHON

CLOSE_WAIT = 5.0
"""Seconds that the supervisor may take to end with everything beneath it."""
SILENCE = 30.0
"""Seconds beyond a job's limit without any result after which the supervisor is given up."""
MARK = "WHEREFROM_POOL"
"""Stands in the environment of every process that a pool starts, so that none can get lost."""


class Pool:
    """Runs jobs, each in a process of its own, ``workers`` at a time.

    Workers are forked from a process that has imported the modules ``preload``; with the
    ``start_method`` ``"spawn"``, or where there is no fork, each starts as a new Python. The
    processes start with the first job. No thread is started, and nothing that a snippet does
    reaches this process.
    """

    def __init__(
        self, workers: int, preload: tuple[str, ...] = (), start_method: str = "auto"
    ) -> None:
        can_fork = hasattr(os, "fork")
        if start_method == "fork" and not can_fork:
            raise WorkerError("this system has no fork; set `start_method` to `spawn` or `auto`")
        self.start_method = start_method
        if start_method == "auto":
            self.start_method = "fork" if can_fork else "spawn"
        self._workers = workers
        self._preload = preload
        self._tickets = 0
        self._unfit: dict[int, Mapping[int, Outcome]] = {}
        self._jobs: dict[int, Job] = {}
        self._waiting: deque[int] = deque()
        self._sent: dict[int, None] = {}
        self._suspects: set[int] = set()
        self._done: deque[tuple[int, Run]] = deque()
        self._supervisor: _Supervisor | None = None
        self._ready = False
        self._heard = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def submit(self, job: Job) -> int:
        """Have ``job`` run; the result is its ticket. Returns at once; raises as `results` does."""
        self._tickets += 1
        ticket = self._tickets
        unfit = versions.unfit(job)
        job = versions.without(job, unfit)
        if unfit:
            self._unfit[ticket] = unfit
        self._jobs[ticket] = job
        self._waiting.append(ticket)
        self._pump(0)
        return ticket

    def poll(self) -> None:
        """Send what can be sent and take what has come, without waiting; raises as `results`."""
        if self._jobs:
            self._pump(0)

    def results(self) -> Iterator[tuple[int, Run]]:
        """The tickets and runs of all submitted jobs, as they finish.

        More may be submitted meanwhile. Raises `WorkerError` where no worker can be started.
        """
        while self._done or self._jobs:
            while not self._done:
                self._pump(1.0)
            yield self._done.popleft()

    def close(self) -> None:
        """End every process of this pool; unfinished jobs are forgotten."""
        self._jobs.clear()
        self._waiting.clear()
        self._sent.clear()
        if self._supervisor is not None:
            self._supervisor.close()
            self._supervisor = None

    def _pump(self, seconds: float) -> None:
        """Send what can be sent, and take what has come within ``seconds``."""
        if self._supervisor is None:
            try:
                self._supervisor = _Supervisor(self._workers, self._preload, self.start_method)
            except OSError as error:
                what = f"the process that runs snippets can't be started: {error.strerror}"
                raise WorkerError(what) from error
            self._heard = time.monotonic()
            self._ready = False
        self._send(self._supervisor.channel)
        self._supervisor.wait(seconds)
        self._send(self._supervisor.channel)
        try:
            for line in self._supervisor.channel.receive():
                self._take(line)
        except (JunkError, ValueError, KeyError, TypeError):
            self._lose()
        else:
            if self._supervisor.channel.ended or self._silent():
                self._lose()

    def _send(self, channel: Channel) -> None:
        window = 1 if self._suspects else 2 * self._workers
        channel.flush()
        while self._waiting and len(self._sent) < window:
            ticket = self._waiting.popleft()
            if not self._sent:
                self._heard = time.monotonic()
            self._sent[ticket] = None
            data = {"ticket": ticket, "job": self._jobs[ticket].to_json()}
            channel.send(json.dumps(data).encode())

    def _take(self, line: bytes) -> None:
        data = json.loads(line)
        self._heard = time.monotonic()
        if "ready" in data:
            self._ready = True
            return
        self._finish(data["ticket"], Run.from_json(data["run"]))

    def _finish(self, ticket: int, run: Run) -> None:
        del self._jobs[ticket]
        self._sent.pop(ticket, None)
        self._suspects.discard(ticket)
        self._done.append((ticket, versions.completed(run, self._unfit.pop(ticket, {}))))

    def _silent(self) -> bool:
        if not self._sent:
            return False
        most = max(self._jobs[ticket].limits.seconds for ticket in self._sent)
        return time.monotonic() - self._heard > most + SILENCE

    def _lose(self) -> None:
        """The supervisor is gone: find out, one by one, which of its jobs was its end."""
        assert self._supervisor is not None  # noqa: S101 - for mypy
        said = self._supervisor.close()
        self._supervisor = None
        if not self._ready:
            what = f"the process that runs snippets can't be started ({sys.executable})"
            raise WorkerError(f"{what}: {said or 'it said nothing'}")
        sent = [*self._sent]
        self._sent.clear()
        if len(sent) == 1:
            self._blame(sent[0], said)
            return
        self._suspects.update(sent)
        self._waiting.extendleft(reversed(sent))

    def _blame(self, ticket: int, said: str) -> None:
        job = self._jobs[ticket]
        note = f"it ended the processes that watch over all groups {said}".rstrip()
        died = Outcome(Status.DIED, note=note)
        skipped = Outcome(Status.SKIPPED, note="skipped: the group's results were lost")
        outcomes = (died, *[skipped] * len(job.snippets))[: len(job.snippets)]
        self._finish(ticket, Run(job.page, job.group, outcomes, 0.0))


class _Supervisor:
    """The supervisor's process, and the connection to it."""

    def __init__(self, workers: int, preload: tuple[str, ...], start_method: str) -> None:
        self._mark = secrets.token_hex(8)
        self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - `close` does
        here, there = socket.socketpair()
        with there:
            options = {
                "fd": there.fileno(),
                "workers": workers,
                "preload": preload,
                "start_method": start_method,
            }
            self._process = subprocess.Popen(
                [*PYTHON, "wherefrom.run.supervisor", json.dumps(options)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._said,
                pass_fds=[there.fileno()],
                start_new_session=True,
                env={**os.environ, "PYTHONHASHSEED": "0", MARK: self._mark},
            )
        self.channel = Channel(here)

    def wait(self, seconds: float) -> None:
        """Wait until there is something to take, or to send, or ``seconds`` are over."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.channel, self.channel.events)
            selector.select(seconds)

    def close(self) -> str:
        """End it and all beneath it; the result is what it said, if it broke."""
        self.channel.close()
        try:
            self._process.wait(CLOSE_WAIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.returncode:
            with suppress(OSError):
                processes.sweep_marked(MARK, self._mark)
        with self._said:
            self._said.seek(0)
            return self._said.read().decode("utf-8", "replace").strip()[-2000:]
