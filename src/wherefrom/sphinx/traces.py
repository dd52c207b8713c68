"""Full traces: pages of their own beside the built ones, one a group."""

from __future__ import annotations

import os

from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri

from wherefrom.evidence import trace_of
from wherefrom.model import PageResult
from wherefrom.render.fulltrace import full_trace

TRACED = ("html", "dirhtml")
FOLDER = "_traces"


def trace_file(docname: str, group: str) -> str:
    """The file of a group's trace, from the folder of the built site."""
    name = "".join(each if each.isalnum() else "-" for each in group)
    return f"{FOLDER}/{docname}/{name}.html"


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
        path = app.outdir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(full_trace(trace, title, relative_uri(name, "_static/"), back), "utf-8")
