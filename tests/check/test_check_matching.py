"""Expected and got are compared as doctest does, and addresses and ports by their place."""

import pytest

from wherefrom.check.matching import flags_on, matches, written

EVERYWHERE = ("ELLIPSIS", "DONT_ACCEPT_TRUE_FOR_1")


def alike(want, got, *flags):
    return matches(want, got, flags_on(EVERYWHERE, flags))


def test_equal_text_matches_and_different_text_does_not():
    assert alike("2\n", "2\n")
    assert not alike("2\n", "3\n")
    assert not alike("", "3\n")


def test_an_ellipsis_stands_for_any_text_unless_it_is_turned_off():
    assert alike("a ... z\n", "a b\nc z\n")
    assert not alike("a ... z\n", "a b z\n", ("ELLIPSIS", False))


def test_true_is_not_taken_for_one_unless_the_page_asks():
    assert not alike("1\n", "True\n")
    assert alike("1\n", "True\n", ("DONT_ACCEPT_TRUE_FOR_1", False))


def test_the_last_word_on_a_flag_counts():
    given = (("NORMALIZE_WHITESPACE", True), ("NORMALIZE_WHITESPACE", False))
    assert flags_on((), given) == frozenset()


def test_blankline_stands_for_a_blank_line():
    assert alike("a\n<BLANKLINE>\nb\n", "a\n\nb\n")
    assert not alike("a\n<BLANKLINE>\nb\n", "a\n\nb\n", ("DONT_ACCEPT_BLANKLINE", True))


@pytest.mark.parametrize(
    ("want", "got"),
    [
        ("<object object at 0x7f00>\n", "<object object at 0x7fa112>\n"),
        ("<X at 0x7F00> <Y at 0x1>\n", "<X at 0xAB> <Y at 0x2>\n"),
        ("<Client at 7f0012345678>\n", "<Client at 7f00abcdef01>\n"),
        ("('127.0.0.1', 40000)\n", "('127.0.0.1', 51234)\n"),
        ("('::1', 40000, 0, 0)\n", "('::1', 51234, 0, 0)\n"),
        ("http://127.0.0.1:40000/x\n", "http://127.0.0.1:51234/x\n"),
        ("http://localhost:40000\n", "http://localhost:51234\n"),
        ("[::1]:40000\n", "[::1]:51234\n"),
        ("IPv4Address(host='h', port=40000)\n", "IPv4Address(host='h', port=32768)\n"),
        ("<Port of Echo on 40000>\n", "<Port of Echo on 51234>\n"),
        ("<object object at 0x7f...>\n", "<object object at 0x7fa112>\n"),
    ],
)
def test_addresses_and_ephemeral_ports_compare_by_place(want, got):
    assert alike(want, got)


@pytest.mark.parametrize(
    ("want", "got"),
    [
        ("<A at 0x7f00>\n", "<B at 0x7f00>\n"),
        ("at 0x7f00\n", "0x7f00\n"),
        ("('127.0.0.1', 80)\n", "('127.0.0.1', 8080)\n"),
        ("port=80\n", "port=40000\n"),
        ("port=0\n", "port=40000\n"),
        ("('10.0.0.1', 40000)\n", "('10.0.0.1', 51234)\n"),
        ("127.0.0.1:70000\n", "127.0.0.1:70001\n"),
        ("40000\n", "51234\n"),
        ("0x10\n", "0x11\n"),
        ("total at 12345\n", "total at 12346\n"),
    ],
)
def test_other_numbers_compare_by_value(want, got):
    assert not alike(want, got)


@pytest.mark.parametrize(
    ("output", "example", "program"),
    [
        ("", "", ""),
        ("a", "a\n", "a\n"),
        ("a\n\nb\n", "a\n<BLANKLINE>\nb\n", "a\n\nb\n"),
        ("\na\n\n", "<BLANKLINE>\na\n<BLANKLINE>\n", "<BLANKLINE>\na\n<BLANKLINE>\n"),
        ("a\n  \nb\n", "a\n<BLANKLINE>\nb\n", "a\n<BLANKLINE>\nb\n"),
        ("\n", "<BLANKLINE>\n", "<BLANKLINE>\n"),
    ],
)
def test_output_is_written_so_that_it_matches_when_read_back(output, example, program):
    for form, blank_lines in ((example, False), (program, True)):
        assert written(output, blank_lines=blank_lines) == form
        assert alike(form, output if not output or output.endswith("\n") else f"{output}\n")
