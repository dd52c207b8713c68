"""Each outcome of a snippet gets its status, its message and its line."""

import pytest

from wherefrom.check import check_group
from wherefrom.model import Group, Kind, Outcome, Raised, Region, Run, Snippet, Status

FLAGS = ("ELLIPSIS", "DONT_ACCEPT_TRUE_FOR_1")
PAGE = "/p/x.md"
HEADER = "Traceback (most recent call last):\n"
LINK = "During handling of the above exception, another exception occurred:"


def example(want="", **rest):
    region = Region(PAGE, 8, 8 + want.count("\n"))
    return Snippet(Kind.EXAMPLE, PAGE, 7, "f()\n", want, 7, region, **rest)


def program(want=None, **rest):
    region = None if want is None else Region(PAGE, 21, 21 + want.count("\n"))
    line = 11 if want is None else 20
    return Snippet(Kind.PROGRAM, PAGE, 11, "a\nb\nc\n", want or "", line, region, **rest)


def raised(name="ValueError", message="no", line=12):
    return Raised(name, message, f"{HEADER}  File ...\n{name}: {message}\n", line)


def verdict(snippet, *, stack="", **outcome):
    outcome = {"status": Status.PASSED, **outcome}
    run = Run(PAGE, "default", (Outcome(**outcome),), 0.1, stack=stack)
    (found,) = check_group(Group("default", (snippet,)), run, FLAGS)
    return found


def test_output_as_expected_passes():
    found = verdict(example("2\n"), output="2\n")
    assert (found.status, found.message, found.line) == (Status.PASSED, "", 7)


def test_a_missing_newline_at_the_end_of_output_does_not_matter():
    assert verdict(example("2\n"), output="2").status is Status.PASSED


@pytest.mark.parametrize(
    ("want", "output", "message"),
    [
        ("2\n", "3\n", "printed something other than expected"),
        ("", "3\n", "printed something, though no output is expected"),
        ("2\n", "", "printed nothing, though output is expected"),
        (f"{HEADER}ValueError: no\n", "", "raised nothing, though an exception is expected"),
    ],
)
def test_unmet_expectations_fail(want, output, message):
    found = verdict(example(want), output=output)
    assert (found.status, found.message) == (Status.FAILED, message)
    assert (found.expected, found.got) == (want, output)


def test_wrong_output_of_a_program_is_reported_at_its_testoutput():
    found = verdict(program("1\n"), output="2\n")
    assert (found.line, found.snippet_line) == (20, 11)


def test_a_program_without_testoutput_must_print_nothing():
    found = verdict(program(), output="2\n")
    assert (found.status, found.line, found.region) == (Status.FAILED, 11, None)


def test_setup_may_print_what_it_likes():
    setup = Snippet(Kind.SETUP, PAGE, 3, "print(1)\n")
    assert verdict(setup, output="1\n").status is Status.PASSED


def test_an_unexpected_exception_is_reported_at_the_line_that_raised_it():
    found = verdict(program(), status=Status.RAISED, raised=raised(line=13))
    assert (found.status, found.line, found.snippet_line) == (Status.RAISED, 13, 11)
    assert found.message == "raised ValueError: no"
    assert found.detail == raised().text


def test_an_exception_from_another_snippets_function_is_reported_at_the_one_that_called_it():
    found = verdict(program(), status=Status.RAISED, raised=raised(line=3))
    assert found.line == 11


@pytest.mark.parametrize(
    "want",
    [
        f"{HEADER}ValueError: no\n",
        f"{HEADER}  ...\nValueError: no\n",
        f"{HEADER}    ...\nValueError: no\n",
        f'{HEADER}  File "<stdin>", line 1, in <module>\n    f()\nValueError: no\n',
        f"{HEADER}...\nValueError: no\n",
        "Traceback (innermost last):\nValueError: no\n",
        f"{HEADER}  ...\nValueError: n...\n",
        f"{HEADER}  ...\nKeyError: 1\n\n{LINK}\n\n{HEADER}  ...\nValueError: no\n",
    ],
)
@pytest.mark.parametrize("make", [example, program])
def test_an_expected_exception_passes_in_every_form(make, want):
    found = verdict(make(want), status=Status.RAISED, raised=raised())
    assert found.status is Status.PASSED


