"""What a run ran on: the distributions and files that it imported. Standard library only."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata

from wherefrom import profiles
from wherefrom.model import Environment


@dataclass(frozen=True)
class Installed:
    """What is installed: who owns which top-level module, and where each distribution lies.

    ``owners`` maps a top-level module to distributions, ``versions`` each of those to its
    version, ``roots`` to the folder of its files; one that is missing there is editable.
    ``always`` are the top-level modules that every Python here imports as it starts.
    """

    owners: Mapping[str, tuple[str, ...]]
    versions: Mapping[str, str]
    roots: Mapping[str, str]
    always: frozenset[str] = frozenset()

    @classmethod
    def look(cls, private: Iterable[str] = ()) -> Installed:
        """Read the metadata of everything that is installed; this takes some 50 ms.

        What is imported by now counts as always there, but for what is ``private`` to the pool.
        """
        always = {name.partition(".")[0] for name in sys.modules}.difference(private)
        owners: dict[str, set[str]] = {}
        versions: dict[str, str] = {}
        roots: dict[str, str] = {}
        for each in metadata.distributions():
            said = each.metadata  # read and parsed each time that it is asked for
            name = said["Name"]
            if not name or name in versions:  # broken, or hidden by one earlier on the path
                continue
            versions[name] = said["Version"]
            if not editable(each):
                roots[name] = os.path.join(str(each.locate_file("")), "")  # noqa: PTH118 - ends in a separator
            for top in _top_levels(each, name):
                owners.setdefault(top, set()).add(name)
        found = {top: tuple(sorted(names)) for top, names in owners.items()}
        return cls(found, versions, roots, frozenset(always))


def editable(distribution: metadata.Distribution) -> bool:
    """Whether a distribution is installed as a link to where it is worked on."""
    text = distribution.read_text("direct_url.json")
    try:
        return bool(text) and bool(json.loads(text or "").get("dir_info", {}).get("editable"))
    except (ValueError, AttributeError):
        return False


def environment(
    installed: Installed, profile: str | None, opened: Iterable[str] = ()
) -> Environment:
    """What this process has imported, beside the standard library and wherefrom itself.

    ``opened`` are further files that it depends on.
    """
    distributions: dict[str, str] = {}
    files = {file: digest for file in list(opened) if (digest := hashed(file))}
    for top, file in _imported(installed.always):
        names = installed.owners.get(top, ())
        distributions |= {name: installed.versions[name] for name in names}
        if not any(file.startswith(installed.roots.get(name, "\0")) for name in names):
            digest = hashed(file)
            if digest:
                files[file] = digest
    return Environment(
        python=f"{platform.python_implementation()} {platform.python_version()}",
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        distributions=dict(sorted(distributions.items())),
        files=dict(sorted(files.items())),
        facts=_facts(profile),
    )


def hashed(file: str) -> str:
    """The hash of a file's content; empty where it can't be read."""
    try:
        with open(file, "rb") as stream:  # noqa: PTH123 - measurably quicker, and there are many
            return hashlib.sha256(stream.read()).hexdigest()
    except OSError:
        return ""


def _imported(always: frozenset[str]) -> Iterator[tuple[str, str]]:
    for name, module in list(sys.modules.items()):
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names or top in always or top == "__main__":
            continue
        try:
            file = module.__file__
        except Exception:  # noqa: BLE001,S112 - whatever a program has put into sys.modules
            continue
        if isinstance(file, str):
            yield top, file


def _facts(profile: str | None) -> Mapping[str, str]:
    try:
        return {str(key): str(value) for key, value in profiles.load(profile or "").facts().items()}
    except Exception:  # noqa: BLE001 - it looks at whatever the page made of the library
        return {}


def _top_levels(distribution: metadata.Distribution, name: str) -> set[str]:
    """The modules at the top of a distribution, read off its list of files without parsing it."""
    record = distribution.read_text("RECORD") or ""
    found = set(re.findall(r"^([A-Za-z_]\w*)(?:/|[\w.-]*\.(?:py|so|pyd),)", record, re.MULTILINE))
    named = (distribution.read_text("top_level.txt") or "").split()
    return {*found, *named, re.sub(r"[-.]+", "_", name).lower()}
