"""Every name that a message can end with has its section in the docs, and nothing else has."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import wherefrom
from wherefrom.errors import WherefromError
from wherefrom.model import Status

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "messages.md").read_text("utf-8")
SUBTYPE = re.compile(r"""subtype=["'](\w+)["']""")


def slugs():
    """The slugs of all errors, once every module that may define one is imported."""
    for module in pkgutil.walk_packages(wherefrom.__path__, "wherefrom."):
        if module.name != "wherefrom.__main__":
            importlib.import_module(module.name)
    return {each.slug for each in family(WherefromError)}


def family(kind):
    return [kind, *(each for child in kind.__subclasses__() for each in family(child))]


def subtypes():
    texts = (path.read_text("utf-8") for path in (ROOT / "src/wherefrom/sphinx").rglob("*.py"))
    return {name for text in texts for name in SUBTYPE.findall(text)}


def sections():
    return re.findall(r"^### (.+)$", PAGE, re.MULTILINE)


def test_every_status_slug_and_subtype_has_one_section_and_there_are_no_others():
    assert sorted(sections()) == sorted({*Status, *slugs(), *subtypes()})


def test_every_error_has_a_slug_of_its_own():
    own = [each.__dict__.get("slug") for each in family(WherefromError)]
    assert len({*own}) == len(own)
    assert None not in own


@pytest.mark.parametrize("name", sections())
def test_every_section_says_more_than_its_name(name):
    text = PAGE.partition(f"### {name}\n")[2].partition("\n#")[0]
    assert len(text.split()) > 5
