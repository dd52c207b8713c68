"""The report in a terminal, or wherever its output is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.console import Console
from rich.text import Text

from wherefrom.errors import WherefromError
from wherefrom.model import Fault, PageResult, Status, Verdict
from wherefrom.report.counts import Counts, count
from wherefrom.report.lines import body, complaint, headline, shown_path, visible

INDENT = "    "
_STYLES = {"- ": "red", "+ ": "green"}


def failures(console: Console, results: Iterable[PageResult], start: Path) -> None:
    """Print every bad verdict, with what is known of it; that of an included text once."""
    for place in dict.fromkeys(_bad(results)):
        told(console, place, start)
        console.print()


def told(console: Console, place: Verdict | Fault, start: Path, *, brief: bool = False) -> None:
    """Print one bad verdict, or why a page can't be read; where it is ``brief``, in one line."""
    where, _, what = headline(place, start).partition(": ")
    console.print(Text.assemble((where, "bold"), ": ", (what, "red")), soft_wrap=True)
    if isinstance(place, Verdict) and not brief:
        for line in body(place):
            style = _STYLES.get(line[:2], "")
            console.print(Text(f"{INDENT}{line}", style), soft_wrap=True)


def not_run(console: Console, results: Iterable[PageResult], start: Path) -> None:
    """Print the blocks that look runnable and were not run, and what was skipped."""
    for result in results:
        for each in result.page.not_run if result.page else ():
            reason = f" ({each.reason})" if each.reason else ""
            _dim(
                console,
                f"{shown_path(each.path, start)}:{each.line}: not run: ",
                each.language,
                reason,
            )
        for verdict in result.verdicts:
            if verdict.status is Status.SKIPPED:
                _dim(console, headline(verdict, start))


def wrong(console: Console, error: WherefromError, start: Path) -> None:
    """Print an error that ends a command."""
    text = Text.assemble(("error: ", "bold red"), complaint(error, start))
    console.print(text, soft_wrap=True)


def last(console: Console, line: Text) -> None:
    """Print a line that is broken at words in a terminal, and nowhere else."""
    console.print(line, soft_wrap=not console.file.isatty())


def summary(results: Iterable[PageResult], seconds: float) -> Text:
    """The last line: how many of what, and how long it took."""
    counts = count(results)
    style = "green" if counts.good else "bold red"
    parts = ", ".join(_parts(counts))
    cached = f", {_many(counts.cached, 'group')} from the cache" if counts.cached else ""
    return Text.assemble((parts, style), (f" ({seconds:.1f} s{cached})", "dim"), _hint(counts))


def _hint(counts: Counts) -> str:
    if counts.snippets or counts.claims or counts.errors:
        return ""
    return "\nnothing here runs: examples stand in `pycon` blocks, programs in `{testcode}`"


def _parts(counts: Counts) -> Iterator[str]:
    yield _many(counts.pages, "page")
    yield _many(counts.snippets, "snippet")
    if counts.claims:
        yield _many(counts.claims, "claim")
    yield f"{counts.passed} passed"
    for name in ("failed", "raised", "died", "skipped"):
        if getattr(counts, name):
            yield f"{getattr(counts, name)} {name}"
    if counts.timeout:
        yield f"{counts.timeout} timed out"
    if counts.errors:
        yield f"{_many(counts.errors, 'page')} unreadable"
    if counts.not_run:
        yield f"{_many(counts.not_run, 'block')} not run"


def _dim(console: Console, *parts: str) -> None:
    console.print(Text(visible("".join(parts)).replace("\n", " "), "dim"), soft_wrap=True)


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _bad(results: Iterable[PageResult]) -> Iterator[Verdict | Fault]:
    for result in results:
        if result.error is not None:
            yield result.error
        bad = [each for each in result.verdicts if not each.status.good]
        yield from sorted(bad, key=lambda each: (each.path != result.path, each.path, each.line))
