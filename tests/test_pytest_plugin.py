"""The pytest plugin, used as a stranger would: real runs of pytest over real pages."""

import os
import signal
import sys
import time
import uuid
from xml.etree import ElementTree as ET

import psutil
import pytest

GOOD = "# T\n\n```pycon\n>>> 1 + 1\n2\n```\n"
BAD = "# T\n\n```pycon\n>>> 1 + 1\n3\n```\n"
NOT_UTF_8 = "not UTF-8: byte 0xff (invalid start byte); save the file as UTF-8 [encoding]"
NO_PROGRAM = (
    "no `{testcode}` of group `default` stands before this `{testoutput}`: "
    "put it right after its program, with the same group [page]"
)
TWO_GROUPS = """\
# Two groups

```{testcode} client
print("hello")
```
```{testoutput} client
hello
```

```pycon server
>>> 1 + 1
2
```
"""


@pytest.fixture
def pages(pytester):
    """Write pages into a folder, and run pytest there."""

    def write(folder="explainers", **texts):
        place = pytester.path / folder
        place.mkdir(exist_ok=True)
        for name, text in texts.items():
            data = text if isinstance(text, bytes) else text.encode()
            (place / f"{name}.md").write_bytes(data)

    return write


@pytest.fixture
def run(pytester):
    """Run pytest in this process, or where it is to end itself, ``apart`` in one of its own."""

    def go(*arguments, apart=False):
        start = pytester.runpytest_subprocess if apart else pytester.runpytest_inprocess
        return start("-p", "no:hypothesispytest", *arguments)

    return go


def failures(result):
    """What is told of failures, up to the summary."""
    lines = result.outlines
    start = next(at for at, line in enumerate(lines) if "= FAILURES =" in line)
    return lines[start + 1 : next(at for at, line in enumerate(lines) if "= short test" in line)]


def ids(result):
    return [line for line in result.outlines if "::" in line]


def test_each_group_is_an_item_in_page_order(pages, run):
    pages(two=TWO_GROUPS, one=GOOD)
    assert ids(run("--collect-only", "-q", "explainers")) == [
        "explainers/one.md::default",
        "explainers/two.md::client",
        "explainers/two.md::server",
    ]
    run("explainers").assert_outcomes(passed=3)


def test_a_group_can_be_chosen_by_its_id_and_by_a_part_of_its_name(pages, run):
    pages(two=TWO_GROUPS)
    run("explainers/two.md::server").assert_outcomes(passed=1)
    run("explainers", "-k", "client").assert_outcomes(passed=1, deselected=1)


def test_a_failure_shows_its_line_with_what_was_expected_and_what_came(pages, run):
    pages(
        x="# T\n\n```pycon\n>>> print('a\\nb')\na\nc\n>>> 1 / 0\n```\n\n"
        "```{testcode} other\nprint('p')\n```\n```{testoutput} other\nq\n```\n"
    )
    result = run("explainers")
    result.assert_outcomes(failed=2)
    assert failures(result) == [
        "________________________________ x.md: default _________________________________",
        "explainers/x.md:4: printed something other than expected",
        "      a",
        "    - c",
        "    + b",
        "",
        "explainers/x.md:7: raised ZeroDivisionError: division by zero",
        "    Traceback (most recent call last):",
        f'      File "{result_path(result)}/explainers/x.md", line 7, in <module>',
        "        1 / 0",
        "        ~~^~~",
        "    ZeroDivisionError: division by zero",
        "_________________________________ x.md: other __________________________________",
        "explainers/x.md:13: printed something other than expected",
        "    - q",
        "    + p",
    ]
    result.stdout.fnmatch_lines(["FAILED explainers/x.md::other - line 13: printed something *"])
    result.stdout.no_fnmatch_line("*pytest_plugin*")


def result_path(result):
    root = next(line for line in result.outlines if line.startswith("rootdir: "))
    return root.removeprefix("rootdir: ")


