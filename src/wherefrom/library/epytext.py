"""Epytext docstrings as reStructuredText, with fields as Sphinx knows them.

The parser is pydoctor's; it gives a plain tree of elements, which is written out here.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html.entities import name2codepoint
from typing import Any, Protocol

FIELDS = {
    **dict.fromkeys(("param", "parameter", "arg", "argument"), "param"),
    **dict.fromkeys(("keyword", "kwarg", "kwparam"), "keyword"),
    **dict.fromkeys(("return", "returns"), "return"),
    **dict.fromkeys(("rtype", "returntype"), "rtype"),
    **dict.fromkeys(("raise", "raises", "except", "exception"), "raises"),
    **dict.fromkeys(("ivar", "cvar", "var", "ivariable", "cvariable", "variable"), "var"),
}
SAYS = {"see": "See also", "seealso": "See also", "note": "Note", "since": "Since", "todo": "To do"}
ARROWS = {"<-": "←", "->": "→", ">=": "≥", "<=": "≤", "^": "↑", "v": "↓"}
_WORD = re.compile(r"[A-Za-z]{2}")
_BLANKS = re.compile(r"\s+")
_SPECIAL = re.compile(r"([\\*`_|<>:\[\]])")


class EpytextError(ValueError):
    """A docstring is not epytext; ``line`` is the first that is wrong, counted from 1."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.line = line


class Links(Protocol):
    """Who knows where names lead."""

    def link(self, text: str, target: str) -> str:
        """``text`` as reStructuredText that links to ``target``."""

    def exception(self, name: str) -> str | None:
        """The full name of an exception, or ``None`` where it can't be told."""


def to_rest(text: str, links: Links) -> list[str]:
    """The lines of a docstring as reStructuredText. Raises `EpytextError`."""
    return [*_Writer(links).blocks(_parsed(text).children)]


def plain(text: str) -> str:
    """A sentence without its markup; what is no epytext stays as it is."""
    try:
        return " ".join(_text(_parsed(text)).split())
    except EpytextError:
        return text


def _parsed(text: str) -> Any:
    from pydoctor.epydoc.markup import epytext  # noqa: PLC0415 - needed by epytext alone

    errors: list[Any] = []
    try:
        tree = epytext.parse(text.replace("\0", "\\0"), errors)
    except epytext.ParseError as error:
        raise EpytextError(error.descr(), error.linenum() or 1) from error
    if tree is None:
        raise EpytextError("there is nothing in it", 1)
    return tree


def literal(text: str) -> list[str]:
    """A docstring as it stands, for what can't be parsed."""
    return ["::", "", *_indented(text.replace("\0", "\\0").splitlines(), "    "), ""]


