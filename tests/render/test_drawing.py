"""From what was observed to a scene: who calls, in which turn and thread, what has which value."""

from dataclasses import replace

import pytest

from wherefrom.profiles import for_library
from wherefrom.render.drawing import Named, lines_of, scene_of
from wherefrom.render.layout import NARROW, ROOM, narrow, wide
from wherefrom.render.places import Places
from wherefrom.render.scene import Lifeline, Row, RowKind, Scene
from wherefrom.traces import Call, Line, Store, Trace, Value

PAGE = "page.md"


def call(ident, name, parent=None, **more):
    module, _, qualname = name.partition(":")
    given = {
        "depth": 0,
        "thread": 0,
        "turn": 0,
        "file": f"/lib/{module}.py",
        "line": 1,
        "caller_file": PAGE,
        "caller_line": 1,
    }
    return Call(ident=ident, parent=parent, module=module, qualname=qualname, **{**given, **more})


def store(ident, new, old=None, holder=50, parent=None, **more):
    given = {"depth": 0, "thread": 0, "turn": 0, "file": PAGE, "line": 1}
    return Store(
        ident=ident,
        parent=parent,
        watch="lib.Box.it",
        attribute="it",
        holder=Value(holder, "lib:Box"),
        old=old,
        new=new,
        **{**given, **more},
    )


def drawn(*events, lines=None, threads=("MainThread",)):
    trace = Trace(events=events, own=(PAGE,), threads=threads)
    places = Places(trace, for_library(""))
    given = trace.lines() if lines is None else lines
    return scene_of(given, places, Named("flow-x", "A title", "Library 1.0"))


def said(scene):
    return [(row.kind.value, row.label, row.direct) for row in scene.rows]


def labels(scene):
    return [scene.lifelines[row.source].label for row in scene.rows]


def test_who_calls_through_unlisted_calls_leads_to_what_is_called():
    outer, middle, inner = call(1, "lib:outer"), call(2, "lib:middle", 1), call(3, "lib:inner", 2)
    near = drawn(outer, middle, lines=[Line(0, "outer", outer), Line(1, "middle", middle)])
    assert said(near) == [("call", "outer", True), ("call", "middle", True)]
    far = drawn(outer, middle, inner, lines=[Line(0, "outer", outer), Line(1, "inner", inner)])
    assert said(far) == [("call", "outer", True), ("call", "inner", False)]
    alone = drawn(outer, middle, lines=[Line(0, "middle", middle)])
    assert said(alone) == [("call", "middle", False)]


def test_only_a_call_from_the_loop_says_that_what_came_before_has_returned():
    before, after = call(1, "lib:before"), call(3, "lib:after", turn=1)
    beside, back = call(2, "lib:beside", thread=1), call(3, "lib:back")
    scene = drawn(before, beside, back, threads=("MainThread", "Helper"))
    assert [row.label for row in scene.rows if row.kind is RowKind.TURN] == [
        "in thread Helper",
        "back here",
    ]
    scene = drawn(before, replace(after, ident=2))
    assert [row.label for row in scene.rows if row.kind is RowKind.TURN] == [
        "returns here; later, from the loop"
    ]


def test_a_thread_is_who_calls_what_begins_in_it():
    scene = drawn(call(1, "lib:work", thread=1), threads=("MainThread", "Helper"))
    (row,) = (each for each in scene.rows if each.kind is RowKind.CALL)
    assert scene.lifelines[row.source] == Lifeline(
        "another thread", "Helper", shown="Helper", plain=True
    )


@pytest.mark.parametrize(
    ("dotted", "shown"),
    [
        (["twisted.internet.tcp:"], ["internet.tcp"]),
        (["a.b.tcp:", "c.d.tcp:"], ["b.tcp", "d.tcp"]),
        (["a.net.tcp:", "b.net.tcp:"], ["a.net.tcp", "b.net.tcp"]),
    ],
)
def test_a_module_shows_as_much_as_tells_it_from_its_namesakes(dotted, shown):
    scene = drawn(*(call(n, f"{each}Box", constructs=True) for n, each in enumerate(dotted, 1)))
    assert [each.shown for each in scene.lifelines if each.label == "Box"] == shown


def values(scene):
    return [row.value for row in scene.rows]


NONE, ONE = Value(0, "builtins:NoneType", "None"), Value(0, "builtins:int", "1")


def test_each_row_knows_the_value_and_before_the_first_store_what_it_was():
    scene = drawn(call(1, "lib:make"), store(2, ONE, NONE), store(3, None, ONE))
    assert values(scene) == ["lib.Box.it is None", "lib.Box.it is 1", "lib.Box.it is not set"]


