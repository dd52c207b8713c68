"""What a claim shows, once a run bears it out: between ``check``, which finds, and ``render``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

from wherefrom.check.flow import paths
from wherefrom.check.outline import match
from wherefrom.model import Claim, Environment, GroupResult, Status
from wherefrom.profiles import Profile
from wherefrom.render.drawing import Named, lines_of, scene_of
from wherefrom.render.places import Places
from wherefrom.render.scene import Scene
from wherefrom.traces import Line, Trace


@dataclass(frozen=True)
class Drawn:
    """The scene of the claim at ``line`` of the file ``path``."""

    path: str
    line: int
    scene: Scene


def drawn(result: GroupResult, profile: Profile, taken: set[str]) -> Iterator[Drawn]:
    """A scene for each flow and origin of a group that its run bears out.

    ``taken`` are the idents of the page's scenes so far, and grows.
    """
    trace = trace_of(result)
    if trace is None:
        return
    ran_on = result.run.environment
    python = ran_on.python.rpartition(" ")[2]
    places = Places(trace, profile, python, ran_on.distributions)
    versions = _versions(ran_on, profile)
    good = {
        (each.path, each.snippet_line)
        for each in result.verdicts
        if each.status is Status.PASSED and each.snippet_line
    }
    for claim in result.group.claims:
        if (claim.path, claim.line) in good:
            lines = _lines(claim, trace)
            title = claim.option("caption") or _title(claim)
            named = Named(_ident(claim, taken), title, versions)
            yield Drawn(claim.path, claim.line, scene_of(lines, places, named))


def _versions(ran_on: Environment, profile: Profile) -> str:
    """What a run ran on, as far as it decides what was seen: the library, Python, the loop."""
    library = ran_on.distributions.get(profile.distribution, "")
    named = f"{profile.distribution} {library}" if library else ""
    return ", ".join(each for each in (named, ran_on.python, *ran_on.facts.values()) if each)


def trace_of(result: GroupResult) -> Trace | None:
    """What was observed of a group, if anything was."""
    data: dict[str, Any] | None = result.run.trace
    return None if data is None else Trace.from_json(data)


def _lines(claim: Claim, trace: Trace) -> tuple[Line, ...]:
    if claim.directive == "origin":
        name = "".join(paths(claim.option("of")))
        return lines_of(trace.origin(name), trace)
    return match(trace, claim.body, claim.option("object")).lines


def _ident(claim: Claim, taken: set[str]) -> str:
    """``flow-client``, then ``flow-client-2``: the ids that links to steps begin with."""
    words = "".join(each if each.isalnum() else "-" for each in claim.argument.lower())
    stem = f"{claim.directive}-{words.strip('-')}"
    names = chain((stem,), (f"{stem}-{number}" for number in count(2)))
    ident = next(each for each in names if each not in taken)
    taken.add(ident)
    return ident


def _title(claim: Claim) -> str:
    if claim.directive == "origin":
        return f"The origin of {claim.option('of')}"
    return "What was called, in order"
