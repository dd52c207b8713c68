"""Whether explainers are steady: run them many times, on several reactors, under load.

    nox -s steady -- [--runs 50] [--reactors default select poll asyncio] [PAGES]

A reactor is installed by a setup snippet before a page's own, so no page names one. The load is
one busy process a core. Ends with status 1 where a run failed, or took longer than a page may.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from wherefrom.config import Config, find_root
from wherefrom.model import Kind, Page, PageResult, Snippet
from wherefrom.pipeline import Pipeline
from wherefrom.read import find_pages, read_page

REACTORS = ("default", "select", "poll", "asyncio")
MOST_SECONDS = 5.0
BUSY = "while True: pass"


def main() -> int:
    """Run, report, and say by the status whether all was good."""
    options = _options()
    root = find_root(Path.cwd())
    pages = [read_page(path) for path in find_pages(options.pages or [root / "explainers"])]
    bad: Counter[str] = Counter()
    config = replace(Config.load(root), cache=False)
    with _load(options.load):
        for reactor in options.reactors:
            # A library that has no reactors needs no more than one round of the runs.
            chosen = [each for each in pages if reactor == "default" or _has_reactors(each)]
            slowest = _run(config, reactor, chosen, options.runs, bad)
            print(f"{reactor}: {options.runs} runs of {len(chosen)} pages, slowest {slowest:.2f} s")
    for what, times in bad.most_common():
        print(f"{times} times: {what}")
    return 1 if bad else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--reactors", nargs="+", default=REACTORS, choices=REACTORS)
    parser.add_argument("--load", type=int, default=os.cpu_count() or 1, help="busy processes")
    parser.add_argument("pages", nargs="*", type=Path)
    return parser.parse_args()


def _has_reactors(page: Page) -> bool:
    return page.meta.get("library") == "twisted"


@contextmanager
def _load(processes: int) -> Iterator[None]:
    busy = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(processes)]
    try:
        yield
    finally:
        for each in busy:
            each.kill()
            each.wait()


def _run(config: Config, reactor: str, pages: list[Page], runs: int, bad: Counter[str]) -> float:
    """The seconds of the slowest page; what failed is counted in ``bad``."""
    slowest = 0.0
    with Pipeline(config) as pipeline:
        for _ in range(runs):
            for page in pages:
                pipeline.submit(_on(reactor, page))
            for result in pipeline.results():
                slowest = max(slowest, _seconds(result))
                bad.update(f"[{reactor}] {each}" for each in _failures(result))
    return slowest


def _on(reactor: str, page: Page) -> Page:
    """The page with a setup snippet in each group that installs a reactor."""
    if reactor == "default":
        return page
    source = f"from twisted.internet import {reactor}reactor\n{reactor}reactor.install()\n"
    setup = Snippet(Kind.SETUP, page.path, 1, source)
    groups = (replace(each, snippets=(setup, *each.snippets)) for each in page.groups)
    return replace(page, groups=tuple(groups))


def _seconds(result: PageResult) -> float:
    return sum(each.run.seconds for each in result.groups)


def _failures(result: PageResult) -> Iterator[str]:
    if _seconds(result) > MOST_SECONDS:
        yield f"{result.path}: longer than {MOST_SECONDS:g} s"
    for group in result.groups:
        for each in group.verdicts:
            if not each.status.good:
                yield f"{each.path}:{each.line}: {each.status} {each.message} {each.got or ''}"


if __name__ == "__main__":
    sys.exit(main())
