"""A class tree's picture: who stands above whom, what leads where, and no stranger's markup."""

import re
import xml.etree.ElementTree as ET

from wherefrom.render.tree import ClassTree, svg

SVG = "{http://www.w3.org/2000/svg}"
DIAMOND = {
    "object": [],
    "a.Top": ["object"],
    "a.Left": ["a.Top"],
    "a.Right": ["a.Top"],
    "b.Mixin": ["object"],
    "b.Own": ["a.Left", "a.Right", "b.Mixin"],
}


def drawn(**rest):
    tree = {"ident": "t", "own": "b.Own", "bases": DIAMOND, **rest}
    return ET.fromstring(svg(ClassTree(**tree)))


def boxes(root):
    """The place of each class's box, by its whole name."""
    found = {}
    for group in root.iter(f"{SVG}g"):
        rect = next(group.iter(f"{SVG}rect"))
        found[group.find(f"{SVG}title").text] = (float(rect.get("x")), float(rect.get("y")))
    return found


def test_each_class_stands_beneath_all_its_bases():
    places = boxes(drawn())
    for name, above in DIAMOND.items():
        for each in above:
            if each in places:
                assert places[each][1] < places[name][1], f"{each} above {name}"
    assert places["b.Mixin"][1] == places["a.Left"][1], "as near to its heir as can be"


def test_boxes_never_overlap_and_lie_in_the_picture():
    root = drawn(beneath=[f"c.C{number}" for number in range(9)], more=4)
    places = boxes(root)
    assert len(places) == len({*places.values()}) == 5 + 9 + 1
    _, _, width, height = map(float, root.get("viewBox").split())
    for x, y in places.values():
        assert 0 <= x <= width - 158
        assert 0 <= y <= height - 42


def test_object_is_drawn_only_where_it_is_the_one_base():
    assert "object" not in boxes(drawn())
    assert "object" in boxes(drawn(own="a.Top", bases={"object": [], "a.Top": ["object"]}))


def test_every_line_joins_a_class_and_a_base():
    lines = [*drawn().iter(f"{SVG}path")]
    known = sum(each != "object" for above in DIAMOND.values() for each in above)
    assert len(lines) == known


def test_what_it_shows_is_said_in_words():
    said = drawn(beneath=["c.C"], more=2).find(f"{SVG}desc").text
    assert "b.Own derives from a.Left, a.Right, b.Mixin." in said
    assert said.endswith("From b.Own derive c.C, and 2 more.")


def test_a_documented_class_leads_to_its_entry():
    root = drawn(hrefs={"a.Top": "api.html#a.Top"})
    (link,) = root.iter(f"{SVG}a")
    assert link.get("href") == "api.html#a.Top"
    assert "".join(link.itertext()).startswith("Top")


def test_names_are_text_whatever_they_hold():
    evil = 'x.<script>"&'
    text = svg(ClassTree("t", evil, {evil: []}, hrefs={evil: '"><script>'}))
    assert "<script" not in text
    assert re.search(r"&lt;script&gt;", text)
    ET.fromstring(text)
