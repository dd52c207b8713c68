"""`wherefrom new`: a page that passes as it is, whatever the question."""

import pytest


def test_a_new_page_passes_at_once_and_everywhere(project):
    done = project.run("new", "Why does my write not arrive?")
    assert (done.status, done.err) == (0, "")
    path = "explainers/why-does-my-write-not-arrive.md"
    assert done.out == f"wrote {path}; edit it, then run: wherefrom check {path}\n"
    text = (project.path / path).read_text()
    assert text.startswith(
        '---\nquestion: "Why does my write not arrive?"\n---\n\n# Why does my write not arrive?\n'
    )
    checked = project.run("check")
    assert checked.status == 0
    assert checked.out.startswith("1 page, 3 snippets, 3 passed (")


@pytest.mark.parametrize(
    ("question", "name"),
    [
        (
            'Is "self.transport" None: really? {curly} \\ #1',
            "is-self-transport-none-really-curly-1",
        ),
        ("  Two\nlines   and\tblanks ", "two-lines-and-blanks"),
        ("Don't l'été Größe", "dont-lete-große"),
        ("Почему так?", "почему-так"),
        ("日本語?", "日本語"),
        ("*emphasis* [link](x) `code` <b> {{x}} $y$ %z", "emphasis-link-x-code-b-x-y-z"),
        ("```{testoutput}", "testoutput"),
        ("a" * 300, "a" * 80),
        ("word " * 60, "-".join(["word"] * 16)),
        ("bell \x07 and \udce9", "bell-x07-and-udce9"),
        ("--- what", "what"),
    ],
)
def test_any_question_gives_a_page_that_passes(project, question, name):
    done = project.run("new", "--", question)
    assert (done.status, done.err) == (0, "")
    assert [each.name for each in (project.path / "explainers").iterdir()] == [f"{name}.md"]
    assert project.run("check").status == 0


def test_a_question_that_has_its_page_is_refused_and_the_page_stays(project):
    project.run("new", "Why?")
    (project.path / "explainers" / "why.md").write_text("mine")
    done = project.run("new", "why ?!")
    assert (done.status, done.out) == (2, "")
    assert done.err == (
        "error: explainers/why.md: is there already: ask another question, or edit that page "
        "[config]\n"
    )
    assert project.read("why.md") == "mine"


@pytest.mark.parametrize("question", ["", "???", "  "])
def test_a_question_without_letters_is_refused(project, question):
    done = project.run("new", question)
    assert (done.status, done.out) == (2, "")
    assert done.err.endswith(": use letters or digits [config]\n")


def test_the_page_goes_into_the_first_configured_folder(project):
    project.configure('[tool.wherefrom]\npaths = ["README.md", "my pages/deep", "other"]\n')
    done = project.run("new", "Why?")
    assert done.out.endswith("run: wherefrom check 'my pages/deep/why.md'\n")
    assert (project.path / "my pages" / "deep" / "why.md").is_file()


def test_where_no_folder_can_hold_it_that_is_said(project):
    project.configure('[tool.wherefrom]\npaths = ["a-file"]\n')
    (project.path / "a-file").touch()
    done = project.run("new", "Why?")
    assert done.status == 2
    assert "`paths` names no folder" in done.err
    project.configure('[tool.wherefrom]\npaths = ["a-file/below"]\n')
    done = project.run("new", "Why?")
    assert done.status == 2
    assert done.err.startswith("error: a-file/below/why.md: can't be written: ")
