"""Who may import whom: the folders of ``src/wherefrom`` are stages, and stay apart."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "wherefrom"
STAGES = ("read", "run", "observe", "check", "library", "render")
SHARED = ("model", "errors", "config", "traces", "profiles")
IN_THE_WORKER = tuple(
    f"run/{name}.py"
    for name in ["worker", "snippets", "streams", "raised", "classtree", "environment", "brake"]
)
STDLIB_ONLY = (
    *("model.py", "errors.py", "observe", "check", "traces", "profiles"),
    *IN_THE_WORKER,
)
ONE_PLACE = {
    "sphinx": "sphinx",
    "docutils": "sphinx",
    "pytest": "pytest_plugin.py",
    "_pytest": "pytest_plugin.py",
    "click": "cli.py",
    "markdown_it": "read",
}
LIBRARIES = ("twisted", "zope", "asyncio")


def modules(place: str = "") -> Iterator[Path]:
    root = PACKAGE / place
    yield from [root] if root.is_file() else sorted(root.rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """The absolute dotted names that a module imports, wherever in its text."""
    package = ("wherefrom", *path.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = ".".join(package[: len(package) + 1 - node.level]) if node.level else ""
            stem = ".".join(part for part in (start, node.module) if part)
            yield from (f"{stem}.{alias.name}" for alias in node.names)


def place_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", [*modules()], ids=place_of)
def test_every_import_is_allowed_where_it_stands(path):
    place = place_of(path)
    room = place.split("/")[0]
    for name in imports(path):
        top = name.split(".")[0]
        if top in ONE_PLACE:
            assert room in (ONE_PLACE[top], "__init__.py"), f"{place} imports {name}"
        if room not in ("profiles", "browser"):
            assert top not in LIBRARIES, f"{place} imports {name}"
        if top == "wherefrom" and room in STAGES:
            inner = [*name.split("."), ""][1]
            allowed = (room, *SHARED, *(("observe",) if place == "run/worker.py" else ()))
            assert inner in allowed or inner.startswith("_"), f"{place} imports {name}"


@pytest.mark.parametrize("place", STDLIB_ONLY)
def test_what_also_runs_in_the_browser_is_standard_library_only(place):
    for path in modules(place):
        for name in imports(path):
            top = name.split(".")[0]
            assert top in sys.stdlib_module_names or top == "wherefrom", f"{path} imports {name}"


@pytest.mark.parametrize("place", ["model.py", "errors.py"])
def test_the_shared_values_depend_on_nothing_of_ours(place):
    assert not [n for n in imports(PACKAGE / place) if n.startswith("wherefrom")]
