"""The stages in their order: read, run (or remember), check; what comes out, a shell renders."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

import wherefrom
from wherefrom import profiles, run
from wherefrom.check import check_group, check_static
from wherefrom.config import Config
from wherefrom.errors import PageError, WherefromError
from wherefrom.library.index import index_of
from wherefrom.library.listing import Listing, listed
from wherefrom.library.source import Excerpt
from wherefrom.model import (
    Claim,
    Fault,
    Group,
    GroupResult,
    Job,
    Page,
    PageResult,
    Run,
    Verdict,
    Watch,
)
from wherefrom.read import find_pages, read_page

MOST_AHEAD = 64
"""Pages of `check_files` that are read before the first of them is done with."""


@dataclass(frozen=True)
class _Waiting:
    """A page some of whose groups still run; ``results`` stand at their groups' places."""

    page: Page
    results: list[GroupResult | None]
    claims: tuple[Verdict, ...] = ()

    @property
    def done(self) -> PageResult | None:
        """The page's result, once all of its groups have one."""
        groups = tuple(each for each in self.results if each is not None)
        if len(groups) < len(self.results):
            return None
        return PageResult(self.page.path, self.page, groups=groups, claims=self.claims)


@dataclass(frozen=True)
class _Task:
    """One group to run: its job, and the place in ``waiting`` where its result goes."""

    waiting: _Waiting
    place: int
    job: Job


class Pipeline:
    """Runs and checks pages, as many groups at a time as the configuration says.

    The processes start with the first group that has to run, and end with the ``with`` block.
    They are warmed for the libraries of the pages submitted until then, and for ``libraries``.
    Raises `ConfigError` for a profile that doesn't exist.
    """

    def __init__(self, config: Config, libraries: Iterable[str] = ()) -> None:
        self.config = config
        self._profiles = {config.profile: profiles.load(config.profile)} if config.profile else {}
        for library in libraries:
            self._warm(profiles.for_library(library))
        folder = config.cache_folder
        self._cache = run.Cache(folder) if folder else None
        self._salt = f"{wherefrom.__version__} {config.start_method}"
        self._pool: run.Pool | None = None
        self._queue: deque[_Task] = deque()
        self._running: dict[int, _Task] = {}
        self._finished: deque[PageResult] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def submit(self, page: Page) -> None:
        """Have the groups of ``page`` run, except those whose good runs are remembered."""
        claims = tuple(map(self.check_claim, page.claims))
        waiting = _Waiting(page, [None] * len(page.groups), claims)
        profile = self._profile(page)
        for place, group in enumerate(page.groups):
            job = self._job(page, group, profile)
            waiting.results[place] = self._remembered(group, job)
            if waiting.results[place] is None:
                self._warm(profile)
                self._queue.append(_Task(waiting, place, job))
        self._settle(waiting)
        if self._pool is not None:
            self._start()

    def start(self) -> None:
        """Begin with what was submitted, or go on, while results are not asked for yet."""
        if self._queue or self._running:
            self._start().poll()

    def results(self) -> Iterator[PageResult]:
        """The results of submitted pages as they complete; more may be submitted meanwhile."""
        while self._finished or self._queue or self._running:
            while not self._finished:
                self._wait(self._start())
            yield self._finished.popleft()

    def run_group(self, page: Page, group: Group) -> GroupResult:
        """Run and check one group of ``page``, while nothing else is submitted."""
        self.submit(replace(page, groups=(group,), claims=()))
        (result,) = self.results()
        return result.groups[0]

    def check_claim(self, claim: Claim) -> Verdict:
        """The verdict on a claim that needs no run."""
        try:
            shown = self.listed(claim)
        except LookupError as error:
            return check_static(claim, problem=str(error.args[0]))
        return check_static(claim, shown.lines if isinstance(shown, Excerpt) else ())

    def listed(self, claim: Claim) -> Excerpt | Listing:
        """What such a claim shows. Raises `LookupError` for a name that isn't there."""
        within = claim.option("in") or ""
        package = (within or claim.argument).partition(".")[0]
        index = index_of(package, self.config.cache_folder)
        return listed(claim.directive, claim.argument, dict(claim.options), index)

    def close(self) -> None:
        """End all processes; what still runs is given up."""
        self._queue.clear()
        self._running.clear()
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def _warm(self, profile: profiles.Profile) -> None:
        self._profiles[profile.name] = profile

    def _profile(self, page: Page) -> profiles.Profile:
        if self.config.profile:
            return profiles.load(self.config.profile)
        return profiles.for_library(str(page.meta.get("library") or ""))

    def _job(self, page: Page, group: Group, profile: profiles.Profile) -> Job:
        return Job(
            page=page.path,
            group=group.name,
            snippets=group.snippets,
            limits=self.config.limits,
            observe=watch_of(group.claims),
            profile=profile.name or None,
        )

    def _remembered(self, group: Group, job: Job) -> GroupResult | None:
        """What the cache holds, if it is still good under today's flags and claims."""
        found = self._cache.get(job, self._salt) if self._cache else None
        if found is None:
            return None
        result = self._checked(group, found)
        return result if result.good else None

    def _checked(self, group: Group, done: Run) -> GroupResult:
        return GroupResult(group, done, check_group(group, done, self.config.flags))

    def _start(self) -> run.Pool:
        """Give all that is queued to the pool, which is there from now on."""
        if self._pool is None:
            preload = (name for each in self._profiles.values() for name in each.preload)
            names = tuple(dict.fromkeys(preload))
            self._pool = run.Pool(self.config.workers, names, self.config.start_method)
        while self._queue:
            task = self._queue.popleft()
            self._running[self._pool.submit(task.job)] = task
        return self._pool

    def _wait(self, pool: run.Pool) -> None:
        """Take the next run that ends."""
        ticket, done = next(pool.results())
        task = self._running.pop(ticket)
        result = self._checked(task.waiting.page.groups[task.place], done)
        if self._cache and result.good:
            self._cache.put(task.job, done, self._salt)
        task.waiting.results[task.place] = result
        self._settle(task.waiting)

    def _settle(self, waiting: _Waiting) -> None:
        if waiting.done:
            self._finished.append(waiting.done)


