"""`wherefrom trace`: any script, its outline, its origins, its own status."""

import json
import subprocess
import sys

import pytest

from wherefrom.traces import Trace

SCRIPT = """\
import sys

class Holder:
    value = None

class Value:
    def __init__(self):
        self.of = "anything"

def make():
    return Value()

def store(holder, value):
    holder.value = value

print("arguments:", sys.argv[1:])
store(Holder(), make())
sys.exit(7)
"""


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "script.py"
    path.write_text(SCRIPT, "utf-8")
    return path


def trace(script, *arguments):
    command = [sys.executable, "-m", "wherefrom", "trace", str(script), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=script.parent, timeout=60
    )


def test_the_outline_and_the_origin_follow_what_the_script_printed(script):
    done = trace(script, "--watch", "__main__.Holder.value", "--", "one", "--two")
    printed, *outline = done.stdout.splitlines()
    assert printed == "arguments: ['one', '--two']"
    assert [" ".join(each.split()) for each in outline if each] == [
        "make",
        "Value",
        "store",
        "Holder.value: None -> Value",
        "the origin of Holder.value",
        "default: None on Holder",
        "born: make -> Value",
        "carried: make -> store",
        "stored: Holder.value: None -> Value by store",
    ]


def test_the_exit_status_is_the_scripts_own(script):
    assert trace(script).returncode == 7
    script.write_text("raise ValueError('no')\n", "utf-8")
    failed = trace(script)
    assert failed.returncode == 1
    assert failed.stderr.splitlines()[-1] == "ValueError: no"
    assert "wherefrom" not in failed.stderr


def test_the_whole_trace_can_be_kept(script, tmp_path):
    trace(script, "--json", str(tmp_path / "trace.json"))
    kept = Trace.from_json(json.loads((tmp_path / "trace.json").read_text("utf-8")))
    assert [each.qualname for each in kept.calls] == ["make", "Value", "store"]


def test_what_cannot_be_run_is_said_with_its_path(script):
    gone = trace(script.with_name("gone.py"))
    assert gone.returncode == 2
    assert "gone.py: can't be read" in gone.stderr
    script.write_text("def\n", "utf-8")
    broken = trace(script)
    assert broken.returncode == 2
    assert "script.py:1: is not Python" in broken.stderr


def test_a_long_outline_is_cut_and_says_so(script):
    script.write_text("def f():\n    pass\n\nfor _ in range(500):\n    f()\n", "utf-8")
    assert "... and 300 more lines" in trace(script).stdout


def test_how_an_exception_is_told_is_no_part_of_the_trace(script):
    script.write_text("def f():\n    raise KeyError\n\nf()\n", "utf-8")
    done = trace(script)
    assert done.stdout == "f  raised KeyError\n"
    command = [sys.executable, str(script)]
    plain = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == plain.stderr


def test_the_scripts_own_excepthook_is_called(script):
    hook = "import sys\nsys.excepthook = lambda *told: print(told[0].__name__)\n"
    script.write_text(f"{hook}raise KeyError\n", "utf-8")
    done = trace(script)
    assert (done.returncode, done.stdout.splitlines()[0]) == (1, "KeyError")


def test_threads_that_go_on_are_waited_for_and_watched(script):
    script.write_text(
        "import threading, time\n\n"
        "def late():\n    print('late')\n\n"
        "threading.Timer(0.1, late).start()\n",
        "utf-8",
    )
    done = trace(script, "--focus", "__main__")
    assert done.stdout.splitlines()[0] == "late"
    assert done.stdout.splitlines()[-1] == "late"
    assert "-- in thread Thread-1" in done.stdout


def test_a_process_that_the_script_forks_prints_no_outline_of_its_own(script):
    script.write_text(
        "import os\n\n"
        "def f():\n    pass\n\n"
        "f()\n"
        "pid = os.fork()\n"
        "if pid:\n    os.waitpid(pid, 0)\n"
        "print('parent' if pid else 'child')\n",
        "utf-8",
    )
    printed = trace(script, "--focus", "__main__").stdout.splitlines()
    assert printed == ["child", "parent", "f"]


def test_what_a_terminal_cannot_encode_is_escaped(script, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    script.write_text("class Ö:\n    ü = 1\n\nÖ().ü = 'é'\n", "utf-8")
    done = trace(script, "--watch", "Ö.ü")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "\\xd6.\\xfc: 1 -> '\\xe9'\n"


def test_a_script_may_close_or_replace_its_output(script):
    source = "import io, sys\n\ndef f():\n    pass\n\nf()\n"
    script.write_text(f"{source}sys.stdout = io.StringIO()\n", "utf-8")
    assert trace(script).stdout == "f\n"
    script.write_text(f"{source}sys.stdout.close()\n", "utf-8")
    done = trace(script)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "f\n")


def test_where_the_store_lies_beyond_what_is_shown_it_is_shown_all_the_same(script):
    script.write_text(SCRIPT.replace("print(", "[make() for _ in range(200)]\nprint("), "utf-8")
    printed = trace(script, "--watch", "Holder.value").stdout
    _, _, rest = printed.partition("more lines")
    assert "\n\namong them\nmake\n  Value\nstore\n  Holder.value: None -> Value\n" in rest
