"""The pytest shell: pages are collected, each group is an item, and fails at its page's lines.

A Markdown file is taken for an explainer if it was named on the command line, or lies in one of
the configured `paths`; others are left alone.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from wherefrom import profiles
from wherefrom.config import Config
from wherefrom.errors import ConfigError, PageError, WherefromError
from wherefrom.model import Fault, Group, Page, Status, Verdict

if TYPE_CHECKING:
    from wherefrom.pipeline import Pipeline

_PREFIX = "wherefrom_"
_CONFIG = pytest.StashKey[Config]()
_PIPELINE = pytest.StashKey["Pipeline"]()
_TYPES = {bool: "bool", int: "int", float: "float", tuple: "linelist"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Every option of `wherefrom.config.Config`, as ``wherefrom_*`` in pytest's configuration."""
    for option in Config.options():
        text = str(option.metadata["help"])
        if option.name == "cache":
            text = "Whether good runs of unchanged groups count as tests; by default all are run."
        kind: Any = _TYPES.get(type(option.default), "string")
        parser.addini(f"{_PREFIX}{option.name}", text, type=kind, default=None)


def pytest_configure(config: pytest.Config) -> None:
    """Read the options, so that a wrong one ends pytest at once, with the status for that."""
    given = {option.name: _given(config, option.name) for option in Config.options()}
    # Items run one after the other; who wants more at a time has pytest-xdist.
    values = {"cache": False, **{k: v for k, v in given.items() if v is not None}, "jobs": 1}
    try:
        found = Config.load(config.rootpath, values)
        profiles.load(found.profile)
    except ConfigError as error:
        told = ConfigError(error.what, path=error.path or config.inipath)
        raise pytest.UsageError(str(told)) from error
    config.stash[_CONFIG] = found


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the processes that ran groups."""
    _end_pipeline(config)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> PageFile | None:
    """Collect a Markdown file that is an explainer."""
    if file_path.suffix != ".md":
        return None
    if parent.session.isinitpath(file_path) or _configured(file_path, parent.config):
        return PageFile.from_parent(parent, path=file_path)
    return None


def pytest_report_collectionfinish(
    config: pytest.Config, items: Sequence[pytest.Item]
) -> list[str]:
    """Count what the pages hold that looks runnable and isn't run: nothing is so in silence."""
    pages = {
        each.page.path: each.page for each in items if isinstance(each, PageItem) and each.page
    }
    number = sum(len(page.not_run) for page in pages.values())
    if not number or config.get_verbosity() < 0:
        return []
    what = "1 block is" if number == 1 else f"{number} blocks are"
    return [f"wherefrom: {what} not run; `wherefrom check --verbose` lists them"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say of a skipped group where on its page it is, not where in this file it was skipped."""
    report = yield
    if isinstance(item, PageItem) and report.skipped and isinstance(report.longrepr, tuple):
        path, line, _ = item.reportinfo()
        report.longrepr = (os.fspath(path), line + 1, report.longrepr[2])
    return report


class PageFile(pytest.File):
    """One page."""

    def collect(self) -> Iterator[PageItem]:
        """An item for what needs no run, if anything, and one for each group, in page order.

        A page that can't be read is an item that fails, so that all others still run.
        """
        from wherefrom.read import read_page  # noqa: PLC0415 - only who has pages pays for it

        try:
            page = read_page(self.path)
        except PageError as error:
            if self._asked_for_a_part():
                from wherefrom.report.lines import complaint  # noqa: PLC0415 - as above

                raise self.CollectError(complaint(error, Path.cwd())) from error
            yield UnreadableItem.from_parent(self, name="page", error=error)
            return
        names = [group.name for group in page.groups]
        if page.claims:
            name = "library" if "library" not in names else "library (claims)"
            yield ClaimsItem.from_parent(self, name=name, page=page)
        for group in page.groups:
            yield GroupItem.from_parent(self, name=group.name, page=page, group=group)

    def _asked_for_a_part(self) -> bool:
        """Whether an item of this page was named, which pytest would only say it can't find."""
        return any(f"{self.path.name}::" in each for each in self.config.args)


class PageItem(pytest.Item):
    """A part of a page, whose bad verdicts are shown as such."""

    line = 1
    page: Page | None = None

    def reportinfo(self) -> tuple[os.PathLike[str], int, str]:
        """Its place on the page, and its heading (which must not end the id: pytest cuts that)."""
        return self.path, self.line - 1, f"{self.path.name}: {self.name}"

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **options: Any
    ) -> Any:
        """The bad verdicts, or an error of ours, instead of a traceback of ours."""
        error = excinfo.value
        if not isinstance(error, BadVerdictsError | WherefromError):
            return super().repr_failure(excinfo, *args, **options)
        from wherefrom.report.failure import Failure  # noqa: PLC0415 - as above

        bad = error.bad if isinstance(error, BadVerdictsError) else [self._fault(error)]
        brief = self.config.getoption("tbstyle", "auto") == "line"
        return Failure(bad, Path.cwd(), brief=brief)

    def _fault(self, error: WherefromError) -> Fault:
        return Fault(str(error.path or self.path), error.line, error.what, error.slug)


