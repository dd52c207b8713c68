"""Projects and what their build says, one text file a case.

A case holds files, each after a line ``=== name``; the last, ``expect``, is the exit status and
then all that was said. One that expects nothing to be said is built with ``-W -n``, the others
without, so that a failure is ours.
``WHEREFROM_REWRITE=1 pytest tests/sphinx/test_sphinx_cases.py`` writes what was said anew.
"""

import os
import re
from pathlib import Path

import pytest

CASES = sorted(Path(__file__).parent.joinpath("cases").glob("*.txt"))
SECTION = re.compile(r"^=== (\S+)\n", re.MULTILINE)
STRICT = ("-W", "--keep-going", "-n")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_build_says_what_its_case_lists(case, project):
    text = case.read_text("utf-8")
    _, *parts = SECTION.split(text)
    files = dict(zip(parts[::2], parts[1::2], strict=True))
    expect = files.pop("expect")
    options = STRICT if expect.strip() == "status 0" else ()
    built = project(files).build(*options)
    got = f"status {built.status}\n{built.said}"
    if os.environ.get("WHEREFROM_REWRITE"):
        case.write_text(text.split("=== expect\n")[0] + "=== expect\n" + got, "utf-8")
        return
    assert got == expect
