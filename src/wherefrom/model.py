"""The values that pass between the stages: frozen, and plain enough to be JSON.

``read`` gives a `Page`; ``run`` takes a `Job` and gives a `Run`; ``check`` gives a `Verdict` for
each snippet and claim. Standard library only: the worker and the browser import this file too.
Lines count from 1, paths are absolute POSIX strings, times are seconds.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

Json = dict[str, Any]


class Kind(StrEnum):
    """What a snippet is."""

    EXAMPLE = "example"
    PROGRAM = "program"
    SETUP = "setup"
    CLEANUP = "cleanup"
    CLASSTREE = "classtree"


class Status(StrEnum):
    """How a snippet or a claim came out; only ``PASSED`` and ``SKIPPED`` are good."""

    PASSED = "passed"
    FAILED = "failed"
    RAISED = "raised"
    TIMEOUT = "timeout"
    DIED = "died"
    SKIPPED = "skipped"

    @property
    def good(self) -> bool:
        """Whether this status lets a page pass."""
        return self in (Status.PASSED, Status.SKIPPED)


@dataclass(frozen=True)
class Region:
    """The lines of a file that hold an expected text, so that it can be rewritten in place.

    ``start`` is the first line, ``end`` the line after the last; they are equal where nothing is
    expected yet, and new text goes before line ``start``. ``prefix`` opens every line (the
    indent, the ``> `` of a quote), ``path`` is the file (an included one, perhaps).
    """

    path: str
    start: int
    end: int
    prefix: str = ""


@dataclass(frozen=True)
class Snippet:
    """One runnable block.

    ``line`` is the first line of code, ``source`` the code without prompts or indent, ending in a
    newline; for a `Kind.CLASSTREE` it is the expression of the class, and ``line`` its directive.
    ``want`` is the expected text without its Markdown prefix (``None``: nothing to compare),
    ``want_line`` where a difference is reported. ``flags`` are doctest's option names, on or off.
    ``skipif`` is evaluated in the group's namespace; ``pyversion`` is a version specifier.
    """

    kind: Kind
    path: str
    line: int
    source: str
    want: str | None = None
    want_line: int | None = None
    region: Region | None = None
    flags: tuple[tuple[str, bool], ...] = ()
    skipif: str | None = None
    pyversion: str | None = None
    options: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> Json:
        """This snippet as JSON data."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The snippet that `to_json` wrote."""
        region = data["region"]
        return cls(
            **{
                **data,
                "kind": Kind(data["kind"]),
                "region": Region(**region) if region else None,
                "flags": _pairs(data["flags"]),
                "options": _pairs(data["options"]),
            }
        )


@dataclass(frozen=True)
class Claim:
    """A directive that asserts something about what a run, or the library, shows.

    ``directive`` is its name (``flow``, ``origin``, ``source``...), ``argument`` what follows it
    (for ``flow`` and ``origin``, the group), ``body`` its asserted text, in ``region``.
    """

    directive: str
    path: str
    line: int
    argument: str
    body: str
    region: Region
    options: tuple[tuple[str, str], ...] = ()

    def option(self, name: str) -> str | None:
        """The value of one option, or ``None`` where the page doesn't give it."""
        return dict(self.options).get(name)


@dataclass(frozen=True)
class Group:
    """The snippets that share one namespace and one process, in the order in which they run."""

    name: str
    snippets: tuple[Snippet, ...]
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class NotRun:
    """A block that looks runnable and isn't run; ``reason`` says why, in a few words."""

    path: str
    line: int
    language: str
    reason: str = ""


