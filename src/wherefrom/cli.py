"""The command line: ``wherefrom check``, ``update``, ``new``, ``build``, ``serve``, ``trace``."""

from __future__ import annotations

import io
import json
import os
import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any, NoReturn

import click
from rich.console import Console

import wherefrom
from wherefrom import building, scaffold
from wherefrom.config import Config, find_root
from wherefrom.errors import ConfigError, PageError, WherefromError
from wherefrom.model import Fault, PageResult
from wherefrom.observe.script import run_script
from wherefrom.pipeline import check_files, fault, slim
from wherefrom.read import find_pages
from wherefrom.report import changes, github, terminal
from wherefrom.report.as_json import as_json
from wherefrom.report.as_junit import as_junit
from wherefrom.report.counts import count
from wherefrom.report.lines import shown_path
from wherefrom.report.progress import with_progress
from wherefrom.report.tracing import printable, traced
from wherefrom.update import Update, joined, mended, write

BAD = 1
USAGE = 2
INTERRUPTED = 130
"""What shells give for a program that Ctrl-C ended."""

_PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
_JOBS = click.option("-j", "--jobs", type=int, metavar="N", help="Groups that run at once.")
_TIMEOUT = click.option("--timeout", type=float, metavar="S", help="Seconds that a group may take.")
_NO_CACHE = click.option("--no-cache", is_flag=True, help="Run everything, whatever is remembered.")
_SOURCE = click.argument("source", default="docs", type=click.Path(path_type=Path))
_OUT = click.argument("out", default="build/site", type=click.Path(path_type=Path))


class _Commands(click.Group):
    """The commands: their errors are told in a line, and Ctrl-C ends them without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run one of them."""
        try:
            return super().invoke(ctx)
        except WherefromError as error:
            terminal.wrong(_console(stderr=True), error, Path.cwd())
            sys.exit(USAGE)
        except KeyboardInterrupt:
            _console(stderr=True).print("\ninterrupted")
            sys.exit(INTERRUPTED)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(wherefrom.__version__, prog_name="wherefrom")
def main() -> None:
    """Pages that answer "where does this come from?" by running code."""


@main.command(short_help="Run pages, and compare what they print.")
@_PATHS
@_JOBS
@_TIMEOUT
@_NO_CACHE
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a report too: FILE.json, or FILE.xml for JUnit's form.",
)
@click.option("-v", "--verbose", is_flag=True, help="List what was not run, or was skipped.")
def check(paths: tuple[Path, ...], report: Path | None, verbose: bool, **options: Any) -> None:
    """Run the pages among PATHS, and compare what they print with what they say.

    Without PATHS, the pages in the configured folders. The exit status is 0 if all is well, 1 if
    anything is not, 2 for a wrong option or configuration.
    """
    _require_report(report)
    config = _config(**options)
    started = time.monotonic()
    results = sorted(map(slim, _results(paths, config)), key=lambda each: each.path)
    try:
        _tell(results, time.monotonic() - started, verbose=verbose)
    finally:
        # Also where nobody reads the rest.
        if report is not None:
            _write_report(report, results)
    sys.exit(0 if count(results).good else BAD)


@main.command(short_help="Write into pages what they gave.")
@_PATHS
@_JOBS
@_TIMEOUT
@_NO_CACHE
@click.option("--diff", is_flag=True, help="Show what would change, and write nothing.")
def update(paths: tuple[Path, ...], diff: bool, **options: Any) -> None:
    """Write what the pages among PATHS gave in place of what they expect.

    Nothing else in a page is touched. Look at the difference before you commit it. The exit
    status is 1 if there is something that can't be mended so.
    """
    whole, faults = _updates(paths, _config(**options))
    out, here = _console(), Path.cwd()
    for path in () if diff else whole.changed:
        write(Path(path), whole.after[path])
    (changes.difference if diff else changes.written)(out, whole, here)
    for error in faults:
        terminal.told(out, error, here)
    changes.left(out, whole, here)
    terminal.last(out, changes.summary(whole, len(faults), diff=diff))
    sys.exit(BAD if faults or whole.left else 0)


@main.command(short_help="Begin a page that passes.")
@click.argument("question")
def new(question: str) -> None:
    """Begin a page that answers QUESTION: it passes as it is."""
    path = scaffold.new_page(question, _config())
    shown = shown_path(str(path), Path.cwd())
    line = f"wrote {shown}; edit it, then run: wherefrom check {shlex.quote(shown)}"
    _console().print(line, soft_wrap=True, markup=False)


@main.command(short_help="Build a site, running its explainers.")
@_SOURCE
@_OUT
@_JOBS
@click.option("-b", "--builder", default="html", show_default=True, help="Sphinx's builder.")
def build(source: Path, out: Path, jobs: int | None, builder: str) -> None:
    """Build the site in SOURCE into OUT, running every explainer.

    Every warning makes it fail, at its end.
    """
    _become(building.build_command(source, out, _config(jobs=jobs), builder))


