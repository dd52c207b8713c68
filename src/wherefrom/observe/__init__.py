"""Watching a run: its calls, its stores, and which object is which. Standard library only.

The parts: ``codes`` says what a function could do; an engine (``tracing``) tells the ``recorder``
what happens; ``steps`` and ``watches`` find the stores; ``objects`` tells objects apart.
"""

from wherefrom.observe.limits import Bounds
from wherefrom.observe.session import ObserveError, observe

__all__ = ["Bounds", "ObserveError", "observe"]
