"""The blocks of Markdown that matter here, by the parser that MyST uses, with its rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import zip_longest

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin

from wherefrom.errors import PageError
from wherefrom.read.lines import Line, Lines

_NOT_QUOTE_OR_BLANK = re.compile(r"[^\s>]")
_BARE_PROMPT = re.compile(r"(?:^|\s)>>> ?\S")
_OPENS_RUNNABLE = re.compile(r"\s*(?:[>*+-] *)*(?:`{3,}|~{3,}|:{3,})(?:\{[\w:-]+\}|pycon\b)")


class Shape(Enum):
    """What a block is in Markdown."""

    FENCE = "fence"
    COLON_FENCE = "colon_fence"
    INDENTED = "code_block"
    HEADING = "heading_open"
    FRONT_MATTER = "front_matter"
    BARE_PROMPT = "bare prompt"


@dataclass(frozen=True)
class Block:
    """A block: its first line, its content, and the ``prefix`` that opens a line of content.

    ``info`` is what follows a fence's marks, or a heading's text.
    """

    shape: Shape
    opener: Line
    lines: Lines = ()
    info: str = ""
    prefix: str = ""


def blocks(lines: Lines) -> Iterator[Block]:
    """The blocks in some lines, in order, through quotes and lists, not through directives."""
    # Inline text is never parsed: blocks are all that is asked for, and it is most of the time.
    tokens = _parser().parse("".join(f"{line.text}\n" for line in lines))
    for token, after in zip_longest(tokens, tokens[1:]):
        block = _block(token, after, lines) if token.map else None
        if block is not None:
            yield block


def plain(text: str) -> str:
    """Inline Markdown as plain text."""
    inline = MarkdownIt("commonmark").parseInline(text)
    children = [child for token in inline for child in token.children or ()]
    return "".join(
        " " if child.type in ("softbreak", "hardbreak") else child.content for child in children
    ).strip()


@cache
def _parser() -> MarkdownIt:
    parser = (
        MarkdownIt("commonmark")
        .enable("table")
        .use(front_matter_plugin)
        .use(myst_block_plugin)
        .use(footnote_plugin)
        .use(colon_fence_plugin)
        .use(deflist_plugin)
    )
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def _block(token: Token, after: Token | None, lines: Lines) -> Block | None:
    start, end = token.map or (0, 0)
    opener = lines[start]
    if token.type in ("fence", "colon_fence"):
        return _fence(token, lines)
    if token.type == "code_block":
        return Block(Shape.INDENTED, opener, lines[start:end])
    if token.type == "front_matter":
        return Block(Shape.FRONT_MATTER, opener, lines[start + 1 : end - 1])
    if token.type == "heading_open" and after is not None:
        return Block(Shape.HEADING, opener, info=after.content)
    if token.type == "blockquote_open" and not token.level and _BARE_PROMPT.search(opener.text):
        return Block(Shape.BARE_PROMPT, opener)
    return None


def _fence(token: Token, lines: Lines) -> Block:
    start, end = token.map or (0, 0)
    opener = lines[start]
    lead = opener.text[: opener.text.index(token.markup)]
    # What opened the list item stands on its first line alone: spaces are its prefix after that.
    prefix = opener.prefix + _NOT_QUOTE_OR_BLANK.sub(" ", lead)
    texts = token.content.split("\n")
    if texts[-1] == "":
        texts.pop()
    raw = lines[start + 1 : start + 1 + len(texts)]
    content = tuple(_inner(line, text, prefix) for line, text in zip(raw, texts, strict=True))
    if end == start + 1 + len(texts):
        _refuse_swallowing(opener, content)
    return Block(Shape(token.type), opener, content, token.info.strip(), prefix)


def _inner(line: Line, text: str, prefix: str) -> Line:
    if line.text.endswith(text):
        prefix = line.prefix + line.text[: len(line.text) - len(text)]
    # Else a tab reaches across the content's left edge, and Markdown made spaces of the rest.
    return Line(line.path, line.number, text, prefix)


def _refuse_swallowing(opener: Line, content: Lines) -> None:
    for line in content:
        if _OPENS_RUNNABLE.match(line.text):
            what = (
                f"this fence is never closed, and swallows the block at line {line.number}: close "
                f"it, and give an outer fence more marks than the fences in it"
            )
            raise PageError(what, path=opener.path, line=opener.number)
