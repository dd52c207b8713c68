"""What a snippet finds, and what is told of it."""

import textwrap

import pytest

from wherefrom.model import Job, Kind
from wherefrom.run import Pool


def outputs(result):
    return [each.output for each in result.outcomes]


def statuses(result):
    return [each.status.value for each in result.outcomes]


def test_examples_show_values_and_programs_print(run, job):
    result = run(job(">>> 1 + 1", ">>> None", "print('hi')\n7", ">>> 'é\\udc80'", ">>> print('é')"))
    assert outputs(result) == ["2\n", "", "hi\n", "'é\\udc80'\n", "é\n"]
    assert {*statuses(result)} == {"passed"}


def test_snippets_share_names_in_main_as_a_script_does(run, job, page):
    result = run(
        job("x = 5", ">>> x", ">>> __name__", ">>> __file__", ">>> __import__('sys').argv")
    )
    assert outputs(result) == ["", "5\n", "'__main__'\n", f"{str(page)!r}\n", f"{[str(page)]!r}\n"]


def test_a_page_runs_in_its_own_folder_and_imports_from_it(run, job, page):
    page.with_name("beside.py").write_text("value = 3\n", "utf-8")
    result = run(job("import os, beside\nprint(os.getcwd(), beside.value)"))
    assert outputs(result) == [f"{page.parent} 3\n"]
    assert [*result.environment.files] == [str(page.with_name("beside.py"))]


def test_examples_go_on_after_an_exception(run, job, page):
    result = run(job(">>> 1 / 0", ">>> 2"))
    assert statuses(result) == ["raised", "passed"]
    raised = result.outcomes[0].raised
    assert (raised.name, raised.message, raised.line) == (
        "ZeroDivisionError",
        "division by zero",
        3,
    )
    assert raised.text == textwrap.dedent(f"""\
        Traceback (most recent call last):
          File "{page}", line 3, in <module>
            1 / 0
            ~~^~~
        ZeroDivisionError: division by zero
        """)


def test_every_frame_of_a_traceback_points_into_the_page(run, job, page):
    result = run(
        job("def outer():\n    inner()\n\ndef inner():\n    raise KeyError('é')", "outer()")
    )
    # Python 3.13 marks a call that is a whole line, too.
    text = result.outcomes[1].raised.text
    assert text.replace("    ~~~~~^^\n", "") == textwrap.dedent(f"""\
        Traceback (most recent call last):
          File "{page}", line 9, in <module>
            outer()
          File "{page}", line 4, in outer
            inner()
          File "{page}", line 7, in inner
            raise KeyError('é')
        KeyError: 'é'
        """)
    assert result.outcomes[1].raised.line == 7


def test_a_syntax_error_is_reported_at_its_own_line(run, job):
    result = run(job("x = 1\nx = = 2", ">>> 1"))
    raised = result.outcomes[0].raised
    assert (raised.name, raised.message, raised.line) == ("SyntaxError", "invalid syntax", 4)
    assert outputs(result)[1] == "1\n"


def test_exceptions_of_modules_are_named_with_them(run, job):
    result = run(job(">>> import json; json.loads('')", "class E(Exception): pass\nraise E('x')"))
    assert [each.raised.name for each in result.outcomes] == ["json.decoder.JSONDecodeError", "E"]


def test_an_exception_whose_str_raises_is_told_all_the_same(run, job):
    source = "class Bad(Exception):\n    def __str__(self): raise ValueError\nraise Bad"
    assert run(job(source)).outcomes[0].raised.message == "<exception str() failed>"


def test_sys_exit_is_an_exception_like_others(run, job):
    result = run(job(">>> import sys; sys.exit(3)", ">>> 1"))
    assert statuses(result) == ["raised", "passed"]
    assert result.outcomes[0].raised.name == "SystemExit"


def test_inspect_finds_the_source_of_what_a_page_defines(run, job):
    result = run(
        job(
            "import inspect",
            "class Thing:\n    def go(self):\n        return 1",
            ">>> print(inspect.getsource(Thing.go))",
            ">>> print(inspect.getsource(Thing))",
        )
    )
    assert outputs(result)[2:] == [
        "    def go(self):\n        return 1\n\n",
        "class Thing:\n    def go(self):\n        return 1\n\n",
    ]


def test_future_statements_last_for_their_group(run, job):
    result = run(
        job(
            ">>> from __future__ import annotations",
            ">>> def f(x: nowhere): pass",
            ">>> f.__annotations__",
        )
    )
    assert outputs(result)[2] == "{'x': 'nowhere'}\n"


