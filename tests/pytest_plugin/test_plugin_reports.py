"""What pytest tells of pages: failures at their lines, skips, claims, reports."""

from xml.etree import ElementTree as ET

import pytest
from plugin_pages import BAD, GOOD, TWO_GROUPS, failures, ids

NOT_UTF_8 = "not UTF-8: byte 0xff (invalid start byte); save the file as UTF-8 [encoding]"
NO_PROGRAM = (
    "no `{testcode}` of group `default` stands before this `{testoutput}`: "
    "put it right after its program, with the same group [page]"
)


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


def test_names_of_groups_are_shown_as_they_are(pages, run):
    pages(x="```pycon a.b\n>>> 1\n1\n```\n```pycon with blank[1]\n>>> 1\n1\n```\n")
    result = run("explainers", "-v")
    result.stdout.fnmatch_lines(["explainers/x.md::a.b PASSED*"])
    result.stdout.fnmatch_lines(["explainers/x.md::with blank[[]1[]] PASSED*"])
    run("explainers/x.md::with blank[1]").assert_outcomes(passed=1)