@dataclass(frozen=True)
class _Writer:
    links: Links

    def blocks(self, children: Iterable[Any]) -> Iterator[str]:
        """Each block, and a blank line after it."""
        for each in children:
            if not isinstance(each, str):
                yield from self._block(each)

    def _block(self, block: Any) -> Iterator[str]:
        writers: dict[str, Callable[[Any], Iterator[str]]] = {
            "para": self._paragraph,
            "heading": self._heading,
            "literalblock": self._literal,
            "doctestblock": self._doctest,
            "ulist": lambda each: self._list(each, "* "),
            "olist": lambda each: self._list(each, "#. "),
            "field": self._field,
        }
        write = writers.get(block.tag)
        yield from write(block) if write else self.blocks(block.children)

    def _paragraph(self, block: Any) -> Iterator[str]:
        text = self.inline(block.children).strip(" ")
        text = text.removeprefix("\\ ")
        if text:
            yield from [text if _WORD.match(text) else f"\\ {text}", ""]

    def _heading(self, block: Any) -> Iterator[str]:
        yield from [f".. rubric:: {self.inline(block.children)}", ""]

    def _literal(self, block: Any) -> Iterator[str]:
        lines = textwrap.dedent(_text(block)).strip("\n").splitlines()
        if any(each.strip() for each in lines):
            yield from ["::", "", *_indented(lines, "    "), ""]

    def _doctest(self, block: Any) -> Iterator[str]:
        lines = _text(block).strip("\n").splitlines()
        head = [".. code-block:: pycon", "   :force:", ""]
        yield from [*head, *_indented(lines, "   "), ""]

    def _list(self, block: Any, bullet: str) -> Iterator[str]:
        for item in block.children:
            yield from _hanging(bullet, self.blocks(item.children))

    def _field(self, block: Any) -> Iterator[str]:
        tag, arg = "", ""
        body = []
        for each in block.children:
            if each.tag == "tag":
                tag = _text(each).strip().lower()
            elif each.tag == "arg":
                arg = _text(each).strip()
            else:
                body.append(each)
        name = self._field_name(tag, arg)
        if name:
            yield from _hanging(f":{name}: ", self.blocks(body))
        else:
            said = " ".join(part for part in (SAYS.get(tag, tag.capitalize()), arg) if part)
            yield from _hanging(f":{_escaped(said)}: ", self.blocks(body))

    def _field_name(self, tag: str, arg: str) -> str:
        """The name of a field that Sphinx knows, or nothing."""
        known = FIELDS.get(tag, "")
        if known == "raises":
            full = self.links.exception(arg)
            return f"raises {full}" if full else ""
        if tag == "type" and arg:
            return f"type {_escaped(arg)}"
        if known in ("return", "rtype"):
            return known
        return f"{known} {_escaped(arg)}" if known and arg else ""

    def inline(self, children: Iterable[Any]) -> str:
        """Text with its markup; an escaped blank parts markup from what stands beside it."""
        return "".join(
            _escaped(_BLANKS.sub(" ", each)) if isinstance(each, str) else self._marked(each)
            for each in children
        )

    def _marked(self, element: Any) -> str:
        text = " ".join(_text(element).split())
        if element.tag in ("link", "uri"):
            name, target = (" ".join(_text(each).split()) for each in element.children)
            if element.tag == "uri":
                return _apart(f"`{_escaped(name)} <{target.replace(' ', '')}>`__")
            return _apart(self.links.link(name, target.replace(" ", "")))
        if element.tag == "symbol":
            return ARROWS.get(text) or chr(name2codepoint.get(text, 0xFFFD))
        if element.tag == "code":
            return _apart(as_literal(text))
        mark = {"italic": "*", "bold": "**"}.get(element.tag)
        plain = not any(not isinstance(each, str) for each in element.children)
        if mark and plain and text:
            return _apart(f"{mark}{_escaped(text)}{mark}")
        return self.inline(element.children)


def as_literal(text: str) -> str:
    """Text as an inline literal, where it can be one."""
    if not text or "`" in text or text.endswith("\\"):
        return _escaped(text)
    return f"``{text}``"


def _apart(text: str) -> str:
    return f"\\ {text}\\ "


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _text(element: Any) -> str:
    """All text in an element; a link's is what it shows."""
    if element.tag in ("link", "uri"):
        return _text(element.children[0])
    return "".join(each if isinstance(each, str) else _text(each) for each in element.children)


def _hanging(opener: str, lines: Iterable[str]) -> Iterator[str]:
    """Blocks beneath a bullet or a field's name."""
    first, *rest = [*lines] or [""]
    pad = " " * (len(opener) if not opener.startswith(":") else 4)
    if first.startswith((".. ", "::", "* ", "#. ", ":")):
        first, rest = "\\ ", ["", first, *rest]
    yield f"{opener}{first}".rstrip() if first != "\\ " else f"{opener}\\ "
    yield from _indented(rest, pad)
    if not rest or rest[-1]:
        yield ""


def _indented(lines: Iterable[str], pad: str) -> Iterator[str]:
    yield from (f"{pad}{line}" if line.strip() else "" for line in lines)
