"""Groups run apart: they may be hostile, and leave nothing."""

import os
import signal
import sys
import time
import uuid

import psutil
import pytest
from plugin_pages import GOOD, failures


def test_hostile_groups_fail_at_their_lines_and_the_others_run(pages, run, pytester):
    pytester.makeini("[pytest]\nwherefrom_timeout = 2\n")
    pages(
        x="```{testcode} exits\nimport os\nos._exit(0)\n```\n\n"
        "```pycon hangs\n>>> 1\n1\n>>> while True: pass\n```\n\n"
        "```pycon killed\n>>> import os, signal\n>>> os.kill(os.getpid(), signal.SIGKILL)\n```\n\n"
        "```pycon last\n>>> 1 + 1\n2\n```\n"
    )
    started = time.monotonic()
    result = run("explainers")
    assert time.monotonic() - started < 25
    result.assert_outcomes(failed=3, passed=1)
    told = [line for line in failures(result) if line.startswith("explainers/")]
    assert told == [
        "explainers/x.md:2: the process ended here: exit status 0",
        "explainers/x.md:9: it took longer than 2 s and was ended",
        "explainers/x.md:14: the process ended here: killed by SIGKILL",
    ]
    result.stdout.fnmatch_lines([f'*File "{pytester.path}/explainers/x.md", line 9*'])


def test_a_library_is_warm_and_its_event_loop_runs_in_every_group(pages, run):
    program = (
        "```{testcode} NAME\nfrom twisted.internet import reactor\n"
        "reactor.callWhenRunning(reactor.stop)\nreactor.run()\nprint('ran')\n```\n"
        "```{testoutput} NAME\nran\n```\n\n"
    )
    pages(
        x="---\nlibrary: twisted\n---\n\n" + program.replace("NAME", "a"),
        y="---\nlibrary: twisted\n---\n\n" + program.replace("NAME", "b"),
    )
    run("explainers").assert_outcomes(passed=2)


def test_where_no_process_can_start_a_group_fails_in_a_line_and_the_next_may_run(
    pages, run, pytester
):
    pages(a=GOOD, b=GOOD)
    pytester.makeconftest(
        "import os, resource\n"
        "import wherefrom.pipeline, wherefrom.report.failure\n"
        "FILES = resource.RLIMIT_NOFILE\n"
        "before, most = resource.getrlimit(FILES)\n"
        "def pytest_runtest_setup(item):\n"
        "    few = len(os.listdir('/proc/self/fd')) if item.path.name == 'a.md' else before\n"
        "    resource.setrlimit(FILES, (few, most))\n"
        "def pytest_runtest_teardown(item):\n"
        "    resource.setrlimit(FILES, (before, most))\n"
    )
    result = run("explainers", "-p", "no:cacheprovider", apart=True)
    result.assert_outcomes(failed=1, passed=1)
    (told,) = failures(result)[1:]
    what = "the process that runs snippets can't be started: Too many open files [worker]"
    assert told == f"explainers/a.md: {what}"


def test_no_process_outlives_the_session(pages, run):
    pages(x=GOOD)
    before = {*psutil.Process().children(recursive=True)}
    run("explainers").assert_outcomes(passed=1)
    assert {*psutil.Process().children(recursive=True)} <= before


def test_ctrl_c_ends_the_processes_of_the_groups_too(pages, pytester, monkeypatch):
    mark = uuid.uuid4().hex
    monkeypatch.setenv("WHEREFROM_TEST", mark)
    pages(x="```pycon\n>>> import time; open('began', 'w').close(); time.sleep(60)\n```\n")
    process = pytester.popen([sys.executable, "-m", "pytest", "explainers"], stdin=None)
    deadline = time.monotonic() + 60
    while not [*pytester.path.rglob("began")] and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == pytest.ExitCode.INTERRUPTED
    assert b"KeyboardInterrupt" in out
    assert left_with(mark) == []


def left_with(mark):
    found = []
    for each in psutil.process_iter():
        try:
            if each.pid != os.getpid() and each.environ().get("WHEREFROM_TEST") == mark:
                found.append(each.cmdline())
        except psutil.Error:
            continue
    return found