def test_differences_are_coloured_in_a_terminal(pages, run):
    pages(x=BAD)
    result = run("explainers", "--color=yes")
    assert "\x1b[31m    - 3\x1b[0m" in result.outlines
    assert "\x1b[32m    + 2\x1b[0m" in result.outlines


@pytest.mark.parametrize("style", ["line", "no"])
def test_shorter_tracebacks_are_a_line_or_nothing(pages, run, style):
    pages(x=BAD, y=b"\xff\n")
    result = run("explainers", f"--tb={style}")
    assert not any(line.strip() == "- 3" for line in result.outlines)
    told = [line for line in result.outlines if line.startswith("explainers/") and ": " in line]
    assert told == [
        "explainers/x.md:4: printed something other than expected",
        f"explainers/y.md:1: {NOT_UTF_8}",
    ] * (style == "line")


def test_the_first_failure_ends_the_run_if_so_asked(pages, run):
    pages(a=BAD, b=GOOD)
    run("explainers", "-x").assert_outcomes(failed=1)


def test_the_last_failures_run_again_alone(pages, run):
    pages(a=TWO_GROUPS, b=BAD)
    run("explainers").assert_outcomes(passed=2, failed=1)
    again = run("explainers", "--lf", "-v")
    again.assert_outcomes(failed=1)
    again.stdout.fnmatch_lines(["explainers/b.md::default FAILED*"])
    pages(b=GOOD)
    run("explainers", "--lf").assert_outcomes(passed=1)


def test_groups_are_spread_over_processes_of_xdist(pages, run):
    pages(a=TWO_GROUPS, b=BAD, c=b"\xff\n")
    result = run("explainers", "-n", "2", apart=True)
    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(["explainers/b.md:4: printed something other than expected"])
    result.stdout.fnmatch_lines(["    - 3", "    + 2"])


def test_the_report_for_junit_names_page_and_group(pages, run, pytester):
    pages(x="```pycon a.b\n>>> 1\n1\n```\n```pycon other\n>>> '<&>\\x00'\n```\n")
    run("explainers", "--junitxml=report.xml").assert_outcomes(passed=1, failed=1)
    good, bad = ET.parse(pytester.path / "report.xml").iter("testcase")
    assert (good.get("classname"), good.get("name")) == ("explainers.x.md", "a.b")
    failure = bad.find("failure")
    assert failure.get("message") == "line 6: printed something, though no output is expected"
    assert failure.text.splitlines() == [
        "explainers/x.md:6: printed something, though no output is expected",
        r"    + '<&>\x00'",
    ]


def test_a_page_that_cannot_be_read_fails_at_its_line_and_all_others_run(pages, run):
    pages(a=b"# T\n\xff\n", b="# T\n\n```{testoutput}\n```\n", c=GOOD)
    result = run("explainers")
    result.assert_outcomes(failed=2, passed=1)
    assert failures(result)[1::2] == [
        f"explainers/a.md:2: {NOT_UTF_8}",
        f"explainers/b.md:3: {NO_PROGRAM}",
    ]
    result.stdout.fnmatch_lines(["FAILED explainers/a.md::page - line 2: not UTF-8: *"])


def test_a_group_of_a_page_that_cannot_be_read_says_why_it_is_not_found(pages, run):
    pages(a=b"# T\n\xff\n")
    result = run("explainers/a.md::client")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stdout.fnmatch_lines(["explainers/a.md:2: not UTF-8: *"])


def test_what_is_skipped_says_why_and_where(pages, run):
    pages(
        x="# T\n\n```pycon all\n>>> 1  # doctest: +SKIP\n2\n```\n\n"
        "```{doctest} cond\n:skipif: True\n>>> 1 / 0\n```\n\n"
        "```pycon part\n>>> 1 / 0  # doctest: +SKIP\n>>> 1\n1\n```\n"
    )
    result = run("explainers", "-rs")
    result.assert_outcomes(skipped=2, passed=1)
    told = [line for line in result.outlines if line.startswith("SKIPPED")]
    assert told == [
        "SKIPPED [1] explainers/x.md:4: skipped by its doctest directive",
        "SKIPPED [1] explainers/x.md:10: skipped: True is true",
    ]


