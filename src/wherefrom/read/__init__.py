"""Stage 1: a page's text becomes a `wherefrom.model.Page`, with exact lines.

1. ``lines``: a file's text as lines that know where they stand.
2. ``markdown``: the fences, headings and front matter in them, through quotes and lists.
3. ``directive``: a fence's name, argument, options and body.
4. ``runnable``, ``examples``, ``claims``, ``include``, ``unrun``: what each of them means.
5. ``page``: the walk over all of it; ``groups`` sorts what it found into groups.
"""

from __future__ import annotations

from wherefrom.read.page import find_pages, read_page

__all__ = ["find_pages", "read_page"]
