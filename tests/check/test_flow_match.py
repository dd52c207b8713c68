"""An outline asserts order and nesting, with gaps; a mismatch says what there was instead."""

import pytest

import wherefrom
from wherefrom.check.flow import check_flow, match
from wherefrom.check.origin import check_origin
from wherefrom.model import Claim, Region, Run, Status


class Box:
    value = None


class Thing:
    def __init__(self):
        prepare()


def prepare():
    return None


def fill(box):
    box.value = make()


def make():
    return Thing()


def program():
    box = Box()
    prepare()
    fill(box)
    prepare()


WHOLE = """\
program
  prepare
  fill
    make
      Thing
        prepare
    Box.value: None -> Thing
  prepare"""


@pytest.fixture(scope="module")
def trace():
    with wherefrom.observe(watch=[f"{__name__}.Box.value"]) as trace:
        program()
    return trace.trace


def test_the_whole_outline_matches(trace):
    assert trace.outline() == WHOLE
    found = match(trace, WHOLE)
    assert found.missing is None
    assert [line.event.ident for line in found.lines] == list(range(8))
    assert [line.depth for line in found.lines] == [0, 1, 1, 2, 3, 4, 2, 1]


@pytest.mark.parametrize(
    "body",
    [
        "program\n  Thing",
        "fill\n  Box.value: None -> Thing",
        "prepare\nprepare\nprepare",
        "prepare\nThing\nprepare",
        "program\n    fill\n          Thing\n    prepare",
    ],
)
def test_lines_may_be_left_out_and_calls_may_lie_deeper(trace, body):
    assert match(trace, body).missing is None


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        ("fill\n  make\n  Thing", 2),  # Thing is beneath make, not beside it
        ("fill\nprepare\nprepare", 2),
        ("make\n  fill", 1),
        ("program\n  fill\n  make", 2),
        ("program\n-- later, from the loop\nfill", 2),
    ],
)
def test_a_wrong_order_or_nesting_is_found_at_its_line(trace, body, missing):
    assert match(trace, body).missing == missing


def test_a_mismatch_says_what_was_observed_around_there(trace):
    assert match(trace, "fill\n  mak\n").problem == (
        "`mak` was never observed\n"
        "  similar: `make`\n"
        "observed around there beneath `fill`:\n"
        "  make\n"
        "    Thing\n"
        "  Box.value: None -> Thing"
    )
    assert match(trace, "fill\n  program").problem.split("\n")[:2] == [
        "`program` was observed, but not beneath `fill`",
        "  it was: program",
    ]


def claim(directive, body, **options):
    region = Region("page.md", 10, 10 + len(body.split("\n")))
    return Claim(directive, "page.md", 8, "default", body, region, tuple(options.items()))


def run(trace):
    return Run("page.md", "default", (), 0.0, trace=trace.to_json() if trace else None)


def test_the_verdict_on_a_flow_is_at_the_outlines_own_line(trace):
    assert check_flow(claim("flow", WHOLE), run(trace)).status is Status.PASSED
    verdict = check_flow(claim("flow", "fill\n  mak"), run(trace))
    assert (verdict.status, verdict.line) == (Status.FAILED, 11)
    assert verdict.message == "`mak` was never observed"
    assert "similar: `make`" in verdict.detail
    assert match(trace, verdict.got).missing is None


def test_an_empty_flow_or_a_run_without_a_trace_fails(trace):
    verdict = check_flow(claim("flow", ""), run(trace))
    assert verdict.status is Status.FAILED
    assert verdict.got.startswith("program\n")
    verdict = check_flow(claim("flow", WHOLE), run(None))
    assert verdict.message == "nothing was observed: the group's run has no trace"


ORIGIN = """\
default: None on Box
born: program -> fill -> make -> Thing
carried: make
stored: Box.value: None -> Thing by fill"""


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        (ORIGIN, 8, ""),
        ("born: make -> Thing", 8, ""),
        (
            "born: fill -> Other",
            10,
            "`born` has no `Other` there: program -> fill -> make -> Thing",
        ),
        (ORIGIN.replace("carried", "dropped"), 12, "`dropped` was not observed there"),
        (
            "born: make -> Thing (later, from the loop)",
            10,
            "`born` was observed before the loop ran",
        ),
        ("", 8, "the origin is empty: `wherefrom update` writes what was observed"),
    ],
)
def test_an_origin_is_asserted_line_by_line(trace, body, line, message):
    verdict = check_origin(claim("origin", body, of="Box.value"), run(trace))
    assert (verdict.line, verdict.message) == (line, message)
    assert verdict.status is (Status.FAILED if message else Status.PASSED)
    assert verdict.got == (ORIGIN if message else body)
