"""`wherefrom check`: its exit status, and what it prints."""

import pytest

GOOD = "# Good\n\n```pycon\n>>> 1 + 1\n2\n```\n\n```python\nnever\n```\n"
BAD = "# Bad\n\n```pycon\n>>> 1 + 1\n3\n```\n"
EXITS = "```pycon exits\n>>> import os; os._exit(3)\n>>> 1\n1\n```\n"
NOT_UTF_8 = "not UTF-8: byte 0xff (invalid start byte); save the file as UTF-8 [encoding]"
HANGS = "# Hangs\n\n```pycon\n>>> import time; time.sleep(600)\n```\n"


def without_time(line):
    return line.rpartition(" (")[0]


def test_good_pages_give_status_0_and_one_line_that_counts_them(project):
    project.write(a=GOOD, b=GOOD)
    done = project.run("check")
    assert (done.status, done.err) == (0, "")
    (line,) = done.lines
    assert without_time(line) == "2 pages, 2 snippets, 2 passed, 2 blocks not run"


def test_every_kind_of_bad_verdict_gives_status_1_at_its_line(project):
    project.write(
        a=BAD + "\n```{testcode} p\nprint('x')\nprint('y')\n```\n```{testoutput} p\nx\nz\n```\n",
        b="```pycon\n>>> {}['k']\n```\n\n" + EXITS,
        c=HANGS,
        d=b"# T\n\xff\n",
        e=GOOD,
    )
    done = project.run("check", "--timeout", "1")
    assert (done.status, done.err) == (1, "")
    assert [line for line in done.lines if line.startswith("explainers/")] == [
        "explainers/a.md:4: printed something other than expected",
        "explainers/a.md:12: printed something other than expected",
        "explainers/b.md:2: raised KeyError: 'k'",
        "explainers/b.md:6: the process ended here: exit status 3",
        "explainers/c.md:4: it took longer than 1 s and was ended",
        f"explainers/d.md:2: {NOT_UTF_8}",
    ]
    assert done.out.startswith(
        "explainers/a.md:4: printed something other than expected\n    - 3\n    + 2\n\n"
        "explainers/a.md:12: printed something other than expected\n      x\n    - z\n    + y\n\n"
    )
    assert f'      File "{project.path}/explainers/c.md", line 4 in <module>' in done.lines
    assert without_time(done.lines[-1]) == (
        "5 pages, 7 snippets, 1 passed, 2 failed, 1 raised, 1 died, 1 skipped, 1 timed out, "
        "1 page unreadable, 1 block not run"
    )


def test_the_pages_among_the_given_paths_are_run_each_once(project):
    project.write(a=GOOD, b=BAD)
    project.write(folder="elsewhere", c=GOOD)
    done = project.run("check", "elsewhere", "explainers/a.md", f"{project.path}/elsewhere/c.md")
    assert done.status == 0
    assert done.lines[-1].startswith("2 pages, ")


