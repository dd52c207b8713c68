"""Calls carry their names, their ends and their nesting; the program notices nothing."""

import dataclasses
import functools
import gc
import sys
import threading
import weakref

import attrs
import pytest

import wherefrom
from wherefrom.observe import ObserveError


def outline(function, **options):
    with wherefrom.observe(**options) as trace:
        function()
    return trace.outline()


class Base:
    def __init__(self):
        self.ready = True

    def work(self):
        return 1

    @classmethod
    def make(cls):
        return cls()

    @staticmethod
    def plain():
        return 2


class Child(Base):
    def __init__(self):
        super().__init__()


@dataclasses.dataclass
class Data:
    number: int


@attrs.define
class Made:
    number: int


@attrs.define
class MadeToo(Made):
    other: int = 0


def decorated(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args)

    return wrapper


@decorated
def inner():
    return [each for each in each_of(lambda n: [n, *helper()])]  # noqa: C416 - to be folded


def each_of(function):
    return function(2)


def helper():
    return [1]


def test_methods_are_named_by_the_class_that_defines_them_and_constructions_by_their_own():
    def program():
        Child.make().work()
        Child.plain()

    with wherefrom.observe() as trace:
        program()
    name = "test_methods_are_named_by_the_class_that_defines_them_and_constructions_by_their_own"
    assert [call.qualname for call in trace.calls] == [
        f"{name}.<locals>.program",
        "Base.make",
        "Child",
        "Base.__init__",
        "Base.work",
        "Base.plain",
    ]
    work = trace.calls[4]
    assert work.receiver == f"{__name__}:Child"
    assert work.result.text == "1"
    assert work.caller_file == __file__


def test_a_method_may_call_its_object_as_it_likes():
    class Odd:
        def __init__(this):  # noqa: N805
            pass

        def method(me):  # noqa: N805
            return me

        @staticmethod
        def plain(odd):
            return odd

    def program():
        Odd.plain(Odd().method())

    with wherefrom.observe() as trace:
        program()
    assert trace.outline() == "program\n  Odd\n  Odd.method\n  Odd.plain"
    receivers = [call.receiver.rpartition(".")[2] for call in trace.calls]
    assert receivers == ["", "Odd", "Odd", ""]


def test_a_new_without_an_init_is_the_construction():
    class Made:
        def __new__(cls):
            return super().__new__(cls)

    class Child(Made):
        def __new__(cls):
            return super().__new__(cls)

    class Initial(Made):
        def __init__(self):
            pass

    with wherefrom.observe() as trace:
        Made()
        Child()
        Initial()
    assert trace.outline() == "Made\nChild\n  Made.__new__\nMade.__new__\nInitial"


def test_generated_constructors_are_named_by_their_class():
    def program():
        Data(1)
        MadeToo(1)

    assert outline(program) == "program\n  Data\n  MadeToo"


def test_what_python_writes_to_make_a_class_is_no_call_of_the_programs():
    def program():
        @dataclasses.dataclass
        class Made:
            number: int

        return Made(1)

    with wherefrom.observe(focus=[__name__]) as trace:
        program()
    assert trace.outline() == "program\n  Made"


def test_lambdas_and_comprehensions_are_folded_and_decorated_functions_keep_their_names():
    assert outline(inner) == "wrapper\n  inner\n    each_of\n      helper"


def test_a_generator_is_one_call_however_often_it_goes_on():
    def numbers():
        yield 1
        helper()
        yield 2

    def program():
        return list(numbers())

    with wherefrom.observe() as trace:
        program()
    assert trace.outline() == "program\n  numbers\n    helper"
    call = trace.calls[1]
    assert call.resumed == 2
    assert call.result.text == "None"


@pytest.mark.skipif(sys.version_info < (3, 12), reason="older Pythons know no such tools")
def test_more_observations_than_there_are_tools_are_refused():
    with (
        wherefrom.observe(),
        wherefrom.observe(),
        pytest.raises(ObserveError, match=r"all of sys\.monitoring's free tools are taken"),
        wherefrom.observe(),
    ):
        pass


def test_an_exception_that_leaves_a_call_is_named():
    def fails():
        return 1 / 0

    with wherefrom.observe() as trace:
        with pytest.raises(ZeroDivisionError):
            fails()
        helper()
    raised = {call.qualname.rsplit(".", 1)[-1]: call.raised for call in trace.calls}
    assert raised["fails"] == "ZeroDivisionError"
    assert raised["helper"] == ""


def test_each_thread_has_its_own_line():
    def program():
        thread = threading.Thread(target=helper, name="second")
        thread.start()
        thread.join()

    with wherefrom.observe(focus=[__name__]) as trace:
        program()
    assert trace.threads[trace.calls[-1].thread] == "second"
    assert trace.outline() == "program\n-- in thread second\nhelper"


def test_what_was_set_before_is_set_again_afterwards():
    seen = []

    def tracer(frame, *_):
        seen.append(frame.f_code.co_name)

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        with wherefrom.observe() as trace:
            helper()
        assert sys.gettrace() is tracer
    finally:
        sys.settrace(before)
    assert "helper" in seen
    assert trace.outline() == "helper"


def test_one_observation_lies_within_another():
    with wherefrom.observe() as outer:
        helper()
        with wherefrom.observe() as nested:
            helper()
        helper()
    assert nested.outline() == "helper"
    assert outer.outline() == "helper\nhelper\nhelper"


def test_an_object_dies_when_it_would_have_died():
    def program():
        child = Child()
        ref = weakref.ref(child)
        child.work()
        del child
        return ref() is None

    gc.disable()
    try:
        with wherefrom.observe():
            dead = program()
    finally:
        gc.enable()
    assert dead


def test_no_value_is_asked_for_its_repr_and_no_class_for_its_own_ideas_of_itself():
    class Loud(type):
        def __getattribute__(cls, name):
            raise AssertionError(name)

        __hash__ = None

    class Hostile(metaclass=Loud):
        def __repr__(self):
            raise AssertionError

        __eq__ = __hash__ = __bool__ = __len__ = __repr__

        def __getattribute__(self, name):
            raise AssertionError(name)

    def program(value):
        return value

    hostile = Hostile()
    with wherefrom.observe(watch=[f"{__name__}.Base.ready"]) as trace:
        program(hostile)
    assert trace.calls[0].args[0][1].type.endswith("Hostile")


def test_a_trace_is_read_only_when_its_block_has_ended():
    with wherefrom.observe() as trace, pytest.raises(ObserveError, match="when the `with` block"):
        trace.outline()


def test_focus_keeps_what_the_focused_call_in_ones_own_code_and_nothing_else():
    def callback():
        return helper()

    with wherefrom.observe(focus=["functools"]) as trace:
        helper()
        functools.cached_property(callback)
    assert trace.outline() == "functools.cached_property"
