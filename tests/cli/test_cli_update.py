"""`wherefrom update`: it writes what came, and leaves every other byte as it is."""

import pytest

DISAGREE = "was mended in another way for one of them: run `wherefrom update` again [page]"
CRLF = (
    "\ufeff---\r\nquestion: 'quoted'  \r\n---\r\n\r\ntext\twith tabs, trailing blanks   \r\n\r\n"
    "> * ```pycon\r\n>   >>> print('a\\nb')\r\n>   {quoted}>   ```\r\n\r\n"
    "\u2028 form\x0cfeed\r\n\r\n"
    "-\t```{{testcode}} x\r\n\tif True:\r\n\t\tprint('é')\r\n\t```\r\n\r\n"
    "\t~~~~{{testoutput}} x\r\n\t:hide:\r\n\r\n\t{listed}\t~~~~\r\n\r\n"
    "last line without an end   "
)


def test_only_the_expected_lines_change_byte_by_byte(project):
    before = CRLF.format(quoted="3\r\n", listed="old\r\n")
    project.write(a=before)
    done = project.run("update")
    assert (done.status, done.err) == (0, "")
    assert done.lines == ["updated explainers/a.md", "1 file updated"]
    assert project.read("a.md") == CRLF.format(quoted="a\r\n>   b\r\n", listed="é\r\n")
    assert project.run("check").status == 0
    again = project.run("update")
    assert (again.status, again.lines) == (0, ["nothing to update"])


def test_the_difference_is_shown_and_nothing_is_written(project):
    text = "# T\n\n```pycon\n>>> 1 + 1\n3\n```\n"
    project.write(a=text)
    done = project.run("update", "--diff")
    assert done.status == 0
    assert done.lines == [
        "--- explainers/a.md",
        "+++ explainers/a.md",
        "@@ -2,5 +2,5 @@",
        " ",
        " ```pycon",
        " >>> 1 + 1",
        "-3",
        "+2",
        " ```",
        "1 file would be updated",
    ]
    assert project.read("a.md") == text


def test_the_difference_counts_the_lines_that_an_editor_counts(project):
    project.write(a="\ufeffa\x0cb\u2028c\x85\r\n" * 5 + "```pycon\r\n>>> 1\r\n2\r\n```\r\n")
    done = project.run("update", "--diff")
    assert done.lines[2:8] == [
        "@@ -5,5 +5,5 @@",
        r" \ufeffa\x0cb\u2028c\x85",
        " ```pycon",
        " >>> 1",
        "-2",
        "+1",
    ]


def test_good_and_new_blocks_of_every_kind_are_told_apart(project):
    project.write(
        a="# T\n\n```pycon\n>>> 1 + 1\n>>> object()\n<object object at 0x1>\n>>> {}['k']\n```\n\n"
        "```{testcode} f\nclass Box:\n    held = None\n\ndef fill(box):\n    box.held = 1\n\n"
        "fill(Box())\nprint('in')\n```\n```{testoutput} f\n```\n\n"
        "```{flow} f\n:watch: Box.held\n```\n\n```{classtree} queue.LifoQueue\n```\n"
    )
    assert project.run("update").status == 0
    text = project.read("a.md")
    assert text.startswith(
        "# T\n\n```pycon\n>>> 1 + 1\n2\n>>> object()\n<object object at 0x1>\n>>> {}['k']\n"
        "Traceback (most recent call last):\n  ...\nKeyError: 'k'\n```\n"
    )
    assert "```{testoutput} f\nin\n```\n" in text
    assert "```{flow} f\n:watch: Box.held\nfill\n  Box.held: None -> 1\n```\n" in text
    assert "```{classtree} queue.LifoQueue\nobject\n  queue.Queue\n    queue.LifoQueue\n" in text
    assert project.run("check").status == 0


def test_what_cannot_be_mended_is_told_and_gives_status_1(project):
    project.write(
        a="```pycon\n>>> 1\n2\n```\n",
        b="```pycon\n>>> while True: pass\n```\n",
        c="```{testoutput}\n```\n",
        d="```{source} json.nope\n```\n",
    )
    done = project.run("update", "--timeout", "2")
    assert done.status == 1
    assert project.read("a.md") == "```pycon\n>>> 1\n1\n```\n"
    updated, *told, last = done.lines
    assert updated == "updated explainers/a.md"
    assert told[0].startswith("explainers/c.md:1: no `{testcode}` of group `default`")
    assert told[1:3] == [
        "explainers/b.md:2: it took longer than 2 s and was ended",
        "    not mended: it gave no result that could be written",
    ]
    assert told[3].startswith("explainers/d.md:1: `json.nope` is not defined")
    assert told[4] == "    not mended: nothing was got that could be written"
    assert last == "1 file updated, 3 places left to mend by hand"


def test_a_file_that_two_pages_include_is_mended_once(project):
    project.write(ending=".txt", part="```pycon\n>>> 1\n2\n```\n")
    include = "```{include} part.txt\n```\n"
    project.write(a=include, b=include)
    shown = project.run("update", "--diff")
    assert [line for line in shown.lines if line.startswith("---")] == ["--- explainers/part.txt"]
    done = project.run("update")
    assert (done.status, done.lines) == (0, ["updated explainers/part.txt", "1 file updated"])
    assert project.read("part.txt") == "```pycon\n>>> 1\n1\n```\n"


def test_pages_that_disagree_about_an_included_file_are_told(project):
    project.write(ending=".txt", part="```pycon\n>>> x\n0\n```\n")
    page = "```{testsetup}\nx = NUMBER\n```\n\n```{include} part.txt\n```\n"
    project.write(a=page.replace("NUMBER", "1"), b=page.replace("NUMBER", "2"))
    done = project.run("update")
    assert done.status == 1
    assert done.lines == [
        "updated explainers/part.txt",
        f"explainers/b.md: `part.txt`, which other pages include too, {DISAGREE}",
        "1 file updated, 1 place left to mend by hand",
    ]
    assert project.read("part.txt") == "```pycon\n>>> x\n1\n```\n"


@pytest.mark.parametrize("arguments", [["nope"], ["-j", "-2"], ["--timeout", "-1"]])
def test_a_wrong_option_gives_status_2(project, arguments):
    project.write(a="```pycon\n>>> 1\n2\n```\n")
    done = project.run("update", *arguments)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("error: ")
    assert project.read("a.md") == "```pycon\n>>> 1\n2\n```\n"