def test_a_program_may_print_before_it_raises():
    want = f"before\n\n{HEADER}  ...\nValueError: no\n"
    found = verdict(program(want), status=Status.RAISED, raised=raised(), output="before\n\n")
    assert found.status is Status.PASSED


def test_output_before_an_expected_exception_is_not_passed_over():
    want = f"{HEADER}  ...\nValueError: no\n"
    found = verdict(program(want), status=Status.RAISED, raised=raised(), output="before\n")
    message = "raised as expected, but first printed something other than expected"
    assert (found.status, found.message) == (Status.FAILED, message)
    assert found.got == f"before\n{want}"


def test_a_traceback_that_was_only_printed_is_output_like_any_other():
    text = f"logged:\n{HEADER}  ...\nValueError: no\n"
    assert verdict(program(text), output=text).status is Status.PASSED
    both = f"{text}{HEADER}  ...\nKeyError: 1\n"
    outcome = {"status": Status.RAISED, "raised": raised("KeyError", "1"), "output": text}
    assert verdict(program(both), **outcome).status is Status.PASSED


@pytest.mark.parametrize("other", [raised("KeyError"), raised(message="yes")])
def test_another_exception_than_the_expected_one_fails(other):
    found = verdict(example(f"{HEADER}ValueError: no\n"), status=Status.RAISED, raised=other)
    told = f"raised {other.name}: {other.message}, which is not the expected exception"
    assert (found.status, found.message) == (Status.FAILED, told)
    assert found.got == f"{HEADER}  ...\n{other.name}: {other.message}\n"


def test_an_exceptions_module_and_message_are_passed_over_only_on_request():
    want = f"{HEADER}ValueError: other\n"
    outcome = {"status": Status.RAISED, "raised": raised("a.b.ValueError")}
    assert verdict(example(want), **outcome).status is Status.FAILED
    lenient = example(want, flags=(("IGNORE_EXCEPTION_DETAIL", True),))
    assert verdict(lenient, **outcome).status is Status.PASSED
    outcome = {"status": Status.RAISED, "raised": raised("KeyError", "other")}
    assert verdict(lenient, **outcome).status is Status.FAILED


def test_an_exception_without_a_message_is_its_name_alone():
    want = f"{HEADER}  ...\nNotImplementedError\n"
    outcome = {"status": Status.RAISED, "raised": raised("NotImplementedError", "")}
    found = verdict(example(want), **outcome)
    assert (found.status, found.got) == (Status.PASSED, want)


def test_a_message_of_many_lines_can_be_written_and_read_back():
    outcome = {"status": Status.RAISED, "raised": raised(message="a\n\nb")}
    got = verdict(example(), **outcome).got
    assert got == f"{HEADER}  ...\nValueError: a\n<BLANKLINE>\nb\n"
    assert verdict(example(got), **outcome).status is Status.PASSED


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (Status.TIMEOUT, "did not end within the time limit"),
        (Status.DIED, "its process ended before it did"),
    ],
)
def test_who_is_ended_by_force_passes_on_no_result(status, message):
    found = verdict(example("2\n"), status=status, output="2\n", stack="line 7 in f\n")
    assert (found.status, found.message, found.line) == (status, message, 7)
    assert (found.got, found.region) == ("2\n", None)
    assert found.detail == ("line 7 in f\n" if status is Status.TIMEOUT else "")


def test_a_skipped_snippet_says_why():
    found = verdict(example("2\n"), status=Status.SKIPPED, note="skipped: 1 is true")
    assert (found.status, found.message) == (Status.SKIPPED, "skipped: 1 is true")


def test_a_note_makes_right_output_fail():
    found = verdict(example("2\n"), output="2\n", status=Status.FAILED, note="it left a thread")
    assert (found.status, found.message) == (Status.FAILED, "it left a thread")


def test_output_that_was_cut_short_fails_and_is_never_written_to_the_page():
    found = verdict(example("2\n"), output="2\n", truncated=True)
    assert found.status is Status.FAILED
    assert found.region is None


def test_standard_error_is_not_compared_but_shown_with_a_failure():
    assert verdict(example("2\n"), output="2\n", stderr="oh\n").status is Status.PASSED
    found = verdict(example("2\n"), output="3\n", stderr="oh\n")
    assert found.detail == "on standard error:\noh\n"


def test_a_strangers_long_message_is_cut():
    found = verdict(example(), status=Status.RAISED, raised=raised(message="x" * 10_000))
    assert len(found.message) < 250
