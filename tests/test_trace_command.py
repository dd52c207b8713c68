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
