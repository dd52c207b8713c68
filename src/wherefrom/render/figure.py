"""A scene as a figure of a page: the picture, and the same as a list of steps with their sources.

Without JavaScript the whole list shows; ``static/flow.js`` turns it into one step at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from wherefrom.render.scene import Row, RowKind, Scene
from wherefrom.render.sequence import svg


def figure(
    scene: Scene,
    *,
    caption: str = "",
    trace_href: str = "",
    picture_href: str = "",
    entries: Mapping[str, str] | None = None,
) -> str:
    """The whole figure as HTML.

    ``trace_href`` leads to the full trace, ``picture_href`` to the picture alone; ``entries``
    maps a documented name to the address of its API entry.
    """
    steps = "\n".join(_steps(scene, entries or {}))
    foot = f'<figcaption class="wf-caption">{escape(caption)}</figcaption>' if caption else ""
    links = (("Full trace", trace_href), ("Picture", picture_href))
    full = " ".join(
        f'<a class="wf-full" href="{_href(each)}">{name}</a>' for name, each in links if each
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


def _steps(scene: Scene, entries: Mapping[str, str]) -> Iterator[str]:
    for number, row in enumerate(scene.rows, start=1):
        value = f' data-value="{escape(row.value)}"' if row.value else ""
        yield (
            f'<li id="{scene.ident}-step-{number}" class="wf-step wf-step-{row.kind}"{value}>'
            f"{_sentence(scene, row, entries)}{_place(row)}{_code(row)}</li>"
        )


def _sentence(scene: Scene, row: Row, entries: Mapping[str, str]) -> str:
    """What happens at a row, as a screen reader says it."""
    label = f"<code>{escape(row.name or row.label)}</code>"
    if row.entry in entries:
        label = f'<a href="{_href(entries[row.entry])}">{label}</a>'
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


def _place(row: Row) -> str:
    if not row.place:
        return ""
    place = escape(row.place)
    shown = f'<a href="{_href(row.href)}">{place}</a>' if row.href else place
    return f'<p class="wf-place">{shown}</p>'


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


def _href(address: str) -> str:
    """An address that is safe in an attribute: a link of our own making, or nowhere."""
    safe = address.startswith(("https://", "http://", "#", "../", "./")) or ":" not in address
    return escape(address) if safe else "#"
