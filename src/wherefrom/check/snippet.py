"""The verdict on one snippet: what it did against what the page says that it does."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from wherefrom.check.classtree import one_line_each, outline
from wherefrom.check.matching import Flags, ended, flags_on, matches, written
from wherefrom.check.tracebacks import error_text, expected_exceptions, headed, is_expected
from wherefrom.model import Kind, Outcome, Raised, Run, Snippet, Status, Verdict

MOST_MESSAGE = 200
"""Characters of a stranger's message that fit into ours."""

MOST_ERRORS = 4_000
"""Characters of a snippet's standard error that are shown."""

_ENDED_BY_FORCE = {
    Status.TIMEOUT: "did not end within the time limit",
    Status.DIED: "its process ended before it did",
    Status.SKIPPED: "skipped",
}


def check_snippet(
    snippet: Snippet, outcome: Outcome, run: Run, everywhere: Iterable[str]
) -> Verdict:
    """The verdict on ``snippet``; ``everywhere`` are the flags that hold for all."""
    flags = flags_on(everywhere, snippet.flags)
    if outcome.status in _ENDED_BY_FORCE:
        verdict = _by_force(snippet, outcome, run)
    elif snippet.kind is Kind.CLASSTREE:
        verdict = _class_tree(snippet, outcome)
    elif outcome.raised:
        verdict = _raised(snippet, outcome, outcome.raised, flags)
    else:
        verdict = _printed(snippet, outcome, flags)
    return _with_errors(_noted(verdict, outcome, run), outcome)


def _verdict(snippet: Snippet, status: Status, message: str = "") -> Verdict:
    return Verdict(
        path=snippet.path,
        line=snippet.line,
        kind=snippet.kind.value,
        status=status,
        message=message,
        expected=snippet.want,
        region=snippet.region,
        snippet_line=snippet.line,
    )


def _by_force(snippet: Snippet, outcome: Outcome, run: Run) -> Verdict:
    message = outcome.note or _ENDED_BY_FORCE[outcome.status]
    verdict = _verdict(snippet, outcome.status, message)
    if outcome.status is Status.SKIPPED:
        return dataclasses.replace(verdict, expected=None)
    stack = run.stack if outcome.status is Status.TIMEOUT else ""
    trace = outcome.raised.text if outcome.raised else ""
    # What it had printed is a help to see how far it came; it is no text to put on the page.
    return dataclasses.replace(
        verdict, got=_page_form(snippet, outcome) or None, detail=trace or stack, region=None
    )


def _class_tree(snippet: Snippet, outcome: Outcome) -> Verdict:
    if outcome.raised or outcome.evidence is None:
        return _unexpected(snippet, outcome.raised) if outcome.raised else _unseen(snippet)
    got = outline(outcome.evidence)
    if not snippet.want:
        message = "the class tree is empty: `wherefrom update` writes it"
    elif one_line_each(snippet.want) != one_line_each(got):
        message = "the class tree is not what the page says"
    else:
        return dataclasses.replace(_verdict(snippet, Status.PASSED), got=got)
    return _failed(snippet, message, got)


def _unseen(snippet: Snippet) -> Verdict:
    message = f"nothing is known of the class `{snippet.source.strip()}`"
    return _verdict(snippet, Status.FAILED, message)


def _raised(snippet: Snippet, outcome: Outcome, raised: Raised, flags: Flags) -> Verdict:
    expected = tuple(expected_exceptions(snippet.want or ""))
    got = _page_form(snippet, outcome)
    if not expected:
        unexpected = _unexpected(snippet, raised)
        return unexpected if snippet.want is None else dataclasses.replace(unexpected, got=got)
    said = [each for each in expected if matches(each.before, ended(outcome.output), flags)]
    if any(is_expected(each, raised, flags) for each in said):
        return dataclasses.replace(_verdict(snippet, Status.PASSED), got=got)
    if any(is_expected(each, raised, flags) for each in expected):
        message = "raised as expected, but first printed something other than expected"
    else:
        message = f"raised {_told(raised)}, which is not the expected exception"
    return dataclasses.replace(_failed(snippet, message, got), detail=raised.text)


def _unexpected(snippet: Snippet, raised: Raised) -> Verdict:
    verdict = _verdict(snippet, Status.RAISED, f"raised {_told(raised)}")
    line = raised.line if _holds(snippet, raised.line) else snippet.line
    return dataclasses.replace(verdict, line=line or snippet.line, detail=raised.text)


def _printed(snippet: Snippet, outcome: Outcome, flags: Flags) -> Verdict:
    got = _page_form(snippet, outcome)
    want = snippet.want
    if want is None:
        return _verdict(snippet, Status.PASSED)
    if matches(want, ended(outcome.output), flags):
        return dataclasses.replace(_verdict(snippet, Status.PASSED), got=got)
    if any(expected_exceptions(want)):
        message = "raised nothing, though an exception is expected"
    elif not outcome.output:
        message = "printed nothing, though output is expected"
    elif not want:
        message = "printed something, though no output is expected"
    else:
        message = "printed something other than expected"
    return _failed(snippet, message, got)


def _failed(snippet: Snippet, message: str, got: str) -> Verdict:
    verdict = _verdict(snippet, Status.FAILED, message)
    return dataclasses.replace(verdict, line=snippet.want_line or snippet.line, got=got)


def _noted(verdict: Verdict, outcome: Outcome, run: Run) -> Verdict:
    """What is wrong beside output and exception makes any verdict a bad one."""
    if outcome.status in _ENDED_BY_FORCE or not (outcome.note or outcome.truncated):
        return verdict
    return dataclasses.replace(
        verdict,
        line=verdict.snippet_line or verdict.line,
        status=Status.FAILED if verdict.status.good else verdict.status,
        message=outcome.note or "it wrote more than the limit of output",
        detail=verdict.detail or run.stack,
        # What a group that went wrong has printed is nothing to put on the page.
        region=None,
    )


def _with_errors(verdict: Verdict, outcome: Outcome) -> Verdict:
    """What went to standard error is never compared, but may say what is wrong."""
    if verdict.status.good or not outcome.stderr.strip():
        return verdict
    errors = outcome.stderr.rstrip()[-MOST_ERRORS:]
    shown = f"on standard error:\n{errors}\n"
    detail = f"{ended(verdict.detail)}{shown}"
    return dataclasses.replace(verdict, detail=detail)


def _page_form(snippet: Snippet, outcome: Outcome) -> str:
    blank_lines = snippet.kind is not Kind.EXAMPLE
    got = written(outcome.output, blank_lines=blank_lines)
    if outcome.raised is None:
        return got
    return got + headed(written(error_text(outcome.raised), blank_lines=blank_lines))


def _told(raised: Raised) -> str:
    told = error_text(raised).split("\n", 1)[0]
    return told if len(told) <= MOST_MESSAGE else f"{told[:MOST_MESSAGE]}..."


def _holds(snippet: Snippet, line: int | None) -> bool:
    count = len(snippet.source.splitlines())
    return line is not None and snippet.line <= line < snippet.line + count