@dataclass(frozen=True)
class Page:
    """One explainer as it was read.

    ``claims`` are those that need no run; a group's own are in the group. ``files`` are all the
    files that the text came from, the page itself first. ``meta`` is the front matter.
    """

    path: str
    title: str
    groups: tuple[Group, ...]
    claims: tuple[Claim, ...] = ()
    not_run: tuple[NotRun, ...] = ()
    files: tuple[str, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Limits:
    """What one group may use: seconds, bytes of output, bytes of memory, processes."""

    seconds: float = 30.0
    output: int = 1_000_000
    memory: int = 2_000_000_000
    processes: int = 64


@dataclass(frozen=True)
class Watch:
    """What a run is asked to observe: attribute paths, and the modules to stay close to."""

    watch: tuple[str, ...] = ()
    focus: tuple[str, ...] = ()


@dataclass(frozen=True)
class Job:
    """One group to run. ``page`` is the path that its frames point into."""

    page: str
    group: str
    snippets: tuple[Snippet, ...]
    limits: Limits = Limits()
    observe: Watch | None = None
    profile: str | None = None

    def to_json(self) -> Json:
        """This job as JSON data, as the worker gets it."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The job that `to_json` wrote."""
        observe = data["observe"]
        return cls(
            page=data["page"],
            group=data["group"],
            snippets=tuple(Snippet.from_json(each) for each in data["snippets"]),
            limits=Limits(**data["limits"]),
            observe=Watch(tuple(observe["watch"]), tuple(observe["focus"])) if observe else None,
            profile=data["profile"],
        )


@dataclass(frozen=True)
class Raised:
    """An exception that left a snippet.

    ``name`` is the qualified name as a traceback shows it, ``message`` its ``str()``, ``text``
    the formatted traceback (frames of ours left out), ``line`` the deepest line in the page.
    """

    name: str
    message: str
    text: str
    line: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What one snippet did.

    ``status`` is the worker's or the pool's own knowledge: ``PASSED`` means no more than "ran to
    its end"; whether its output was right is for ``check``. ``output`` is what it wrote to its
    standard output, decoded, ``stderr`` to its standard error; ``truncated`` says that there was
    more. ``note`` says what went wrong beside an exception (a
    limit, a signal, a thread left running). ``evidence`` is what a directive asked for.
    """

    status: Status
    output: str = ""
    raised: Raised | None = None
    note: str = ""
    truncated: bool = False
    evidence: Json | None = None
    stderr: str = ""

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The outcome whose ``dataclasses.asdict`` is ``data``."""
        raised = data["raised"]
        status = Status(data["status"])
        return cls(**{**data, "status": status, "raised": Raised(**raised) if raised else None})


@dataclass(frozen=True)
class Environment:
    """What a run ran on.

    ``distributions`` maps each installed distribution that was imported to its version;
    ``files`` maps each imported file that belongs to none, or to an editable one, and each that
    was read beside the page, to the hash of its content. ``facts`` are further true sayings of
    the profile (the reactor's name, say).
    """

    python: str = ""
    system: str = ""
    distributions: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Run:
    """What one group did: an outcome for each snippet of its job, in the job's order.

    ``stack`` is the dump of all Python stacks at a limit, ``trace`` a `Trace` as JSON.
    """

    page: str
    group: str
    outcomes: tuple[Outcome, ...]
    seconds: float
    cached: bool = False
    environment: Environment = Environment()
    stack: str = ""
    trace: Json | None = None

    def to_json(self) -> Json:
        """This run as JSON data, as the cache keeps it."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, data: Json) -> Self:
        """The run that `to_json` wrote."""
        return cls(
            **{
                **data,
                "outcomes": tuple(Outcome.from_json(each) for each in data["outcomes"]),
                "environment": Environment(**data["environment"]),
            }
        )


@dataclass(frozen=True)
class Verdict:
    """Expected against got, at a file and a line.

    ``kind`` is the snippet's kind or the claim's directive. ``message`` says in one line what
    happened, ``expected`` and ``got`` are whole texts where there are any, ``detail`` is the
    traceback or the stack. ``line`` is where a reader should look.
    """

    path: str
    line: int
    kind: str
    status: Status
    message: str = ""
    expected: str | None = None
    got: str | None = None
    detail: str = ""
    region: Region | None = None
    snippet_line: int | None = None


@dataclass(frozen=True)
class Fault:
    """Why a page can't be read: a `WherefromError` as data. ``line`` is ``None`` for the whole."""

    path: str
    line: int | None
    what: str
    slug: str


@dataclass(frozen=True)
class GroupResult:
    """One group, its run, and its verdicts: the snippets' in order, then the claims'."""

    group: Group
    run: Run
    verdicts: tuple[Verdict, ...]

    @property
    def good(self) -> bool:
        """Whether every verdict is a good one."""
        return all(each.status.good for each in self.verdicts)

    @property
    def snippets(self) -> tuple[Verdict, ...]:
        """The verdicts on the snippets alone."""
        return self.verdicts[: len(self.group.snippets)]


@dataclass(frozen=True)
class PageResult:
    """All that came of one page: its groups, and the verdicts on ``claims`` that need no run.

    A page that can't be read has an ``error``, and neither ``page`` nor groups.
    """

    path: str
    page: Page | None = None
    error: Fault | None = None
    groups: tuple[GroupResult, ...] = ()
    claims: tuple[Verdict, ...] = ()

    @property
    def good(self) -> bool:
        """Whether the page could be read and every verdict is a good one."""
        return self.error is None and all(each.status.good for each in self.verdicts)

    @property
    def runs(self) -> tuple[Run, ...]:
        """The groups' runs, in page order."""
        return tuple(each.run for each in self.groups)

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """All verdicts: each group's, then those on the page's own claims."""
        return (*(each for group in self.groups for each in group.verdicts), *self.claims)


def _pairs(items: Any) -> tuple[Any, ...]:
    return tuple((name, value) for name, value in items)
