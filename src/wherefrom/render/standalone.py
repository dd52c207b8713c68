"""A scene as an SVG file that needs nothing else: for a README, or to share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from wherefrom.render.links import nowhere
from wherefrom.render.scene import Scene
from wherefrom.render.sequence import svg

_STYLE = Path(__file__).parent / "static" / "flow.css"
_BEYOND = "/* Around the picture"
# A picture alone is in no page whose theme could be chosen: the system's preference decides.
_PREFERRED = 'html:not([data-theme="light"]) body:not([data-theme="light"])'
_CHOSEN = 'body[data-theme="dark"],\n  html[data-theme="dark"] body'


def standalone(scene: Scene, api: Callable[[str], str] = nowhere) -> str:
    """The picture with its name and style in it; light or dark, as the reader's system prefers.

    ``api`` gives the address of a dotted name's API entry or nothing: what a call's name leads to.
    """
    style = _STYLE.read_text("utf-8").partition(_BEYOND)[0].rstrip()
    style = style.replace(_PREFERRED, ":root").replace(_CHOSEN, ".never")
    opener, rest = svg(scene, api, name=scene.title).split(">", 1)
    paper = (
        '<rect x="0.5" y="0.5" width="99.8%" height="99.8%" rx="8" '
        'style="fill: var(--wf-paper); stroke: var(--wf-faint)"/>'
    )
    return f"{opener}>\n<style>\n{style}\n</style>\n{paper}{rest}\n"
