"""The page as it would be if what was got were what is expected; nothing else is touched."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence

from wherefrom.check.matching import matches
from wherefrom.check.places import by_place
from wherefrom.model import Kind, Region, Status, Verdict

# CommonMark's line ends: those by which regions count.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_LINE_END = re.compile(r"[\r\n]+\Z")
# A block's first line: its fence, and then its name; what stands before it is the prefix.
_OPENER = re.compile(r"(?:^|.*[\s>])(?P<fence>`{3,}|~{3,}|:{3,})\s*[\w{]")
_PROMPT = re.compile(r" *>>>")
_LENIENT = frozenset(("ELLIPSIS",))


def rewrite(text: str, path: str, verdicts: Iterable[Verdict]) -> str:
    """``text``, the file at ``path``, with what was got in place of what was expected.

    Only where a verdict is bad and `refusal` has nothing against it. The file's line ends, its
    byte order mark and each line's prefix stay; so do expected lines that match as they are.
    """
    lines = _LINE.findall(text)
    for region, got in sorted(_changes(path, verdicts), key=lambda each: -each[0].start):
        start, end = region.start - 1, region.end - 1
        if _closes(got, _fence(lines[:start])):
            continue
        old = lines[start:end]
        lines[start:end] = _placed(got, region, old, lines[start - 1] if start else "")
        _mend_last_end(lines, start)
    return "".join(lines)


def refusal(verdict: Verdict) -> str:
    """Why a bad verdict can't be mended by writing what was got; empty where it can."""
    if verdict.status not in (Status.FAILED, Status.RAISED):
        return "it gave no result that could be written"
    if verdict.got is None:
        return "nothing was got that could be written"
    if verdict.region is None:
        if verdict.kind == Kind.PROGRAM:
            return "no place holds its output: add an empty `{testoutput}` after it"
        return "no place on the page holds what it gave"
    return _unsafe(verdict, verdict.got)


def _unsafe(verdict: Verdict, got: str) -> str:
    lines = got.split("\n")
    if verdict.kind == Kind.EXAMPLE and any(_PROMPT.match(line) for line in lines):
        return "what it gave holds a line with `>>>`, which would be read as code"
    if any("\r" in line for line in lines):
        return "what it gave holds a carriage return, which would end a line"
    return ""


def _changes(path: str, verdicts: Iterable[Verdict]) -> Iterable[tuple[Region, str]]:
    """One text for each region: where two groups share one, they must agree."""
    found: dict[Region, set[str | None]] = {}
    for each in verdicts:
        if each.region is not None and each.region.path == path:
            found.setdefault(each.region, set()).add(_change(each))
    for region, texts in found.items():
        first = texts.pop()
        if first is not None and not texts:
            yield region, first


def _change(verdict: Verdict) -> str | None:
    """The new text for one verdict; ``None`` where the old one stays."""
    if verdict.status.good or refusal(verdict):
        return None
    return kept(verdict.expected or "", verdict.got or "")


def _fence(above: Sequence[str]) -> str:
    """The fence of the block that begins in the nearest line above."""
    openers = (_OPENER.match(line) for line in reversed(above))
    return next((match["fence"] for match in openers if match), "")


def _closes(got: str, fence: str) -> bool:
    """Whether a line of ``got`` would end a block with this fence."""
    marks = (line.strip() for line in got.split("\n"))
    return any(fence and mark.startswith(fence) and not mark.strip(fence[0]) for mark in marks)


def kept(expected: str, got: str) -> str:
    """``got``, with the lines of ``expected`` that match theirs as they stand."""
    old, new = expected.splitlines(keepends=True), got.splitlines(keepends=True)
    alike = difflib.SequenceMatcher(
        None, [by_place(line) for line in old], [by_place(line) for line in new], autojunk=False
    )
    lines: list[str] = []
    for tag, a, b, c, d in alike.get_opcodes():
        if tag == "equal":
            lines += old[a:b]
        elif tag == "replace" and b - a == d - c:
            lines += [_better(was, now) for was, now in zip(old[a:b], new[c:d], strict=True)]
        else:
            lines += new[c:d]
    return "".join(lines)


def _better(was: str, now: str) -> str:
    """A line with an author's `...` stays while it still holds."""
    return was if was.strip(". \n") and matches(was, now, _LENIENT) else now


def _placed(got: str, region: Region, old: Sequence[str], before: str) -> list[str]:
    end = _end_of(old[0] if old else before) or "\n"
    return [
        f"{region.prefix}{line}{end}" if line else f"{region.prefix.rstrip()}{end}"
        for line in got.split("\n")[: -1 if got.endswith("\n") else None]
        if got
    ]


def _end_of(line: str) -> str:
    match = _LINE_END.search(line)
    return match[0] if match else ""


def _mend_last_end(lines: list[str], start: int) -> None:
    """A file may end without a line end; a line that others now follow may not."""
    if 0 < start < len(lines) and not _end_of(lines[start - 1]):
        lines[start - 1] += _end_of(lines[start])
