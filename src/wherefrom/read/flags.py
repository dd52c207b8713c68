"""Doctest's option flags, as pages write them: ``+ELLIPSIS, -SKIP``."""

from __future__ import annotations

from collections.abc import Iterator

from wherefrom.config import KNOWN_FLAGS
from wherefrom.errors import PageError

Flags = Iterator[tuple[str, bool]]


def parse_flags(text: str, path: str, line: int) -> Flags:
    """The flags in some text, on or off. Raises `PageError` for one that doctest doesn't know."""
    for word in text.replace(",", " ").split():
        if word[0] not in "+-" or word[1:] not in KNOWN_FLAGS:
            known = ", ".join(KNOWN_FLAGS)
            what = f"`{word}` is no doctest option: write `+` or `-` and one of {known}"
            raise PageError(what, path=path, line=line)
        yield word[1:], word[0] == "+"
