"""A scene as a figure of a page: the picture, and the same as a list of steps with their sources.

Without JavaScript the whole list shows; ``static/flow.js`` turns it into one step at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from html import escape

from wherefrom.render.links import nowhere, safe
from wherefrom.render.scene import Row, RowKind, Scene
from wherefrom.render.sequence import svg


def figure(
    scene: Scene,
    *,
    caption: str = "",
    trace_href: str = "",
    picture_href: str = "",
    entries: Mapping[str, str] | None = None,
    api: Callable[[str], str] = nowhere,
) -> str:
    """The whole figure as HTML.

    ``trace_href`` leads to the full trace, ``picture_href`` to the picture alone; ``entries``
    maps a documented name to the address of its API entry, which its step's name leads to;
    ``api`` gives the address of a dotted name's API entry or nothing, for a link of its own.
    """
    steps = "\n".join(_steps(scene, entries or {}, api))
    foot = f'<figcaption class="wf-caption">{escape(caption)}</figcaption>' if caption else ""
    links = (("Full trace", trace_href), ("Picture", picture_href))
    full = " ".join(
        f'<a class="wf-full" href="{safe(each)}">{name}</a>' for name, each in links if each
    )
    return (
        f'<figure class="wf-flow" id="{scene.ident}">\n{_picture(scene)}\n'
        f'<div class="wf-controls" hidden=""><button type="button" class="wf-previous">'
        'Previous</button><button type="button" class="wf-next">Next</button>'
        '<span class="wf-count" aria-live="polite"></span>'
        f'<span class="wf-value"></span></div>{full}\n'
        f'<ol class="wf-steps" aria-label="{escape(scene.title)}, step by step">\n{steps}\n</ol>\n'
        f"{foot}</figure>"
    )


def _picture(scene: Scene) -> str:
    return (
        '<div class="wf-picture" tabindex="0" role="region" '
        f'aria-label="{escape(scene.title)}">{svg(scene)}</div>'
    )


def _steps(scene: Scene, entries: Mapping[str, str], api: Callable[[str], str]) -> Iterator[str]:
    for number, row in enumerate(scene.rows, start=1):
        value = f' data-value="{escape(row.value)}"' if row.value else ""
        yield (
            f'<li id="{scene.ident}-step-{number}" class="wf-step wf-step-{row.kind}"{value}>'
            f"{_sentence(scene, row, entries)}{_place(row, api)}{_code(row)}</li>"
        )


def _sentence(scene: Scene, row: Row, entries: Mapping[str, str]) -> str:
    """What happens at a row, as a screen reader says it."""
    label = f"<code>{escape(row.name or row.label)}</code>"
    if row.entry in entries:
        label = f'<a href="{safe(entries[row.entry])}">{label}</a>'
    source = f"<code>{escape(scene.lifelines[row.source].label)}</code>"
    said = {
        RowKind.CALL: f"{source} {'calls' if row.direct else 'leads to'} {label}",
        RowKind.RETURN: f"{source} returns {label}",
        RowKind.RAISE: f"{label} leaves {source}",
        RowKind.STORE: f"{label} changes from <code>{escape(row.old)}</code> "
        f"to <code>{escape(row.new)}</code>",
        RowKind.TURN: f"<em>{escape(row.label)}</em>",
    }
    return f'<p class="wf-say">{said[row.kind]}</p>'


def _place(row: Row, api: Callable[[str], str]) -> str:
    """Where a step happened and, beside it, the way to what the reference says of it."""
    place = escape(row.place)
    parts = [f'<a href="{safe(row.href)}">{place}</a>' if row.href else place] if place else []
    entry = api(row.entry) if row.entry else ""
    if entry:
        named = f'<span class="wf-unseen"> entry of {escape(row.entry)}</span>'
        parts.append(f'<a class="wf-api" href="{safe(entry)}">API{named}</a>')
    between = '<span class="wf-apart"> · </span>'
    return f'<p class="wf-place">{between.join(parts)}</p>' if parts else ""


def _code(row: Row) -> str:
    """The source lines with their numbers, the one that counts marked."""
    if not row.code:
        return ""
    lines = []
    for offset, text in enumerate(row.code):
        number = f'<span class="wf-number">{row.first_line + offset:>5}</span> '
        tag = "mark" if offset == row.mark else "span"
        lines.append(f'{number}<{tag} class="wf-code-line">{escape(text)}</{tag}>')
    return f'<pre class="wf-code" tabindex="0">{chr(10).join(lines)}</pre>'
