"""Where the plugin's options come from, and how a wrong one is told."""

import pytest
from plugin_pages import GOOD, ids


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


def test_a_folder_of_pages_may_lie_outside_the_root(pages, run, pytester):
    pages(x=GOOD)
    root = pytester.mkdir("project")
    (root / "pyproject.toml").write_text('[tool.wherefrom]\npaths = ["../explainers"]\n')
    run("--rootdir=project", "-c", "project/pyproject.toml", ".").assert_outcomes(passed=1)
