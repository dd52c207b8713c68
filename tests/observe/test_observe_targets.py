"""Whatever Python lets one store to is a store: all targets, all kinds of attributes."""

import asyncio
import contextlib
import dataclasses
import inspect
import sys
import types

import attrs
import pytest

import wherefrom

HERE = __name__


class Plain:
    value = None


class Slotted:
    __slots__ = ("value",)


GLOBAL = None


def seen(program, *watch, **options):
    """The values that were stored, as text; and whether each store was seen as it happened."""
    paths = [f"{HERE}.{each}" for each in watch or ("Plain.value",)]
    with wherefrom.observe(watch=paths, **options) as trace:
        program()
    assert all(store.line for store in trace.stores)
    return [(told(store.new), store.seen) for store in trace.stores]


def told(value):
    return value and (value.text or value.type.rpartition(":")[2])


def all_seen(*values):
    return [(value, True) for value in values]


@contextlib.contextmanager
def two():
    yield (1, 2)


class Awaited:
    async def __aenter__(self):
        return 7

    async def __aexit__(self, *_):
        return None


async def numbers():
    yield 8


def test_tuple_list_with_and_comprehension_targets_are_stores():
    def program():
        x = Plain()
        with two() as (x.value, _):
            pass
        [x.value, *_] = [3, 4]
        [0 for x.value in (5, 6)]

    assert seen(program) == all_seen("1", "3", "5", "6")


def test_asynchronous_targets_are_stores():
    async def main(x):
        async with Awaited() as x.value:
            pass
        async for x.value in numbers():
            pass
        x.value = await asyncio.sleep(0, 9)

    assert seen(lambda: asyncio.run(main(Plain()))) == all_seen("7", "8", "9")


def test_an_augmented_assignment_is_a_store_even_of_the_same_value():
    def program():
        x = Plain()
        x.value = 1000
        x.value += 1
        x.value += 0

    assert seen(program) == all_seen("1000", "1001", "1001")


MODULE = """\
from contextlib import nullcontext

G = None

def program():
    global G
    G = 1
    with nullcontext(2) as G:
        pass
    for G in (3, 4):
        pass
    G, _ = 5, 6
    (G := 7)
    G += 1
    try:
        raise ValueError
    except ValueError as G:
        pass
    import os as G
    def G(): pass
    class G: pass
    globals()["G"] = 9
    del G
"""


def test_every_way_to_bind_a_modules_global_is_a_store(monkeypatch):
    module = types.ModuleType("made_here")
    monkeypatch.setitem(sys.modules, "made_here", module)
    exec(compile(MODULE, "made_here.py", "exec"), vars(module))
    with wherefrom.observe(watch=["made_here.G"]) as trace:
        module.program()
    values = [told(store.new) for store in trace.stores]
    # An `except ... as` binds the name, and at its end unbinds it.
    caught = ["ValueError", "None", None]
    assert values == [*"1234578", *caught, "module", "function", "type", "9", None]
    assert all(store.seen for store in trace.stores)
    assert trace.stores[0].line == MODULE.split("\n").index("    G = 1") + 1


def test_a_module_is_stored_to_from_elsewhere(monkeypatch):
    monkeypatch.setitem(sys.modules, "made_here", types.ModuleType("made_here"))

    def program():
        setattr(sys.modules["made_here"], "x", 1)  # noqa: B010
        sys.modules["made_here"].x = 2
        import made_here

        made_here.x = 3
        vars(made_here)["x"] = 4
        delattr(made_here, "x")

    with wherefrom.observe(watch=["made_here.x"]) as trace:
        program()
    assert [(told(s.new), s.seen) for s in trace.stores] == all_seen("1", "2", "3", "4", None)


def test_a_name_in_a_class_body_is_no_global():
    def program():
        class Other:
            GLOBAL = 5

        return Other

    assert seen(program, "GLOBAL") == []


def test_a_class_attribute_is_stored_to_in_every_way():
    def program():
        setattr(Plain, "value", 1)  # noqa: B010
        type.__setattr__(Plain, "value", 2)
        Plain.value = None

    assert seen(program) == all_seen("1", "2", "None")


def test_slots_are_stored_to_by_their_descriptor():
    def program():
        x = Slotted()
        Slotted.value.__set__(x, 1)
        Slotted.value.__delete__(x)

    assert seen(program, "Slotted.value") == all_seen("1", None)


def test_a_dictionary_that_is_replaced_is_a_store_and_the_new_one_is_watched():
    def program():
        x = Plain()
        x.__dict__ = {"value": 1}
        x.value = 2

    assert seen(program) == all_seen("1", "2")


def test_generated_constructors_store_whether_frozen_slotted_or_neither():
    @dataclasses.dataclass
    class A:
        value: int

    @dataclasses.dataclass(frozen=True, slots=True)
    class B:
        value: int

    classes = [A, B]
    for define in (attrs.define, attrs.frozen):
        for slots in (True, False):

            @define(slots=slots)
            class C:
                value: int

            classes.append(C)

    def program():
        for number, cls in enumerate(classes):
            cls(number)

    assert seen(program, "A.value", "B.value", "C.value") == all_seen(*"012345")


def test_a_name_that_a_class_mangles_is_watched_as_it_is_stored():
    class Mangled:
        def __init__(self):
            self.__hidden = 1

    assert seen(Mangled, "Mangled._Mangled__hidden") == all_seen("1")


def test_what_exec_and_a_lambda_store_is_seen():
    x = Plain()

    def program():
        exec("x.value = 1", {"x": x})
        max([x], key=lambda each: setattr(each, "value", 2) or 0)

    assert seen(program) == all_seen("1", "2")


def test_a_namespace_of_the_programs_own_is_not_asked():
    class Namespace(dict):
        def hostile(self, *_):
            raise AssertionError

        __contains__ = values = get = items = keys = hostile

    x = Plain()
    code = compile("setattr(x, 'value', 1)\nx.value = 2", "x.py", "exec")

    def program():
        exec(code, {"x": x}, Namespace())

    assert seen(program) == all_seen("1", "2")


def test_a_line_with_several_stores_tells_each():
    def program():
        x = Plain()
        x.value, x.value = x.value, _ = 1, 2

    assert seen(program) == all_seen("1", "2", "1")


@pytest.mark.parametrize("number", range(2))
def test_the_store_is_at_the_line_where_its_statement_stores(number):
    def program():
        x = Plain()
        x.value = (
            1,
            2,
        )
        x.value = 3

    with wherefrom.observe(watch=[f"{HERE}.Plain.value"]) as trace:
        program()
    lines, start = inspect.getsourcelines(program)
    # Each call of `setattr` is one line, as Python tells it: that of its name.
    expected = [start + lines.index("        x.value = (\n"), start + 6]
    assert trace.stores[number].line == expected[number]
