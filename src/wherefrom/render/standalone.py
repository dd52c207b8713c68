"""A scene as an SVG file that needs nothing else: for a README, or to share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from wherefrom.render.links import nowhere
from wherefrom.render.scene import Scene
from wherefrom.render.sequence import svg

_STYLE = Path(__file__).parent / "static" / "flow.css"
_THEMES = ('body:not([data-theme="light"])', 'body[data-theme="dark"]')


def standalone(scene: Scene, api: Callable[[str], str] = nowhere) -> str:
    """The picture with its style in it; light or dark, as the reader's system prefers.

    ``api`` gives the address of a dotted name's API entry or nothing: what a call's name leads to.
    """
    style = _STYLE.read_text("utf-8").replace(_THEMES[0], ":root").replace(_THEMES[1], ".never")
    opener, rest = svg(scene, api).split(">", 1)
    paper = '<rect width="100%" height="100%" rx="8" style="fill: var(--wf-paper)"/>'
    return f"{opener}>\n<style>\n{style}</style>\n{paper}{rest}\n"
