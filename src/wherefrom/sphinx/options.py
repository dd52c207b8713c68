"""The table of options, made from `wherefrom.config`, where each is written once."""

from __future__ import annotations

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from wherefrom.config import Config


class OptionsTable(SphinxDirective):
    """A row for each option: its name, default and help."""

    def run(self) -> list[nodes.Node]:
        """The table."""
        group = nodes.tgroup(cols=3)
        group.extend(nodes.colspec(colwidth=width) for width in (20, 25, 55))
        heads: list[list[nodes.Node]] = [[nodes.Text(each)] for each in ("Option", "Default", "")]
        group += nodes.thead("", _row(*heads))
        body = nodes.tbody()
        for each in Config.options():
            help_text, _ = self.parse_inline(str(each.metadata["help"]))
            name, default = each.name, _default(each.default)
            body += _row([nodes.literal(name, name)], [nodes.literal(default, default)], help_text)
        group += body
        return [nodes.table("", group, classes=["wf-options"])]


def _row(*cells: list[nodes.Node]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *each)) for each in cells))


def _default(value: object) -> str:
    """The default as TOML writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_default, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)
