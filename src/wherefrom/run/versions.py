"""Which snippets the running Python is too old or too new for; decided before they are sent."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import replace

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from wherefrom.model import Job, Outcome, Run, Snippet, Status


def unfit(job: Job) -> Mapping[int, Outcome]:
    """The outcomes, by place, of the snippets of ``job`` that this Python isn't to run."""
    found = ((place, _outcome(snippet)) for place, snippet in enumerate(job.snippets))
    return {place: outcome for place, outcome in found if outcome is not None}


def without(job: Job, places: Mapping[int, Outcome]) -> Job:
    """``job`` without the snippets at ``places``."""
    fit = (snippet for place, snippet in enumerate(job.snippets) if place not in places)
    return replace(job, snippets=tuple(fit)) if places else job


def completed(run: Run, places: Mapping[int, Outcome]) -> Run:
    """``run`` with the outcomes of ``places`` put back where they belong."""
    if not places:
        return run
    ran = iter(run.outcomes)
    total = len(run.outcomes) + len(places)
    outcomes = (places[place] if place in places else next(ran) for place in range(total))
    return replace(run, outcomes=tuple(outcomes))


def _outcome(snippet: Snippet) -> Outcome | None:
    if snippet.pyversion is None:
        return None
    here = platform.python_version()
    try:
        fits = SpecifierSet(snippet.pyversion).contains(here, prereleases=True)
    except InvalidSpecifier:
        note = f"`{snippet.pyversion}` is no version specifier; write `>= 3.12`, say"
        return Outcome(Status.FAILED, note=note)
    if fits:
        return None
    return Outcome(Status.SKIPPED, note=f"skipped: for Python {snippet.pyversion}, this is {here}")
