"""How many of what: the numbers that every report ends or begins with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields

from wherefrom.model import PageResult, Status


@dataclass(frozen=True)
class Counts:
    """Numbers of pages, groups (and those from the cache), snippets, claims, and verdicts."""

    pages: int = 0
    errors: int = 0
    groups: int = 0
    cached: int = 0
    snippets: int = 0
    claims: int = 0
    passed: int = 0
    failed: int = 0
    raised: int = 0
    timeout: int = 0
    died: int = 0
    skipped: int = 0
    not_run: int = 0

    def __add__(self, other: Counts) -> Counts:
        names = [each.name for each in fields(Counts)]
        return Counts(*(getattr(self, name) + getattr(other, name) for name in names))

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        bad = [getattr(self, status.value) for status in Status if not status.good]
        return not self.errors and not any(bad)


def count(results: Iterable[PageResult]) -> Counts:
    """The numbers of all the results together."""
    return sum(map(_of_page, results), Counts())


def _of_page(result: PageResult) -> Counts:
    statuses = Counter(each.status.value for each in result.verdicts)
    snippets = sum(len(each.group.snippets) for each in result.groups)
    return Counts(
        pages=1,
        errors=int(result.error is not None),
        groups=len(result.groups),
        cached=sum(each.run.cached for each in result.groups),
        snippets=snippets,
        claims=len(result.verdicts) - snippets,
        not_run=len(result.page.not_run) if result.page else 0,
        **statuses,
    )
