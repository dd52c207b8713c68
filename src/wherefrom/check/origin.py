"""An asserted origin against the observed one: each chain's steps, in order, gaps allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wherefrom.check.flow import paths
from wherefrom.model import Claim, Run, Status, Verdict
from wherefrom.traces import Trace

ARROW = " -> "
_TURN = re.compile(r" \((?:later, from|in thread) .*\)\Z")


def check_origin(claim: Claim, run: Run) -> Verdict:
    """The verdict on one ``{origin}``; ``got`` is the whole origin, for `wherefrom update`."""
    name = "".join(paths(claim.option("of")))
    if run.trace is None:
        return _failed(claim, "nothing was observed: the group's run has no trace")
    if not name:
        return _failed(claim, "the origin of what? Give it `:of: Class.attribute`")
    try:
        got = str(Trace.from_json(run.trace).origin(name))
    except LookupError as error:
        return _failed(claim, str(error))
    if not claim.body.strip():
        message = "the origin is empty: `wherefrom update` writes what was observed"
        return _failed(claim, message, got)
    for number, problem in differences(claim.body, got):
        line = claim.region.start + number
        return _failed(claim, problem, got, line)
    return _verdict(claim, Status.PASSED, "", claim.body, claim.line)


def differences(body: str, got: str) -> Iterator[tuple[int, str]]:
    """The lines of ``body`` (counted from 0) that ``got`` doesn't bear out, and why."""
    observed = [_parts(row) for row in got.split("\n")]
    place = 0
    for number, row in enumerate(body.split("\n")):
        if not row.strip():
            continue
        label, chain, turn = _parts(row)
        found = [i for i in range(place, len(observed)) if observed[i][0] == label]
        if not found:
            yield number, f"`{label}` was not observed there"
            continue
        place = found[0] + 1
        _, seen, seen_turn = observed[found[0]]
        missing = _first_missing(chain, seen)
        if missing:
            yield number, f"`{label}` has no `{missing}` there: {ARROW.join(seen)}"
        elif turn != seen_turn:
            yield number, f"`{label}` was observed{seen_turn or ' before the loop ran'}"


def _parts(row: str) -> tuple[str, tuple[str, ...], str]:
    """The label, the steps, and the turn of one line."""
    label, _, rest = " ".join(row.split()).partition(": ")
    turn = _TURN.search(rest)
    steps = rest[: turn.start()] if turn else rest
    return label, tuple(steps.split(ARROW)), turn[0] if turn else ""


def _first_missing(wanted: tuple[str, ...], seen: tuple[str, ...]) -> str:
    """The first step that isn't found in order."""
    rest = iter(seen)
    return next((each for each in wanted if each not in rest), "")


def _failed(
    claim: Claim,
    message: str,
    got: str | None = None,
    line: int | None = None,
    *,
    detail: str = "",
) -> Verdict:
    where = claim.line if line is None else line
    return _verdict(claim, Status.FAILED, message, got, where, detail=detail)


def _verdict(
    claim: Claim,
    status: Status,
    message: str,
    got: str | None,
    line: int,
    *,
    detail: str = "",
) -> Verdict:
    return Verdict(
        path=claim.path,
        line=line,
        kind=claim.directive,
        status=status,
        message=message,
        expected=claim.body,
        got=got,
        detail=detail,
        region=claim.region,
        snippet_line=claim.line,
    )
