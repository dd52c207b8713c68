"""Sorting what a page holds into groups: setup, then tests in page order, then cleanup."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from wherefrom.errors import PageError
from wherefrom.model import Claim, Group, Kind, Snippet
from wherefrom.read.claims import GROUP_CLAIMS
from wherefrom.read.runnable import DEFAULT_GROUP, EVERY_GROUP, Expected, Part


def assemble(parts: Iterable[Part | Expected], claims: Iterable[Claim]) -> tuple[Group, ...]:
    """The groups of a page, in the order in which their names first appear.

    ``*`` stands for every group that the page names, or for ``default`` where it names none.
    """
    parts, claims = tuple(parts), tuple(claims)
    names = dict.fromkeys(
        name for part in parts for name in part.groups if name != EVERY_GROUP
    ) or ([DEFAULT_GROUP] if parts else [])
    groups = tuple(_group(name, parts, claims) for name in names)
    _refuse_homeless_output(parts, groups)
    _refuse_homeless_claims(claims, groups)
    return tuple(group for group in groups if group.snippets)


def _group(name: str, parts: tuple[Part | Expected, ...], claims: tuple[Claim, ...]) -> Group:
    setup: list[Snippet] = []
    tests: list[Snippet] = []
    cleanup: list[Snippet] = []
    phases = {Kind.SETUP: setup, Kind.CLEANUP: cleanup}
    for part in parts:
        if name not in part.groups and EVERY_GROUP not in part.groups:
            continue
        if isinstance(part, Part):
            phases.get(part.snippet.kind, tests).append(part.snippet)
        else:
            _attach(part, tests, name)
    own = tuple(each for each in claims if each.directive in GROUP_CLAIMS and each.argument == name)
    return Group(name, (*setup, *tests, *cleanup), own)


def _attach(expected: Expected, tests: list[Snippet], name: str) -> None:
    """Give an expected output to the last program before it."""
    programs = [at for at, each in enumerate(tests) if each.kind is Kind.PROGRAM]
    if not programs:
        if name in expected.groups:
            raise _no_program(expected, f" of group `{name}`")
        return
    at = programs[-1]
    program = tests[at]
    if not expected.applies:
        if program.region is None:
            tests[at] = dataclasses.replace(program, want=None, want_line=None)
        return
    if program.region is not None:
        what = (
            f"a second `{{testoutput}}` for the `{{testcode}}` at line {program.line}: "
            f"give all of its output in one"
        )
        raise expected.directive.error(what)
    _refuse_other_condition(expected, program)
    tests[at] = dataclasses.replace(
        program,
        want=expected.want,
        want_line=expected.directive.line,
        region=expected.region,
        flags=(*program.flags, *expected.flags),
    )


def _refuse_other_condition(expected: Expected, program: Snippet) -> None:
    # Sphinx evaluates it before any code runs; here it would need the group's namespace, and a
    # condition that drops only the comparison would leave output untested in silence.
    skipif = expected.directive.option("skipif")
    if skipif is not None and skipif != program.skipif:
        what = (
            f"this `:skipif:` is not that of its `{{testcode}}` at line {program.line}: "
            f"give both the same, so that they are skipped together"
        )
        raise expected.directive.error(what)


def _no_program(expected: Expected, where: str) -> PageError:
    what = (
        f"no `{{testcode}}`{where} stands before this `{{testoutput}}`: put it right after its "
        f"program, with the same group"
    )
    return expected.directive.error(what)


def _refuse_homeless_output(parts: tuple[Part | Expected, ...], groups: tuple[Group, ...]) -> None:
    kinds = {snippet.kind for group in groups for snippet in group.snippets}
    for part in parts:
        if isinstance(part, Expected) and Kind.PROGRAM not in kinds:
            raise _no_program(part, "")


def _refuse_homeless_claims(claims: tuple[Claim, ...], groups: tuple[Group, ...]) -> None:
    names = [group.name for group in groups if group.snippets]
    for claim in claims:
        if claim.directive in GROUP_CLAIMS and claim.argument not in names:
            known = ", ".join(f"`{name}`" for name in names) or "none"
            what = (
                f"`{{{claim.directive}}}` speaks of group `{claim.argument}`, in which nothing "
                f"runs; the page's groups: {known}"
            )
            raise PageError(what, path=claim.path, line=claim.line)
