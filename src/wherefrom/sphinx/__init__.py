"""The Sphinx shell: pages run beside Sphinx's reading, and their verdicts are its warnings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config as SphinxConfig
from sphinx.errors import ConfigError

from wherefrom.config import Config
from wherefrom.library.index import index_of
from wherefrom.profiles import for_library
from wherefrom.sphinx.directives import NAMES, Evidence, Pycon, evidence
from wherefrom.sphinx.docstrings import Docstrings, LinkRole, TypeNames, unresolved
from wherefrom.sphinx.from_source import FromSource
from wherefrom.sphinx.mount import edit_in_place, mount
from wherefrom.sphinx.options import OptionsTable, config_of
from wherefrom.sphinx.pages import ShowEvidence
from wherefrom.sphinx.running import Running
from wherefrom.sphinx.seen import Coverage, ShowSeen, coverage
from wherefrom.sphinx.shelf import Shelf

STATIC = Path(__file__).parents[1] / "render" / "static"
_VERSION = 4


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the shell to Sphinx's events."""
    app.setup_extension("sphinx.ext.doctest")
    app.setup_extension("myst_parser")
    app.add_config_value("wherefrom_reference", (), "env", types=frozenset({list, tuple}))
    app.add_config_value("wherefrom_explainers", (), "env", types=frozenset({str, list, tuple}))
    for option in Config.options():
        app.add_config_value(f"wherefrom_{option.name}", None, "")
    app.add_node(evidence)
    app.add_directive("pycon", Pycon)
    app.add_directive("shelf", Shelf)
    app.add_directive("wherefrom-options", OptionsTable)
    for name in NAMES:
        app.add_directive(name, Evidence)
    app.add_post_transform(ShowEvidence)
    app.add_node(coverage)
    app.add_directive("coverage", Coverage)
    app.add_post_transform(ShowSeen)
    app.add_role("wherefrom-link", LinkRole())
    # After whoever can resolve a link.
    app.connect("missing-reference", unresolved, priority=900)
    app.connect("config-inited", _fences_as_directives)
    app.connect("config-inited", _type_names)
    app.connect("builder-inited", _begin)
    app.connect("html-page-context", edit_in_place)
    return {
        "version": "0.1",
        "env_version": _VERSION,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


def _fences_as_directives(app: Sphinx, config: SphinxConfig) -> None:
    config.myst_fence_as_directive = {*config.myst_fence_as_directive, "pycon"}
    config.html_static_path = [*config.html_static_path, str(STATIC)]
    app.add_css_file("flow.css")
    app.add_css_file("reference.css")
    app.add_js_file("flow.js", loading_method="defer")


def _type_names(_app: Sphinx, config: SphinxConfig) -> None:
    """Where sphinx-autodoc-typehints is in use, and not told how to write types otherwise."""
    if "typehints_formatter" in config and config.typehints_formatter is None:
        config.typehints_formatter = TypeNames()


def _know(name: str, cache: Path | None) -> None:
    """Read a package whose API is documented, once, before processes part."""
    try:
        index_of(name, cache)
    except LookupError as error:
        what = f"wherefrom_reference: {error.args[0]}: install it, or leave it out"
        raise ConfigError(what) from error
    for_library(name).documented()


def _begin(app: Sphinx) -> None:
    cache = config_of(app).cache_folder
    for name in app.config.wherefrom_reference:
        _know(name, cache)
    app.add_directive("from-source", FromSource.keeping(cache))
    if "sphinx.ext.autodoc" not in app.extensions:
        app.add_event("autodoc-process-docstring")  # what is from the source has docstrings too
    # Before typehints, which writes its own fields.
    app.connect("autodoc-process-docstring", Docstrings(cache).convert, priority=400)
    mount(app)
    running = Running(app)
    app.connect("env-before-read-docs", running.begin)
    app.connect("source-read", running.go_on)
    app.connect("env-updated", running.end)
    app.connect("build-finished", running.close)
