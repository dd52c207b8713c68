"""Which pages are collected, as which items, and that nothing else is disturbed."""

import pytest
from plugin_pages import BAD, GOOD, TWO_GROUPS, ids


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


def test_the_plugin_can_be_switched_off(pages, run):
    pages(x=BAD)
    assert run("-p", "no:wherefrom").ret == pytest.ExitCode.NO_TESTS_COLLECTED
