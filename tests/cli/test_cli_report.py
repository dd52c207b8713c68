"""The reports of `wherefrom check`: JSON, JUnit's XML, and annotations for GitHub."""

import json
import platform
from xml.etree import ElementTree as ET

import pytest

import wherefrom

PAGE = """\
# T

```pycon
>>> 1 + 1
2
>>> 1 + 1
3
>>> {}["k"]
>>> 1  # doctest: +SKIP
2
```

```{testcode} p
print("a, b: 100%")

print("c")
```

```{testoutput} p
a
```

```python
never
```
"""
DIFFERENT = "printed something other than expected"
LINES = "- a%0A+ a, b: 100%25%0A+ c"
CLAIMS = """\
# T

```{source} json.JSONEncoder.encode
```

```{testcode} f
def inner(): pass
inner()
```

```{flow} f
inner
  nope
```
"""
ENDS = """\
```pycon hangs
>>> while True: pass
>>> 1
1
```

```pycon dies
>>> import os; os._exit(0)
```
"""


def report(project, name, *arguments, **env):
    done = project.run("check", "--report", name, *arguments, **env)
    return done, (project.path / name).read_text("utf-8")


def test_the_json_report_has_every_snippet_at_its_line(project):
    project.write(a=PAGE)
    done, text = report(project, "r.json")
    data = json.loads(text)
    assert done.status == 1
    assert list(data) == ["version", "environment", "counts", "pages"]
    assert data["version"] == wherefrom.__version__
    assert platform.python_version() in data["environment"]["python"]
    (page,) = data["pages"]
    seconds = [group.pop("seconds") for group in page["groups"]]
    assert all(0 < each < 30 for each in seconds)

    def snippet(line, kind, status, message=""):
        return {"line": line, "kind": kind, "status": status, "message": message}

    assert page == {
        "path": "explainers/a.md",
        "groups": [
            {
                "name": "default",
                "cached": False,
                "snippets": [
                    snippet(4, "example", "passed"),
                    snippet(6, "example", "failed", DIFFERENT),
                    snippet(8, "example", "raised", "raised KeyError: 'k'"),
                    snippet(9, "example", "skipped", "skipped by its doctest directive"),
                ],
                "claims": [],
            },
            {
                "name": "p",
                "cached": False,
                # A program is at its first line of code, its wrong output at the output's block.
                "snippets": [snippet(19, "program", "failed", DIFFERENT)],
                "claims": [],
            },
        ],
        "claims": [],
        "not_run": [
            {
                "line": 23,
                "language": "python",
                "reason": "only shown; use pycon or {testcode} to run it",
            }
        ],
    }


def test_the_json_report_counts_all_kinds_of_verdicts(project):
    project.write(a=PAGE, b=CLAIMS, c=b"\xff\n", d=ENDS)
    _, text = report(project, "r.json", "--timeout", "2")
    data = json.loads(text)
    assert data["counts"] == {
        "pages": 4,
        "errors": 1,
        "groups": 5,
        "cached": 0,
        "snippets": 9,
        "claims": 2,
        "passed": 3,
        "failed": 3,
        "raised": 1,
        "timeout": 1,
        "died": 1,
        "skipped": 2,
        "not_run": 1,
    }
    statuses = {
        group["name"]: [each["status"] for each in group["snippets"]]
        for group in data["pages"][3]["groups"]
    }
    assert statuses == {"hangs": ["timeout", "skipped"], "dies": ["died"]}


def test_the_json_report_has_claims_where_they_belong(project):
    project.write(a=CLAIMS)
    _, text = report(project, "r.json")
    (page,) = json.loads(text)["pages"]
    assert page["claims"] == [{"line": 3, "kind": "source", "status": "passed", "message": ""}]
    (group,) = page["groups"]
    assert group["snippets"] == [{"line": 7, "kind": "program", "status": "passed", "message": ""}]
    assert group["claims"] == [
        {"line": 13, "kind": "flow", "status": "failed", "message": "`nope` was never observed"}
    ]


def test_a_page_that_cannot_be_read_has_an_error_in_place_of_groups(project):
    project.write(a=b"# T\n\n\xff\n")
    _, text = report(project, "r.json")
    assert json.loads(text)["pages"] == [
        {
            "path": "explainers/a.md",
            "error": {
                "line": 3,
                "message": "not UTF-8: byte 0xff (invalid start byte); save the file as UTF-8",
                "slug": "encoding",
            },
            "not_run": [],
        }
    ]


def test_the_json_report_says_what_came_from_the_cache_and_from_another_file(project):
    project.write(ending=".txt", part="```pycon\n>>> 1\n1\n```\n\n```python\n```\n")
    project.write(a="```{include} part.txt\n```\n")
    project.run("check")
    done, text = report(project, "r.json")
    assert done.status == 0
    (page,) = json.loads(text)["pages"]
    (group,) = page["groups"]
    assert group["cached"] is True
    (snippet,) = group["snippets"]
    assert (snippet["path"], snippet["line"]) == ("explainers/part.txt", 2)
    assert page["not_run"][0]["path"] == "explainers/part.txt"


