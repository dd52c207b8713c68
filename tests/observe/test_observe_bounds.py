"""A trace is bounded by events, depth and memory, and says so; it goes to JSON and back."""

import json
import tracemalloc

import pytest

import wherefrom
from wherefrom.observe import Bounds
from wherefrom.traces import Trace

HERE = __name__


class Base:
    def __init__(self):
        self.ready = True

    def work(self):
        return self


class Child(Base):
    pass


class Thing:
    pass


def test_a_limit_that_was_hit_is_said():
    def deep(n):
        return deep(n - 1) if n else 0

    with wherefrom.observe(bounds=Bounds(events=5)) as trace:
        deep(20)
    assert len(trace.events) == 5
    assert trace.outline().endswith("-- stopped after 5 events")
    with wherefrom.observe(bounds=Bounds(depth=3)) as trace:
        deep(20)
    assert trace.outline().endswith("-- stopped at a depth of 3 calls")


def test_a_trace_goes_to_json_and_back():
    with wherefrom.observe(watch=[f"{__name__}.Base.ready"]) as trace:
        Child().work()
    data = json.loads(json.dumps(trace.to_json()))
    assert Trace.from_json(data) == trace.trace


@pytest.mark.parametrize("megabytes", [2, 8])
def test_the_memory_that_a_trace_takes_stays_near_its_bound(megabytes):
    def passed(a, b, c, number):  # noqa: ARG001
        return Thing()

    def program():
        for number in range(40_000):
            passed(Thing(), Thing(), Thing(), number)

    bounds = Bounds(events=10**9, memory=megabytes * 10**6)
    tracemalloc.start()
    try:
        with wherefrom.observe(bounds=bounds) as trace:
            program()
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert 0.4 < most / bounds.memory < 2
    (note,) = trace.notes
    assert note == f"stopped after {len(trace.calls)} events, which took {megabytes} MB"
    assert trace.outline().endswith(f"-- {note}")


def test_stores_without_number_are_bounded_too_and_their_stacks_are_kept_once():
    def program():
        base = Base()
        for number in range(500):
            base.ready = number

    paths = [f"{HERE}.Base.ready"]
    with wherefrom.observe(watch=paths, bounds=Bounds(events=100)) as trace:
        program()
    assert len(trace.events) == 200
    assert trace.notes == ("stopped after 200 events",)
    with wherefrom.observe(watch=paths) as trace:
        program()
    data = json.dumps(trace.to_json())
    assert Trace.from_json(json.loads(data)) == trace.trace
    assert len(data) / len(trace.events) < 600
    assert len(trace.stores[-1].stack) > 10
