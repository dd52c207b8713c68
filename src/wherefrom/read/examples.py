"""Examples: ``>>>`` lines and what they print, each a snippet at its own line.

The rules are doctest's. Where doctest would pass over text in silence, this is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wherefrom.errors import PageError
from wherefrom.model import Kind, Region, Snippet
from wherefrom.read.flags import Flags, parse_flags
from wherefrom.read.lines import Line, Lines, join

_PROMPT = re.compile(r"( *)>>>")
_COMMENT = re.compile(r"\s*(?:#.*)?$")
# As doctest has it: the text may hold no quote, so that a string that talks of it is none.
_FLAGS = re.compile(r"#\s*doctest:\s*([^\n'\"]*)$")


@dataclass(frozen=True)
class _Example:
    indent: str
    source: Lines
    want: Lines


def examples(body: Lines) -> Iterator[Snippet]:
    """The examples in the body of a fence. Raises `PageError` where doctest would be unsure."""
    for example in _split(body):
        snippet = _snippet(example)
        if snippet is not None:
            yield snippet


def _split(body: Lines) -> Iterator[_Example]:
    at = 0
    while at < len(body):
        line = body[at]
        match = _PROMPT.match(line.text)
        if match is None:
            if line.text.strip(" \t"):
                raise _stray(line)
            at += 1
            continue
        indent = match[1]
        code = at + 1
        while code < len(body) and body[code].text.lstrip(" ").startswith("..."):
            code += 1
        end = code
        while end < len(body) and body[end].text.strip(" \t") and not _PROMPT.match(body[end].text):
            end += 1
        yield _Example(indent, body[at:code], body[code:end])
        at = end


def _stray(line: Line) -> PageError:
    return PageError(
        "this line belongs to no example, so nothing would compare it: begin code with `>>> `; "
        "write `<BLANKLINE>` for a blank line in expected output",
        path=line.path,
        line=line.number,
    )


def _snippet(example: _Example) -> Snippet | None:
    first = example.source[0]
    code = [_unprompted(line, example.indent) for line in example.source]
    flags = tuple(_inline_flags(example.source))
    if all(_COMMENT.match(text) for text in code):
        _refuse_idle(example, flags)
        return None
    want = tuple(_unindented(line, example.indent) for line in example.want)
    start = example.source[-1].number + 1
    prefix = first.prefix + example.indent
    return Snippet(
        kind=Kind.EXAMPLE,
        path=first.path,
        line=first.number,
        source="".join(f"{text}\n" for text in code),
        want=join(want),
        want_line=first.number,
        region=Region(first.path, start, start + len(want), prefix),
        flags=flags,
    )


def _unprompted(line: Line, indent: str) -> str:
    text = _unindented(line, indent).text
    prompt, rest = text[:3], text[3:]
    if prompt not in (">>>", "..."):
        raise _wrong_indent(line)
    if rest and not rest.startswith(" "):
        what = f"no blank after `{prompt}`: write `{prompt} {rest.strip()}`"
        raise PageError(what, path=line.path, line=line.number)
    return rest[1:]


def _unindented(line: Line, indent: str) -> Line:
    if not line.text.startswith(indent):
        raise _wrong_indent(line)
    return Line(line.path, line.number, line.text[len(indent) :], line.prefix + indent)


def _wrong_indent(line: Line) -> PageError:
    what = "not indented like the `>>>` above it: give all lines of an example the same indent"
    return PageError(what, path=line.path, line=line.number)


def _inline_flags(source: Lines) -> Flags:
    for line in source:
        match = _FLAGS.search(line.text)
        if match:
            yield from parse_flags(match[1], line.path, line.number)


def _refuse_idle(example: _Example, flags: tuple[tuple[str, bool], ...]) -> None:
    if example.want or flags:
        line = example.want[0] if example.want else example.source[0]
        what = "the `>>>` here has no code but a comment, so this would never be looked at"
        raise PageError(what, path=line.path, line=line.number)
