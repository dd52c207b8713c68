"""What the tool must know of one library: the only folder that names any.

A profile is a module here with a `Profile` called ``PROFILE``. To add one for another library,
write such a module and give it the distribution's name.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from wherefrom.errors import ConfigError


def _no_facts() -> Mapping[str, str]:
    return {}


def _nothing() -> None:
    pass


@dataclass(frozen=True)
class Profile:
    """One library, as its pages, its workers and its traces need to know it.

    ``preload`` are modules to import before workers are forked. ``loops`` are the qualified names
    of functions of which each *call* is a turn of the event loop; ``dispatchers`` of those that
    call out many times, where each call that leaves their own object is one. ``loop_name`` is
    what a reader calls the loop. ``source_url`` has ``{version}``, ``{path}`` (from the folder
    that holds the package), ``{start}`` and ``{end}``. ``facts`` says
    what is true of the process it is called in, importing nothing. ``documented`` makes the
    library's objects ready for autodoc, in a process that runs none of its programs. What derives
    from ``interface`` is an interface; the decorator called ``implementer`` says who has one.
    """

    name: str
    distribution: str = ""
    preload: tuple[str, ...] = ()
    loops: tuple[str, ...] = ()
    dispatchers: tuple[str, ...] = ()
    loop_name: str = "loop"
    source_url: str = ""
    markup: str = "restructuredtext"
    interface: str = ""
    implementer: str = ""
    facts: Callable[[], Mapping[str, str]] = _no_facts
    documented: Callable[[], None] = _nothing

    def released(self, version: str, path: str, start: int, end: int) -> str:
        """The address of lines of the released source; nothing where it isn't known."""
        if not self.source_url or not version:
            return ""
        return self.source_url.format(version=version, path=path, start=start, end=end)


PLAIN = Profile("")


@cache
def names() -> tuple[str, ...]:
    """The names of all profiles, sorted."""
    return tuple(sorted(each.name for each in pkgutil.iter_modules(__path__)))


def load(name: str) -> Profile:
    """The profile called ``name``; the empty name gives `PLAIN`. Raises `ConfigError`."""
    if not name:
        return PLAIN
    if name not in names():
        raise ConfigError(f"no profile is called `{name}`; there are: {', '.join(names())}")
    profile: Profile = import_module(f"{__name__}.{name}").PROFILE
    return profile


def for_library(name: str) -> Profile:
    """The profile of a library by the name that pages give it; `PLAIN` where there is none."""
    module = name.strip().lower().replace("-", "_")
    return load(module) if module in names() else PLAIN
