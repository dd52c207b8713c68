"""A flow that no longer holds keeps the lines that still do; the others are put right or go."""

import textwrap

import pytest

import wherefrom
from wherefrom.check.mending import mended
from wherefrom.check.outline import match


class Box:
    value = None


def program():
    box = Box()
    first(box)
    second(box)


def first(box):
    prepare()
    box.value = 1
    finish()


def second(box):
    prepare()
    box.value = 2


def prepare():
    pass


def finish():
    pass


@pytest.fixture(scope="module")
def trace():
    with wherefrom.observe(watch=[f"{__name__}.Box.value"]) as trace:
        program()
    return trace.trace


def block(text):
    return textwrap.dedent(text).strip("\n")


HOLDS = block("""
    first
      Box.value: None -> 1
      finish
    second
      Box.value: 1 -> 2
""")


@pytest.mark.parametrize(
    ("old", "new", "becomes"),
    [
        ("  finish", "  finished", "  finish"),
        ("None -> 1", "None -> 3", "None -> 1"),
        ("  finish", "  elsewhere", None),
        ("second", "  second", "second"),
        ("first\n", "first\n  second\n", "first\n"),
        ("first\n", "-- later, from the loop\nfirst\n", "first\n"),
        ("second\n", "-- later, from the loop\nsecond\n", "second\n"),
    ],
)
def test_the_one_line_that_is_wrong_is_put_right_or_left_out(trace, old, new, becomes):
    body = HOLDS.replace(old, new, 1)
    assert match(trace, body).missing is not None
    found = mended(trace, body, None)
    assert match(trace, found).missing is None
    if becomes is None:
        assert set(found.split("\n")) < set(body.split("\n"))
    else:
        assert becomes in found


def test_what_still_holds_stays_as_it_was_chosen(trace):
    body = HOLDS.replace("  finish", "  finished").replace("1 -> 2", "1 -> 3")
    assert mended(trace, body, None) == HOLDS
    assert mended(trace, f"{HOLDS}\nelsewhere", None) == HOLDS
    assert mended(trace, "nobody\n  of them", None) == ""
    assert mended(trace, "nobody\nany\nnone\nfirst", None) == ""


def test_a_line_of_a_later_turn_gets_its_boundary():
    import asyncio

    async def main():
        asyncio.get_running_loop().call_soon(finish)
        prepare()
        await asyncio.sleep(0)

    with wherefrom.observe(focus=[__name__]) as trace:
        asyncio.run(main())
    boundary = "-- later, from the event loop"
    whole = f"{boundary}\nmain\n  prepare\n{boundary}\nfinish"
    assert mended(trace.trace, "main\n  prepare\nfinish", None) == whole


def test_an_instance_that_was_not_observed_leaves_nothing_to_mend(trace):
    assert mended(trace, "first", "Nobody") == ""