def test_two_objects_have_two_values():
    scene = drawn(store(1, ONE, NONE), store(2, ONE, None, holder=60))
    assert values(scene) == [
        "lib.Box.it is 1, lib.Box.it (object 2) is not set",
        "lib.Box.it is 1, lib.Box.it (object 2) is 1",
    ]


def test_nothing_watched_has_no_value():
    assert values(drawn(call(1, "lib:make"))) == [""]


CLIENT = Value(7, "lib.net:Client")


def test_the_thread_begins_where_the_value_is_built():
    born = call(1, "lib.net:Client", constructs=True, args=(("self", CLIENT),))
    scene = drawn(call(0, "lib:before", args=(("it", CLIENT),)), born, store(2, CLIENT, NONE))
    assert (scene.thread.born, scene.thread.stored, scene.thread.met) == (1, 2, False)


def test_the_thread_of_a_value_whose_building_nothing_saw_begins_where_it_was_met():
    met = call(1, "lib:take", args=(("it", CLIENT),))
    own = call(2, "lib.net:Client.go", receiver=CLIENT.type)
    scene = drawn(call(0, "lib:before"), met, own, store(3, CLIENT, NONE))
    assert (scene.thread.born, scene.thread.stored, scene.thread.met) == (1, 3, True)
    assert scene.lifelines[scene.thread.along].label == "Client"


def test_there_is_no_thread_where_the_scene_leaves_the_birth_out():
    born = call(1, "lib.net:Client", constructs=True, args=(("self", CLIENT),))
    taken, kept = call(2, "lib:take", args=(("it", CLIENT),)), store(3, CLIENT, NONE)
    lines = [Line(0, "take", taken), Line(0, "it", kept)]
    assert drawn(born, taken, kept, lines=lines).thread is None


def test_what_a_call_gave_arrives_at_the_line_that_called_and_leads_to_no_entry():
    made = call(1, "lib:make", result=CLIENT, caller_line=3)
    rows = drawn(made, store(2, CLIENT, NONE)).rows
    returned = next(each for each in rows if each.kind is RowKind.RETURN)
    assert (returned.label, returned.name) == ("returns Client", "net.Client")
    assert (returned.place, returned.entry) == ("page.md:3", "")


def test_an_origins_bands_name_threads_as_an_outlines_do():
    born = call(1, "lib.net:Client", constructs=True, args=(("self", CLIENT),))
    kept = store(3, CLIENT, NONE, thread=1)
    trace = Trace(events=(born, kept), own=(PAGE,), threads=("MainThread", "Helper"))
    assert [str(each) for each in lines_of(trace.origin("Box.it"), trace)] == [
        "net.Client",
        "-- in thread Helper",
        "lib.Box.it: None -> net.Client",
    ]


def test_a_scene_says_what_it_was_seen_on():
    assert drawn(call(1, "lib:make")).ran_on == "Library 1.0"


def crowded(count, name="Participant", label="call_with_a_name"):
    lifelines = tuple(Lifeline(f"{name}{n}", shown="package.module") for n in range(count))
    rows = tuple(Row(RowKind.CALL, label, n, n + 1) for n in range(count - 1))
    return Scene("flow-x", "", "", lifelines, rows)


def test_a_wide_picture_keeps_labels_off_the_lifelines_that_they_lie_between():
    placed = wide(crowded(4, "P", "a_very_long_name_of_a_method"))
    for left, right in zip(placed.xs, placed.xs[1:], strict=False):
        assert right - left > 28 * placed.sizes.label + 10


@pytest.mark.parametrize("count", [1, 2, 5, 9])
def test_a_narrow_picture_is_as_wide_as_a_phone_and_no_two_heads_touch(count):
    placed = narrow(crowded(count))
    assert placed.width == NARROW
    for number, one in enumerate(placed.heads):
        assert one.left >= 0
        assert one.left + one.width <= NARROW
        for other in placed.heads[number + 1 :]:
            apart = one.left + one.width <= other.left or other.left + other.width <= one.left
            assert apart or one.top != other.top


def test_a_picture_of_a_few_short_names_fits_the_text_of_a_page():
    assert wide(crowded(5, "Client", "connect")).width <= ROOM


def test_a_store_too_long_for_a_phone_has_two_lines_and_the_rows_beneath_move_down():
    short = Row(RowKind.STORE, "Box.it", 0, 0, 0, "None", "1")
    long = replace(short, new="a.very.long.name.of.a.class.that.was.stored.Here")
    scene = replace(crowded(2), rows=(short, short, short))
    placed = narrow(scene)
    assert placed.pill(short) == ("Box.it: None → 1",)
    taller = narrow(replace(scene, rows=(short, long, short)))
    assert [text.partition(" ")[0] for text in taller.pill(long)] == ["Box.it:", "None"]
    assert taller.tops[1] == placed.tops[1]
    assert taller.tops[2] > placed.tops[2]
