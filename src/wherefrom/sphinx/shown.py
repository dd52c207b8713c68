"""What a built page shows of its runs: small plain values that Sphinx keeps between builds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from packaging.utils import canonicalize_name
from sphinx.environment import BuildEnvironment

from wherefrom.evidence import Drawn, drawn, trace_of
from wherefrom.library.listing import Listing
from wherefrom.library.source import Excerpt
from wherefrom.model import Claim, Environment, GroupResult, Json, Kind, Page, PageResult, Status
from wherefrom.profiles import for_library
from wherefrom.render.scene import Scene


@dataclass(frozen=True)
class Stamp:
    """What a page ran on, and how it came out."""

    ran_on: str
    passed: int
    skipped: int
    bad: int
    not_run: int


@dataclass(frozen=True)
class Shown:
    """A page's stamp, and the evidence of each directive by the file and line that it is at.

    ``called`` are the dotted names of all that its runs called, ``stores`` the files and lines
    that stored to what they watched.
    """

    stamp: Stamp | None = None
    trees: tuple[tuple[str, int, Json], ...] = ()
    scenes: tuple[Drawn, ...] = ()
    listings: tuple[tuple[str, int, Excerpt | Listing], ...] = ()
    called: tuple[str, ...] = ()
    stores: tuple[tuple[str, int], ...] = ()

    def listing(self, path: str, line: int) -> Excerpt | Listing | None:
        """What the directive there shows of a library's source."""
        found = (each for where, at, each in self.listings if (where, at) == (path, line))
        return next(found, None)

    def tree(self, path: str, line: int) -> Json | None:
        """The evidence of the `{classtree}` there."""
        return next((tree for where, at, tree in self.trees if (where, at) == (path, line)), None)

    def scene(self, path: str, line: int) -> Scene | None:
        """The scene of the `{flow}` or `{origin}` there."""
        found = (each.scene for each in self.scenes if (each.path, each.line) == (path, line))
        return next(found, None)


def shown_pages(env: BuildEnvironment) -> Mapping[str, Shown]:
    """What each document shows, as the build's runs had it."""
    found: Mapping[str, Shown] = getattr(env, "wherefrom_shown", {})
    return found


def shown(result: PageResult, listed: Callable[[Claim], Excerpt | Listing]) -> Shown:
    """What the page of ``result`` shows; ``listed`` gives what a claim shows of a library."""
    if result.page is None:
        return Shown()
    library = str(result.page.meta.get("library") or "")
    profile = for_library(library)
    taken: set[str] = set()
    return Shown(
        _stamp(result, result.page, profile.distribution or library) if result.groups else None,
        tuple(each for group in result.groups for each in _trees(group)),
        tuple(each for group in result.groups for each in drawn(group, profile, taken)),
        tuple(
            (claim.path, claim.line, listed(claim))
            for claim, verdict in zip(result.page.claims, result.claims, strict=True)
            if verdict.status.good
        ),
        tuple(sorted({name for group in result.groups for name in _called(group)})),
        tuple(sorted({place for group in result.groups for place in _stores(group)})),
    )


def _trees(group: GroupResult) -> Iterator[tuple[str, int, Json]]:
    for snippet, outcome in zip(group.group.snippets, group.run.outcomes, strict=True):
        if snippet.kind is Kind.CLASSTREE and outcome.evidence:
            yield snippet.path, snippet.line, outcome.evidence


def _called(group: GroupResult) -> Iterator[str]:
    trace = trace_of(group)
    if trace is not None:
        own = trace.own_modules
        yield from (f"{c.module}.{c.qualname}" for c in trace.calls if c.module not in own)


def _stores(group: GroupResult) -> Iterator[tuple[str, int]]:
    trace = trace_of(group)
    if trace is not None:
        yield from ((each.file, each.line) for each in trace.stores if each.seen)


def _stamp(result: PageResult, page: Page, library: str) -> Stamp:
    statuses = [each.status for each in result.verdicts]
    return Stamp(
        ran_on=", ".join(_ran_on([each.environment for each in result.runs], library)),
        passed=statuses.count(Status.PASSED),
        skipped=statuses.count(Status.SKIPPED),
        bad=sum(not each.good for each in statuses),
        not_run=len(page.not_run),
    )


def _ran_on(environments: list[Environment], library: str) -> Iterator[str]:
    used = {pair for each in environments for pair in each.distributions.items()}
    yield from (f"{name} {version}" for name, version in sorted(used) if _same(name, library))
    yield from sorted({each.python for each in environments})
    yield from sorted({fact for each in environments for fact in each.facts.values()})
    yield from sorted({each.system for each in environments})


def _same(distribution: str, library: str) -> bool:
    """Whether a page's word for its library is the name of a distribution."""
    return canonicalize_name(distribution) == canonicalize_name(library)
