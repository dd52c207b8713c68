"""What differs from run to run in a known place: compared by its place, not by its value."""

from __future__ import annotations

import re

FIRST_EPHEMERAL_PORT = 32_768
LAST_PORT = 65_535

# `object at 0x7f...`, and the bare hex digits with which some libraries end a repr.
_ADDRESS = re.compile(r"\bat (?:0x[0-9a-fA-F]+|[0-9a-f]{8,16}(?=>))")
_PORT = re.compile(
    r"""(?P<before>
        (?<![\w.]) (?:127\.0\.0\.1|localhost|\[::1\]): # 127.0.0.1:40000
      | (?P<quote>['"]) (?:127\.0\.0\.1|localhost|::1) (?P=quote),\ # ('127.0.0.1', 40000)
      | \bport= # IPv4Address(..., port=40000)
      | \bon\ (?=\d+>) # <Port of Echo on 40000>
    )(?P<port>\d{5})(?!\d)""",
    re.VERBOSE,
)


def by_place(text: str) -> str:
    """``text`` with a mark for each memory address and each ephemeral port on loopback."""
    return _PORT.sub(_port, _ADDRESS.sub("at <address>", text))


def _port(match: re.Match[str]) -> str:
    if FIRST_EPHEMERAL_PORT <= int(match["port"]) <= LAST_PORT:
        return f"{match['before']}<port>"
    return match[0]
