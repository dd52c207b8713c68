"""Pages go through the stages, several at a time, and come out as they complete."""

import dataclasses
import time

import pytest

from wherefrom.config import Config
from wherefrom.errors import ConfigError
from wherefrom.model import Claim, Region, Watch
from wherefrom.pipeline import Pipeline, check_files, slim, watch_of
from wherefrom.read import read_page

GOOD = "```pycon\n>>> 1 + 1\n2\n```\n"
BAD = "```pycon\n>>> 1 + 1\n3\n```\n"


@pytest.fixture
def config(tmp_path):
    return Config(root=tmp_path, timeout=10.0, jobs=2)


def written(folder, **pages):
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text)
    return [folder / f"{name}.md" for name in pages]


def test_every_page_gives_one_result_with_a_verdict_for_each_snippet(tmp_path, config):
    written(tmp_path, good=GOOD, bad=GOOD + BAD, empty="# T\n")
    results = {result.page.title: result for result in check_files([tmp_path], config)}
    assert {title: result.good for title, result in results.items()} == {
        "good": True,
        "bad": False,
        "T": True,
    }
    statuses = [each.status.value for each in results["bad"].verdicts]
    assert statuses == ["passed", "failed"]
    assert results["bad"].verdicts[1].line == 6


def test_groups_run_apart_and_keep_their_order(tmp_path, config):
    text = "```pycon b\n>>> x = 1\n```\n```pycon a\n>>> x\n1\n```\n```pycon b\n>>> x\n1\n```\n"
    (result,) = check_files(written(tmp_path, page=text), config)
    assert [each.group.name for each in result.groups] == ["b", "a"]
    assert [each.good for each in result.groups] == [True, False]
    assert [run.group for run in result.runs] == ["b", "a"]


def test_an_unreadable_page_is_a_result_with_its_line_and_the_others_run(tmp_path, config):
    pages = written(tmp_path, a=GOOD, b="```{testoutput}\n```\n")
    (tmp_path / "c.md").write_bytes(b"# T\n\xff\n")
    results = sorted(check_files([*pages, tmp_path / "c.md"], config), key=lambda each: each.path)
    assert [(each.error.slug, each.error.line) for each in results[1:]] == [
        ("page", 1),
        ("encoding", 2),
    ]
    assert results[0].good
    assert not results[1].good


def test_a_path_that_does_not_exist_is_a_configuration_error(tmp_path, config):
    with pytest.raises(ConfigError, match="no such file or folder"):
        list(check_files([tmp_path / "nope"], config))


def test_good_runs_are_remembered_and_bad_ones_are_not(tmp_path, config):
    pages = written(tmp_path, a=GOOD, b=BAD)

    def cached():
        found = sorted(check_files(pages, config), key=lambda each: each.path)
        return [(each.runs[0].cached, each.good) for each in found]

    assert cached() == [(False, True), (False, False)]
    assert cached() == [(True, True), (False, False)]
    pages[0].write_text(BAD)
    assert cached() == [(False, False), (False, False)]


def test_without_the_cache_everything_runs_again(tmp_path, config):
    pages = written(tmp_path, a=GOOD)
    fresh = dataclasses.replace(config, cache=False)
    for _ in range(2):
        (result,) = check_files(pages, fresh)
        assert not result.runs[0].cached


def test_no_process_starts_where_nothing_has_to_run(tmp_path, config):
    pages = written(tmp_path, a=GOOD)
    list(check_files(pages, config))
    started = time.perf_counter()
    (result,) = check_files(pages, config)
    assert result.runs[0].cached
    assert time.perf_counter() - started < 0.15


def test_more_pages_may_be_submitted_while_results_come(tmp_path, config):
    pages = [read_page(each) for each in written(tmp_path, a=GOOD, b=GOOD, c=BAD)]
    seen = []
    with Pipeline(config) as pipeline:
        pipeline.submit(pages[0])
        for result in pipeline.results():
            seen.append(result.good)
            if len(seen) < 3:
                pipeline.submit(pages[len(seen)])
    assert seen == [True, True, False]


def test_more_pages_than_are_read_ahead_all_come_out(tmp_path, config):
    pages = written(tmp_path, **{f"p{number}": "# T\n" for number in range(150)})
    pages += written(tmp_path, **{f"q{number}": GOOD for number in range(20)})
    assert len({each.path for each in check_files(pages, config)}) == 170


def test_one_group_can_be_run_alone(tmp_path, config):
    (path,) = written(tmp_path, a="```pycon a\n>>> 1\n1\n```\n```pycon b\n>>> 1\n2\n```\n")
    page = read_page(path)
    with Pipeline(config) as pipeline:
        found = [pipeline.run_group(page, group) for group in reversed(page.groups)]
    assert [(each.group.name, each.good) for each in found] == [("b", False), ("a", True)]


def test_a_libraries_profile_warms_the_workers_and_reaches_the_run(tmp_path, config):
    text = (
        "---\nlibrary: twisted\n---\n"
        "```pycon\n>>> import sys\n>>> 'twisted.internet.protocol' in sys.modules\nTrue\n"
        ">>> 'twisted.internet.reactor' in sys.modules\nFalse\n"
        ">>> from twisted.internet import reactor\n```\n"
    )
    (result,) = check_files(written(tmp_path, a=text), config)
    assert result.good, result.verdicts
    environment = result.runs[0].environment
    assert "Reactor" in environment.facts["reactor"]
    assert any(name.lower() == "twisted" for name in environment.distributions)


def test_an_unknown_profile_is_refused(config):
    with pytest.raises(ConfigError, match="no profile is called `nope`"):
        Pipeline(dataclasses.replace(config, profile="nope"))


def test_a_time_limit_holds_for_each_group(tmp_path, config):
    text = "```pycon a\n>>> while True: pass\n```\n" + GOOD
    (result,) = check_files(written(tmp_path, a=text), dataclasses.replace(config, timeout=0.5))
    assert [each.status.value for each in result.verdicts] == ["timeout", "passed"]
    assert result.verdicts[0].line == 2
    assert f'"{result.path}", line 2' in result.verdicts[0].detail


def claim(*options):
    return Claim("flow", "/p/x.md", 3, "default", "", Region("/p/x.md", 4, 4), options)


def test_what_is_observed_is_what_the_claims_together_ask_for():
    one = claim(("watch", "a.b c.d"), ("focus", "m"))
    two = claim(("watch", "c.d"), ("watch", "e.f"), ("focus", "n"))
    assert watch_of([]) is None
    assert watch_of([one, two]) == Watch(("a.b", "c.d", "e.f"), ("m", "n"))
    assert watch_of([one, claim()]) == Watch(("a.b", "c.d"), ())


def test_a_claim_on_a_run_is_judged_by_its_trace(tmp_path, config):
    text = (
        "```{testcode}\ndef inner():\n    pass\n\ndef outer():\n    inner()\n\nouter()\n```\n"
        "```{flow}\nouter\n  inner\n```\n"
        "```{flow}\ninner\n  outer\n```\n"
    )
    (result,) = check_files(written(tmp_path, a=text), config)
    assert [(each.kind, each.status.value) for each in result.verdicts] == [
        ("program", "passed"),
        ("flow", "passed"),
        ("flow", "failed"),
    ]
    assert result.runs[0].trace is not None
    assert slim(result).runs[0].trace is None
