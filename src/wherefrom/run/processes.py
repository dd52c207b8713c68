"""The processes beneath this one: finding them, measuring them, and ending them all."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

import psutil

SWEEP_WAIT = 5.0
"""Seconds in which everything that was killed must be gone."""
SWEEP_STEP = 0.005
ADOPTS = sys.platform.startswith("linux")
"""Whether the system can make a process the parent of all orphans beneath it."""
_LIBC = ctypes.CDLL(None) if ADOPTS else None
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_GONE = (psutil.NoSuchProcess, psutil.AccessDenied)


def adopt_orphans() -> bool:
    """Become the parent of descendants whose own parent ends; only Linux can."""
    return _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent() -> None:
    """Ask the system to kill this process when its parent ends; only Linux can."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def first_to_go() -> None:
    """Where memory runs out, let the system end this process before any other."""
    # Without `io`: each page of memory that a worker touches first is copied, which takes time.
    with suppress(OSError):
        fd = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
        try:
            os.write(fd, b"1000")
        finally:
            os.close(fd)


def descendants() -> Sequence[psutil.Process]:
    """All living processes beneath this one."""
    found = psutil.Process().children(recursive=True)
    return [each for each in found if _alive(each)]


def children() -> Sequence[int]:
    """The process ids of this process's own children, dead ones included."""
    return [each.pid for each in psutil.Process().children()]


def has_children() -> bool:
    """Whether anything at all is left beneath this process, found out without looking around."""
    if not hasattr(os, "waitid"):
        return bool(children())
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def memory_used(processes: Iterable[psutil.Process], enough: int) -> int:
    """Bytes of memory that ``processes`` use together.

    What forked processes share counts again in each, which is quick to sum up; where that comes
    to ``enough``, it is counted properly.
    """
    processes = [*processes]
    quick = sum(_measured(each, _resident) for each in processes)
    if quick < enough:
        return quick
    return sum(_measured(each, _proportional) for each in processes)


def sweep(spare: Sequence[int] = (), within: float = SWEEP_WAIT) -> bool:
    """Kill and reap every process beneath this one but ``spare``; whether all are gone.

    What starts new processes while it is being killed is killed again.
    """
    deadline = time.monotonic() + within
    while True:
        reap(spare)
        left = _beneath(spare)
        if not left:
            return True
        if time.monotonic() > deadline:
            return False
        for each in left:
            kill_group(each.pid, only_own=True)
            with suppress(*_GONE):
                each.kill()
        time.sleep(SWEEP_STEP)


def kill_group(pid: int, number: int = signal.SIGKILL, *, only_own: bool = False) -> None:
    """Signal the process group that ``pid`` leads (``only_own``: if it does lead one)."""
    with suppress(OSError):
        if not only_own or os.getpgid(pid) == pid:
            os.killpg(pid, number)


def kill(pid: int) -> None:
    """Kill one process."""
    with suppress(OSError):
        os.kill(pid, signal.SIGKILL)


def reap(spare: Iterable[int] = ()) -> None:
    """Take note of dead children but ``spare``, so that the system may forget them."""
    kept = {*spare}
    for pid in children():
        if pid not in kept:
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)


def sweep_marked(name: str, value: str) -> None:
    """Kill every process, wherever it is now, that was started with this in its environment."""
    for each in psutil.process_iter():
        with suppress(*_GONE, OSError):
            if each.pid != os.getpid() and each.environ().get(name) == value:
                each.kill()


def _beneath(spare: Sequence[int]) -> Sequence[psutil.Process]:
    if not spare:
        return descendants()
    return [
        each
        for child in psutil.Process().children()
        if child.pid not in spare
        for each in (child, *_children_of(child))
        if _alive(each)
    ]


def _children_of(process: psutil.Process) -> Sequence[psutil.Process]:
    try:
        return process.children(recursive=True)
    except _GONE:
        return ()


def _alive(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except _GONE:
        return False


def _measured(process: psutil.Process, measure: Callable[[psutil.Process], int]) -> int:
    try:
        return measure(process)
    except _GONE:
        return 0


def _resident(process: psutil.Process) -> int:
    return int(process.memory_info().rss)


def _proportional(process: psutil.Process) -> int:
    full = process.memory_full_info()
    return int(getattr(full, "pss", full.rss))


def _prctl(option: int, value: int) -> bool:
    return _LIBC is not None and bool(_LIBC.prctl(option, value, 0, 0, 0) == 0)
