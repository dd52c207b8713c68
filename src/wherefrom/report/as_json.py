"""The report as JSON: every page, group and snippet, with its line, status and message."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path

import wherefrom
from wherefrom.model import GroupResult, Json, PageResult, Status, Verdict
from wherefrom.report.counts import count
from wherefrom.report.lines import shown_path


def as_json(results: Iterable[PageResult], start: Path) -> Json:
    """The report as JSON data; paths count from the folder ``start``."""
    results = tuple(results)
    return {
        "version": wherefrom.__version__,
        "environment": _environment(results),
        "counts": dataclasses.asdict(count(results)),
        "pages": [_page(each, start) for each in results],
    }


def _environment(results: Iterable[PageResult]) -> Json:
    """What the runs ran on, together."""
    found = [run.environment for result in results for run in result.runs]
    return {
        "python": next((each.python for each in found if each.python), ""),
        "system": next((each.system for each in found if each.system), ""),
        "distributions": {k: v for each in found for k, v in sorted(each.distributions.items())},
    }


def _page(result: PageResult, start: Path) -> Json:
    path = shown_path(result.path, start)
    if result.error is not None:
        error = result.error
        return {
            "path": path,
            "error": {"line": error.line, "message": error.what, "slug": error.slug},
            "not_run": [],
        }
    not_run = result.page.not_run if result.page else ()
    return {
        "path": path,
        "groups": [_group(each, result.path, start) for each in result.groups],
        "claims": [_verdict(each, result.path, start) for each in result.claims],
        "not_run": [
            {
                "line": each.line,
                "language": each.language,
                "reason": each.reason,
                **_elsewhere(each.path, result.path, start),
            }
            for each in not_run
        ],
    }


def _group(result: GroupResult, page: str, start: Path) -> Json:
    claims = result.verdicts[len(result.snippets) :]
    return {
        "name": result.group.name,
        "seconds": result.run.seconds,
        "cached": result.run.cached,
        "snippets": [_verdict(each, page, start) for each in result.snippets],
        "claims": [_verdict(each, page, start) for each in claims],
    }


def _verdict(verdict: Verdict, page: str, start: Path) -> Json:
    # A program is at its first line of code, its wrong output at its {testoutput}.
    at_output = verdict.status is Status.FAILED or verdict.snippet_line is None
    return {
        "line": verdict.line if at_output else verdict.snippet_line,
        "kind": verdict.kind,
        "status": verdict.status.value,
        "message": verdict.message,
        **_elsewhere(verdict.path, page, start),
    }


def _elsewhere(path: str, page: str, start: Path) -> Json:
    """The file of what a page includes."""
    return {} if path == page else {"path": shown_path(path, start)}
