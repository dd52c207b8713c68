"""The directives: Sphinx's own doctest ones as they are, and the claims, which wait for the run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.ext.doctest import DoctestDirective
from sphinx.util.docutils import SphinxDirective

from wherefrom.sphinx.seen import depends_on_runs


class evidence(nodes.General, nodes.Element):  # noqa: N801 - docutils names its nodes so
    """What a run showed; its children are its asserted text, which every builder can show.

    ``directive``, ``argument``, ``path`` and ``line`` say which claim it is, ``options`` what it
    asks for.
    """


class Pycon(DoctestDirective):
    """A ``pycon`` fence: a doctest block, whose examples run."""

    def run(self) -> list[nodes.Node]:
        """The block that `{doctest}` makes."""
        self.name = "doctest"
        return super().run()


class Evidence(SphinxDirective):
    """A directive whose body a run bears out: its text now, its picture once the run is there."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = dict.fromkeys(
        (
            *("group", "caption", "name", "pyversion", "skipif"),
            *("watch", "focus", "object", "of", "mark", "around", "in", "depth"),
        ),
        directives.unchanged,
    )

    def run(self) -> list[nodes.Node]:
        """A node that holds the asserted text."""
        text = "\n".join(self.content)
        block = nodes.literal_block(text, text, language="text")
        node = evidence(
            "",
            *([block] if text else []),
            directive=self.name,
            argument=" ".join(self.arguments),
            path=Path(self.get_source_info()[0]).resolve().as_posix(),
            line=self.get_source_info()[1],
            options=dict(self.options),
        )
        self.set_source_info(node)
        self.set_source_info(block)
        if self.name == "assignments":
            depends_on_runs(self.env)
        if "name" in self.options:
            self.add_name(node)
        return [node]


NAMES = ("classtree", "flow", "origin", "source", "overriders", "subclasses", "assignments")
