"""How calls and values are called on a page: short, and unambiguous."""

from __future__ import annotations

from wherefrom.traces.events import Call, Event, Place, Recording, Store, Value

_LOCALS = "<locals>."


def short(module: str, qualname: str, own: bool) -> str:
    """The module's last part and the qualified name; the page's own are bare."""
    bare = qualname.rsplit(_LOCALS, 1)[-1]
    return bare if own or not module else f"{module.rsplit('.', 1)[-1]}.{bare}"


def call_name(recording: Recording, call: Call | Place) -> str:
    """What an outline calls a call."""
    # A class of the page may be constructed by a library's code: its name is the page's still.
    own = is_own(recording, call) or call.module in recording.own_modules
    return short(call.module, call.qualname, own)


def is_own(recording: Recording, call: Call | Place) -> bool:
    """Whether a call runs the page's own code."""
    # Generated code (a dataclass's constructor) has no file, but a module.
    generated = call.file.startswith("<") and call.module in recording.own_modules
    return call.file in recording.own or generated


def value_name(recording: Recording, value: Value | None) -> str:
    """What an outline calls a value: its literal, else its class."""
    if value is None:
        return "nothing"
    return value.text or class_name(recording, value.type)


def class_name(recording: Recording, dotted: str) -> str:
    """The short name of a class, of which ``dotted`` is ``module:qualname``."""
    module, _, qualname = dotted.rpartition(":")
    own = module in recording.own_modules or module == "builtins"
    return short(module, qualname, own)


def event_name(recording: Recording, event: Event) -> str:
    """One line of an outline, without its indent."""
    if isinstance(event, Store):
        holder = class_name(recording, event.holder.type)
        old, new = value_name(recording, event.old), value_name(recording, event.new)
        note = "" if event.seen else "  (changed between these two calls, not seen)"
        return f"{holder}.{event.attribute}: {old} -> {new}{note}"
    return call_name(recording, event)
