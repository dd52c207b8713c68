"""The picture: what it says, and that a stranger's text can't break out of it."""

from xml.etree import ElementTree as ET

import pytest

from wherefrom.render.figure import figure
from wherefrom.render.scene import Lifeline, Row, RowKind, Scene, Thread
from wherefrom.render.sequence import svg
from wherefrom.render.standalone import standalone

SVG = "{http://www.w3.org/2000/svg}"


def scene(rows, lifelines=("page", "Connector", "Client", "Some"), thread=None):
    lines = tuple(Lifeline(name, own=name in ("page", "Some")) for name in lifelines)
    return Scene("flow-1", "Where it comes from", "A description.", lines, tuple(rows), thread)


CONNECT = (
    Row(RowKind.CALL, "connect", 0, 1),
    Row(RowKind.CALL, "tcp.Client", 1, 2, depth=1, place="tcp.py:7", code=("a", "b"), mark=1),
    Row(RowKind.TURN, "later, from the reactor"),
    Row(RowKind.CALL, "makeConnection", 2, 3, value="None"),
    Row(RowKind.STORE, "Some.transport", 3, 3, 1, "None", "tcp.Client", value="tcp.Client"),
)


def texts(drawing):
    return ["".join(each.itertext()) for each in ET.fromstring(drawing).iter(f"{SVG}text")]


def test_every_lifeline_call_band_and_store_is_written_in_the_picture():
    assert texts(svg(scene(CONNECT))) == [
        "later, from the reactor",
        "connect",
        "tcp.Client",
        "makeConnection",
        "Some.transport: None → tcp.Client",
        "page",
        "Connector",
        "Client",
        "Some",
    ]


def test_the_picture_has_the_title_and_description_that_it_is_labelled_by():
    root = ET.fromstring(svg(scene(CONNECT)))
    named = {each.get("id"): each.text for each in root if each.get("id")}
    labels = root.get("aria-labelledby").split()
    assert [named[each] for each in labels] == ["Where it comes from", "A description."]


def test_the_thread_runs_from_the_birth_to_above_the_store():
    drawing = svg(scene(CONNECT, thread=Thread("tcp.Client", born=1, stored=4)))
    root = ET.fromstring(drawing)
    dot = root.find(f"{SVG}circle")
    path = next(each for each in root.iter(f"{SVG}path") if each.get("class") == "wf-thread")
    born_x, stored_x = (float(line.get("x1")) for line in lifelines(root)[2:4])
    assert float(dot.get("cx")) == born_x
    assert path.get("d").startswith(f"M{born_x:g} ")
    assert f"H{stored_x:g}V" in path.get("d")


def lifelines(root):
    return [each for each in root.iter(f"{SVG}line") if each.get("class") == "wf-lifeline"]


def test_an_activation_ends_with_the_last_row_beneath_its_call():
    root = ET.fromstring(svg(scene(CONNECT)))
    bars = [each for each in root.iter(f"{SVG}rect") if "wf-bar" in each.get("class")]
    heights = [float(each.get("height")) for each in bars]
    assert heights[0] > heights[1]
    assert heights[2] > heights[1]


@pytest.mark.parametrize("last", ["x" * 60, "Some.transport"])
def test_nothing_is_drawn_beyond_the_right_edge(last):
    rows = (Row(RowKind.CALL, last, 3, 3), Row(RowKind.STORE, last, 3, 3, 0, "None", "tcp.Client"))
    root = ET.fromstring(svg(scene(rows)))
    width = float(root.get("width"))
    for box in root.iter(f"{SVG}rect"):
        assert float(box.get("x")) + float(box.get("width")) <= width
    label = next(each for each in root.iter(f"{SVG}text") if each.text == last)
    assert float(label.get("x")) + 6.6 * len(last) <= width


HOSTILE = '</text><script>alert(1)</script>" onload="alert(2)'


def test_text_of_strangers_stays_text():
    rows = (
        Row(
            RowKind.CALL, HOSTILE, 0, 1, place=HOSTILE, href="javascript:alert(3)", code=(HOSTILE,)
        ),
        Row(RowKind.STORE, HOSTILE, 1, 1, 0, HOSTILE, HOSTILE, value=HOSTILE),
        Row(RowKind.TURN, HOSTILE),
    )
    html = figure(scene(rows, lifelines=(HOSTILE, "b"), thread=Thread(HOSTILE, 0, 1)))
    assert "<script" not in html
    assert ' onload="' not in html
    assert "javascript:" not in html


def test_the_steps_say_the_same_as_the_picture_and_mark_the_line_that_counts():
    root = ET.fromstring(figure(scene(CONNECT), caption="How it connects"))
    steps = ["".join(each.itertext()).strip() for each in root.find("ol")]
    assert [step.splitlines()[0] for step in steps] == [
        "page calls connect",
        "Connector calls tcp.Clienttcp.py:7    1 a",
        "later, from the reactor",
        "Client calls makeConnection",
        "Some.transport changes from None to tcp.Client",
    ]
    assert [each.text for each in root.iter("mark")] == ["b"]
    assert root.find("figcaption").text == "How it connects"


ENTRIES = {"tcp.Client": "api/tcp.html#tcp.Client", "evil": 'javascript:alert("1")'}


def entered(entry, place=""):
    return scene((Row(RowKind.CALL, "it", 0, 1, entry=entry, place=place, href="https://x.y"),))


def api(name):
    return ENTRIES.get(name, "")


def test_a_step_has_a_link_to_its_api_entry_beside_the_one_to_its_source():
    root = ET.fromstring(figure(entered("tcp.Client", "tcp.py:7"), api=api))
    (place,) = (each for each in root.iter("p") if each.get("class") == "wf-place")
    links = [(each.get("href"), "".join(each.itertext())) for each in place.iter("a")]
    assert links == [
        ("https://x.y", "tcp.py:7"),
        ("api/tcp.html#tcp.Client", "API entry of tcp.Client"),
    ]


@pytest.mark.parametrize("entry", ["", "unknown"])
def test_a_step_without_an_api_entry_has_no_link_to_one(entry):
    assert ">API" not in figure(entered(entry, "tcp.py:7"), api=api)


def test_an_api_entry_is_linked_where_the_source_is_not_known():
    assert "API" in figure(entered("tcp.Client"), api=api)


def test_a_picture_alone_leads_to_api_entries():
    root = ET.fromstring(standalone(entered("tcp.Client"), api=api))
    (link,) = root.iter(f"{SVG}a")
    assert link.get("href") == "api/tcp.html#tcp.Client"
    assert "".join(link.itertext()) == "it"


def test_the_address_of_an_api_entry_can_run_nothing():
    for made in (figure(entered("evil"), api=api), standalone(entered("evil"), api=api)):
        assert "javascript:" not in made
