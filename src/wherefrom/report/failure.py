"""Bad verdicts as a test runner shows them: in colour in its terminal, plain elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wherefrom.model import Fault, Verdict
from wherefrom.report.lines import body, headline, said, shown_path, visible

_COLORS = {"- ": {"red": True}, "+ ": {"green": True}}


@dataclass(frozen=True)
class Crash:
    """Where it went wrong, and what is said of it in one line: pytest asks for these names."""

    path: str
    lineno: int
    said: str

    @property
    def message(self) -> str:
        """What stands after the name of the test."""
        return f"line {self.lineno}: {self.said}"

    def __str__(self) -> str:
        return f"{self.path}:{self.lineno}: {self.said}"


class Failure:
    """What is bad of one test; what is ``brief`` is shown as the line of its crash alone."""

    def __init__(self, bad: Sequence[Verdict | Fault], start: Path, *, brief: bool = False) -> None:
        ordered = sorted(bad, key=lambda each: (each.path, each.line or 1))
        self._blocks = [(headline(each, start), _lines(each)) for each in ordered]
        self._brief = brief
        more = f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""
        first = ordered[0]
        path = visible(shown_path(first.path, start))
        self.reprcrash = Crash(path, first.line or 1, said(first) + more)

    def __str__(self) -> str:
        return "\n\n".join(
            "\n".join([head, *(f"    {line}" for line in lines)]) for head, lines in self._blocks
        )

    def toterminal(self, tw: Any) -> None:
        """Write it to pytest's terminal writer."""
        for number, (head, lines) in enumerate(() if self._brief else self._blocks):
            if number:
                tw.line()
            tw.line(head, bold=True)
            for line in lines:
                tw.line(f"    {line}", **_COLORS.get(line[:2], {}))


def _lines(bad: Verdict | Fault) -> tuple[str, ...]:
    return (*body(bad),) if isinstance(bad, Verdict) else ()