def test_paths_outside_the_root_are_shown_whole(project, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "x.md"
    outside.write_text(BAD)
    done = project.run("check", str(outside))
    assert done.status == 1
    assert done.lines[0] == f"{outside}:4: printed something other than expected"


def test_in_a_folder_of_the_project_its_configuration_holds(project):
    project.configure('[tool.wherefrom]\npaths = ["explainers"]\ntimeout = 0.5\n')
    project.write(a=HANGS)
    below = project.path / "below"
    below.mkdir()
    done = project.run("check", cwd=below)
    assert done.lines[0] == (
        f"{project.path}/explainers/a.md:4: it took longer than 0.5 s and was ended"
    )


def test_good_groups_are_remembered_unless_they_are_not_to_be(project):
    project.write(a=GOOD)
    assert "cache" not in project.run("check").out
    assert "1 group from the cache" in project.run("check").out
    assert "cache" not in project.run("check", "--no-cache").out
    assert "cache" not in project.run("check", "--timeout", "20").out


def test_groups_run_as_many_at_a_time_as_is_said(project):
    meets = (
        "```pycon\n>>> import pathlib, time\n"
        ">>> here = pathlib.Path({here!r})\n>>> (here / {own!r}).touch()\n"
        ">>> while not (here / {other!r}).exists(): time.sleep(0.01)\n```\n"
    )
    here = str(project.path)
    project.write(
        a=meets.format(here=here, own="a", other="b"), b=meets.format(here=here, own="b", other="a")
    )
    assert project.run("check", "-j", "1", "--timeout", "1").status == 1
    for name in ("a", "b"):
        (project.path / name).unlink()
    assert project.run("check", "-j", "2").status == 0


def test_what_was_not_run_and_what_was_skipped_is_listed_on_demand(project):
    project.write(a=GOOD + "\n```pycon\n>>> 1  # doctest: +SKIP\n```\n")
    assert len(project.run("check").lines) == 1
    assert project.run("check", "-v").lines[:-1] == [
        "explainers/a.md:8: not run: python (only shown; use pycon or {testcode} to run it)",
        "explainers/a.md:13: skipped by its doctest directive",
    ]


def test_a_page_in_which_nothing_runs_is_good_and_says_so(project):
    project.write(a="# Only words\n")
    done = project.run("check")
    assert done.status == 0
    assert done.lines[1:] == [
        "nothing here runs: examples stand in `pycon` blocks, programs in `{testcode}`"
    ]


def test_claims_of_a_librarys_source_are_checked_and_counted(project):
    project.write(
        a="# T\n\n```{source} json.JSONEncoder.encode\n```\n\n"
        "```{source} json.JSONEncoder.encode\n:mark: no such text\n```\n\n"
        "```{subclasses} json.JSONEncoder\n```\n\n"
        "```{overriders} json.JSONEncoder.nope\n```\n\n"
        "```{assignments} json.JSONEncoder.indent\n```\n"
    )
    done = project.run("check")
    assert done.status == 1
    first, second = (line for line in done.lines if line.startswith("explainers/"))
    assert first == (
        "explainers/a.md:6: no line of `json.JSONEncoder.encode` holds `no such text`: "
        "it has changed, or never did"
    )
    assert second.startswith("explainers/a.md:13: ")
    assert without_time(done.lines[-1]) == "1 page, 0 snippets, 5 claims, 3 passed, 2 failed"


def test_a_failure_in_text_that_two_pages_include_is_told_once(project):
    project.write(ending=".txt", part="```pycon\n>>> 1\n2\n```\n")
    project.write(a="```{include} part.txt\n```\n", b="```{include} part.txt\n```\n")
    done = project.run("check")
    assert [line for line in done.lines if line.startswith("explainers/")] == [
        "explainers/part.txt:2: printed something other than expected"
    ]
    assert without_time(done.lines[-1]) == "2 pages, 2 snippets, 0 passed, 2 failed"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nope.md"], "error: nope.md: no such file or folder: give the path of a page [config]"),
        (["-j", "-1"], "error: `jobs` must be 0 or more, not -1 [config]"),
        (["--timeout", "0"], "error: `timeout` must be a number above 0, not 0.0 [config]"),
        (["--timeout", "nan"], "error: `timeout` must be a number above 0, not nan [config]"),
        (["--report", "x.txt"], "error: x.txt: a report's name ends in .json or .xml [config]"),
        (
            ["--report", "no/x.xml"],
            "error: no/x.xml: there is no folder for this report: make it first [config]",
        ),
        (
            ["-j", "many"],
            "Error: Invalid value for '-j' / '--jobs': 'many' is not a valid integer.",
        ),
    ],
)
def test_a_wrong_option_gives_status_2_and_says_what_is_wrong(project, arguments, told):
    project.write(a=GOOD)
    done = project.run("check", *arguments)
    assert (done.status, done.out) == (2, "")
    assert done.err.splitlines()[-1] == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x = [", "pyproject.toml: not valid TOML: Invalid value (at end of document)"),
        ("tool = 3", "pyproject.toml: `wherefrom` must be a table: [tool.wherefrom]"),
        (
            "[tool.wherefrom]\ntimout = 3",
            "pyproject.toml: no option is called `timout`; there are: ",
        ),
        (
            "[tool.wherefrom]\ntimeout = '3'",
            "pyproject.toml: `timeout` must be a number, not '3'",
        ),
        ("[tool.wherefrom]\ncache = 1", "pyproject.toml: `cache` must be true or false, not 1"),
        ("[tool.wherefrom]\nflags = ['NOPE']", "pyproject.toml: `NOPE` is no doctest flag; there"),
        ("[tool.wherefrom]\nprofile = 'nope'", "no profile is called `nope`; there are: "),
        (
            "[tool.wherefrom]\npaths = 'pages'",
            'pages: is not there: begin a page with `wherefrom new "QUESTION"`, or say in `paths`',
        ),
        (
            "[tool.wherefrom]\npaths = []",
            'no pages in the empty `paths`: begin one with `wherefrom new "QUESTION"`',
        ),
    ],
)
def test_a_wrong_configuration_gives_status_2_and_names_the_file(project, text, told):
    project.write(a=GOOD)
    project.configure(text)
    done = project.run("check")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(f"error: {told}")
    assert done.err.endswith(" [config]\n")


def test_a_folder_without_pages_says_how_to_begin_one(project):
    project.write()
    done = project.run("check")
    assert (done.status, done.out) == (2, "")
    told = 'error: no pages in explainers: begin one with `wherefrom new "QUESTION"` [config]\n'
    assert done.err == told


def test_help_and_version_are_there_for_all_commands(project):
    done = project.run("--help")
    assert done.status == 0
    assert [line.split()[0] for line in done.lines[done.lines.index("Commands:") + 1 :]] == [
        *("build", "check", "new", "serve", "trace", "update")
    ]
    assert not any(line.endswith("...") for line in done.lines[1:])
    assert project.run("--version").out.startswith("wherefrom, version ")
    assert project.run("bogus").status == 2
