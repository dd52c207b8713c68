"""The pytest shell: pages are collected, each group is an item, and fails at its page's lines.

A Markdown file is taken for an explainer if it was named on the command line, or lies in one of
the configured `paths`; others are left alone.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from wherefrom.config import Config, from_text
from wherefrom.errors import ConfigError, PageError, WherefromError
from wherefrom.model import Group, Page, Status, Verdict

if TYPE_CHECKING:
    from wherefrom.pipeline import Pipeline

_PREFIX = "wherefrom_"
_CONFIG = pytest.StashKey[Config]()
_PIPELINE = pytest.StashKey["Pipeline"]()
_COLORS = {"- ": {"red": True}, "+ ": {"green": True}}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Every option of `wherefrom.config.Config`, as ``wherefrom_*`` in pytest's configuration."""
    for option in Config.options():
        text = str(option.metadata["help"])
        if option.name == "cache":
            text = "Whether good runs of unchanged groups count as tests; by default all are run."
        kind = "linelist" if isinstance(option.default, tuple) else "string"
        parser.addini(f"{_PREFIX}{option.name}", text, type=kind, default=None)  # type: ignore[arg-type]  # one of the literals


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> PageFile | None:
    """Collect a Markdown file that is an explainer."""
    if file_path.suffix != ".md":
        return None
    if parent.session.isinitpath(file_path) or _configured(file_path, parent.config):
        return PageFile.from_parent(parent, path=file_path)
    return None


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the processes that ran groups."""
    pipeline = config.stash.get(_PIPELINE, None)
    if pipeline is not None:
        pipeline.close()


class PageFile(pytest.File):
    """One page."""

    def collect(self) -> Iterator[PageItem]:
        """An item for what needs no run, if anything, and one for each group, in page order."""
        from wherefrom.read import read_page  # noqa: PLC0415 - only who has pages pays for it

        try:
            page = read_page(self.path)
        except PageError as error:
            raise self.CollectError(str(error)) from error
        if page.claims:
            yield ClaimsItem.from_parent(self, name="library", page=page)
        for group in page.groups:
            yield GroupItem.from_parent(self, name=group.name, page=page, group=group)


class PageItem(pytest.Item):
    """A part of a page, whose bad verdicts are shown as such."""

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **options: Any
    ) -> Any:
        """The bad verdicts instead of a traceback of ours."""
        if isinstance(excinfo.value, BadVerdictsError):
            return Told(excinfo.value.bad, Path.cwd())
        return super().repr_failure(excinfo, *args, **options)


class GroupItem(PageItem):
    """One group of a page."""

    def __init__(self, *, page: Page, group: Group, **rest: Any) -> None:
        super().__init__(**rest)
        self.page = page
        self.group = group

    def runtest(self) -> None:
        """Run the group in a process of its own; raises `BadVerdictsError`."""
        try:
            result = _pipeline(self.session).run_group(self.page, self.group)
        except WherefromError as error:
            pytest.exit(str(error), returncode=pytest.ExitCode.INTERNAL_ERROR)
        _require_good(result.verdicts)
        reasons = [each.message for each in result.verdicts if each.status is Status.SKIPPED]
        if len(reasons) == len(result.verdicts):
            pytest.skip("; ".join(dict.fromkeys(reasons)))

    def reportinfo(self) -> tuple[os.PathLike[str], int, str]:
        """The group's place: its first line on the page."""
        own = [each.line for each in self.group.snippets if each.path == self.page.path]
        return self.path, min(own, default=1) - 1, self.name


class ClaimsItem(PageItem):
    """What a page claims of a library's source, which needs no run."""

    def __init__(self, *, page: Page, **rest: Any) -> None:
        super().__init__(**rest)
        self.page = page

    def runtest(self) -> None:
        """Check each; raises `BadVerdictsError`."""
        pipeline = _pipeline(self.session)
        _require_good([pipeline.check_claim(each) for each in self.page.claims])

    def reportinfo(self) -> tuple[os.PathLike[str], int, str]:
        """The place of the first."""
        return self.path, self.page.claims[0].line - 1, self.name


class BadVerdictsError(Exception):
    """Some verdicts are not good."""

    def __init__(self, bad: Sequence[Verdict]) -> None:
        super().__init__(f"{len(bad)} bad")
        self.bad = bad


def _require_good(verdicts: Iterable[Verdict]) -> None:
    bad = [each for each in verdicts if not each.status.good]
    if bad:
        raise BadVerdictsError(bad)


class Told:
    """Bad verdicts as pytest shows them: in colour in its terminal, plain elsewhere."""

    def __init__(self, bad: Sequence[Verdict], start: Path) -> None:
        from wherefrom.report.lines import body, headline, visible  # noqa: PLC0415 - as above

        self._blocks = [(headline(each, start), (*body(each),)) for each in _in_order(bad)]
        # Where pytest looks for the one line of its summary.
        more = f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""
        first = next(_in_order(bad))
        message = visible(f"line {first.line}: {first.message}{more}").replace("\n", " ")
        self.reprcrash = SimpleNamespace(path=first.path, lineno=first.line, message=message)

    def __str__(self) -> str:
        return "\n\n".join(
            "\n".join([head, *(f"    {line}" for line in lines)]) for head, lines in self._blocks
        )

    def toterminal(self, tw: Any) -> None:
        """Write it to pytest's terminal writer."""
        for number, (head, lines) in enumerate(self._blocks):
            if number:
                tw.line()
            tw.line(head, bold=True)
            for line in lines:
                tw.line(f"    {line}", **_COLORS.get(line[:2], {}))


def _in_order(verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
    yield from sorted(verdicts, key=lambda each: (each.path, each.line))


def _configured(path: Path, config: pytest.Config) -> bool:
    options = _options(config)
    return any(path.is_relative_to(options.root / each) for each in options.paths)


def _options(config: pytest.Config) -> Config:
    if _CONFIG not in config.stash:
        given = {
            option.name: config.getini(f"{_PREFIX}{option.name}") for option in Config.options()
        }
        try:
            values = {name: from_text(name, value) for name, value in given.items()}
            values = {"cache": False, **{k: v for k, v in values.items() if v is not None}}
            found = Config.load(config.rootpath, values)
        except ConfigError as error:
            raise pytest.UsageError(str(error)) from error
        # Items run one after the other; who wants more at a time has pytest-xdist.
        config.stash[_CONFIG] = dataclasses.replace(found, jobs=1)
    return config.stash[_CONFIG]


def _pipeline(session: pytest.Session) -> Pipeline:
    """The session's one pipeline, warmed for the libraries of all of its pages."""
    if _PIPELINE not in session.config.stash:
        from wherefrom.pipeline import Pipeline  # noqa: PLC0415 - as above

        pages = [each.page for each in session.items if isinstance(each, GroupItem)]
        libraries = {str(each.meta.get("library") or "") for each in pages}
        session.config.stash[_PIPELINE] = Pipeline(_options(session.config), sorted(libraries))
    return session.config.stash[_PIPELINE]
