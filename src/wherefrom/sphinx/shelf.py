"""Shelves: the explainers listed where their front matter says, in its order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.directives.other import TocTree
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from wherefrom.model import Page

_logger = logging.getLogger(__name__)
_LAST = 1_000_000


@dataclass(frozen=True, order=True)
class Place:
    """Where an explainer stands: its shelf, and its order on it; pages without one come last."""

    shelf: str
    order: float
    docname: str


def place_of(page: Page, docname: str) -> Place | None:
    """The place that a page's front matter gives it; ``None`` for what is no explainer."""
    if "question" not in page.meta:
        return None
    order = page.meta.get("order")
    return Place(
        str(page.meta.get("shelf") or ""), order if isinstance(order, int) else _LAST, docname
    )


def keep_places(env: BuildEnvironment, places: Iterable[Place]) -> None:
    """Have the places in the environment, where the directive finds them in any process."""
    env.wherefrom_places = sorted(places)  # type: ignore[attr-defined]  # Sphinx keeps it


class Shelf(TocTree):
    """A table of contents of the explainers on one shelf, or of those on none."""

    optional_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """The `toctree` that lists them."""
        name = " ".join(self.arguments)
        places: list[Place] = getattr(self.env, "wherefrom_places", [])
        found = [f"/{each.docname}" for each in places if each.shelf == name]
        if not found and name:
            what = "no explainer is on the shelf `%s`: its front matter would say `shelf: %s`"
            _logger.warning(
                what, name, name, location=self.get_location(), type="wherefrom", subtype="shelf"
            )
        self.env.note_reread()
        self.content = StringList(found, source=self.get_source_info()[0])
        return super().run() if found else []
