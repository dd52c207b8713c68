"""Running pages beside Sphinx's reading: jobs go out before it, verdicts come in after it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.display import status_iterator

from wherefrom.errors import PageError, WherefromError
from wherefrom.model import PageResult, Status, Verdict
from wherefrom.pipeline import Pipeline, fault, slim
from wherefrom.read import read_page
from wherefrom.sphinx.apart import write_pictures, write_traces
from wherefrom.sphinx.mount import MountedProject
from wherefrom.sphinx.options import config_of
from wherefrom.sphinx.seen import seen_running, telling
from wherefrom.sphinx.shelf import Place, keep_places, place_of
from wherefrom.sphinx.shown import Shown, shown, shown_pages

_logger = logging.getLogger(__name__)
_LIBRARY = re.compile(rb"\A(?:\xef\xbb\xbf)?---\r?\n(?:.*\n)*?library:[ \t]*([\w.-]+)")
_HEAD = 1000


@contextmanager
def _as_sphinx_says() -> Iterator[None]:
    """Let Sphinx say in one line what keeps all pages from running."""
    try:
        yield
    except WherefromError as error:
        raise ExtensionError(str(error)) from error


class Running:
    """One build's pipeline, and what the pages that ran are to show."""

    def __init__(self, app: Sphinx) -> None:
        self.config = config_of(app)
        self._pipeline: Pipeline | None = None
        self._bad: list[PageResult] = []
        self._docnames: dict[str, str] = {}
        self._submitted = 0
        self._pid = os.getpid()

    @_as_sphinx_says()
    def begin(self, _app: Sphinx, env: BuildEnvironment, _docnames: list[str]) -> None:
        """Submit every page of the project that has something to run."""
        pages = []
        for docname in sorted(env.found_docs):
            path = Path(env.doc2path(docname)).resolve()
            if isinstance(env.project, MountedProject) and env.project.is_page(docname):
                self._docnames[path.as_posix()] = docname
                pages.append(path)
        # The first page that has to run starts the processes, warmed for the others too.
        self._pipeline = Pipeline(self.config, {name for path in pages for name in library(path)})
        places = [self._submit(self._pipeline, path) for path in pages]
        keep_places(env, (place for place in places if place))

    @_as_sphinx_says()
    def go_on(self, *_: object) -> None:
        """Keep the processes busy while Sphinx reads."""
        if self._pipeline is not None and os.getpid() == self._pid:
            self._pipeline.start()

    def _submit(self, pipeline: Pipeline, path: Path) -> Place | None:
        try:
            page = read_page(path)
        except PageError as error:
            self._bad.append(PageResult(path.as_posix(), error=fault(error, path)))
            return None
        if page.groups or page.claims or "question" in page.meta:
            self._submitted += 1
            pipeline.submit(page)
            pipeline.start()
        return place_of(page, self._docnames[page.path])

    @_as_sphinx_says()
    def end(self, app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
        """Take in the verdicts; the documents whose evidence is new are written again."""
        if self._pipeline is None:
            return ()
        before, told_before = shown_pages(env), seen_running(env)
        entries = sorted(env.domains.python_domain.objects)
        now: dict[str, Shown] = {}
        for result in self._shown_as_they_come(app, self._pipeline):
            docname = self._docnames[result.path]
            now[docname] = shown(result, self._pipeline.listed)
            write_traces(app, docname, result)
            write_pictures(app, docname, now[docname])
            if not result.good:
                self._bad.append(slim(result))
        self.close(app)
        env.wherefrom_shown = now  # type: ignore[attr-defined]  # Sphinx keeps it
        for result in sorted(self._bad, key=lambda each: each.path):
            self._warn(app, result)
        names = {name for name in {*before, *now} if before.get(name) != now.get(name)}
        if told_before != seen_running(env) or entries != getattr(env, "wherefrom_entries", None):
            names.update(telling(env))
        env.wherefrom_entries = entries  # type: ignore[attr-defined]  # as above
        return names & env.found_docs

    def _shown_as_they_come(self, app: Sphinx, pipeline: Pipeline) -> Iterable[PageResult]:
        """The results, with the line of progress that Sphinx shows for what takes long."""
        if not self._submitted:
            return ()
        return status_iterator(
            pipeline.results(),
            "running pages... ",
            "purple",
            self._submitted,
            app.verbosity,
            lambda result: self._docnames[result.path],
        )

    def close(self, _app: Sphinx, _error: Exception | None = None) -> None:
        """End all processes, whatever became of the build."""
        if self._pipeline is not None:
            self._pipeline.close()
            self._pipeline = None

    def _warn(self, app: Sphinx, result: PageResult) -> None:
        for location, text, subtype in _problems(result):
            _logger.warning("%s", text, location=location, type="wherefrom", subtype=subtype)
            app.statuscode = 1


def library(path: Path) -> tuple[str, ...]:
    """The library that a page's front matter names, found without reading the page."""
    try:
        with path.open("rb") as file:
            found = _LIBRARY.search(file.read(_HEAD))
    except OSError:  # whoever reads it will say so
        return ()
    return (found[1].decode(),) if found else ()


def _problems(result: PageResult) -> Iterator[tuple[str, str, str]]:
    """Each problem of a page: where it is, what to say, and its kind."""
    if result.error:
        line = result.error.line
        where = result.error.path if line is None else f"{result.error.path}:{line}"
        yield where, result.error.what, result.error.slug
    for verdict in sorted(result.verdicts, key=lambda each: (each.path, each.line)):
        if not verdict.status.good:
            yield f"{verdict.path}:{verdict.line}", _said(verdict), verdict.status.value


def _said(verdict: Verdict) -> str:
    parts = [f"{verdict.kind}: {verdict.message or verdict.status}"]
    if verdict.status is Status.FAILED and verdict.expected is not None and verdict.got is not None:
        parts += [f"Expected:\n{_indented(verdict.expected)}", f"Got:\n{_indented(verdict.got)}"]
    if verdict.detail:
        parts.append(_indented(verdict.detail))
    return "\n".join(parts)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in (text.rstrip("\n") or "(nothing)").split("\n"))
