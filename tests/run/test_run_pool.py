"""The pool as its client sees it."""

import time

import pytest

from wherefrom.errors import WorkerError
from wherefrom.run import Pool


def test_submitting_returns_at_once_and_results_come_as_they_finish(pool, job, tmp_path):
    may_end = tmp_path / "may-end"
    waits = f"while not pathlib.Path({str(may_end)!r}).exists(): time.sleep(0.01)"
    started = time.monotonic()
    slow = pool.submit(job(f"import pathlib, time\n{waits}"))
    quick = [pool.submit(job(">>> 1")) for _ in range(20)]
    assert time.monotonic() - started < 0.3
    tickets = []
    for ticket, _ in pool.results():
        tickets.append(ticket)
        if len(tickets) == len(quick):
            may_end.touch()
    assert sorted(tickets) == [slow, *quick]
    assert tickets[-1] == slow


def test_more_may_be_submitted_while_results_come(pool, job):
    seen = []
    pool.submit(job(">>> 1"))
    for ticket, _ in pool.results():
        seen.append(ticket)
        if len(seen) < 5:
            pool.submit(job(">>> 1"))
    assert seen == [1, 2, 3, 4, 5]


def test_a_pool_without_jobs_starts_nothing(marked):
    with Pool(2) as pool:
        assert [*pool.results()] == []
        assert marked() == []


def test_large_jobs_and_results_pass_through(pool, job):
    text = "é" * 300_000
    for _ in range(6):
        pool.submit(job(f"text = {text!r}\nprint(text)", output=2_000_000))
    for _, result in pool.results():
        assert result.outcomes[0].output == f"{text}\n"


def test_what_cannot_be_started_is_an_error_of_ours(job, monkeypatch):
    monkeypatch.setattr("sys.executable", "/bin/false")
    monkeypatch.setattr("wherefrom.run.pool.PYTHON", ("/bin/false",))

    def use(pool):
        pool.submit(job(">>> 1"))
        return next(pool.results())

    with Pool(1) as pool, pytest.raises(WorkerError) as caught:
        use(pool)
    assert str(caught.value) == (
        "the process that runs snippets can't be started (/bin/false): it said nothing [worker]"
    )


def test_fork_is_the_default_where_it_exists():
    assert (Pool(1).start_method, Pool(1, (), "spawn").start_method) == ("fork", "spawn")


def test_what_a_page_defines_does_not_shadow_the_pools_own_modules(job, page, monkeypatch):
    page.with_name("json.py").write_text("raise RuntimeError\n", "utf-8")
    page.with_name("psutil.py").write_text("raise RuntimeError\n", "utf-8")
    monkeypatch.chdir(page.parent)
    with Pool(1) as pool:
        pool.submit(job(">>> 1"))
        [(_, result)] = pool.results()
    assert result.outcomes[0].output == "1\n"
