"""Stage 2: each group runs in a process of its own, under limits; nothing of it is left running.

1. ``pool``: the client; starts the ``supervisor``, and sends it jobs.
2. ``supervisor``: is warmed once, forks the slots, and outlives any of them.
3. ``slot`` and ``guard``: one job at a time, its limits, its end; ``progress`` is what it reported.
4. ``worker``: the child that runs the snippets (``snippets``, ``streams``, ``raised``).

``cache`` keeps runs that needn't be repeated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wherefrom.run.cache import Cache
    from wherefrom.run.pool import Pool

__all__ = ["Cache", "Pool"]


def __getattr__(name: str) -> Any:
    """Import what only the client needs when it is asked for: workers must stay lean."""
    if name == "Pool":
        from wherefrom.run.pool import Pool  # noqa: PLC0415

        return Pool
    if name == "Cache":
        from wherefrom.run.cache import Cache  # noqa: PLC0415

        return Cache
    raise AttributeError(name)
