"""What was got is written where it was expected; every other byte of the file stays."""

import pytest

from wherefrom.check.rewrite import refusal, rewrite
from wherefrom.model import Region, Status, Verdict

PATH = "/p/x.md"


def bad(start, end, got, expected="", prefix="", **rest):
    given = {"kind": "example", "status": Status.FAILED, **rest}
    region = Region(PATH, start, end, prefix)
    return Verdict(PATH, start, expected=expected, got=got, region=region, **given)


def rewritten(text, *verdicts):
    return rewrite(text, PATH, verdicts)


def test_only_the_region_changes():
    text = "a \n```pycon\n>>> f()\nold\nolder\n```\n\tz"
    assert rewritten(text, bad(4, 6, "new\n", "old\nolder\n")) == (
        "a \n```pycon\n>>> f()\nnew\n```\n\tz"
    )


def test_an_empty_region_takes_new_lines_and_a_full_one_can_become_empty():
    text = "```pycon\n>>> f()\n>>> g()\nold\n```\n"
    verdicts = bad(3, 3, "1\n2\n"), bad(4, 5, "", "old\n")
    assert rewritten(text, *verdicts) == "```pycon\n>>> f()\n1\n2\n>>> g()\n```\n"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_stay(end):
    text = end.join(["\ufeff```pycon", ">>> f()", "old", "```", ""])
    expected = end.join(["\ufeff```pycon", ">>> f()", "1", "2", "```", ""])
    assert rewritten(text, bad(3, 4, "1\n2\n", "old\n")) == expected


def test_each_line_gets_the_blocks_prefix():
    text = "> - ```{testoutput}\n>   old\n>   ```\n"
    got = bad(2, 3, "1\n\n2\n", "old\n", prefix=">   ", kind="program")
    assert rewritten(text, got) == "> - ```{testoutput}\n>   1\n>\n>   2\n>   ```\n"


def test_a_file_that_ends_without_a_line_end_gets_one_only_where_lines_follow():
    assert rewritten("```pycon\n>>> f()", bad(3, 3, "1\n")) == "```pycon\n>>> f()\n1\n"


def test_lines_that_differ_by_an_address_alone_stay():
    old = "<X at 0x7f00>\none\n"
    got = "<X at 0x7fff>\ntwo\n"
    text = f"```pycon\n>>> f()\n{old}```\n"
    assert rewritten(text, bad(3, 5, got, old)) == "```pycon\n>>> f()\n<X at 0x7f00>\ntwo\n```\n"


def test_an_authors_ellipsis_stays_while_its_line_holds():
    old = "took ... s\none\n"
    text = f"```pycon\n>>> f()\n{old}```\n"
    got = bad(3, 5, "took 3 s\ntwo\n", old)
    assert rewritten(text, got) == "```pycon\n>>> f()\ntook ... s\ntwo\n```\n"


def test_good_verdicts_other_files_and_those_without_a_result_change_nothing():
    text = "```pycon\n>>> f()\nold\n```\n"
    elsewhere = Verdict(
        "/p/y.md",
        2,
        "example",
        Status.FAILED,
        expected="",
        got="n\n",
        region=Region("/p/y.md", 3, 4),
    )
    for each in (
        bad(3, 4, "new\n", status=Status.PASSED),
        bad(3, 4, "new\n", status=Status.TIMEOUT),
        bad(3, 4, None),
        elsewhere,
    ):
        assert rewritten(text, each) == text


def test_groups_that_share_a_region_must_agree():
    text = "```{testoutput} *\nold\n```\n"
    assert rewritten(text, bad(2, 3, "a\n"), bad(2, 3, "a\n")) == "```{testoutput} *\na\n```\n"
    assert rewritten(text, bad(2, 3, "a\n"), bad(2, 3, "b\n")) == text
    good = bad(2, 3, "old\n", "old\n", status=Status.PASSED)
    assert rewritten(text, good, bad(2, 3, "b\n", "old\n")) == text


def test_text_that_would_end_its_block_is_not_written():
    text = "```{testoutput}\nold\n```\n"
    assert rewritten(text, bad(2, 3, "```\n", kind="program")) == text
    longer = "````{testoutput}\nold\n````\n"
    got = bad(2, 3, "```\n", kind="program")
    assert rewritten(longer, got) == "````{testoutput}\n```\n````\n"


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [
        (bad(3, 4, "new\n"), ""),
        (bad(3, 4, "new\n", status=Status.DIED), "it gave no result that could be written"),
        (bad(3, 4, None), "nothing was got that could be written"),
        (
            bad(3, 4, ">>> 1\n"),
            "what it gave holds a line with `>>>`, which would be read as code",
        ),
        (bad(3, 4, ">>> 1\n", kind="program"), ""),
        (
            bad(3, 4, "a\rb\n"),
            "what it gave holds a carriage return, which would end a line",
        ),
        (
            Verdict(PATH, 2, "program", Status.FAILED, got="1\n"),
            "no place holds its output: add an empty `{testoutput}` after it",
        ),
    ],
)
def test_what_cannot_be_written_says_why(verdict, reason):
    assert refusal(verdict) == reason
