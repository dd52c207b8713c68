"""A run is repeated when, and only when, something that it depends on has changed."""

import dataclasses
import os
import time

import pytest

from wherefrom.model import Kind, Outcome, Raised, Status
from wherefrom.run import Cache


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "kept"


@pytest.fixture
def kept(folder, run):
    """Run a job and keep its run."""

    def go(job, salt=""):
        result = run(job)
        Cache(folder).put(job, result, salt)
        return result

    return go


def entries(folder):
    return sorted(folder.glob("*.json"))


def test_an_unchanged_job_has_its_run(kept, folder, job):
    mine = job(">>> 1", "1 / 0", profile="twisted")
    assert Cache(folder).get(mine, "") is None
    result = kept(mine)
    again = Cache(folder).get(mine, "")
    assert again.cached
    assert again == dataclasses.replace(result, cached=True)


@pytest.mark.parametrize(
    "changed",
    [
        lambda job: job("x = 2"),
        lambda job: job("x = 1", group="other"),
        lambda job: job("x = 1", seconds=5.0),
        lambda job: job("x = 1", profile="twisted"),
        lambda job: job("x = 1", "x = 1"),
    ],
)
def test_another_job_has_another_run(kept, folder, job, changed):
    kept(job("x = 1"))
    assert Cache(folder).get(changed(job), "") is None
    assert Cache(folder).get(job("x = 1"), "salt") is None
    assert Cache(folder).get(job("x = 1"), "") is not None


def test_what_is_expected_is_no_part_of_a_run(kept, folder, job, snippet):
    kept(job(snippet("1", kind=Kind.EXAMPLE, want="2\n", want_line=4)))
    assert Cache(folder).get(job(snippet("1", kind=Kind.EXAMPLE, want="1\n")), "") is not None


@pytest.mark.parametrize("change", ["edit", "delete"])
def test_a_changed_module_beside_the_page_is_noticed(kept, folder, job, page, change):
    module = page.with_name("beside.py")
    module.write_text("value = 1\n", "utf-8")
    mine = job(">>> import beside; beside.value")
    kept(mine)
    assert Cache(folder).get(mine, "") is not None
    if change == "edit":
        module.write_text("value = 2\n", "utf-8")
    else:
        module.unlink()
    assert Cache(folder).get(mine, "") is None


def test_a_changed_file_that_was_read_beside_the_page_is_noticed(kept, folder, job, page):
    data = page.with_name("data.txt")
    data.write_text("1", "utf-8")
    mine = job(">>> open('data.txt').read()")
    assert kept(mine).outcomes[0].output == "'1'\n"
    assert Cache(folder).get(mine, "") is not None
    data.write_text("2", "utf-8")
    assert Cache(folder).get(mine, "") is None


@pytest.mark.parametrize("version", ["0.0.1", None])
def test_another_version_of_a_distribution_is_noticed(kept, folder, job, version):
    mine = job("import click")
    result = kept(mine)
    other = {"click": version} if version else {"no-such-distribution": "1"}
    environment = dataclasses.replace(result.environment, distributions=other)
    Cache(folder).put(mine, dataclasses.replace(result, environment=environment), "")
    assert Cache(folder).get(mine, "") is None


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome(Status.TIMEOUT),
        Outcome(Status.DIED),
        Outcome(Status.FAILED),
        Outcome(Status.RAISED, raised=Raised("ModuleNotFoundError", "No module named 'x'", "")),
    ],
)
def test_what_may_come_out_otherwise_next_time_is_not_kept(run, folder, job, outcome):
    mine = job("x = 1")
    result = dataclasses.replace(run(mine), outcomes=(outcome,))
    Cache(folder).put(mine, result, "")
    assert Cache(folder).get(mine, "") is None


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b"null", b"{}", b"\xff\x00", b'{"outcomes": [[]]}', b"[" * 100_000]
)
def test_a_damaged_entry_is_a_miss_and_is_mended(kept, folder, job, damage):
    mine = job("x = 1")
    kept(mine)
    [file] = entries(folder)
    file.write_bytes(damage)
    assert Cache(folder).get(mine, "") is None
    kept(mine)
    assert Cache(folder).get(mine, "") is not None


def test_an_unwritable_folder_is_no_error(run, folder, job):
    mine = job("x = 1")
    result = run(mine)
    folder.write_text("a file stands in the way", "utf-8")
    cache = Cache(folder)
    cache.put(mine, result, "")
    assert cache.get(mine, "") is None


def test_old_entries_are_dropped_and_used_ones_stay(kept, folder, job):
    used, unused = job("x = 1"), job("x = 2")
    kept(used)
    kept(unused)
    long_ago = time.time() - 40 * 86_400
    for file in entries(folder):
        os.utime(file, (long_ago, long_ago))
    assert Cache(folder).get(used, "") is not None
    kept(job("x = 3"))
    assert Cache(folder).get(used, "") is not None
    assert Cache(folder).get(unused, "") is None
    assert len(entries(folder)) == 2
    assert not [*folder.glob("*.tmp")]
    assert (folder / ".gitignore").read_text("utf-8") == "*\n"
