"""Pages that answer "where does this come from?" by running code.

The stages, each a folder, in the order in which `wherefrom.pipeline` calls them:

1. ``read``: a page's text becomes a `wherefrom.model.Page`, with exact lines.
2. ``run``: each group runs in a process of its own (``observe`` watches it there).
3. ``check``: each snippet and each claim gets a verdict.
4. ``render``: what was seen becomes HTML, SVG and text.

``sphinx``, ``pytest_plugin`` and ``cli`` are the shells over that line.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from wherefrom.observe import observe

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["__version__", "observe", "setup"]
__version__ = version("wherefrom")


def setup(app: Sphinx) -> dict[str, Any]:
    """Make this package a Sphinx extension."""
    from wherefrom.sphinx import setup as sphinx_setup  # noqa: PLC0415 - only Sphinx needs Sphinx

    return sphinx_setup(app)