def test_blocks_that_are_not_run_are_counted(pages, run):
    python = "\n```python\nnever\n```\n"
    pages(x=GOOD + python, y=TWO_GROUPS + python * 2)
    told = "wherefrom: 3 blocks are not run; `wherefrom check --verbose` lists them"
    assert told in run("explainers").outlines
    assert not any("not run" in line for line in run("explainers", "-q").outlines)
    pages(x=GOOD, y=GOOD)
    assert not any("not run" in line for line in run("explainers").outlines)


def test_claims_that_need_no_run_are_an_item_of_their_own(pages, run):
    pages(
        x="```{source} json.JSONEncoder.encode\n```\n" + GOOD,
        y="# T\n\n```{source} json.JSONEncoder.nope\n```\n\n"
        "```{source} json.JSONEncoder.encode\n:mark: no such text\n```\n",
        z="```{source} json.JSONEncoder.encode\n```\n\n```pycon library\n>>> 1\n1\n```\n",
    )
    assert ids(run("--collect-only", "-q", "explainers")) == [
        "explainers/x.md::library",
        "explainers/x.md::default",
        "explainers/y.md::library",
        "explainers/z.md::library (claims)",
        "explainers/z.md::library",
    ]
    result = run("explainers")
    result.assert_outcomes(passed=4, failed=1)
    _, first, blank, second = failures(result)
    assert first.startswith("explainers/y.md:3: `json.JSONEncoder.nope` is not defined")
    assert blank == ""
    assert second.startswith("explainers/y.md:6: no line of `json.JSONEncoder.encode` holds")


def test_a_flow_that_was_not_observed_fails_in_its_group(pages, run):
    pages(
        x="```{testcode} f\ndef inner(): pass\ndef outer(): inner()\nouter()\n```\n\n"
        "```{flow} f\nouter\n  nope\n```\n"
    )
    result = run("explainers")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["explainers/x.md:9: `nope` was never observed"])


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
    result.stdout.fnmatch_lines([f'*File "{result_path(result)}/explainers/x.md", line 9*'])


def test_options_come_from_pytests_configuration_and_from_pyproject(pages, run, pytester):
    hangs = "```pycon\n>>> import time; time.sleep(60)\n```\n"
    pages("docs", x=hangs)
    pages("more", y=GOOD)
    pytester.makepyprojecttoml(
        '[tool.wherefrom]\npaths = ["docs"]\ntimeout = 0.6\n'
        '[tool.pytest.ini_options]\nwherefrom_paths = ["docs", "more"]\n'
    )
    result = run()
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(["docs/x.md:2: it took longer than 0.6 s and was ended"])
    assert ids(run("-o", "wherefrom_paths=more", "--collect-only", "-q")) == ["more/y.md::default"]


def test_pytests_own_table_takes_numbers(pages, run, pytester):
    if int(pytest.__version__.split(".")[0]) < 9:
        pytest.skip("this table is new in pytest 9")
    pages(x="```pycon\n>>> while True: pass\n```\n")
    pytester.makepyprojecttoml("[tool.pytest]\nwherefrom_timeout = 0.5\nwherefrom_cache = true\n")
    run().stdout.fnmatch_lines(["explainers/x.md:2: it took longer than 0.5 s and was ended"])


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("wherefrom_timeout = soon", "could not convert string to float: 'soon'"),
        ("wherefrom_timeout = 0", "`timeout` must be a number above 0, not 0.0"),
        ("wherefrom_cache = maybe", "invalid truth value 'maybe'"),
        ("wherefrom_flags = NOPE", "`NOPE` is no doctest flag"),
        ("wherefrom_profile = nope", "no profile is called `nope`"),
    ],
)
def test_a_wrong_option_is_said_once_with_its_file(pages, run, pytester, line, told):
    pages(x=GOOD)
    pytester.makeini(f"[pytest]\n{line}\n")
    result = run(apart=True)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    (error,) = [each for each in result.errlines if each]
    assert error.startswith("ERROR: ")
    assert told in error
    assert f"{pytester.path}/tox.ini" in error
    assert not any("Traceback" in each for each in result.outlines)