def test_the_xml_report_has_a_suite_for_each_page_and_a_case_for_each_verdict(project):
    project.write(a=PAGE, b=CLAIMS, c=b"\xff\n", d=ENDS)
    done, text = report(project, "r.xml", "--timeout", "2")
    assert done.status == 1
    suites = ET.fromstring(text)
    numbers = [
        {name: suite.get(name) for name in ("name", "tests", "failures", "errors", "skipped")}
        for suite in suites
    ]
    assert [tuple(each.values()) for each in numbers] == [
        ("explainers/a.md", "5", "2", "1", "1"),
        ("explainers/b.md", "3", "1", "0", "0"),
        ("explainers/c.md", "1", "0", "1", "0"),
        ("explainers/d.md", "3", "0", "2", "1"),
    ]
    for suite, counted in zip(suites, numbers, strict=True):
        assert len(suite.findall("testcase")) == int(counted["tests"])
        assert len(suite.findall("testcase/failure")) == int(counted["failures"])
        assert len(suite.findall("testcase/error")) == int(counted["errors"])
        assert len(suite.findall("testcase/skipped")) == int(counted["skipped"])
    case = suites[0][1]
    assert (case.get("classname"), case.get("name")) == ("explainers/a.md::default", "example:6")
    assert (case.get("file"), case.get("line")) == ("explainers/a.md", "6")
    assert case.find("failure").text == (
        "explainers/a.md:6: printed something other than expected\n- 3\n+ 2"
    )
    kinds = [case.get("name") for case in suites[1]]
    assert kinds == ["program:7", "flow:11", "source:3"]


def test_the_xml_report_holds_any_text_in_any_locale(project):
    project.write(a="```pycon\n>>> print('é\\x00<&>\\x1b\\ufffe\\udc80')\nx\n```\n")
    _, text = report(project, "r.xml", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert text.startswith("<?xml version='1.0' encoding='utf-8'?>")
    (failure,) = ET.fromstring(text).iter("failure")
    assert failure.text.splitlines()[-1] == r"+ é\x00<&>\x1b\ufffe\udc80"


def test_a_report_that_cannot_be_written_is_said_after_the_verdicts(project):
    project.write(a=PAGE)
    done = project.run("check", "--report", f"{'x' * 300}.json")
    assert done.status == 2
    assert done.lines[0] == "explainers/a.md:6: printed something other than expected"
    assert done.err.endswith(".json: can't be written: File name too long [config]\n")


def test_github_gets_an_annotation_for_each_bad_verdict(project):
    project.write(a=PAGE, b=CLAIMS, c=b"\xff\n", **{"d,e:f": "```pycon\n>>> 1 / 0\n```\n"})
    done = project.run("check", GITHUB_ACTIONS="true")
    annotations = [line for line in done.lines if line.startswith("::error ")]
    assert annotations[:3] == [
        f"::error file=explainers/a.md,line=6,title=example failed::{DIFFERENT}%0A- 3%0A+ 2",
        annotations[1],
        f"::error file=explainers/a.md,line=19,title=program failed::{DIFFERENT}%0A{LINES}",
    ]
    assert annotations[1].startswith(
        "::error file=explainers/a.md,line=8,title=example raised::raised KeyError: 'k'%0ATraceback"
    )
    assert annotations[3].startswith(
        "::error file=explainers/b.md,line=13,title=flow failed::`nope` was never observed"
    )
    assert annotations[4].startswith(
        "::error file=explainers/c.md,line=1,title=a page can't be read::not UTF-8: byte 0xff"
    )
    assert annotations[5].startswith("::error file=explainers/d%2Ce%3Af.md,line=2,title=example ")
    assert len(annotations) == 6


@pytest.mark.parametrize("value", ["", "false"])
def test_elsewhere_there_are_no_annotations(project, value):
    project.write(a=PAGE)
    assert "::" not in project.run("check", GITHUB_ACTIONS=value).out


def test_what_a_page_prints_is_no_command_for_github(project):
    project.write(a="```pycon\n>>> raise ValueError('x\\n::add-path::/evil')\n```\n")
    done = project.run("check", GITHUB_ACTIONS="true")
    stop = done.lines[0]
    assert stop.startswith("::stop-commands::")
    resume = done.lines.index(f"::{stop.removeprefix('::stop-commands::')}::")
    evil = [at for at, line in enumerate(done.lines) if line.strip().startswith("::add-path::")]
    assert evil
    assert all(0 < at < resume for at in evil)
    good = project.path / "explainers" / "a.md"
    good.write_text("```pycon\n>>> 1\n1\n```\n")
    assert "::" not in project.run("check", GITHUB_ACTIONS="true").out


def test_annotations_count_their_paths_from_githubs_workspace(project):
    project.write(a="```pycon\n>>> 1\n2\n```\n", b=b"\xff\n")
    env = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(project.path)}
    done = project.run("check", "a.md", "b.md", cwd=project.path / "explainers", **env)
    files = [line.split(",")[0] for line in done.lines if line.startswith("::error ")]
    assert files == ["::error file=explainers/a.md", "::error file=explainers/b.md"]
    assert done.lines[1] == "a.md:2: printed something other than expected"
