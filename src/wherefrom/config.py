"""Every option once: its name, type, default and help.

Read from ``[tool.wherefrom]`` in ``pyproject.toml``, overridden by ``wherefrom_*`` in Sphinx's
``conf.py``, by ``wherefrom_*`` in pytest's configuration, or by the command line. The table in the
docs is made from this file.
"""

from __future__ import annotations

import dataclasses
import math
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from wherefrom.errors import ConfigError
from wherefrom.model import Limits

KNOWN_FLAGS = (
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
"""Doctest's flags; not its own table of them, to which other tools add what isn't everywhere."""

_EXPECTED = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text",
    tuple: "a list of strings",
}


_BOOLEANS = {
    **dict.fromkeys(("true", "yes", "on", "1"), True),
    **dict.fromkeys(("false", "no", "off", "0"), False),
}


def _option(default: Any, help_text: str) -> Any:
    return field(default=default, metadata={"help": help_text})


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Config:
    """The options of one build, check or test run."""

    root: Path = field(default_factory=Path.cwd)
    paths: tuple[str, ...] = _option(
        ("explainers",), "Files and folders with explainers, from the root."
    )
    profile: str = _option(
        "", "The library profile to warm workers with; empty: the page's `library` decides."
    )
    jobs: int = _option(0, "How many groups run at once; 0 means one for each core.")
    timeout: float = _option(30.0, "Seconds that one group may take.")
    max_output: int = _option(1_000_000, "Bytes that one group may write.")
    max_memory: int = _option(2_000_000_000, "Bytes of memory that one group's processes may use.")
    max_processes: int = _option(64, "Processes that one group may have at a time.")
    flags: tuple[str, ...] = _option(
        ("ELLIPSIS", "DONT_ACCEPT_TRUE_FOR_1"), "Doctest option flags that are on everywhere."
    )
    cache: bool = _option(True, "Whether results of unchanged groups are kept and used.")
    cache_dir: str = _option(".wherefrom/cache", "The cache's folder, from the root.")
    start_method: str = _option("auto", "How workers start: `auto`, `fork` or `spawn`.")

    @property
    def limits(self) -> Limits:
        """What one group may use."""
        return Limits(self.timeout, self.max_output, self.max_memory, self.max_processes)

    @property
    def workers(self) -> int:
        """How many groups run at once."""
        return self.jobs or _cores()

    @property
    def cache_folder(self) -> Path | None:
        """Where results are kept between runs; ``None`` where none are."""
        return self.root / self.cache_dir if self.cache else None

    @classmethod
    def options(cls) -> tuple[dataclasses.Field[Any], ...]:
        """The fields that a user may set, in order; each has its ``help`` in ``metadata``."""
        return tuple(each for each in dataclasses.fields(cls) if "help" in each.metadata)

    @classmethod
    def load(cls, root: Path, overrides: Mapping[str, Any] | None = None) -> Self:
        """Read ``[tool.wherefrom]`` of ``root/pyproject.toml``, then apply ``overrides``.

        Overrides that are ``None`` don't count. Raises `ConfigError` for an unknown name, a wrong
        type or an impossible value.
        """
        file = root / "pyproject.toml"
        values = _table(file)
        given = {name: value for name, value in (overrides or {}).items() if value is not None}
        settings = {
            **{name: _valid(cls, name, value, str(file)) for name, value in values.items()},
            **{name: _valid(cls, name, value, None) for name, value in given.items()},
        }
        return cls(root=root, **settings)


def find_root(start: Path) -> Path:
    """The nearest folder at or above ``start`` with a ``pyproject.toml``, else ``start``."""
    for folder in (start, *start.parents):
        if (folder / "pyproject.toml").is_file():
            return folder
    return start


def from_text(name: str, value: Any) -> Any:
    """The value that an option's text, as `sphinx-build -D` gives it, stands for; others stay.

    Text that can't be converted stays as it is, so that `Config.load` says what is wrong.
    """
    default = {each.name: each.default for each in Config.options()}[name]
    if not isinstance(value, str) or isinstance(default, str):
        return value
    text = value.strip()
    if isinstance(default, bool):
        return _BOOLEANS.get(text.lower(), value)
    try:
        return type(default)(text) if isinstance(default, int | float) else tuple(text.split())
    except ValueError:
        return value


def _table(file: Path) -> Mapping[str, Any]:
    if not file.is_file():
        return {}
    try:
        tool = tomllib.loads(file.read_text("utf-8")).get("tool", {})
    except OSError as error:
        raise ConfigError(f"can't be read: {error.strerror}", path=file) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"not valid TOML: {error}", path=file) from error
    table = tool.get("wherefrom", {}) if isinstance(tool, dict) else None
    if not isinstance(table, dict):
        raise ConfigError("`wherefrom` must be a table: [tool.wherefrom]", path=file)
    return table


def _valid(cls: type[Config], name: str, value: Any, path: str | None) -> Any:
    known = {each.name: each for each in cls.options()}
    if name not in known:
        names = ", ".join(known)
        raise ConfigError(f"no option is called `{name}`; there are: {names}", path=path)
    default = known[name].default
    value = _converted(name, value, default, path)
    if type(default) in (int, float):
        _require_amount(name, value, path)
    if name == "start_method" and value not in ("auto", "fork", "spawn"):
        raise ConfigError(f"`start_method` is auto, fork or spawn, not {value!r}", path=path)
    if name == "flags" and (unknown := [each for each in value if each not in KNOWN_FLAGS]):
        what = f"`{unknown[0]}` is no doctest flag; there are: {', '.join(KNOWN_FLAGS)}"
        raise ConfigError(what, path=path)
    return value


def _require_amount(name: str, value: float, path: str | None) -> None:
    if not math.isfinite(value) or value < 0 or (value == 0 and name != "jobs"):
        least = "0 or more" if name == "jobs" else "a number above 0"
        raise ConfigError(f"`{name}` must be {least}, not {value}", path=path)


def _converted(name: str, value: Any, default: Any, path: str | None) -> Any:
    if isinstance(default, tuple):
        items = (value,) if isinstance(value, str) else value
        if isinstance(items, list | tuple) and all(isinstance(each, str) for each in items):
            return tuple(items)
    elif isinstance(default, float) and type(value) in (int, float):
        return float(value)
    elif type(value) is type(default):
        return value
    raise ConfigError(f"`{name}` must be {_EXPECTED[type(default)]}, not {value!r}", path=path)
