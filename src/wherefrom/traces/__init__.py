"""A trace of a run, and what can be told from it: shared by ``observe``, ``check``, ``render``."""

from wherefrom.traces.events import Call, Default, Event, Place, Recording, Store, Value
from wherefrom.traces.names import call_name, class_name, event_name, is_own, value_name
from wherefrom.traces.origin import Origin
from wherefrom.traces.outline import Line, boundary
from wherefrom.traces.trace import Trace

__all__ = [
    "Call",
    "Default",
    "Event",
    "Line",
    "Origin",
    "Place",
    "Recording",
    "Store",
    "Trace",
    "Value",
    "boundary",
    "call_name",
    "class_name",
    "event_name",
    "is_own",
    "value_name",
]
