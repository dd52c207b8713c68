"""Bad verdicts are mended in the page where that is safe, and told where it isn't."""

import stat
from pathlib import Path

import pytest

from wherefrom.config import Config
from wherefrom.errors import PageError
from wherefrom.pipeline import Pipeline, check_files
from wherefrom.read import read_page
from wherefrom.update import mended, write

CONFIG = Config(cache=False, timeout=10.0)


def updated(tmp_path, text, **files):
    page = tmp_path / "x.md"
    page.write_bytes(text.encode())
    for name, content in files.items():
        (tmp_path / name).write_bytes(content.encode())
    (result,) = check_files([page], CONFIG)
    return mended(result, CONFIG.flags)


def good_now(update):
    for path, text in update.after.items():
        write(Path(path), text)
    path = next(iter(update.after))
    (result,) = check_files([Path(path)], CONFIG)
    return result.good


def test_a_page_is_mended_and_passes_then(tmp_path):
    update = updated(
        tmp_path,
        "\ufeff# T\r\n\r\n```pycon\r\n>>> 1 + 1\r\n3\r\n"
        ">>> print('a\\n\\nb')\r\n>>> 1/0\r\n```\r\n",
    )
    (text,) = update.after.values()
    assert text == (
        "\ufeff# T\r\n\r\n```pycon\r\n>>> 1 + 1\r\n2\r\n>>> print('a\\n\\nb')\r\n"
        "a\r\n<BLANKLINE>\r\nb\r\n>>> 1/0\r\nTraceback (most recent call last):\r\n  ...\r\n"
        "ZeroDivisionError: division by zero\r\n```\r\n"
    )
    assert update.left == ()
    assert good_now(update)


def test_a_good_page_is_not_touched(tmp_path):
    update = updated(tmp_path, "```pycon\n>>> object()\n<object object at 0x1>\n```\n")
    assert (update.changed, update.left) == ((), ())


def test_programs_class_trees_and_quoted_blocks_are_mended(tmp_path):
    update = updated(
        tmp_path,
        "> - ```{testcode}\n>   print('a\\n\\n\\nb')\n>   ```\n>\n>   ```{testoutput}\n>   ```\n\n"
        "```{classtree} collections.OrderedDict\n```\n",
    )
    (text,) = update.after.values()
    assert ">   ```{testoutput}\n>   a\n>\n>\n>   b\n>   ```\n" in text
    assert "```{classtree} collections.OrderedDict\nobject\n  dict\n    coll" in text
    assert update.left == ()
    assert good_now(update)


def test_what_cannot_be_mended_is_told_at_its_new_line_and_the_rest_is_mended(tmp_path):
    update = updated(
        tmp_path,
        "```pycon\n>>> print('x\\ny')\n```\n\n```{testcode}\nprint(1)\n```\n\n"
        "```pycon other\n>>> print('>>> 1')\n```\n",
    )
    (text,) = update.after.values()
    assert text.startswith("```pycon\n>>> print('x\\ny')\nx\ny\n```\n")
    assert [(each.line, why) for each, why in update.left] == [
        (8, "no place holds its output: add an empty `{testoutput}` after it"),
        (12, "what it gave holds a line with `>>>`, which would be read as code"),
    ]


def test_output_that_would_break_its_block_is_left_and_the_rest_is_mended(tmp_path):
    update = updated(
        tmp_path,
        "```{testcode} a\nprint('```')\n```\n```{testoutput} a\n```\n"
        "```{testcode} b\nprint('ok')\n```\n```{testoutput} b\n```\n",
    )
    (text,) = update.after.values()
    assert "{testoutput} b\nok\n```" in text
    assert "{testoutput} a\n```\n" in text
    assert [each.line for each, _ in update.left] == [4]


def test_output_that_is_not_read_back_is_left_and_the_rest_is_mended(tmp_path):
    # An options line at the head of the block: as text, it would be taken for an option.
    update = updated(
        tmp_path,
        "```{testcode} a\nprint(':hide: x')\n```\n```{testoutput} a\n```\n"
        "```{testcode} b\nprint('ok')\n```\n```{testoutput} b\n```\n",
    )
    (text,) = update.after.values()
    assert "{testoutput} b\nok\n```" in text
    assert len(update.left) <= 1
    write(tmp_path / "x.md", text)
    (result,) = check_files([tmp_path / "x.md"], CONFIG)
    assert sum(not each.status.good for each in result.verdicts) == len(update.left)


def test_an_included_file_is_mended_itself(tmp_path):
    page = "# T\n\n```{include} part.txt\n```\n"
    update = updated(tmp_path, page, **{"part.txt": "```pycon\n>>> 1 + 1\n3\n```\n"})
    assert update.changed == (str(tmp_path / "part.txt"),)
    assert update.after[str(tmp_path / "part.txt")] == "```pycon\n>>> 1 + 1\n2\n```\n"
    assert good_now(update)


def test_a_page_that_changed_meanwhile_is_left_alone(tmp_path):
    path = tmp_path / "x.md"
    path.write_text("```pycon\n>>> 1\n2\n```\n")
    page = read_page(path)
    with Pipeline(CONFIG) as pipeline:
        pipeline.submit(page)
        (result,) = pipeline.results()
    path.write_text("new\n\n```pycon\n>>> 1\n2\n```\n")
    with pytest.raises(PageError, match="changed while its snippets ran"):
        mended(result, CONFIG.flags)


def test_writing_keeps_the_mode_and_follows_a_link(tmp_path):
    file, link = tmp_path / "x.md", tmp_path / "link.md"
    file.write_text("old")
    file.chmod(0o640)
    link.symlink_to(file)
    write(link, "new\r\n")
    assert file.read_bytes() == b"new\r\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert link.is_symlink()
    assert sorted(tmp_path.iterdir()) == [link, file]
