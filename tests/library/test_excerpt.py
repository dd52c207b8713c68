"""Excerpts of a library's source, whole and cut."""

import inspect
import json.decoder

import pytest

from wherefrom.library.index import Index
from wherefrom.library.source import excerpt

CALL = "obj, end = self.raw_decode"  # the first line after the docstring
RAISE = "raise JSONDecodeError"


@pytest.fixture(scope="module")
def decode():
    return excerpt("json.decoder.JSONDecoder.decode", Index.load("json"))


def source_of(shown):
    lines, first = inspect.getsourcelines(json.decoder.JSONDecoder.decode)
    return [each.rstrip("\n") for each in lines][
        shown.start - first : shown.start - first + len(shown.lines)
    ]


def test_a_whole_definition_is_shown_at_its_own_lines(decode):
    assert [*decode.lines] == source_of(decode)


def test_an_excerpt_is_cut_around_its_mark_and_keeps_its_line_numbers(decode):
    cut = decode.around(RAISE, 1)
    assert len(cut.lines) == 3
    assert RAISE in cut.lines[1]
    assert [*cut.lines] == source_of(cut)
    assert cut.marked(RAISE) == (1,)


def test_an_excerpt_is_cut_no_further_than_its_definition(decode):
    assert decode.around("def decode", 1).start == decode.start
    assert decode.around(CALL, 1000) == decode


def test_an_excerpt_does_not_begin_within_a_docstring(decode):
    cut = decode.around(CALL, 3)
    assert CALL in cut.lines[0]
    assert len(cut.lines) == 4
    assert [*cut.lines] == source_of(cut)


def test_an_excerpt_without_its_mark_stays_whole(decode):
    assert decode.around("no such text", 1) == decode
