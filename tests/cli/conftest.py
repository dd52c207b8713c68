"""A project in a folder of its own, and `python -m wherefrom` run in it."""

import fcntl
import os
import select
import struct
import subprocess
import sys
import termios
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

COMMAND = (sys.executable, "-m", "wherefrom")
MARK = "WHEREFROM_TEST"
OWN_TERMINAL = """\
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Takes what it was given for its controlling terminal, so that Ctrl-C there is a signal."""
LIMIT = 90
"""Seconds after which a command is taken to hang."""


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it printed."""

    status: int
    out: str
    err: str = ""

    @property
    def lines(self):
        return self.out.splitlines()


class Project:
    """A folder with a pyproject.toml and explainers; all that is started in it is marked."""

    def __init__(self, path):
        self.path = path
        self.mark = uuid.uuid4().hex
        hidden = ("GITHUB_ACTIONS", "GITHUB_WORKSPACE", "FORCE_COLOR", "NO_COLOR", "COLUMNS", "CI")
        self.env = {k: v for k, v in os.environ.items() if k not in hidden} | {MARK: self.mark}
        self.configure("")

    def configure(self, text):
        (self.path / "pyproject.toml").write_text(text)

    def write(self, *, folder="explainers", ending=".md", **texts):
        (self.path / folder).mkdir(exist_ok=True)
        for name, text in texts.items():
            data = text if isinstance(text, bytes) else text.encode()
            (self.path / folder / f"{name}{ending}").write_bytes(data)

    def read(self, name):
        return (self.path / "explainers" / name).read_bytes().decode()

    def run(self, *arguments, cwd=None, **env):
        done = subprocess.run(
            [*COMMAND, *arguments],
            capture_output=True,
            check=False,
            cwd=cwd or self.path,
            env=self.env | env,
            timeout=LIMIT,
        )
        out, err = done.stdout.decode(), done.stderr.decode()
        assert "Traceback" not in err, err
        return Done(done.returncode, out, err)

    def start(self, *arguments, **options):
        """Start a command in a session of its own."""
        return subprocess.Popen(
            [*COMMAND, *arguments],
            cwd=self.path,
            env=self.env,
            start_new_session=True,
            stdout=options.get("stdout", subprocess.PIPE),
            stderr=options.get("stderr", subprocess.PIPE),
        )

    def in_terminal(self, *arguments, columns=80, until=None, then=b"\x03"):
        """Run a command in a terminal; type ``then`` once it has printed ``until``."""
        master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        # Not `pty.fork`, which is unsafe in a process with threads, and warns of it.
        with subprocess.Popen(
            [sys.executable, "-c", OWN_TERMINAL, *COMMAND, *arguments],
            cwd=self.path,
            env=self.env | {"TERM": "xterm-256color"},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        ) as process:
            os.close(slave)
            out = _typed(master, until, then)
            os.close(master)
        return Done(process.returncode, out)

    def left(self):
        """The marked processes that still run, once they had a moment to end."""
        found = []
        for _ in range(20):
            found = [*_marked(self.mark)]
            if not found:
                break
            time.sleep(0.1)
        return found


def _typed(master, until, then):
    out, deadline = b"", time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        ready, _, _ = select.select([master], [], [], 0.1)
        try:
            data = os.read(master, 65536) if ready else None
        except OSError:  # what Linux gives where the last process has closed its terminal
            break
        if data == b"":
            break
        out += data or b""
        if until is not None and until.encode() in out:
            os.write(master, then)
            until = None
    return out.decode()


def _marked(mark):
    for each in psutil.process_iter():
        try:
            if each.pid != os.getpid() and each.environ().get(MARK) == mark:
                yield each.cmdline()
        except psutil.Error:
            continue


@pytest.fixture(scope="session")
def make_project():
    """Make a project in a folder."""
    return lambda folder: Project(Path(os.path.realpath(folder)))


@pytest.fixture
def project(tmp_path, make_project):
    """A project whose test must leave nothing running."""
    made = make_project(tmp_path)
    yield made
    assert made.left() == []
