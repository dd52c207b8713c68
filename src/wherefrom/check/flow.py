"""An asserted flow against what was observed."""

from __future__ import annotations

from wherefrom.check.mending import mended
from wherefrom.check.outline import match
from wherefrom.model import Claim, Run, Status, Verdict
from wherefrom.traces import Trace


def check_flow(claim: Claim, run: Run) -> Verdict:
    """The verdict on one ``{flow}``; ``got`` is a body that holds, for `wherefrom update`."""
    if run.trace is None:
        return _verdict(claim, Status.FAILED, "nothing was observed: the group's run has no trace")
    trace = Trace.from_json(run.trace)
    instance = claim.option("object")
    if not claim.body.strip():
        message = "the flow is empty: `wherefrom update` writes what was observed"
        return _verdict(claim, Status.FAILED, message, _chosen(claim, trace))
    found = match(trace, claim.body, instance)
    if found.missing is None:
        return _verdict(claim, Status.PASSED, "", claim.body)
    got = mended(trace, claim.body, instance) or _chosen(claim, trace)
    first, *rest = found.problem.split("\n")
    line = claim.region.start + found.missing
    return _verdict(claim, Status.FAILED, first, got, line=line, detail="\n".join(rest))


def _chosen(claim: Claim, trace: Trace) -> str:
    """What an author would begin with."""
    return trace.chosen(
        paths(claim.option("watch")),
        focus=paths(claim.option("focus")),
        instance=claim.option("object") or "",
    )


def paths(option: str | None) -> tuple[str, ...]:
    """The dotted paths in an option's value, which spaces or commas separate."""
    return tuple((option or "").replace(",", " ").split())


def _verdict(
    claim: Claim,
    status: Status,
    message: str,
    got: str | None = None,
    *,
    line: int | None = None,
    detail: str = "",
) -> Verdict:
    return Verdict(
        path=claim.path,
        line=claim.line if line is None else line,
        kind=claim.directive,
        status=status,
        message=message,
        expected=claim.body,
        got=got,
        detail=detail,
        region=claim.region,
        snippet_line=claim.line,
    )
