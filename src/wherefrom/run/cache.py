"""Runs that needn't be repeated: kept by all that they depend on."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from importlib import metadata
from pathlib import Path

from wherefrom.model import Environment, Job, Outcome, Run, Status
from wherefrom.run.environment import hashed

KEEP_DAYS = 30
"""Entries that nobody asked for in so long are dropped."""
_DAY = 86_400
_OWN = Path(__file__).parents[1]


class Cache:
    """Runs in ``folder``, one file each. A damaged entry, or an unwritable folder, is a miss."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._versions: dict[str, str | None] = {}
        self._hashes: dict[str, str] = {}
        self._tidied = False

    def get(self, job: Job, salt: str) -> Run | None:
        """The run of ``job``, if everything that it depended on is still the same."""
        file = self._file(job, salt)
        try:
            run = Run.from_json({**json.loads(file.read_bytes()), "cached": True})
            if len(run.outcomes) != len(job.snippets) or self._stale(run.environment):
                return None
            os.utime(file)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None
        return run

    def put(self, job: Job, run: Run, salt: str) -> None:
        """Keep ``run`` for ``job``, unless it could come out differently next time."""
        if not all(map(_lasting, run.outcomes)):
            return
        with suppress(OSError):
            self._tidy()
            file = self._file(job, salt)
            new = file.with_name(f"{file.name}.{secrets.token_hex(4)}.tmp")
            new.write_text(json.dumps(run.to_json()), "utf-8")
            new.replace(file)

    def _file(self, job: Job, salt: str) -> Path:
        key = (_needed(job), salt, _python(), self._self)
        digest = hashlib.sha256(repr(key).encode()).hexdigest()
        return self._folder / f"{digest[:40]}.json"

    @cached_property
    def _self(self) -> str:
        """The identity of wherefrom itself: its version, and its code, should that be edited."""
        digest = hashlib.sha256(metadata.version("wherefrom").encode())
        for file in sorted(_OWN.rglob("*.py")):
            digest.update(hashed(str(file)).encode())
        return digest.hexdigest()

    def _stale(self, environment: Environment) -> bool:
        versions = environment.distributions.items()
        return any(self._version(name) != version for name, version in versions) or any(
            self._hash(file) != digest for file, digest in environment.files.items()
        )

    def _version(self, name: str) -> str | None:
        if name not in self._versions:
            try:
                self._versions[name] = metadata.version(name)
            except metadata.PackageNotFoundError:
                self._versions[name] = None
        return self._versions[name]

    def _hash(self, file: str) -> str:
        if file not in self._hashes:
            self._hashes[file] = hashed(file)
        return self._hashes[file]

    def _tidy(self) -> None:
        if self._tidied:
            return
        self._tidied = True
        self._folder.mkdir(parents=True, exist_ok=True)
        ignore = self._folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", "utf-8")
        for file in self._old():
            with suppress(OSError):
                file.unlink()

    def _old(self) -> Iterator[Path]:
        oldest = time.time() - KEEP_DAYS * _DAY
        for file in self._folder.iterdir():
            with suppress(OSError):
                if file.suffix in (".json", ".tmp") and file.stat().st_mtime < oldest:
                    yield file


def _needed(job: Job) -> Job:
    """The job without what its run doesn't depend on: correcting a page needs no new run."""
    snippets = (replace(each, want=None, want_line=None, region=None) for each in job.snippets)
    return replace(job, snippets=tuple(snippets))


def _lasting(outcome: Outcome) -> bool:
    """Whether an outcome says something of the snippet, not of the moment or of what is missing."""
    if outcome.status is Status.RAISED and outcome.raised is not None:
        return outcome.raised.name not in ("ImportError", "ModuleNotFoundError")
    return outcome.status.good


def _python() -> tuple[str, ...]:
    return (
        platform.python_implementation(),
        platform.python_version(),
        platform.system(),
        platform.machine(),
    )
