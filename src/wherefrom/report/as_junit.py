"""The report as JUnit XML: a suite for each page, a case for each snippet and claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from wherefrom.model import Fault, PageResult, Status, Verdict
from wherefrom.report.counts import count
from wherefrom.report.lines import body, headline, shown_path, visible


def as_junit(results: Iterable[PageResult], start: Path) -> str:
    """The report as a document; paths count from the folder ``start``."""
    suites = ET.Element("testsuites", name="wherefrom")
    for result in results:
        suites.append(_suite(result, start))
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _suite(result: PageResult, start: Path) -> ET.Element:
    counts = count([result])
    path = _text(shown_path(result.path, start))
    suite = ET.Element(
        "testsuite",
        name=path,
        tests=str(counts.snippets + counts.claims + counts.errors),
        failures=str(counts.failed),
        errors=str(counts.raised + counts.timeout + counts.died + counts.errors),
        skipped=str(counts.skipped),
        time=f"{sum(run.seconds for run in result.runs):.3f}",
    )
    if result.error is not None:
        suite.append(_unreadable(result.error, path, start))
    suite.extend(_cases(result, path, start))
    return suite


def _unreadable(error: Fault, path: str, start: Path) -> ET.Element:
    case = ET.Element(
        "testcase", classname=path, name="read", file=path, line=str(error.line or 1), time="0"
    )
    ET.SubElement(case, "error", type=error.slug, message=_text(headline(error, start)))
    return case


def _cases(result: PageResult, path: str, start: Path) -> Iterator[ET.Element]:
    for group in result.groups:
        # Time is known of a group as a whole: its first snippet stands for it.
        seconds = group.run.seconds
        for verdict in group.verdicts:
            yield _case(verdict, f"{path}::{group.group.name}", seconds, start)
            seconds = 0.0
    for verdict in result.claims:
        yield _case(verdict, path, 0.0, start)


def _case(verdict: Verdict, owner: str, seconds: float, start: Path) -> ET.Element:
    case = ET.Element(
        "testcase",
        classname=_text(owner),
        name=f"{verdict.kind}:{verdict.snippet_line or verdict.line}",
        file=_text(shown_path(verdict.path, start)),
        line=str(verdict.line),
        time=f"{seconds:.3f}",
    )
    if verdict.status is Status.SKIPPED:
        ET.SubElement(case, "skipped", message=_text(verdict.message))
    elif not verdict.status.good:
        name = "failure" if verdict.status is Status.FAILED else "error"
        element = ET.SubElement(
            case, name, type=verdict.status.value, message=_text(verdict.message)
        )
        element.text = _text("\n".join([headline(verdict, start), *body(verdict)]))
    return case


def _text(text: str) -> str:
    """Text without what XML can't hold."""
    return visible(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