@main.command(short_help="Show a site, rebuilt as its pages change.")
@_SOURCE
@_OUT
@_JOBS
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    metavar="N",
    help="Where to listen; 0: any free port.",
)
def serve(source: Path, out: Path, jobs: int | None, host: str, port: int) -> None:
    """Show the site in SOURCE, built into OUT, and again as its pages change; Ctrl-C ends it."""
    _become(building.serve_command(source, out, _config(jobs=jobs), host=host, port=port))


@main.command(
    context_settings={"ignore_unknown_options": True},
    short_help="Run a script, and print who called whom.",
)
@click.argument("script", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.option("--watch", multiple=True, metavar="PATH", help="An attribute: package.Class.name.")
@click.option("--focus", multiple=True, metavar="PKG", help="A package to stay close to.")
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the whole trace.",
)
def trace(
    script: Path,
    arguments: tuple[str, ...],
    watch: tuple[str, ...],
    focus: tuple[str, ...],
    json_file: Path | None,
) -> None:
    """Run SCRIPT, and print what was called and where watched values come from.

    ARGUMENTS after `--` are the script's own, and so is the exit status.
    """
    if json_file is not None and not json_file.parent.is_dir():
        raise ConfigError("there is no folder for this file: make it first", path=json_file)
    # A script may put another stream there, or close it.
    stream = sys.stdout
    outcome = run_script(script, arguments, watch=watch, focus=focus)
    with printable(stream) as out:
        traced(Console(file=out, highlight=False), outcome.trace)
    if json_file is not None:
        _write(json_file, json.dumps(outcome.trace.to_json()) + "\n")
    sys.exit(outcome.status)


def _tell(results: list[PageResult], seconds: float, *, verbose: bool) -> None:
    out, here = _console(), Path.cwd()
    annotations = [*github.commands(results, github.workspace())] if github.runs() else []
    with github.unheeded(click.echo) if annotations else nullcontext():
        terminal.failures(out, results, here)
        if verbose:
            terminal.not_run(out, results, here)
    for each in annotations:
        click.echo(each)
    terminal.last(out, terminal.summary(results, seconds))


def _become(command: list[str]) -> NoReturn:
    """Go on as another program, which then gets the signals that are meant for this one."""
    sys.stdout.flush()
    os.execv(command[0], command)  # noqa: S606 - there is nothing for a shell to do


def _console(*, stderr: bool = False) -> Console:
    """Where to print: what its encoding can't hold is written as escapes."""
    file = sys.stderr if stderr else sys.stdout
    if isinstance(file, io.TextIOWrapper):
        file.reconfigure(errors="backslashreplace")
    return Console(file=file, highlight=False, emoji=False)


def _config(*, no_cache: bool = False, **options: Any) -> Config:
    overrides = {**options, "cache": False if no_cache else None}
    return Config.load(find_root(Path.cwd()), overrides)


def _results(paths: tuple[Path, ...], config: Config) -> Iterator[PageResult]:
    given = paths or tuple(map(_configured, (config.root / each for each in config.paths)))
    pages = find_pages(given)
    if not pages:
        names = (
            ", ".join(shown_path(str(each), Path.cwd()) for each in given) or "the empty `paths`"
        )
        what = f'no pages in {names}: begin one with `wherefrom new "QUESTION"`'
        raise ConfigError(what)
    console = _console(stderr=True)
    yield from with_progress(check_files(pages, config), len(pages), console)


def _configured(path: Path) -> Path:
    if not path.exists():
        what = (
            'is not there: begin a page with `wherefrom new "QUESTION"`, '
            "or say in `paths` of [tool.wherefrom] where yours are"
        )
        raise ConfigError(what, path=path)
    return path


def _updates(paths: tuple[Path, ...], config: Config) -> tuple[Update, tuple[Fault, ...]]:
    """What is to be written, and why some pages can't be read; nothing is written yet."""
    updates: dict[str, Update] = {}
    faults: list[Fault] = []
    for result in _results(paths, config):
        try:
            updates[result.path] = mended(result, config.flags)
        except PageError as error:
            faults.append(fault(error, result.path))
        if result.error is not None:
            faults.append(result.error)
    whole, clashes = joined(updates)
    return whole, tuple(sorted((*faults, *clashes), key=lambda each: each.path))


def _require_report(report: Path | None) -> None:
    if report is None:
        return
    if report.suffix not in (".json", ".xml"):
        raise ConfigError("a report's name ends in .json or .xml", path=report)
    if not report.parent.is_dir():
        raise ConfigError("there is no folder for this report: make it first", path=report)


def _write_report(report: Path, results: list[PageResult]) -> None:
    start = Path.cwd()
    if report.suffix == ".json":
        text = json.dumps(as_json(results, start), indent=2) + "\n"
    else:
        text = as_junit(results, start)
    _write(report, text)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise ConfigError(f"can't be written: {error.strerror}", path=path) from error
