"""Writing what was got into the pages, where it is safe to; what can't be mended is said."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from wherefrom.check import check_group
from wherefrom.check.rewrite import refusal, rewrite
from wherefrom.errors import PageError
from wherefrom.model import Fault, Page, PageResult, Verdict
from wherefrom.read import read_page
from wherefrom.read.lines import load

Files = Mapping[str, str]


@dataclass(frozen=True)
class Update:
    """The files ``before`` and ``after``, and the verdicts ``left`` with the reasons."""

    before: Files
    after: Files
    left: tuple[tuple[Verdict, str], ...]

    @property
    def changed(self) -> tuple[str, ...]:
        """The paths of the files that would change."""
        return tuple(path for path, text in self.after.items() if text != self.before[path])


def mended(result: PageResult, flags: tuple[str, ...]) -> Update:
    """The files of ``result`` with its bad verdicts mended.

    What was written is read and checked again, against the same runs; what doesn't hold then is
    left as it was. Raises `PageError` where the page has changed since it was read.
    """
    page = result.page
    bad = tuple(each for each in result.verdicts if not each.status.good)
    if page is None or not bad:
        return Update({}, {}, ())
    paths = dict.fromkeys([page.path, *(each.region.path for each in bad if each.region)])
    before = {path: load(Path(path)) for path in paths}
    if read_page(Path(page.path)) != page:
        what = (
            "changed while its snippets ran, so nothing was written; run `wherefrom update` again"
        )
        raise PageError(what, path=page.path)
    writable = tuple(each for each in bad if not refusal(each))
    written = _written(before, writable)
    again = _again(result, written[page.path], flags)
    if not all(_holds(page, again, each) for each in writable):
        written = _one_by_one(result, before, writable, flags)
        again = _again(result, written[page.path], flags)
    left = (
        (again.get(each, each), refusal(each) or _UNSAFE)
        for each in bad
        if not _holds(page, again, each)
    )
    return Update(before, written, tuple(left))


def joined(updates: Mapping[str, Update]) -> tuple[Update, tuple[Fault, ...]]:
    """The updates of several pages as one; a page that disagrees with one before it is a fault.

    Pages may include the same file, and so may have the same thing to mend in it.
    """
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    left: list[tuple[Verdict, str]] = []
    faults: list[Fault] = []
    for page, update in sorted(updates.items()):
        changed = {path: update.after[path] for path in update.changed}
        clash = next(
            (path for path in changed if after.get(path, changed[path]) != changed[path]), ""
        )
        if clash:
            what = f"`{Path(clash).name}`, which other pages include too, {_CLASH}"
            faults.append(Fault(page, None, what, PageError.slug))
            continue
        before.update({path: update.before[path] for path in changed})
        after.update(changed)
        left.extend(update.left)
    return Update(before, after, tuple(left)), tuple(faults)


_CLASH = "was mended in another way for one of them: run `wherefrom update` again"
_UNSAFE = "what it gave would not be read as its expected text, or differs between groups"


def _written(before: Files, verdicts: Iterable[Verdict]) -> Files:
    return {path: rewrite(text, path, verdicts) for path, text in before.items()}


def _one_by_one(
    result: PageResult, before: Files, verdicts: tuple[Verdict, ...], flags: tuple[str, ...]
) -> Files:
    """The files with those of the changes that hold together with the ones before."""
    kept: tuple[Verdict, ...] = ()
    for each in verdicts:
        tried = _written(before, (*kept, each))
        again = _again(result, tried[result.path], flags)
        if all(_holds(result.page, again, one) for one in (*kept, each)):
            kept = (*kept, each)
    return _written(before, kept)


def _again(result: PageResult, text: str, flags: tuple[str, ...]) -> Mapping[Verdict, Verdict]:
    """Each verdict's successor with the page's new text and the same runs; none if it's broken."""
    try:
        page = read_page(Path(result.path), text)
        pairs = [*zip(page.groups, result.groups, strict=True)]
        new = [each for group, old in pairs for each in check_group(group, old.run, flags)]
        old = [each for _, group in pairs for each in group.verdicts]
        return dict(zip(old, new, strict=True))
    except (PageError, ValueError):
        return {}


def _holds(page: Page | None, again: Mapping[Verdict, Verdict], verdict: Verdict) -> bool:
    """Whether a bad verdict is a good one now."""
    now = again.get(verdict)
    # An included file is not read again: what may be written there is taken to hold.
    elsewhere = page is not None and verdict.path != page.path and not refusal(verdict)
    return now is not None and (now.status.good or elsewhere)


def write(path: Path, text: str) -> None:
    """Replace a file's text at once; its mode stays, and so does a link to it.

    Raises `PageError` where that isn't possible.
    """
    file = Path(os.path.realpath(path))
    new = file.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        new.write_bytes(text.encode())
        shutil.copymode(file, new)
        new.replace(file)
    except OSError as error:
        raise PageError(f"can't be written: {error.strerror}", path=path) from error
    finally:
        new.unlink(missing_ok=True)
