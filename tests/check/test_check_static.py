"""The verdict on a claim that needs no run."""

import pytest

from wherefrom.check import check_static
from wherefrom.model import Claim, Region, Status


def claim(**options):
    region = Region("/p.md", 4, 4)
    return Claim("source", "/p.md", 3, "shop.Till", "", region, tuple(options.items()))


@pytest.mark.parametrize(
    ("options", "lines", "problem", "message"),
    [
        ({}, (), "", ""),
        ({"mark": "put"}, ("def put():", "    pass"), "", ""),
        (
            {"mark": "take"},
            ("def put():",),
            "",
            "no line of `shop.Till` holds `take`: it has changed, or never did",
        ),
        ({"mark": "put"}, (), "there is no such thing", "there is no such thing"),
    ],
)
def test_a_claim_holds_if_it_was_found_with_what_it_marks(options, lines, problem, message):
    verdict = check_static(claim(**options), lines, problem)
    assert verdict.status is (Status.FAILED if message else Status.PASSED)
    assert (verdict.path, verdict.line, verdict.kind) == ("/p.md", 3, "source")
    assert verdict.message == message
