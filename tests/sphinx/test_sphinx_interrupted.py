"""A build that is interrupted, or killed, leaves no process behind."""

import os
import signal
import subprocess
import time

import psutil
import pytest

ENDLESS = """\
# Endless

```{testcode} NAME
import pathlib, subprocess, time

child = subprocess.Popen(["sleep", "300"])
pathlib.Path("NAME.pid").write_text(str(child.pid))
while True:
    time.sleep(0.01)
```
"""
WITHIN = 30.0


def wait(done):
    """Wait until it is done; whether it is."""
    deadline = time.monotonic() + WITHIN
    while not done() and time.monotonic() < deadline:
        time.sleep(0.05)
    return done()


@pytest.mark.parametrize("options", [(), ("-j", "2")], ids=["serial", "parallel"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_running(project, options, number):
    names = ("a", "b")
    pages = {f"{name}.md": ENDLESS.replace("NAME", name) for name in names}
    site = project({**pages, **{f"page{each}.md": f"# {each}\n" for each in range(8)}})
    process = subprocess.Popen(
        site.command("-q", *options), stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    pids = [site.folder / f"{name}.pid" for name in names]
    assert wait(lambda: all(each.exists() and each.read_text() for each in pids))
    begun = [process, *psutil.Process(process.pid).children(recursive=True)]
    assert len(begun) > len(names)
    os.kill(process.pid, number)
    process.communicate(timeout=WITHIN)
    assert process.returncode
    pids = [*(each.pid for each in begun), *(int(each.read_text()) for each in pids)]
    assert wait(lambda: not any(map(alive, pids)))


def alive(pid):
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
