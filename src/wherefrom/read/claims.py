"""Claims: directives that assert something about what a run, or the library, shows."""

from __future__ import annotations

from wherefrom.model import Claim
from wherefrom.read.directive import Directive
from wherefrom.read.lines import join, without_blank_end
from wherefrom.read.runnable import DEFAULT_GROUP

# The argument of these names a group; that of the others is their own affair.
GROUP_CLAIMS = ("flow", "origin")
PAGE_CLAIMS = ("source", "overriders", "subclasses", "assignments")
# Options that name attributes, by paths.
ATTRIBUTES = ("watch", "of")


def claim(directive: Directive) -> Claim | None:
    """The claim that a directive makes, or ``None``."""
    if directive.name not in (*GROUP_CLAIMS, *PAGE_CLAIMS):
        return None
    argument = directive.argument
    if directive.name in GROUP_CLAIMS:
        argument = argument or DEFAULT_GROUP
    elif not argument:
        what = f"`{{{directive.name}}}` needs a name: ```{{{directive.name}}} package.name"
        raise directive.error(what)
    _check_numbers(directive)
    _check_paths(directive)
    return Claim(
        directive=directive.name,
        path=directive.path,
        line=directive.line,
        argument=argument,
        body=join(without_blank_end(directive.body)),
        region=directive.region,
        options=directive.pairs,
    )


def _check_numbers(directive: Directive) -> None:
    """An excerpt is cut around its mark, so both are needed; a tree has at least one level."""
    for option in directive.options:
        if option.name == "depth" and not (option.value.isdecimal() and int(option.value)):
            what = "`:depth:` is the number of levels of subclasses shown: write `:depth: 2`"
            raise directive.error(what, option.line)
        if option.name == "around" and not option.value.isdecimal():
            what = "`:around:` is the number of lines shown before and after those marked"
            raise directive.error(f"{what}: write `:around: 3`", option.line)
        if option.name == "around" and not directive.option("mark"):
            what = "`:around:` cuts around what `:mark:` names: add `:mark: text`"
            raise directive.error(what, option.line)


def _check_paths(directive: Directive) -> None:
    """What is watched is an attribute of something: a path of two names at least."""
    for option in directive.options:
        for path in _no_paths(option.value) if option.name in ATTRIBUTES else ():
            what = f"`:{option.name}: {path}` names no attribute: write Class.name"
            raise directive.error(what, option.line)


def _no_paths(value: str) -> list[str]:
    """What is no dotted path, of the words of an option's value."""
    words = value.replace(",", " ").split()
    return [
        word
        for word in words
        if "." not in word or not all(part.isidentifier() for part in word.split("."))
    ]