def test_an_unknown_option_in_pyproject_is_said_with_the_file(pages, run, pytester):
    pages(x=GOOD)
    pytester.makepyprojecttoml("[tool.wherefrom]\ntimout = 1\n")
    result = run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *pyproject.toml: no option is called `timout`*"])


def test_markdown_elsewhere_is_left_alone_unless_it_is_named(pages, run, pytester):
    pages(x=GOOD)
    pages("docs", guide=BAD)
    pytester.path.joinpath("README.md").write_text(BAD)
    pytester.makepyfile(test_own="def test_own(): pass")
    assert ids(run("--collect-only", "-q")) == [
        "explainers/x.md::default",
        "test_own.py::test_own",
    ]
    assert run("docs").ret == pytest.ExitCode.NO_TESTS_COLLECTED
    run("README.md", "docs/guide.md").assert_outcomes(failed=2)


def test_a_folder_of_pages_may_lie_outside_the_root(pages, run, pytester):
    pages(x=GOOD)
    root = pytester.mkdir("project")
    (root / "pyproject.toml").write_text('[tool.wherefrom]\npaths = ["../explainers"]\n')
    run("--rootdir=project", "-c", "project/pyproject.toml", ".").assert_outcomes(passed=1)


def test_doctests_fixtures_and_hooks_of_a_project_go_on_as_before(pages, run, pytester):
    pages(x=GOOD)
    pytester.path.joinpath("README.md").write_text(">>> 1 + 1\n2\n")
    pytester.makeconftest(
        "import pytest\n"
        "@pytest.fixture(autouse=True)\n"
        "def every(monkeypatch): monkeypatch.setenv('SEEN', '1')\n"
        "def pytest_collection_modifyitems(items):\n"
        "    for item in items:\n"
        "        item.add_marker(pytest.mark.own)\n"
    )
    pytester.makeini(
        "[pytest]\nmarkers = own\naddopts = --strict-markers --strict-config\n"
        "filterwarnings = error\n"
    )
    pytester.makepyfile(test_own="import os\ndef test_own(): assert os.environ['SEEN'] == '1'")
    run("-m", "own", "--doctest-glob=README.md").assert_outcomes(passed=3)


def test_marks_of_a_conftest_hold_for_groups(pages, run, pytester):
    pages(a=BAD, b=BAD)
    pytester.makeconftest(
        "import pytest\n"
        "def pytest_collection_modifyitems(items):\n"
        "    items[0].add_marker(pytest.mark.xfail(reason='known'))\n"
        "    items[1].add_marker(pytest.mark.skip(reason='later'))\n"
    )
    result = run("explainers", "-rsx")
    result.assert_outcomes(xfailed=1, skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED [[]1] explainers/b.md: later"])


def test_names_of_groups_are_shown_as_they_are(pages, run):
    pages(x="```pycon a.b\n>>> 1\n1\n```\n```pycon with blank[1]\n>>> 1\n1\n```\n")
    result = run("explainers", "-v")
    result.stdout.fnmatch_lines(["explainers/x.md::a.b PASSED*"])
    result.stdout.fnmatch_lines(["explainers/x.md::with blank[[]1[]] PASSED*"])
    run("explainers/x.md::with blank[1]").assert_outcomes(passed=1)


def test_the_plugin_can_be_switched_off(pages, run):
    pages(x=BAD)
    assert run("-p", "no:wherefrom").ret == pytest.ExitCode.NO_TESTS_COLLECTED


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
