"""Doctest's option flags, as pages write them: ``+ELLIPSIS, -SKIP``."""

from __future__ import annotations

from collections.abc import Iterator

from wherefrom.errors import PageError

# Not `doctest.OPTIONFLAGS_BY_NAME`: other tools add to that, and a page must not depend on them.
KNOWN = (
    "DONT_ACCEPT_TRUE_FOR_1",
    "DONT_ACCEPT_BLANKLINE",
    "NORMALIZE_WHITESPACE",
    "ELLIPSIS",
    "SKIP",
    "IGNORE_EXCEPTION_DETAIL",
    "REPORT_UDIFF",
    "REPORT_CDIFF",
    "REPORT_NDIFF",
    "REPORT_ONLY_FIRST_FAILURE",
    "FAIL_FAST",
)

Flags = Iterator[tuple[str, bool]]


def parse_flags(text: str, path: str, line: int) -> Flags:
    """The flags in some text, on or off. Raises `PageError` for one that doctest doesn't know."""
    for word in text.replace(",", " ").split():
        if word[0] not in "+-" or word[1:] not in KNOWN:
            what = f"`{word}` is no doctest option: write `+` or `-` and one of {', '.join(KNOWN)}"
            raise PageError(what, path=path, line=line)
        yield word[1:], word[0] == "+"
