"""Two ways to start a worker: fork it from this warmed process, or start a new Python."""

from __future__ import annotations

import json
import mmap
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from signal import Signals

from wherefrom.model import Job
from wherefrom.run import processes
from wherefrom.run.brake import ForkBrake
from wherefrom.run.environment import Installed
from wherefrom.run.streams import kept
from wherefrom.run.worker import Wires, work

PYTHON = (sys.executable, "-X", "utf8", "-P", "-m")
"""How a process of ours is started: the folder it is started in must not count for its imports."""
PRIVATE = ("psutil",)
"""What the pool imports for itself; no page is to find it imported, nor to depend on it."""


class Child:
    """A worker's process, seen from its parent."""

    def __init__(self, pid: int, brake: ForkBrake | None = None) -> None:
        self.pid = pid
        self.pidfd: int | None = None
        self._brake = brake
        self._status: int | None = None
        if hasattr(os, "pidfd_open"):
            with suppress(OSError):
                low = os.pidfd_open(pid)
                self.pidfd = kept(low)
                os.close(low)

    def ended(self) -> bool:
        """Whether the process has ended; nothing else may wait for it."""
        if self._status is None:
            try:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:
                pid, status = self.pid, 0
            if pid:
                self._status = status
        return self._status is not None

    def how(self) -> str:
        """In which way it ended."""
        code = os.waitstatus_to_exitcode(self._status or 0)
        if code >= 0:
            return f"exit status {code}"
        try:
            return f"killed by {Signals(-code).name}"
        except ValueError:
            return f"killed by signal {-code}"

    def allow_forks(self) -> None:
        """Its processes have been counted: as many again may be forked before the next look."""
        if self._brake is not None:
            self._brake.release()

    def close(self) -> None:
        """Forget the process, which has ended."""
        if self.pidfd is not None:
            os.close(self.pidfd)
            self.pidfd = None
        if self._brake is not None:
            self._brake.close()


Start = Callable[[Job, Wires, str], Child]


def forker(installed: Installed) -> Start:
    """Start workers by forking this process."""
    private = [name for name in sys.modules if name.partition(".")[0] in PRIVATE]

    def start(job: Job, wires: Wires, token: str) -> Child:
        brake = ForkBrake(mmap.mmap(-1, mmap.PAGESIZE), job.limits.processes)
        pid = os.fork()
        if pid:
            return Child(pid, brake)
        try:
            os.setsid()
            _enter()
            for name in private:
                del sys.modules[name]
            work(job, wires, token, installed, brake)
        finally:
            os._exit(1)

    return start


def spawn(job: Job, wires: Wires, token: str) -> Child:
    """Start a worker as a new Python."""
    command: Sequence[str] = (*PYTHON, "wherefrom.run.worker")
    given = {"job": job.to_json(), "wires": wires, "token": token}
    with tempfile.TemporaryFile("w+") as file:
        json.dump(given, file)
        file.seek(0)
        process = subprocess.Popen(command, stdin=file, pass_fds=wires, start_new_session=True)
    process.returncode = 0  # `Child` waits for it, not this object
    return Child(process.pid)


def _enter() -> None:
    processes.die_with_parent()
    processes.first_to_go()
