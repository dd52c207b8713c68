"""A class tree's text is made from what the worker saw, and compared however it is wrapped."""

import pytest

from wherefrom.check import check_group
from wherefrom.check.classtree import outline
from wherefrom.model import Group, Kind, Outcome, Region, Run, Snippet, Status

TREE = [
    {"name": "object", "depth": 0, "bases": []},
    {"name": "m.Base", "depth": 1, "bases": ["object"]},
    {"name": "m.Some", "depth": 2, "bases": ["m.Base"]},
]
TEXT = """\
object
  m.Base
    m.Some
own: a, b
overridden: c
inherited from Base: d
"""


def member(name, how, owner="m.Some"):
    return {"name": name, "how": how, "owner": owner}


EVIDENCE = {
    "class": "m.Some",
    "tree": TREE,
    "members": [
        member("a", "own"),
        member("b", "own"),
        member("c", "overridden"),
        member("d", "inherited", "m.Base"),
    ],
}


def verdict(want):
    snippet = Snippet(
        Kind.CLASSTREE, "/p/x.md", 3, "m.Some\n", want, 3, Region("/p/x.md", 4, 4 + len(want))
    )
    run = Run("/p/x.md", "default", (Outcome(Status.PASSED, evidence=EVIDENCE),), 0.1)
    (found,) = check_group(Group("default", (snippet,)), run, ())
    return found


def test_the_outline_shows_the_tree_and_the_members_by_origin():
    assert outline(EVIDENCE) == TEXT


def test_the_right_tree_passes():
    assert verdict(TEXT).status is Status.PASSED


def test_an_empty_tree_fails_with_what_to_do():
    found = verdict("")
    assert found.message == "the class tree is empty: `wherefrom update` writes it"
    assert (found.status, found.got, found.line) == (Status.FAILED, TEXT, 3)


@pytest.mark.parametrize("old", ["own: a, b", "  m.Base\n", "overridden: c\n"])
def test_a_wrong_tree_fails(old):
    found = verdict(TEXT.replace(old, old.replace("m.Base", "m.Other").replace("c\n", "e\n")[:-1]))
    assert (found.status, found.message) == (
        Status.FAILED,
        "the class tree is not what the page says",
    )


def test_members_may_be_wrapped_anywhere():
    assert verdict(TEXT.replace("own: a, b", "own: a,\n    b")).status is Status.PASSED


def test_many_members_are_wrapped():
    names = [f"member{number}" for number in range(40)]
    text = outline({"tree": TREE, "members": [member(each, "own") for each in names]})
    assert max(map(len, text.splitlines())) <= 88


def test_owners_of_the_same_name_are_told_apart():
    members = [member("a", "inherited", "m.Base"), member("b", "inherited", "n.Base")]
    text = outline({"tree": [], "members": members})
    assert text == "inherited from m.Base: a\ninherited from n.Base: b\n"