def test_a_failed_setup_skips_the_rest(run, job, snippet):
    setup = snippet("1 / 0", kind=Kind.SETUP)
    result = run(job(setup, ">>> 1", ">>> 2"))
    assert statuses(result) == ["raised", "skipped", "skipped"]
    assert result.outcomes[1].note == "skipped: the setup at line 3 failed"


def test_skipif_is_evaluated_in_the_group(run, job, snippet):
    result = run(
        job(
            "yes = True",
            snippet("print(1)", 5, skipif="yes"),
            snippet("print(2)", 7, skipif="not yes"),
            snippet("print(3)", 9, skipif="unknown"),
        )
    )
    assert statuses(result) == ["passed", "skipped", "passed", "raised"]
    assert result.outcomes[1].note == "skipped: yes is true"
    assert (result.outcomes[3].raised.name, result.outcomes[3].raised.line) == ("NameError", 9)


def test_pyversion_decides_before_anything_runs(run, job, snippet):
    result = run(
        job(
            snippet("print(1)", 3, pyversion="< 3"),
            snippet("print(2)", 5, pyversion=">= 3.11, != 3.10.*"),
            snippet("print(3)", 7, pyversion="new"),
            snippet("print(4)", 9),
        )
    )
    assert statuses(result) == ["skipped", "passed", "failed", "passed"]
    assert outputs(result) == ["", "2\n", "", "4\n"]
    assert result.outcomes[2].note == "`new` is no version specifier; write `>= 3.12`, say"


def test_the_doctest_directive_skip_is_honoured(run, job, snippet):
    result = run(job(snippet("1 / 0", kind=Kind.EXAMPLE, flags=(("SKIP", True),)), ">>> 1"))
    assert statuses(result) == ["skipped", "passed"]


def test_output_of_child_programs_and_descriptors_is_captured_in_order(run, job):
    result = run(
        job("import os, subprocess as s\nprint('a')\ns.run(['echo', 'b'])\nos.write(1, b'c\\xff')")
    )
    assert outputs(result) == ["a\nb\nc\ufffd"]


def test_standard_error_is_kept_apart(run, job):
    result = run(job("import sys\nprint('out')\nprint('err', file=sys.stderr)", ">>> 1"))
    assert [(each.output, each.stderr) for each in result.outcomes] == [
        ("out\n", "err\n"),
        ("1\n", ""),
    ]


def test_there_is_nothing_to_read_from_standard_input(run, job):
    assert run(job("input()")).outcomes[0].raised.name == "EOFError"


def test_an_empty_group_has_an_empty_run(run, page):
    assert run(Job(str(page), "default", ())).outcomes == ()


def test_a_page_sees_nothing_that_the_pool_imports_for_itself(run, job):
    result = run(job(">>> import sys; sorted({'psutil', 'pytest', 'click'} & {*sys.modules})"))
    assert outputs(result) == ["[]\n"]


def test_the_run_says_what_it_ran_on(run, job):
    result = run(job(">>> import click"))
    assert [*result.environment.distributions] == ["click"]
    assert result.environment.python.startswith("CPython 3.")
    assert result.environment.system
    assert result.seconds > 0


def test_preloaded_modules_are_there_and_a_missing_one_harms_nothing(job):
    with Pool(1, ("no_such_module", "xml.dom.minidom")) as pool:
        pool.submit(job(">>> import sys; 'xml.dom.minidom' in sys.modules"))
        [(_, result)] = pool.results()
    assert outputs(result) == ["True\n"]


def test_hashes_are_the_same_in_every_run(run, job):
    first, second = (run(job(">>> hash('wherefrom')")) for _ in range(2))
    assert outputs(first) == outputs(second)


@pytest.mark.parametrize("pool", ["spawn"], indirect=True)
def test_workers_can_be_started_as_new_pythons(run, job, pool):
    assert pool.start_method == "spawn"
    result = run(
        job(">>> 1 + 1", "1 / 0", ">>> import sys; 'json' in sys.modules", ">>> import click")
    )
    assert statuses(result) == ["passed", "raised", "passed", "passed"]
    assert result.outcomes[1].raised.line == 5
    assert [*result.environment.distributions] == ["click"]


@pytest.mark.parametrize("pool", ["spawn"], indirect=True)
def test_spawned_workers_are_under_the_same_limits(run_beside, job):
    result = run_beside(job(">>> 1", "while True: pass", seconds=1.0))
    assert statuses(result) == ["passed", "timeout"]
    assert "page.md" in result.stack
