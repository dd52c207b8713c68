"""Sphinx's doctest directives, and `{classtree}`: what runs, and what it must print.

Arguments and options are those of ``sphinx.ext.doctest``.
"""

from __future__ import annotations

import dataclasses
import platform
from collections.abc import Iterator
from dataclasses import dataclass

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from wherefrom.model import Kind, Region, Snippet
from wherefrom.read.directive import Directive
from wherefrom.read.examples import examples
from wherefrom.read.flags import parse_flags
from wherefrom.read.lines import join, without_blank_end, without_blank_start

DEFAULT_GROUP = "default"
EVERY_GROUP = "*"

_SHOWN = ("hide", "trim-doctest-flags", "no-trim-doctest-flags", "pyversion", "skipif")
_OPTIONS = {
    "pycon": (*_SHOWN, "options"),
    "doctest": (*_SHOWN, "options"),
    "testcode": _SHOWN,
    "testoutput": (*_SHOWN, "options"),
    "testsetup": ("skipif",),
    "testcleanup": ("skipif",),
    "classtree": ("group", "caption", "name", "pyversion", "skipif"),
}
_PROGRAMS = {"testcode": Kind.PROGRAM, "testsetup": Kind.SETUP, "testcleanup": Kind.CLEANUP}


@dataclass(frozen=True)
class Part:
    """A snippet, and the groups that it belongs to."""

    groups: tuple[str, ...]
    snippet: Snippet


@dataclass(frozen=True)
class Expected:
    """A `{testoutput}`; ``applies`` is false where its ``:pyversion:`` is not this Python's."""

    groups: tuple[str, ...]
    directive: Directive
    want: str
    region: Region
    flags: tuple[tuple[str, bool], ...]
    applies: bool


def runnable(directive: Directive) -> Iterator[Part | Expected]:
    """What a directive runs or expects; nothing where it is none of the runnable ones."""
    if directive.name not in _OPTIONS:
        return
    _check_options(directive)
    if directive.name in ("pycon", "doctest"):
        yield from _examples(directive)
    elif directive.name == "testoutput":
        yield _expected(directive)
    elif directive.name == "classtree":
        yield _class_tree(directive)
    else:
        yield _program(directive)


def is_runnable(name: str) -> bool:
    """Whether the directive of this name runs, or is compared with what ran."""
    return name in _OPTIONS


def _check_options(directive: Directive) -> None:
    known = _OPTIONS[directive.name]
    for option in directive.options:
        if option.name not in known:
            names = ", ".join(f"`:{name}:`" for name in known)
            what = f"`{{{directive.name}}}` has no option `:{option.name}:`; it has {names}"
            raise directive.error(what, option.line)
        if option.name == "pyversion":
            _specifier(directive, option.value, option.line)
        if option.name == "skipif" and not option.value:
            raise directive.error("`:skipif:` needs an expression", option.line)


def _specifier(directive: Directive, text: str, line: int | None = None) -> SpecifierSet:
    try:
        return SpecifierSet(text)
    except InvalidSpecifier as error:
        what = f"`:pyversion: {text}` is no version specifier: write `>= 3.12`, say"
        raise directive.error(what, line) from error


def groups_of(argument: str | None) -> tuple[str, ...]:
    """The group names in an argument: separated by commas, each once, ``default`` for none."""
    names = [name.strip() for name in (argument or "").split(",")]
    return tuple(dict.fromkeys(name for name in names if name)) or (DEFAULT_GROUP,)


def _flags(directive: Directive) -> tuple[tuple[str, bool], ...]:
    given = [each for each in directive.options if each.name == "options"]
    return tuple(
        flag for each in given for flag in parse_flags(each.value, directive.path, each.line)
    )


def _with_options(directive: Directive, snippet: Snippet) -> Snippet:
    apart = ("options", "skipif", "pyversion")
    return dataclasses.replace(
        snippet,
        skipif=directive.option("skipif"),
        pyversion=directive.option("pyversion"),
        options=tuple(pair for pair in directive.pairs if pair[0] not in apart),
        flags=(*_flags(directive), *snippet.flags),
    )


def _examples(directive: Directive) -> Iterator[Part]:
    found = [_with_options(directive, each) for each in examples(directive.body)]
    if not found:
        shown = directive.name if directive.name == "pycon" else f"{{{directive.name}}}"
        what = f"this `{shown}` block holds no `>>> ` with code after it"
        raise directive.error(what)
    groups = groups_of(directive.argument)
    yield from (Part(groups, each) for each in found)


def _program(directive: Directive) -> Part:
    body = without_blank_start(without_blank_end(directive.body))
    if not body:
        raise directive.error(f"this `{{{directive.name}}}` block is empty: give it code")
    kind = _PROGRAMS[directive.name]
    snippet = Snippet(
        kind=kind,
        path=directive.path,
        line=body[0].number,
        source=join(body),
        # As in Sphinx, a program without a {testoutput} must print nothing. There is no region
        # then: no place on the page holds its output yet.
        want="" if kind is Kind.PROGRAM else None,
        want_line=body[0].number if kind is Kind.PROGRAM else None,
    )
    return Part(groups_of(directive.argument), _with_options(directive, snippet))


def _expected(directive: Directive) -> Expected:
    pyversion = directive.option("pyversion")
    applies = pyversion is None or _specifier(directive, pyversion).contains(
        platform.python_version(), prereleases=True
    )
    return Expected(
        groups=groups_of(directive.argument),
        directive=directive,
        want=join(without_blank_end(directive.body)),
        region=directive.region,
        flags=_flags(directive),
        applies=applies,
    )


def _class_tree(directive: Directive) -> Part:
    if not directive.argument:
        what = "`{classtree}` needs a class: write ```{classtree} package.module.Class"
        raise directive.error(what)
    snippet = Snippet(
        kind=Kind.CLASSTREE,
        path=directive.path,
        line=directive.line,
        source=f"{directive.argument}\n",
        want=join(without_blank_end(directive.body)),
        want_line=directive.line,
        region=directive.region,
    )
    return Part(groups_of(directive.option("group")), _with_options(directive, snippet))
