"""What a worker has reported so far, as the slot believes it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import replace

from wherefrom.model import Environment, Job, Json, Outcome, Run, Status
from wherefrom.run.channel import JunkError


class Progress:
    """The outcomes of one job, from the worker's reports and the files with its output."""

    def __init__(self, job: Job, token: str, output: int, errors: int) -> None:
        self._job = job
        self._token = token
        self._files = (output, errors)
        self._read = [0, 0]
        self._kept = 0
        self._outcomes: list[Outcome] = []
        self._done: Json = {}
        self.finished = False

    @property
    def place(self) -> int:
        """Which snippet is running; the last one when all have ended."""
        return max(min(len(self._outcomes), len(self._job.snippets) - 1), 0)

    @property
    def written(self) -> int:
        """How many bytes the worker has written."""
        return sum(os.fstat(fd).st_size for fd in self._files)

    def take(self, line: bytes) -> bool:
        """Believe one report; whether its snippet started a process. Raises `JunkError`."""
        try:
            message = json.loads(line)
            if message["token"] != self._token or self.finished:
                raise JunkError
            if "done" in message:
                self._finish(message["done"])
                return False
            self._end(message)
            return bool(message["started"])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise JunkError from error

    def spoil(self, place: int, status: Status, note: str) -> None:
        """Say that the snippet at ``place`` failed, whatever it or the worker said of it."""
        while len(self._outcomes) <= place:
            output, errors, truncated = self._texts(self._rest())
            self._outcomes.append(
                Outcome(Status.PASSED, output=output, stderr=errors, truncated=truncated)
            )
        old = self._outcomes[place]
        notes = f"{old.note}; {note}" if old.note else note
        self._outcomes[place] = replace(old, status=status, note=notes)

    def run(self, seconds: float, stack: str) -> Run:
        """All of it: what never ran is skipped, with the line at which the group ended."""
        missing = len(self._job.snippets) - len(self._outcomes)
        if missing:
            line = self._job.snippets[len(self._outcomes) - 1].line if self._outcomes else 0
            note = f"skipped: the group's process ended at line {line}"
            self._outcomes += [Outcome(Status.SKIPPED, note=note)] * missing
        return Run(
            page=self._job.page,
            group=self._job.group,
            outcomes=tuple(self._outcomes),
            seconds=round(seconds, 6),
            environment=self._done.get("environment", Environment()),
            stack=stack,
            trace=self._done.get("trace"),
        )

    def _end(self, message: Json) -> None:
        if message["ended"] != len(self._outcomes) or self._missing() == 0:
            raise JunkError
        spans = [(int(start), int(end)) for start, end in message["sizes"]]
        outcome = Outcome.from_json(message["outcome"])
        output, errors, truncated = self._texts(spans)
        self._outcomes.append(replace(outcome, output=output, stderr=errors, truncated=truncated))

    def _finish(self, done: Json) -> None:
        if self._missing():
            raise JunkError
        self._done = {
            "environment": Environment(**done["environment"]),
            "trace": done["trace"],
        }
        for place, name in done["threads"]:
            if not 0 <= place < max(len(self._outcomes), 1):
                raise JunkError
            if self._outcomes:
                note = f"it started the thread {name!r}, which didn't end; join it, or make it end"
                self.spoil(place, Status.FAILED, note)
        self.finished = True

    def _missing(self) -> int:
        return len(self._job.snippets) - len(self._outcomes)

    def _rest(self) -> list[tuple[int, int]]:
        """Where in the files the text lies that no report has told of."""
        sizes = (os.fstat(fd).st_size for fd in self._files)
        return [(start, size) for start, size in zip(self._read, sizes, strict=True)]

    def _texts(self, spans: Sequence[tuple[int, int]]) -> tuple[str, str, bool]:
        """The output and the errors in ``spans``, as far as the limit lets them be."""
        texts: list[str] = []
        truncated = False
        for which, (fd, (start, end)) in enumerate(zip(self._files, spans, strict=True)):
            room = max(self._job.limits.output - self._kept, 0)
            length = max(min(end, os.fstat(fd).st_size) - max(start, 0), 0)
            data = os.pread(fd, min(length, room), max(start, 0))
            truncated |= length > room
            self._read[which] = end
            self._kept += len(data)
            texts.append(data.decode("utf-8", "replace"))
        return texts[0], texts[1], truncated


def stack_text(fd: int, most: int, own: Callable[[str], bool]) -> str:
    """The stacks that were dumped into a file, without the frames in files that are ``own``."""
    lines = os.pread(fd, most, 0).decode("utf-8", "replace").splitlines(keepends=True)
    return "".join(line for line in lines if not (line.startswith('  File "') and own(line)))
