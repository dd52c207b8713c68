"""What `wherefrom update` did, or would do, told in a terminal."""

from __future__ import annotations

import difflib
from pathlib import Path

from rich.console import Console
from rich.text import Text

from wherefrom.report.lines import shown_path, visible
from wherefrom.report.terminal import INDENT, told
from wherefrom.update import Update

_STYLES = {"+": "green", "-": "red", "@": "cyan"}


def difference(console: Console, update: Update, start: Path) -> None:
    """Print what would change, as a patch."""
    for path in update.changed:
        name = shown_path(path, start)
        # What is escaped first is split at true line ends alone.
        texts = (visible(files[path]) for files in (update.before, update.after))
        before, after = (text.splitlines() for text in texts)
        for line in difflib.unified_diff(before, after, name, name, lineterm=""):
            bold = line.startswith(("---", "+++"))
            style = "bold" if bold else _STYLES.get(line[:1], "")
            console.print(Text(line, style), soft_wrap=True)


def written(console: Console, update: Update, start: Path) -> None:
    """Print the files that were rewritten."""
    for path in update.changed:
        console.print(Text(f"updated {visible(shown_path(path, start))}"), soft_wrap=True)


def left(console: Console, update: Update, start: Path) -> None:
    """Print what is still wrong, and why it can't be mended by writing."""
    for verdict, reason in update.left:
        told(console, verdict, start, brief=True)
        console.print(Text(f"{INDENT}not mended: {reason}", "bold"), soft_wrap=True)


def summary(update: Update, unreadable: int, *, diff: bool) -> Text:
    """The last line: how many files, and what is left to do by hand."""
    files = update.changed
    places = len(update.left) + unreadable
    done = "would be updated" if diff else "updated"
    noun = "file" if len(files) == 1 else "files"
    parts = [f"{len(files)} {noun} {done}" if files else "nothing to update"]
    if places:
        parts.append(f"{places} {'place' if places == 1 else 'places'} left to mend by hand")
    return Text(", ".join(parts), "bold red" if places else "green")
