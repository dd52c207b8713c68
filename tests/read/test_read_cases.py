"""Pages and what is read from them, one text file a case.

A case holds files, each after a line ``=== name``; the first is the page and the last, ``expect``,
is the listing. ``WHEREFROM_REWRITE=1 pytest tests/read`` writes the listings anew.
"""

import os
import re
from pathlib import Path

import pytest

from wherefrom.errors import WherefromError
from wherefrom.read import read_page

CASES = sorted(Path(__file__).parent.joinpath("cases").glob("*.txt"))
SECTION = re.compile(r"^=== (\S+)\n", re.MULTILINE)


def listing(page, folder):
    def place(path, line):
        name = Path(path).relative_to(folder).as_posix()
        return str(line) if path == page.path else f"{name}:{line}"

    yield f"title {page.title!r}"
    if page.meta:
        yield f"meta {page.meta!r}"
    if len(page.files) > 1:
        yield f"files {' '.join(Path(each).relative_to(folder).as_posix() for each in page.files)}"
    for group in page.groups:
        for each in group.snippets:
            yield f"{place(each.path, each.line)} {each.kind} {group.name} {each.source!r}"
            if each.want is not None:
                region = each.region
                lines = f" at {region.start}-{region.end} {region.prefix!r}" if region else ""
                yield f"    want {each.want!r} reported {each.want_line}{lines}"
            for name in ("flags", "skipif", "pyversion", "options"):
                if getattr(each, name):
                    yield f"    {name} {getattr(each, name)!r}"
        yield from (f"{group.name} {line}" for line in claims(group.claims, place))
    yield from claims(page.claims, place)
    for each in page.not_run:
        yield f"{place(each.path, each.line)} not run: {each.language}: {each.reason}"


def claims(found, place):
    for each in found:
        region = f"{each.region.start}-{each.region.end} {each.region.prefix!r}"
        yield f"{place(each.path, each.line)} claim {each.directive} {each.argument} at {region}"
        yield f"    body {each.body!r} options {each.options!r}"


def read_case(text, folder):
    _, *parts = SECTION.split(text)
    files = dict(zip(parts[::2], parts[1::2], strict=True))
    expect = files.pop("expect", "")
    for name, content in files.items():
        (folder / name).write_text(content, "utf-8")
    try:
        page = read_page(folder / next(iter(files)))
    except WherefromError as error:
        return expect, str(error).replace(f"{folder}/", "") + "\n"
    return expect, "".join(f"{line}\n" for line in listing(page, folder))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_page_is_read_as_its_case_lists(case, tmp_path):
    text = case.read_text("utf-8")
    expect, got = read_case(text, tmp_path)
    if os.environ.get("WHEREFROM_REWRITE"):
        case.write_text(text.split("=== expect\n")[0] + "=== expect\n" + got, "utf-8")
        return
    assert got == expect
