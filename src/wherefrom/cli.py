"""The command line: ``wherefrom check``, ``update``, ``new``, ``build``, ``serve``, ``trace``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click
from rich.console import Console
from rich.text import Text

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
from wherefrom.report.tracing import traced
from wherefrom.update import Update, mended, write

BAD = 1
USAGE = 2

_PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
_JOBS = click.option("-j", "--jobs", type=int, metavar="N", help="Groups that run at once.")
_TIMEOUT = click.option("--timeout", type=float, metavar="S", help="Seconds that a group may take.")
_NO_CACHE = click.option("--no-cache", is_flag=True, help="Run everything, whatever is remembered.")
_SOURCE = click.argument("source", default="docs", type=click.Path(path_type=Path))
_OUT = click.argument("out", default="build/site", type=click.Path(path_type=Path))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(wherefrom.__version__, prog_name="wherefrom")
def main() -> None:
    """Pages that answer "where does this come from?" by running code."""


@main.command()
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
@click.option("-v", "--verbose", is_flag=True, help="List the blocks that were not run.")
def check(paths: tuple[Path, ...], report: Path | None, verbose: bool, **options: Any) -> None:
    """Run the pages among PATHS, and compare what they print with what they say.

    Without PATHS, the pages in the configured folders. The exit status is 0 if all is well, 1 if
    anything is not, 2 for a wrong option or configuration.
    """
    with _told():
        _require_report(report)
        config = _config(**options)
        started = time.monotonic()
        results = sorted(map(slim, _results(paths, config)), key=lambda each: each.path)
        if report is not None:
            _write_report(report, results)
    out = Console(highlight=False)
    here = Path.cwd()
    terminal.failures(out, results, here)
    if verbose:
        terminal.not_run(out, results, here)
    if os.environ.get("GITHUB_ACTIONS") == "true":
        for command in github.commands(results, _workspace()):
            click.echo(command)
    out.print(terminal.summary(results, time.monotonic() - started))
    sys.exit(0 if count(results).good else BAD)


@main.command()
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
    with _told():
        config = _config(**options)
        updates, unreadable = _updates(paths, config, diff=diff)
    out, here = Console(highlight=False), Path.cwd()
    for each in updates:
        (changes.difference if diff else changes.written)(out, each, here)
    for error in unreadable:
        terminal.told(out, error, here)
    for each in updates:
        changes.left(out, each, here)
    out.print(changes.summary(updates, len(unreadable), diff=diff))
    sys.exit(BAD if unreadable or any(each.left for each in updates) else 0)


@main.command()
@click.argument("question")
def new(question: str) -> None:
    """Begin a page that answers QUESTION: it passes as it is."""
    with _told():
        path = scaffold.new_page(question, _config())
    shown = shown_path(str(path), Path.cwd())
    click.echo(f"wrote {shown}; edit it, then run: wherefrom check {shown}")


@main.command()
@_SOURCE
@_OUT
@_JOBS
@click.option("-b", "--builder", default="html", show_default=True, help="Sphinx's builder.")
def build(source: Path, out: Path, jobs: int | None, builder: str) -> None:
    """Build the site in SOURCE into OUT, running every explainer."""
    with _told():
        command = building.build_command(source, out, _config(jobs=jobs), builder)
    _become(command)


@main.command()
@_SOURCE
@_OUT
@_JOBS
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=8000, show_default=True, help="Where to listen.")
def serve(source: Path, out: Path, jobs: int | None, host: str, port: int) -> None:
    """Show the site in SOURCE, rebuilt as its pages change."""
    with _told():
        command = building.serve_command(source, out, _config(jobs=jobs), host=host, port=port)
    _become(command)


@main.command(context_settings={"ignore_unknown_options": True})
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
    with _told():
        if json_file is not None and not json_file.parent.is_dir():
            raise ConfigError("there is no folder for this file: make it first", path=json_file)
        outcome = run_script(script, arguments, watch=watch, focus=focus)
        sys.stdout.flush()
        traced(Console(highlight=False, soft_wrap=False), outcome.trace)
        if json_file is not None:
            _write(json_file, json.dumps(outcome.trace.to_json()) + "\n")
    sys.exit(outcome.status)


def _become(command: list[str]) -> NoReturn:
    try:
        sys.exit(subprocess.run(command, check=False).returncode)
    except KeyboardInterrupt:
        sys.exit(130)


@contextmanager
def _told() -> Iterator[None]:
    """Print an error of ours, and end with the status for it."""
    try:
        yield
    except WherefromError as error:
        Console(stderr=True, highlight=False).print(
            Text.assemble(("error: ", "bold red"), str(error)), soft_wrap=True
        )
        sys.exit(USAGE)


def _config(*, no_cache: bool = False, **options: Any) -> Config:
    overrides = {**options, "cache": False if no_cache else None}
    return Config.load(find_root(Path.cwd()), overrides)


def _results(paths: tuple[Path, ...], config: Config) -> Iterator[PageResult]:
    given = paths or tuple(config.root / each for each in config.paths)
    pages = find_pages(given)
    if not pages:
        names = ", ".join(str(each) for each in given)
        what = f'no pages in {names}: begin one with `wherefrom new "QUESTION"`'
        raise ConfigError(what)
    console = Console(stderr=True)
    yield from with_progress(check_files(pages, config), len(pages), console)


def _updates(
    paths: tuple[Path, ...], config: Config, *, diff: bool
) -> tuple[list[Update], list[Fault]]:
    """Each page's update, written unless ``diff``, and why the others can't be read."""
    updates: dict[str, Update] = {}
    unreadable: dict[str, Fault] = {}
    for result in _results(paths, config):
        try:
            update = mended(result, config.flags)
        except PageError as error:
            unreadable[result.path] = fault(error, result.path)
            continue
        if result.error is not None:
            unreadable[result.path] = result.error
        updates[result.path] = update
        for path in () if diff else update.changed:
            write(Path(path), update.after[path])
    return [updates[key] for key in sorted(updates)], [
        unreadable[key] for key in sorted(unreadable)
    ]


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


def _workspace() -> Path:
    """The folder from which GitHub counts the paths of its annotations."""
    return Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd())
