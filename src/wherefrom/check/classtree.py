"""The text of a `{classtree}`: the tree of bases, then the members by where they come from."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import Any

from wherefrom.model import Json

WIDTH = 88

_INDENT = "  "
_MEMBERS = re.compile(r"(?:own|overridden|inherited from \S+):(?:\s|$)")


def outline(evidence: Json) -> str:
    """The class tree and the members that the worker found, as a page holds them."""
    tree = [f"{_INDENT * each['depth']}{each['name']}" for each in evidence["tree"]]
    return "".join(f"{line}\n" for line in (*tree, *_members(evidence["members"])))


def one_line_each(text: str) -> str:
    """The text with every list of members on one line, however an author has wrapped it."""
    lines: list[str] = []
    for line in text.splitlines():
        if lines and line.startswith(" ") and _MEMBERS.match(lines[-1]):
            lines[-1] = f"{lines[-1].rstrip()} {line.strip()}"
        else:
            lines.append(line.rstrip())
    return "".join(f"{line}\n" for line in lines)


def _members(members: list[Any]) -> Iterator[str]:
    for how in ("own", "overridden"):
        yield from _listed(how, [each["name"] for each in members if each["how"] == how])
    inherited = [each for each in members if each["how"] == "inherited"]
    for owner in dict.fromkeys(each["owner"] for each in inherited):
        names = [each["name"] for each in inherited if each["owner"] == owner]
        yield from _listed(f"inherited from {_short(owner, inherited)}", names)


def _short(owner: str, inherited: list[Any]) -> str:
    """The owner's last name, or all of it where two owners share that."""
    name = owner.rpartition(".")[2]
    alike = {each["owner"] for each in inherited if each["owner"].rpartition(".")[2] == name}
    return name if len(alike) == 1 else owner


def _listed(label: str, names: list[str]) -> list[str]:
    if not names:
        return []
    # A dotted name or a hyphen is no place to break a line.
    return textwrap.wrap(
        f"{label}: {', '.join(names)}",
        WIDTH,
        subsequent_indent=_INDENT * 2,
        break_long_words=False,
        break_on_hyphens=False,
    )
