"""Claims about a library's source, which need no run."""

from __future__ import annotations

from collections.abc import Iterable

from wherefrom.model import Claim, Status, Verdict


def check_static(claim: Claim, lines: Iterable[str] = (), problem: str = "") -> Verdict:
    """The verdict on a claim, given the source ``lines`` that it shows, or why there are none."""
    mark = claim.option("mark")
    if not problem and mark and not any(mark in line for line in lines):
        problem = f"no line of `{claim.argument}` holds `{mark}`: it has changed, or never did"
    return Verdict(
        path=claim.path,
        line=claim.line,
        kind=claim.directive,
        status=Status.FAILED if problem else Status.PASSED,
        message=problem,
        snippet_line=claim.line,
    )
