"""A scene as a figure of a page: the picture, and the same as a list of steps with their sources.

Without JavaScript the whole list shows; ``static/flow.js`` turns it into one step at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from html import escape

from wherefrom.render.layout import NARROW, narrow, wide
from wherefrom.render.links import nowhere, safe
from wherefrom.render.scene import NOTHING, Lifeline, Row, RowKind, Scene
from wherefrom.render.sequence import svg

BETWEEN = '<span class="wf-apart" aria-hidden="true"> · </span>'
MEANINGS = {
    "returns here": "What was called above has returned, and is on no stack any more. "
    "The loop waits, and then calls again.",
    "later": "The loop calls, from a stack of its own.",
    "in thread": "This runs in a thread of its own, with a stack of its own.",
    "back here": "The loop's call has returned, and the program goes on by itself.",
}
CONTROLS = (
    '<div class="wf-controls" hidden="">'
    '<button type="button" class="wf-previous"><span aria-hidden="true">← </span>Previous</button>'
    '<button type="button" class="wf-next">Next<span aria-hidden="true"> →</span></button>'
    '<span class="wf-count"></span><span class="wf-value"></span>'
    '<button type="button" class="wf-all" aria-pressed="false">All steps</button>'
    '<span class="wf-unseen wf-heard" aria-live="polite"></span></div>'
)


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
    title = escape(caption or scene.title)
    return (
        f'<figure class="wf-flow" id="{scene.ident}">\n'
        f'<figcaption class="wf-caption">{title}</figcaption>\n{_picture(scene)}\n{CONTROLS}\n'
        f'<ol class="wf-steps" aria-label="Step by step">\n{steps}\n</ol>\n'
        f"{_foot(scene, trace_href, picture_href)}</figure>"
    )


def _picture(scene: Scene) -> str:
    """The picture twice, for a wide and for a narrow page; the style shows one of them."""
    # The list says what happens: a picture that told all of it would be heard twice.
    names = ", ".join(each.label for each in scene.lifelines)
    told = f"{len(scene.rows)} steps between {names}; the list of steps says the same."
    shown, layout = replace(scene, description=told), wide(scene)
    small = svg(shown, layout=narrow(scene)) if layout.width > NARROW and scene.lifelines else ""
    return (
        '<div class="wf-picture" tabindex="0" role="group" aria-label="Diagram">'
        f"{svg(shown, layout=layout)}{small}</div>"
    )


def _foot(scene: Scene, trace_href: str, picture_href: str) -> str:
    """What it ran on, and what is a click away."""
    links = (("Full trace", trace_href), ("Picture", picture_href))
    parts = [
        *([f"<span>Seen on {escape(scene.ran_on)}</span>"] if scene.ran_on else []),
        *(f'<a class="wf-full" href="{safe(each)}">{name}</a>' for name, each in links if each),
    ]
    return f'<p class="wf-foot">{BETWEEN.join(parts)}</p>\n' if parts else ""


def _steps(scene: Scene, entries: Mapping[str, str], api: Callable[[str], str]) -> Iterator[str]:
    for number, row in enumerate(scene.rows, start=1):
        value = f' data-value="{escape(row.value)}"' if row.value else ""
        yield (
            f'<li id="{scene.ident}-step-{number}" class="wf-step wf-step-{row.kind}"{value}>'
            f"{_sentence(scene, row, entries)}{_place(row, api)}{_code(row)}"
            f"{_meaning(row.label) if row.kind is RowKind.TURN else ''}</li>"
        )


def _sentence(scene: Scene, row: Row, entries: Mapping[str, str]) -> str:
    """What happens at a row, as a screen reader says it."""
    label = f"<code>{escape(row.name or row.label)}</code>"
    if row.entry in entries:
        label = f'<a href="{safe(entries[row.entry])}">{label}</a>'
    source = _who(scene.lifelines[row.source]) if scene.lifelines else ""
    said = {
        RowKind.CALL: f"{source} {'calls' if row.direct else 'leads to'} {label}",
        RowKind.RETURN: f"{source} returns {label}",
        RowKind.RAISE: f"{label} leaves {source}",
        RowKind.STORE: f"{label} {_change(row)}",
        RowKind.TURN: f"<em>{escape(row.label)}</em>",
    }
    return f'<p class="wf-say">{said[row.kind]}</p>'


def _meaning(band: str) -> str:
    """What a band means, for who meets an event loop for the first time."""
    for word, meaning in MEANINGS.items():
        if word in band:
            return f'\n<p class="wf-about">{meaning}</p>'
    return ""


def _who(lifeline: Lifeline) -> str:
    label = escape(lifeline.label)
    return f'<span class="wf-who">{label}</span>' if lifeline.plain else f"<code>{label}</code>"


def _change(row: Row) -> str:
    """How an attribute's value changed: it may not have been there, before or afterwards."""
    old, new = f"<code>{escape(row.old)}</code>", f"<code>{escape(row.new)}</code>"
    if row.old == NOTHING:
        return f"is set to {new}, and was not there before"
    return f"is deleted, and was {old}" if row.new == NOTHING else f"changes from {old} to {new}"


def _place(row: Row, api: Callable[[str], str]) -> str:
    """Where a step happened and, beside it, the way to what the reference says of it."""
    place = escape(row.place)
    parts = [f'<a href="{safe(row.href)}">{place}</a>' if row.href else place] if place else []
    entry = api(row.entry) if row.entry else ""
    if entry:
        named = f'<span class="wf-unseen"> entry of {escape(row.entry)}</span>'
        parts.append(f'<a class="wf-api" href="{safe(entry)}">API{named}</a>')
    return f'<p class="wf-place">{BETWEEN.join(parts)}</p>' if parts else ""


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
