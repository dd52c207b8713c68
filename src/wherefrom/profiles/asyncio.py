"""asyncio: what its programs import, how its loop calls out, where its source is."""

from __future__ import annotations

from wherefrom.profiles import Profile

PROFILE = Profile(
    name="asyncio",
    # Part of Python itself, so there is no distribution: the version is Python's own.
    preload=("asyncio",),
    loops=("asyncio.events.Handle._run",),
    loop_name="event loop",
    source_url="https://github.com/python/cpython/blob/v{version}/Lib/{path}#L{start}-L{end}",
)
