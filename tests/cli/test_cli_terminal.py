"""`wherefrom check` in a terminal, in a pipe, and when it is interrupted."""

import json
import signal
import time

import pytest

GOOD = "# Good\n\n```pycon\n>>> 1 + 1\n2\n```\n\n```python\nnever\n```\n"
BAD = "# Bad\n\n```pycon\n>>> 1 + 1\n3\n```\n"
HANGS = "# Hangs\n\n```pycon\n>>> import time; time.sleep(600)\n```\n"


def test_what_an_encoding_cannot_hold_is_printed_as_escapes(project):
    project.write(a="```pycon\n>>> print('é日')\nx\n```\n")
    done = project.run("check", PYTHONIOENCODING="ascii")
    assert done.status == 1
    assert r"    + \xe9\u65e5" in done.lines


def test_hostile_text_cannot_steer_a_terminal(project):
    project.write(a="```pycon\n>>> print('\\x1b[2J\\x07\\u202e')\n```\n")
    done = project.run("check")
    assert r"    + \x1b[2J\x07\u202e" in done.lines


def test_a_reader_that_leaves_early_gets_no_traceback_and_the_report_is_written(project):
    # More than a pipe holds.
    long = "```pycon\n>>> print('x' * 9000)\n```\n"
    project.write(**{f"p{number:02}": long for number in range(30)})
    with project.start("check", "--report", "r.json") as checking:
        assert checking.stdout.readline().startswith(b"explainers/p00.md:2: ")
        checking.stdout.close()
        assert checking.stderr.read() == b""
    assert json.loads((project.path / "r.json").read_text())["counts"]["failed"] == 30


def test_a_file_gets_no_colours_and_no_broken_lines(project):
    project.write(a=BAD + "\n```{source} json.nope\n```\n" + HANGS, b=b"\xff", c=GOOD)
    done = project.run("check", "--timeout", "2", COLUMNS="20")
    assert "\x1b" not in done.out
    assert done.lines[-1].startswith("3 pages, 3 snippets, 1 claim, 1 passed, 2 failed, ")


def test_colours_can_be_forced_into_a_file_without_a_bar_and_broken_lines(project):
    project.write(a=BAD, b="```pycon\n>>> import time; time.sleep(1.5)\n```\n")
    done = project.run("check", FORCE_COLOR="1", COLUMNS="20")
    assert (done.status, done.err) == (1, "")
    assert "\x1b[31m    - 3\x1b[0m" in done.lines
    assert "2 pages, 2 snippets, 1 passed, 1 failed\x1b" in done.lines[-1]


def test_a_terminal_gets_colours_and_a_summary_broken_at_words(project):
    project.write(a=BAD, b=GOOD)
    done = project.in_terminal("check", columns=30)
    assert done.status == 1
    assert "\x1b[31m    - 3\x1b[0m\r\n\x1b[32m    + 2\x1b[0m\r\n" in done.out
    assert "1mexplainers/a.md:4\x1b[0m" in done.out
    assert "2 pages, 2 snippets, 1 passed,\x1b[0m\r\n" in done.out


@pytest.mark.parametrize(("columns", "bar"), [(80, True), (34, False)])
def test_a_terminal_shows_progress_after_a_second_and_takes_it_away(project, columns, bar):
    project.write(a=HANGS, b=GOOD)
    done = project.in_terminal("check", "--timeout", "2.5", columns=columns)
    assert done.status == 1
    progress, _, rest = done.out.partition("explainers/a.md:4")
    assert "running pages" in progress
    assert "1/2" in progress
    assert "0:00:02" in progress
    assert ("━" in progress) == bar
    assert "\x1b[1A\x1b[2K" in progress
    assert "running pages" not in rest


def test_a_terminal_shows_no_progress_of_what_is_quick(project):
    project.write(a=GOOD)
    for _ in range(20):
        out = project.in_terminal("check").out
        seconds = float(out.rpartition("(")[2].partition(" s")[0])
        if seconds < 0.9:
            assert "running" not in out
            return
    pytest.fail("it was never quick")


def test_ctrl_c_in_a_terminal_ends_all_at_once(project):
    project.write(a=HANGS, b=HANGS, c=HANGS)
    started = time.monotonic()
    done = project.in_terminal("check", until="running pages")
    assert time.monotonic() - started < 30
    assert done.status == 130
    assert done.out.endswith("interrupted\r\n")
    assert "Traceback" not in done.out
    assert project.left() == []


@pytest.mark.parametrize("command", ["check", "update"])
@pytest.mark.parametrize(("sent", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, -15)])
def test_a_signal_leaves_no_process(project, command, sent, status):
    began = project.path / "began"
    project.write(a=f"```pycon\n>>> open('{began}', 'w').close()\n```\n" + HANGS, b=HANGS)
    with project.start(command) as running:
        deadline = time.monotonic() + 60
        while not began.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert began.exists()
        running.send_signal(sent)
        out, err = running.communicate(timeout=30)
    assert running.returncode == status
    assert out == b""
    assert err == (b"\ninterrupted\n" if sent == signal.SIGINT else b"")
    assert project.left() == []
