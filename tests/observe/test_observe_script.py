"""A script under observation behaves as one that Python runs."""

import subprocess
import sys

import pytest

import wherefrom
from wherefrom.observe.script import ScriptError, run_script

SCRIPT = """\
import sys

class Box:
    value = None

def main():
    box = Box()
    box.value = len(sys.argv)
    print(__name__, sys.argv[1:])
    return 3

if __name__ == "__main__":
    sys.exit(main())
"""


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "script.py"
    path.write_text(SCRIPT)
    return path


def test_a_script_runs_as_main_with_its_arguments_and_status(script, capsys):
    before = sys.argv, sys.path, sys.modules["__main__"]
    outcome = run_script(script, ["a"], watch=["Box.value"], focus=["__main__"])
    assert (sys.argv, sys.path, sys.modules["__main__"]) == before
    assert capsys.readouterr().out == "__main__ ['a']\n"
    assert outcome.status == 3
    assert outcome.trace.outline() == "main\n  Box.value: None -> 2"


def test_an_exception_is_told_as_python_tells_it(tmp_path, capsys):
    path = tmp_path / "fails.py"
    path.write_text("def fails():\n    1 / 0\n\nfails()\n")
    outcome = run_script(path)
    real = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=False)
    assert capsys.readouterr().err == real.stderr
    assert outcome.status == real.returncode == 1
    assert outcome.trace.calls[0].raised == "ZeroDivisionError"


@pytest.mark.parametrize(
    ("text", "message"),
    [(None, "can't be read: No such file or directory"), ("def\n", "is not Python: ")],
)
def test_what_is_no_script_is_refused(tmp_path, text, message):
    path = tmp_path / "none.py"
    if text:
        path.write_text(text)
    with pytest.raises(ScriptError, match=message):
        run_script(path)


def test_observe_is_public_and_its_modules_can_be_imported():
    from wherefrom.observe import codes

    assert callable(wherefrom.observe)
    assert codes.__name__ == "wherefrom.observe.codes"
