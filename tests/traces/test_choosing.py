"""What an author begins with: few lines, and those that the page is about."""

import contextlib
import sys
import textwrap

import pytest

import wherefrom
from wherefrom.check.flow import match

HERE = __name__

LIBRARY = """
class Machine:
    state = "new"

    def __init__(self):
        self._prepare()

    def _prepare(self):
        pass

    def start(self, callback):
        self._log("starting")
        self.state = "started"
        self._run(callback)
        self.state = "stopped"

    def _run(self, callback):
        self._log("running")
        self.dispatch(callback)

    def dispatch(self, callback):
        with Guard():
            callback(self)

    def _log(self, text):
        pass

    def refuse(self):
        _check()


class Guard:
    def __enter__(self):
        pass

    def __exit__(self, *error):
        pass


def _check():
    raise ValueError
"""


@pytest.fixture
def library(tmp_path, monkeypatch):
    (tmp_path / "machines.py").write_text(LIBRARY)
    monkeypatch.syspath_prepend(tmp_path)
    import machines

    yield machines
    monkeypatch.delitem(sys.modules, "machines")


def quiet(machine):
    machine.state = "called"


def refused(machine):
    machine.refuse()


def chosen(program, *, watch=(), limit=12, **wanted):
    with wherefrom.observe(watch=watch) as trace:
        program()
    found = trace.chosen(watch, limit, **wanted)
    assert match(trace.trace, found).missing is None
    assert len(found.split("\n")) <= limit
    return found


def expected(text):
    return textwrap.dedent(text).strip()


def test_without_stores_it_is_the_pages_own_code_that_was_called_and_how(library):
    def program():
        for _ in range(3):
            library.Machine().start(quiet)

    assert chosen(program, limit=6) == expected("""
        program
          machines.Machine
          machines.Machine.start
            machines.Machine._run
              machines.Machine.dispatch
                quiet
    """)


def test_an_exception_that_left_a_call_is_told_down_to_where_it_was_raised(library):
    def program():
        with contextlib.suppress(ValueError):
            library.Machine().start(refused)

    assert chosen(program, limit=6) == expected("""
        program
          machines.Machine._run
            machines.Machine.dispatch
              refused
                machines.Machine.refuse
                  machines._check
    """)


def test_all_stores_to_the_one_object_come_first_and_what_is_kept_private_last(library):
    def program():
        library.Machine().start(quiet)
        library.Machine().start(quiet)

    assert chosen(program, watch=["machines.Machine.state"]) == expected("""
        program
          machines.Machine
          machines.Machine.start
            machines.Machine.state: 'new' -> 'started'
            machines.Machine._run
              machines.Machine.dispatch
                quiet
                  machines.Machine.state: 'started' -> 'called'
            machines.Machine.state: 'called' -> 'stopped'
          machines.Machine
          machines.Machine.start
    """)


def test_a_flow_that_follows_one_class_is_about_its_stores_and_its_calls(library):
    class One(library.Machine):
        pass

    class Other(library.Machine):
        def dispatch(self, callback):
            callback(self)

    def program():
        One().start(quiet)
        Other().start(quiet)

    found = chosen(program, watch=["machines.Machine.state"], instance="Other")
    assert "Other.state: 'new' -> 'started'" in found
    assert "One" not in found
    assert "Other.dispatch" in chosen(program, instance="Other", limit=4)


def test_what_the_page_calls_is_told_where_nothing_calls_it_back(library):
    with wherefrom.observe() as trace:
        textwrap.dedent("")
        library.Machine()
    assert trace.chosen() == "machines.Machine"
    assert trace.chosen(focus=("textwrap",)) == "textwrap.dedent"
