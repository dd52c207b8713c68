"""A build's options, and the table of them all, made from `wherefrom.config`."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ConfigError as SphinxConfigError
from sphinx.util.docutils import SphinxDirective

from wherefrom.config import Config, find_root, from_text
from wherefrom.errors import ConfigError
from wherefrom.sphinx.standard import table


class OptionsTable(SphinxDirective):
    """A row for each option: its name, default and help."""

    def run(self) -> list[nodes.Node]:
        """The table."""
        return [table(("Option", "Default", ""), map(self._row, Config.options()), "wf-options")]

    def _row(self, option: dataclasses.Field[Any]) -> list[list[nodes.Node]]:
        help_text, _ = self.parse_inline(str(option.metadata["help"]))
        name, default = option.name, _default(option.default)
        return [[nodes.literal(name, name)], [nodes.literal(default, default)], help_text]


def _default(value: object) -> str:
    """The default as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_default, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def config_of(app: Sphinx) -> Config:
    """The options of a build: those of the project, overridden by its ``conf.py``."""
    root = find_root(Path(app.confdir))
    names = {each.name: f"wherefrom_{each.name}" for each in Config.options()}
    # What `sphinx-build -D` sets is text.
    given = {name: from_text(name, getattr(app.config, key)) for name, key in names.items()}
    try:
        return Config.load(root, given)
    except ConfigError as error:
        where = "" if error.path else f"{app.confdir / 'conf.py'}: wherefrom_*: "
        raise SphinxConfigError(f"{where}{error}") from error
