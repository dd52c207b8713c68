"""What is loaded apart from a page: the full trace of each group, and each picture alone."""

from __future__ import annotations

import os
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

from wherefrom.evidence import trace_of
from wherefrom.model import PageResult
from wherefrom.render.fulltrace import full_trace
from wherefrom.render.scene import Scene
from wherefrom.render.standalone import standalone
from wherefrom.sphinx.shown import Shown

TRACED = ("html", "dirhtml")
FOLDER = "_traces"
PICTURES = "_pictures"


def trace_file(docname: str, group: str) -> str:
    """The file of a group's trace, from the folder of the built site."""
    name = "".join(e if e.isalnum() or e in "-_" else f"~{ord(e):x}~" for e in group)
    return f"{FOLDER}/{docname}/{name}.html"


def picture_file(docname: str, scene: Scene) -> str:
    """The file of a scene's picture, from the folder of the built site."""
    return f"{PICTURES}/{docname}/{scene.ident}.svg"


def write_pictures(app: Sphinx, docname: str, page: Shown) -> None:
    """Write each scene of a page as an SVG file, where the builder makes a site."""
    if app.builder.name in TRACED:
        for each in page.scenes:
            _write(app.outdir / picture_file(docname, each.scene), standalone(each.scene))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def write_traces(app: Sphinx, docname: str, result: PageResult) -> None:
    """Write what was observed of each group of a page, where the builder makes a site."""
    if app.builder.name not in TRACED or result.page is None:
        return
    for group in result.groups:
        trace = trace_of(group)
        if trace is None:
            continue
        name = trace_file(docname, group.group.name)
        title = f"Full trace of {group.group.name}: {result.page.title}"
        back = relative_uri(name, app.builder.get_target_uri(docname)) or os.curdir
        text = full_trace(trace, title, relative_uri(name, "_static/"), back)
        _write(app.outdir / name, text)
