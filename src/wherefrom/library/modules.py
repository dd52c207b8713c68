"""All modules of an installed package as plain data, kept between builds."""

from __future__ import annotations

import contextlib
import importlib.util
import marshal
import multiprocessing
import os
import sys
import tempfile
import tokenize
from collections.abc import Iterator
from pathlib import Path

from wherefrom.library.scan import Plain, scan

VERSION = 4
MANY = 150
"""Files from which on several processes read them."""


def place_of(package: str) -> Path | None:
    """The folder of a top-level package, or the file of a module that is none.

    Found without importing it; ``None`` where there is neither, as for what is built in.
    """
    spec = importlib.util.find_spec(package) if package.isidentifier() else None
    if spec is None:
        return None
    if spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations)))
    return Path(spec.origin) if spec.has_location and spec.origin else None


def modules(package: str, cache: Path | None = None) -> dict[str, Plain]:
    """Each module's data by its name; its ``file`` is among it.

    Raises `LookupError` where no such package is installed. ``cache`` is a folder: what is kept
    there counts for each file that has the size and time that it had.
    """
    place = place_of(package)
    if place is None:
        raise LookupError(f"no package `{package}` with a source is installed here")
    kept = _kept(cache, package)
    found: dict[str, Plain] = {}
    missing: list[tuple[str, str, tuple[int, int]]] = []
    for path, module, stamp in _files(place, package):
        old = kept.get(path)
        if old is not None and tuple(old["stamp"]) == stamp:
            found[module] = old
        else:
            missing.append((path, module, stamp))
    found.update(_read(missing))
    if cache is not None and (missing or len(found) != len(kept)):
        _keep(cache, package, found)
    return found


def _files(place: Path, package: str) -> Iterator[tuple[str, str, tuple[int, int]]]:
    """Each file with Python in it, its module, and its size and time."""
    if place.is_file():
        state = place.stat()
        if place.suffix == ".py":
            yield str(place), package, (state.st_size, state.st_mtime_ns)
        return
    stack = [(str(place), package)]
    while stack:
        folder, name = stack.pop()
        with os.scandir(folder) as entries:
            for each in entries:
                if each.is_dir() and each.name.isidentifier() and each.name != "__pycache__":
                    stack.append((each.path, f"{name}.{each.name}"))
                elif each.name.endswith(".py"):
                    stem = each.name.removesuffix(".py")
                    module = name if stem == "__init__" else f"{name}.{stem}"
                    state = each.stat()
                    yield each.path, module, (state.st_size, state.st_mtime_ns)


def _read(missing: list[tuple[str, str, tuple[int, int]]]) -> Iterator[tuple[str, Plain]]:
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if len(missing) < MANY or count < 2 or sys.platform != "linux":
        yield from map(_one, missing)
        return
    with multiprocessing.get_context("fork").Pool(count) as pool:
        yield from pool.imap_unordered(_one, missing, chunksize=16)


def _one(given: tuple[str, str, tuple[int, int]]) -> tuple[str, Plain]:
    path, module, stamp = given
    is_package = path.endswith("__init__.py")
    try:
        with tokenize.open(path) as file:
            text = file.read()
    except (OSError, SyntaxError, UnicodeDecodeError):
        text = ""
    return module, {**scan(text, module, is_package=is_package), "file": path, "stamp": stamp}


def _cache_file(cache: Path, package: str) -> Path:
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return cache / f"library-{package}-{VERSION}-{python}.marshal"


def _kept(cache: Path | None, package: str) -> dict[str, Plain]:
    """What was kept, by path; a file that is damaged in any way is nothing."""
    if cache is None:
        return {}
    try:
        found = marshal.loads(_cache_file(cache, package).read_bytes())  # noqa: S302 - our own
        return {each["file"]: each for each in found.values()}
    except (OSError, ValueError, EOFError, TypeError, KeyError, AttributeError):
        return {}


def _keep(cache: Path, package: str, found: dict[str, Plain]) -> None:
    with contextlib.suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=cache, delete=False) as file:
            file.write(marshal.dumps(found))
        Path(file.name).replace(_cache_file(cache, package))
