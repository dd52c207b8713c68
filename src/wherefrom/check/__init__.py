"""Stage 3: each snippet and each claim gets a verdict. Standard library only.

1. ``matching``: doctest's comparison; ``places`` are what it compares by place, not by value.
2. ``tracebacks``, ``classtree``: the expected texts that have a form of their own.
3. ``snippet``: one snippet's verdict; ``flow``, ``origin``, ``static``: the claims'. ``outline``
   (by ``search``) finds what a flow asserts; ``mending`` keeps of it what still holds.
4. ``rewrite``: the page as it would be if what was got were what is expected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from wherefrom.check.flow import check_flow
from wherefrom.check.origin import check_origin
from wherefrom.check.snippet import check_snippet
from wherefrom.check.static import check_static
from wherefrom.model import Claim, Group, Run, Verdict

__all__ = ["CLAIMS", "check_group", "check_static"]

CLAIMS: Mapping[str, Callable[[Claim, Run], Verdict]] = MappingProxyType(
    {"flow": check_flow, "origin": check_origin}
)
"""What judges each kind of claim that a group can hold."""


def check_group(group: Group, run: Run, flags: tuple[str, ...]) -> tuple[Verdict, ...]:
    """A verdict for each snippet, in order, then one for each claim.

    ``flags`` are the doctest flags that are on everywhere; a snippet's own come after them.
    """
    return tuple(_verdicts(group, run, flags))


def _verdicts(group: Group, run: Run, flags: tuple[str, ...]) -> Iterator[Verdict]:
    for snippet, outcome in zip(group.snippets, run.outcomes, strict=True):
        yield check_snippet(snippet, outcome, run, flags)
    for claim in group.claims:
        if claim.directive in CLAIMS:
            yield CLAIMS[claim.directive](claim, run)