def check_files(paths: Iterable[Path], config: Config) -> Iterator[PageResult]:
    """Read, run and check the pages among ``paths``, which may be folders.

    A page that can't be read gives a result with an error. Raises `ConfigError` for a path that
    doesn't exist, `WorkerError` where nothing can be run.
    """
    pages = iter(find_pages(paths))
    with Pipeline(config) as pipeline:
        yield from _read(islice(pages, MOST_AHEAD), pipeline)
        for result in pipeline.results():
            yield result
            yield from _read(islice(pages, 1), pipeline)
        while rest := [*islice(pages, MOST_AHEAD)]:
            yield from _read(rest, pipeline)
            yield from pipeline.results()


def watch_of(claims: Iterable[Claim]) -> Watch | None:
    """What a group's claims ask to be observed; ``None`` where they ask for nothing."""
    claims = tuple(claims)
    if not claims:
        return None
    focus = [_paths(each, "focus") for each in claims]
    # One claim without a focus looks at everything, so everything must be recorded.
    wide = not all(focus)
    return Watch(
        # An origin says of what it is, which is a path to watch, if a short one.
        watch=tuple(
            dict.fromkeys(
                path
                for option in ("watch", "of")
                for each in claims
                for path in _paths(each, option)
            )
        ),
        focus=() if wide else tuple(dict.fromkeys(path for each in focus for path in each)),
    )


def fault(error: WherefromError, path: Path | str) -> Fault:
    """An error of ours as data; ``path`` is used where it names none."""
    return Fault(str(error.path or path), error.line, error.what, error.slug)


def slim(result: PageResult) -> PageResult:
    """A result without the traces, which are long, for who keeps many."""
    groups = (replace(each, run=replace(each.run, trace=None)) for each in result.groups)
    return replace(result, groups=tuple(groups))


def _read(paths: Iterable[Path], pipeline: Pipeline) -> Iterator[PageResult]:
    """Submit those that can be read; give the result of those that can't."""
    for path in paths:
        try:
            page = read_page(path)
        except PageError as error:
            yield PageResult(str(path), error=fault(error, path))
        else:
            pipeline.submit(page)


def _paths(claim: Claim, name: str) -> tuple[str, ...]:
    """The dotted paths of an option, which may be given more than once."""
    values = " ".join(value for option, value in claim.options if option == name)
    return tuple(values.replace(",", " ").split())
