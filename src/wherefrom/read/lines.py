"""Lines of text that know their file, their number and what stands before them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from wherefrom.errors import EncodingError, PageError

# CommonMark's line ends, which are an editor's too; `str.splitlines` knows others that are not.
_LINE_END = re.compile(r"\r\n|\r|\n")
_LINE_END_BYTES = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True)
class Line:
    """One line without its Markdown ``prefix``; ``number`` counts from 1 in the file ``path``."""

    path: str
    number: int
    text: str
    prefix: str = ""


Lines = tuple[Line, ...]


def load(path: Path, encoding: str = "utf-8") -> str:
    """The text of a file. Raises `EncodingError` at the line of the first wrong byte."""
    data = path.read_bytes()
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = len(_LINE_END_BYTES.findall(data[: error.start])) + 1
        what = (
            f"not {encoding.upper()}: byte 0x{data[error.start]:02x} ({error.reason}); "
            f"save the file as UTF-8"
        )
        raise EncodingError(what, path=path, line=line) from error
    except LookupError as error:
        raise PageError(f"no encoding is called `{encoding}`", path=path) from error


def split(text: str, path: str) -> Lines:
    """The lines of a file's whole text; a byte order mark is no part of them."""
    # Markdown reads a NUL as U+FFFD; doing it here keeps its text equal to ours.
    texts = _LINE_END.split(text.removeprefix("\ufeff").replace("\0", "\ufffd"))
    if texts[-1] == "":
        texts.pop()
    return tuple(Line(path, number, each) for number, each in enumerate(texts, start=1))


def join(lines: Iterable[Line]) -> str:
    """The text of some lines, each ending in a newline."""
    return "".join(f"{line.text}\n" for line in lines)


def without_blank_end(lines: Lines) -> Lines:
    """The lines up to the last one that isn't blank."""
    end = len(lines)
    while end and not lines[end - 1].text.strip():
        end -= 1
    return lines[:end]


def without_blank_start(lines: Lines) -> Lines:
    """The lines from the first one that isn't blank."""
    start = 0
    while start < len(lines) and not lines[start].text.strip():
        start += 1
    return lines[start:]
