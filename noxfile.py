"""The project's tasks: ``nox -l`` lists them."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.request import urlopen

import nox

nox.needs_version = ">=2024.10.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = ["docs", "tests"]
PYPROJECT = nox.project.load_toml("pyproject.toml")
SITE = "build/site"
# The releases of Twisted that the explainers speak of under "What changed between versions".
RELEASES = ["21.2.0", "22.10.0", "24.3.0", "24.11.0", "25.5.0"]
INVENTORIES = Path("docs", "inventories")
PYTHON_INVENTORY = "https://docs.python.org/3/objects.inv"
TYPESCRIPT = "5.9.3"


def _install(session: nox.Session, *groups: str, extras: str = "site") -> None:
    """Install the project, editable, with its extras and dependency groups."""
    wanted = [each for group in groups for each in nox.project.dependency_groups(PYPROJECT, group)]
    session.install("--quiet", "--editable", f".[{extras}]", *wanted)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site into build/site, running every explainer."""
    _install(session)
    session.run("wherefrom", "build", "docs", SITE, *session.posargs)
    session.log("open %s", Path(SITE, "index.html").absolute().as_uri())


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests."""
    _install(session, "tests", extras="site,serve")
    session.run("pytest", "-n", "auto", *session.posargs)


@nox.session
def explainers(session: nox.Session) -> None:
    """Run every explainer's snippets as tests."""
    _install(session, "tests")
    session.run("pytest", "explainers", *session.posargs)


@nox.session
def serve(session: nox.Session) -> None:
    """Show the site, rebuilt as pages change."""
    _install(session, extras="site,serve")
    session.run("wherefrom", "serve", "docs", SITE, *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and formatting."""
    session.install("--quiet", *nox.project.dependency_groups(PYPROJECT, "lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    _check_scripts(session)


def _check_scripts(session: nox.Session) -> None:
    """Check the types of the browser's scripts, which their comments declare."""
    if shutil.which("npx") is None:
        session.warn("the scripts' types were NOT checked: there is no npx; install Node.js")
        return
    scripts = sorted(str(each) for each in Path("src").rglob("*.js"))
    options = ["--checkJs", "--noEmit", "--strict", "--target", "es2022"]
    tsc = ["npx", "--yes", "--package", f"typescript@{TYPESCRIPT}", "tsc"]
    session.run(*tsc, *options, "--lib", "es2022,dom,dom.iterable", *scripts, external=True)


@nox.session
def types(session: nox.Session) -> None:
    """Check types."""
    _install(session, "types")
    session.run("mypy")


@nox.session
def benchmarks(session: nox.Session) -> None:
    """Compare with other tools: nox -s benchmarks -- build [--pages 24 200]."""
    _install(session, "benchmarks")
    name, *arguments = session.posargs or ["build"]
    session.run("python", f"benchmarks/{name}.py", *arguments)


@nox.session
def steady(session: nox.Session) -> None:
    """Run the explainers many times, on every reactor, under load: nox -s steady -- --runs 50."""
    _install(session)
    session.run("python", "benchmarks/steady.py", *session.posargs)


@nox.session
@nox.parametrize("release", RELEASES)
def releases(session: nox.Session, release: str) -> None:
    """Run the explainers on an earlier release of Twisted: what a page says of it is checked."""
    # Early releases import setuptools without asking for it.
    session.install("--quiet", "--editable", ".", f"twisted=={release}", "setuptools<81")
    session.run("wherefrom", "check", *(session.posargs or ["explainers"]))


@nox.session
def inventories(session: nox.Session) -> None:
    """Renew the lists of names that let the site be built offline, for `docs/inventories`."""
    _install(session)
    where = "import importlib.util as u; print(*u.find_spec('twisted').submodule_search_locations)"
    twisted = str(session.run("python", "-c", where, silent=True)).strip()
    made = session.create_tmp()
    options = ["--quiet", "--quiet", "--make-intersphinx", "--docformat", "epytext"]
    # It ends with 3 where some docstring isn't to its liking, which is of no concern here.
    session.run(
        "pydoctor", *options, "--html-output", made, twisted, success_codes=[0, 3], silent=True
    )
    shutil.copy(Path(made, "objects.inv"), INVENTORIES / "twisted.inv")
    try:
        with urlopen(PYTHON_INVENTORY, timeout=30) as answer:
            (INVENTORIES / "python.inv").write_bytes(answer.read())
    except OSError as error:
        session.error(f"Python's inventory stays as it was: {PYTHON_INVENTORY}: {error}")
