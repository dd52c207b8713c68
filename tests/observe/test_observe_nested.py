"""An observation within another: each sees what it would have seen alone."""

import threading

import wherefrom

HERE = __name__


class A:
    value = None


class B:
    other = None


def lines(trace, function):
    first = function.__code__.co_firstlineno
    return [store.line - first for store in trace.stores]


def seen(trace):
    assert all(store.seen for store in trace.stores)
    return [store.new.text for store in trace.stores]


def test_both_see_the_stores_of_the_very_function_that_has_their_blocks():
    a, b = A(), B()
    with wherefrom.observe(watch=[f"{HERE}.A.value"]) as outer:
        a.value = 1
        with wherefrom.observe(watch=[f"{HERE}.B.other"]) as inner:
            a.value = 2
            b.other = 3
            setattr(b, "other", 4)  # noqa: B010
            a.value = 5
        a.value = 6
        b.other = 7
    assert seen(outer) == ["1", "2", "5", "6"]
    assert seen(inner) == ["3", "4"]


def test_one_function_stores_to_what_each_of_them_watches():
    def program(a, b):
        a.value = 1
        b.other = 2
        setattr(a, "value", 3)  # noqa: B010
        setattr(b, "other", 4)  # noqa: B010

    with (
        wherefrom.observe(watch=[f"{HERE}.A.value"]) as outer,
        wherefrom.observe(watch=[f"{HERE}.B.other"]) as inner,
    ):
        program(A(), B())
    assert (lines(outer, program), lines(inner, program)) == ([1, 3], [2, 4])
    assert (seen(outer), seen(inner)) == (["1", "3"], ["2", "4"])


def test_an_outer_one_that_watches_nothing_takes_no_line_from_the_inner_one():
    def program(a):
        setattr(a, "value", 1)  # noqa: B010
        a.value = 2

    with wherefrom.observe() as outer, wherefrom.observe(watch=[f"{HERE}.A.value"]) as inner:
        program(A())
    assert lines(inner, program) == [1, 2]
    assert outer.outline().endswith("program")


def test_a_thread_that_begins_within_both_is_seen_by_both():
    a = A()

    def work():
        a.value = 1

    with (
        wherefrom.observe(watch=[f"{HERE}.A.value"]) as outer,
        wherefrom.observe(watch=[f"{HERE}.A.value"]) as inner,
    ):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert seen(outer) == seen(inner) == ["1"]
