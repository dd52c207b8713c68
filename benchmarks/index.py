"""How long it takes to index an installed package, beside griffe and pydoctor on the same files.

Run it as ``python benchmarks/index.py [PACKAGE] [--rounds N]``; it uses what is installed of
``griffe`` and ``pydoctor``. Each measurement is a process of its own and times the reading alone;
the median of the rounds counts. Ratios are to wherefrom's cold index.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import subprocess
import sys
from tempfile import TemporaryDirectory

TIMED = """
import sys, time
from pathlib import Path
{setup}
start = time.perf_counter()
{work}
print(time.perf_counter() - start)
"""
OURS = "from wherefrom.library.index import Index"
USED = "index.definition({package!r} + '.' + next(iter(index._definitions)).split('.', 1)[1])"
PROGRAMS = {
    "wherefrom, cold": (OURS, f"index = Index.load({{package!r}}); {USED}"),
    "wherefrom, warm": (
        f"{OURS}; Index.load({{package!r}}, Path({{cache!r}}))",
        f"index = Index.load({{package!r}}, Path({{cache!r}})); {USED}",
    ),
    "griffe": (
        "import griffe, logging; logging.disable()",
        "griffe.load({package!r}, resolve_aliases=False)",
    ),
    "pydoctor": (
        (
            "import importlib.util; from pydoctor.model import System, Options; "
            "folder = Path(importlib.util.find_spec({package!r}).submodule_search_locations[0])"
        ),
        (
            "system = System(Options.from_args(['--quiet', '--quiet'])); "
            "builder = system.systemBuilder(system); "
            "builder.addModule(folder); builder.buildModules()"
        ),
    ),
}


def seconds(name: str, package: str, cache: str) -> float:
    """One measurement, in seconds."""
    setup, work = (each.format(package=package, cache=cache) for each in PROGRAMS[name])
    code = TIMED.format(setup=setup, work=work)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{name} failed:\n{done.stderr}")
    return float(done.stdout.split()[-1])


def main() -> None:
    """Measure in turns, and print a table."""
    parser = argparse.ArgumentParser(description="Time indexes of one package.")
    parser.add_argument("package", nargs="?", default="twisted")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    names = [
        name for name in PROGRAMS if importlib.util.find_spec(name.partition(",")[0]) is not None
    ]
    with TemporaryDirectory() as cache:
        rounds = [
            {name: seconds(name, options.package, cache) for name in names}
            for _ in range(options.rounds)
        ]
    medians = {name: statistics.median(each[name] for each in rounds) for name in names}
    base = medians["wherefrom, cold"]
    print(f"{options.package}, median of {options.rounds}")
    for name, median in medians.items():
        print(f"{name:16} {median:8.3f} s {median / base:7.2f}x")


if __name__ == "__main__":
    main()
