import os
import textwrap
import time
import uuid

import psutil
import pytest

from wherefrom.model import Job, Kind, Limits, Snippet, Status
from wherefrom.run import Pool

WORKERS = 2
BOUND = 12.0


@pytest.fixture
def page(tmp_path):
    folder = tmp_path / "explainers"
    folder.mkdir()
    path = folder / "page.md"
    path.write_text("# A page\n", "utf-8")
    return path


@pytest.fixture
def job(page):
    """Make a job: sources that start with >>> are examples, two lines apart from line 3 on."""

    def make(*sources, group="default", observe=None, profile=None, **limits):
        snippets, line = [], 3
        for source in sources:
            given = isinstance(source, Snippet)
            snippets.append(source if given else as_snippet(source, page, line))
            line = snippets[-1].line + snippets[-1].source.count("\n") + 1
        return Job(str(page), group, tuple(snippets), Limits(**limits), observe, profile)

    return make


def as_snippet(source, page, line):
    example = source.startswith(">>> ")
    text = source.removeprefix(">>> ") if example else textwrap.dedent(source).strip("\n")
    kind = Kind.EXAMPLE if example else Kind.PROGRAM
    return Snippet(kind, str(page), line, f"{text}\n")


@pytest.fixture
def snippet(page):
    """Make one snippet of any kind."""

    def make(source, line=3, kind=Kind.PROGRAM, **more):
        return Snippet(kind, str(page), line, f"{source}\n", **more)

    return make


@pytest.fixture
def marked(monkeypatch):
    """All processes that descend from this test, wherever they are now."""
    mark = uuid.uuid4().hex
    monkeypatch.setenv("WHEREFROM_TEST", mark)

    def look():
        found = []
        for each in psutil.process_iter():
            try:
                if each.pid != os.getpid() and each.environ().get("WHEREFROM_TEST") == mark:
                    found.append(each)
            except psutil.Error:
                continue
        return found

    return look


@pytest.fixture(params=["fork"])
def pool(marked, request):
    """A pool whose test must leave nothing running."""
    with Pool(WORKERS, ("json",), request.param) as opened:
        yield opened
    assert marked() == []


@pytest.fixture
def run(pool):
    """Run one job alone."""

    def go(job):
        ticket = pool.submit(job)
        [(got, result)] = pool.results()
        assert got == ticket
        assert (result.page, result.group) == (job.page, job.group)
        assert len(result.outcomes) == len(job.snippets)
        return result

    return go


@pytest.fixture
def run_beside(pool, job, marked):
    """Run one hostile job among harmless ones, which it must not touch, and in bounded time."""

    def go(hostile):
        started = time.monotonic()
        harmless = [pool.submit(job(">>> 6 * 7", group=f"g{n}")) for n in range(2)]
        ticket = pool.submit(hostile)
        harmless += [pool.submit(job(">>> 6 * 7", group=f"g{n}")) for n in range(2, 6)]
        runs = dict(pool.results())
        assert time.monotonic() - started < BOUND
        for each in harmless:
            [outcome] = runs[each].outcomes
            assert (outcome.status, outcome.output) == (Status.PASSED, "42\n")
        assert len(runs[ticket].outcomes) == len(hostile.snippets)
        assert len(marked()) == 1 + WORKERS, "the supervisor and its slots are all that is left"
        return runs[ticket]

    return go
