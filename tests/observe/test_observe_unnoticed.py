"""The program runs as it would have run: nothing of it can tell, and nothing stays changed."""

import bdb
import contextlib
import copy
import cProfile
import gc
import json
import pickle
import subprocess
import sys
import textwrap
import weakref

import pytest

import wherefrom
from wherefrom.traces import Trace

HERE = __name__
OLD = sys.version_info < (3, 12)
# Before 3.13, whoever reads a frame's variables makes a copy of them that lives as long.
COPIES = sys.version_info < (3, 13)


class Box:
    value = None


class Thing:
    pass


def names(trace):
    return [call.qualname.rpartition(".")[2] for call in trace.calls]


def run(source, *arguments):
    command = [sys.executable, "-c", textwrap.dedent(source), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


RECURSION = """
    import contextlib, sys, traceback, wherefrom

    def deep(n):
        global most
        most = n
        deep(n + 1)

    def program():
        try:
            deep(0)
        except RecursionError as error:
            frames = traceback.extract_tb(error.__traceback__)
            return most, {frame.filename for frame in frames}

    with wherefrom.observe() if sys.argv[1] else contextlib.nullcontext() as trace:
        result = program()
        (lambda: program.__name__)()
    print(result)
    """


def test_a_recursion_error_comes_where_it_would_have_come_and_shows_the_program_alone():
    plain, files = eval(run(RECURSION, ""))
    observed, seen_files = eval(run(RECURSION, "1"))
    assert files == seen_files == {"<string>"}
    assert abs(plain - observed) < 15


@pytest.mark.skipif(not OLD, reason="newer Pythons go on observing")
def test_tracing_that_python_turned_off_for_want_of_stack_is_said():
    def deep():
        deep()

    before = sys.gettrace()
    try:
        with wherefrom.observe() as trace, pytest.raises(RecursionError):
            deep()
    finally:
        sys.settrace(before)
    assert trace.notes == (
        "stopped at a depth of 500 calls",
        "tracing was turned off, as by a lack of stack: what came after isn't known",
    )


def test_a_profiler_that_the_program_sets_is_served():
    seen = []

    def profile(frame, *_):
        seen.append(frame.f_code.co_name)

    def helper():
        pass

    with wherefrom.observe() as trace:
        sys.setprofile(profile)
        helper()
        sys.setprofile(None)
        helper()
    assert "helper" in seen
    assert names(trace) == ["helper", "helper"]


def test_a_debugger_and_a_profiler_that_were_there_go_on():
    stops = []

    class Debugger(bdb.Bdb):
        def user_line(self, frame):
            stops.append(frame.f_code.co_name)
            self.set_step()

    def helper(box):
        box.value = 1

    def program():
        box = Box()
        with wherefrom.observe(watch=[f"{HERE}.Box.value"]) as trace:
            helper(box)
        return trace

    trace = Debugger().runcall(program)
    assert "helper" in stops
    assert [store.seen for store in trace.stores] == [True]
    profiler = cProfile.Profile()
    assert profiler.runcall(program).outline() == trace.outline()
    profiler.create_stats()
    assert any(name == "helper" for _, _, name in profiler.stats)


def test_a_fork_goes_on_in_both_processes():
    printed = run("""
        import os, wherefrom

        def child(): pass
        def parent(): pass

        with wherefrom.observe() as trace:
            pid = os.fork()
            if pid:
                os.waitpid(pid, 0)
                parent()
            else:
                child()
        print(trace.calls[-1].qualname, flush=True)
        if not pid:
            os._exit(0)
    """)
    assert printed.split() == ["child", "parent"]


def test_a_tracer_that_the_program_sets_stays_and_is_said_where_it_hides_the_rest():
    def tracer(*_):
        return None

    def helper():
        pass

    before = sys.gettrace()
    try:
        with wherefrom.observe() as trace:
            sys.settrace(tracer)
            helper()
        assert sys.gettrace() is tracer
    finally:
        sys.settrace(before)
    note = "the program set a tracer of its own: what came after was not seen"
    assert (trace.notes == (note,)) if OLD else (names(trace) == ["helper"])


def test_a_tracer_that_was_there_sees_the_same_lines():
    box, seen = Box(), []

    def tracer(frame, event, _):
        if frame.f_code.co_name == "program":
            seen.append((event, frame.f_lineno))
        return tracer

    def program(observing):
        with observing:
            box.value = 1
            setattr(box, "value", 2)  # noqa: B010
        return seen

    def lines(observing):
        seen.clear()
        before = sys.gettrace()
        sys.settrace(tracer)
        try:
            program(observing)
        finally:
            sys.settrace(before)
        return [*seen]

    plain = lines(contextlib.nullcontext())
    assert plain == lines(wherefrom.observe(watch=[f"{HERE}.Box.value"]))
    assert len(plain) > 4


def test_no_object_and_no_class_lives_longer():
    def program():
        class Local(Thing):
            pass

        thing = Local()
        passed(thing)
        refs = weakref.ref(thing), weakref.ref(Local)
        del thing
        first = refs[0]() is None
        del Local
        gc.collect()
        return first, refs[1]() is None

    def passed(thing):
        return thing

    with wherefrom.observe(watch=[f"{HERE}.Box.value"]):
        inside = program()
    assert inside == program() == (True, True)


@pytest.mark.skipif(COPIES, reason="says how newer Pythons differ")
def test_what_a_function_lets_go_of_dies_at_once():
    def program(thing):
        count, ref = sys.getrefcount(thing), weakref.ref(thing)
        del thing
        return count, ref() is None

    plain = program(Thing())
    with wherefrom.observe():
        inside = program(Thing())
    assert inside == plain


def test_del_runs_when_it_would_have_run():
    log = []

    class Dying:
        def __del__(self):
            log.append("gone")

        def method(self):
            pass

    def program():
        dying = Dying()
        dying.method()
        del dying
        log.append("after")

    with wherefrom.observe():
        program()
    assert log == ["gone", "after"]


def test_an_exit_stack_may_enter_the_block():
    box = Box()
    with contextlib.ExitStack() as stack:
        trace = stack.enter_context(wherefrom.observe(watch=[f"{HERE}.Box.value"]))
        box.value = 1
    assert __file__ in trace.own
    assert contextlib.__file__ not in trace.own
    assert [store.new.text for store in trace.stores] == ["1"]


def test_a_trace_that_is_being_made_can_be_shown_and_a_made_one_copied():
    with wherefrom.observe() as trace:
        assert not hasattr(trace, "_repr_html_")
        assert "LiveTrace" in repr(trace)
    assert copy.copy(trace).trace == pickle.loads(pickle.dumps(trace)).trace == trace.trace


def test_any_text_that_a_program_can_hold_goes_through_json():
    def passed(value):
        return value

    with wherefrom.observe() as trace:
        for each in ("\ud800", "\u2028\x00", b"\xff", 10**30, -1, True, None, "x" * 41):
            passed(each)
    data = json.dumps(trace.to_json()).encode()
    assert Trace.from_json(json.loads(data)) == trace.trace
    assert trace.calls[0].args[0][1].text == r"'\ud800'"
