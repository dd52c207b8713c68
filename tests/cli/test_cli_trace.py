"""`wherefrom trace` in a terminal and in a pipe; tests/test_trace_command.py has the rest."""

import re

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
DEEP = """\
class Value:
    pass

class Holder:
    value = None

def a_function_with_a_rather_long_name_0(holder):
    holder.value = Value()
"""
CALLS = "\n".join(
    f"def a_function_with_a_rather_long_name_{n}(holder):\n"
    f"    a_function_with_a_rather_long_name_{n - 1}(holder)\n"
    for n in range(1, 30)
)
SCRIPT = f"{DEEP}\n{CALLS}\na_function_with_a_rather_long_name_29(Holder())\n"


def traced(project):
    (project.path / "s.py").write_text(SCRIPT)
    return ["trace", "s.py", "--watch", "__main__.Holder.value"]


def test_nothing_is_cut_or_broken_in_a_pipe(project):
    done = project.run(*traced(project))
    assert (done.status, done.err) == (0, "")
    assert "…" not in done.out
    assert not any(line.endswith("  ") for line in done.lines)
    outline, _, origin = done.out.partition("the origin of Holder.value\n")
    lines = outline.splitlines()
    assert lines[29] == "  " * 29 + "a_function_with_a_rather_long_name_0"
    assert origin.splitlines()[-1].strip().endswith("by a_function_with_a_rather_long_name_0")
    assert all(":" in line for line in origin.splitlines())


def test_lines_are_as_wide_as_a_terminal(project):
    done = project.in_terminal(*traced(project), columns=60)
    assert done.status == 0
    assert "…" in done.out


def test_long_chains_hang_beneath_their_start_in_a_narrow_terminal(project):
    done = project.in_terminal(*traced(project), columns=50)
    assert done.status == 0
    lines = [COLOUR.sub("", line) for line in done.lines]
    assert all(len(line) <= 50 and line == line.rstrip() for line in lines)
    start = lines.index("  stored:  Holder.value: None -> Value by")
    assert lines[start + 1] == "           a_function_with_a_rather_long_name_0"