class UnreadableItem(PageItem):
    """A page that can't be read."""

    def __init__(self, *, error: PageError, **rest: Any) -> None:
        super().__init__(**rest)
        self.error = error
        self.line = error.line or 1

    def runtest(self) -> None:
        """Fail as the page does."""
        raise self.error


class GroupItem(PageItem):
    """One group of a page."""

    def __init__(self, *, page: Page, group: Group, **rest: Any) -> None:
        super().__init__(**rest)
        self.page: Page = page
        self.group = group
        self.line = min((each.line for each in group.snippets if each.path == page.path), default=1)

    def runtest(self) -> None:
        """Run the group in a process of its own; raises `BadVerdictsError`."""
        try:
            result = _pipeline(self.session).run_group(self.page, self.group)
        except WherefromError:
            _end_pipeline(self.config)
            raise
        _require_good(result.verdicts)
        reasons = [each.message for each in result.verdicts if each.status is Status.SKIPPED]
        if len(reasons) == len(result.verdicts):
            pytest.skip("; ".join(dict.fromkeys(reasons)))


class ClaimsItem(PageItem):
    """What a page claims of a library's source, which needs no run."""

    def __init__(self, *, page: Page, **rest: Any) -> None:
        super().__init__(**rest)
        self.page: Page = page
        self.line = page.claims[0].line

    def runtest(self) -> None:
        """Check each; raises `BadVerdictsError`."""
        pipeline = _pipeline(self.session)
        _require_good([pipeline.check_claim(each) for each in self.page.claims])


class BadVerdictsError(Exception):
    """Some verdicts are not good."""

    def __init__(self, bad: Sequence[Verdict]) -> None:
        super().__init__(f"{len(bad)} bad")
        self.bad = bad


def _require_good(verdicts: Iterable[Verdict]) -> None:
    bad = [each for each in verdicts if not each.status.good]
    if bad:
        raise BadVerdictsError(bad)


def _configured(path: Path, config: pytest.Config) -> bool:
    options = config.stash[_CONFIG]
    folders = (os.path.normpath(options.root / each) for each in options.paths)
    return any(path.is_relative_to(each) for each in folders)


def _given(config: pytest.Config, name: str) -> Any:
    """What pytest's configuration says of an option; ``None`` where it says nothing."""
    try:
        return config.getini(f"{_PREFIX}{name}")
    except (ValueError, TypeError, pytest.UsageError) as error:
        raise pytest.UsageError(f"{_PREFIX}{name} in {config.inipath}: {error}") from error


def _pipeline(session: pytest.Session) -> Pipeline:
    """The session's one pipeline, warmed for the libraries of all of its pages."""
    config = session.config
    if _PIPELINE not in config.stash:
        from wherefrom.pipeline import Pipeline  # noqa: PLC0415 - as above

        pages = [each.page for each in session.items if isinstance(each, GroupItem)]
        libraries = {str(each.meta.get("library") or "") for each in pages}
        config.stash[_PIPELINE] = Pipeline(config.stash[_CONFIG], sorted(libraries))
    return config.stash[_PIPELINE]


def _end_pipeline(config: pytest.Config) -> None:
    pipeline = config.stash.get(_PIPELINE, None)
    if pipeline is not None:
        del config.stash[_PIPELINE]
        pipeline.close()
