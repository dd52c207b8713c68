"""Folders that are mounted: what their pages lead to, and where they are edited."""

import pytest

CONF = """\
extensions = ["wherefrom"]
wherefrom_explainers = ["../explainers"]
html_theme = "furo"
html_theme_options = {
    "source_repository": "https://github.com/them/theirs/",
    "source_branch": "main",
    "source_directory": "docs/",
}
"""
FILES = {
    "docs/conf.py": CONF,
    "docs/index.md": "# Home\n\n```{toctree}\n/explainers/deep/page\n```\n",
    "docs/shared.txt": "```pycon\n>>> 'shared'\n'shared'\n```\n",
    "explainers/deep/page.md": """\
# Page

[Home](../../docs/index.md) ![](../picture.svg) {download}`data.txt`

```{include} ../../docs/shared.txt
```

```{literalinclude} data.txt
```
""",
    "explainers/deep/data.txt": "some data\n",
    "explainers/picture.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
}


@pytest.fixture(params=["pyproject.toml", "unrelated.txt"], ids=["project", "no project file"])
def built(request, project):
    return project({request.param: "", **FILES}).build("-W", "--keep-going", "-n")


def test_a_mounted_page_leads_to_what_lies_beside_it_and_in_the_source_folder(built):
    assert (built.status, built.said) == (0, "")
    page = built.read("explainers/deep/page.html")
    assert 'href="../../index.html"' in page
    assert 'src="../../_images/picture.svg"' in page
    assert (built.out / "_images" / "picture.svg").is_file()
    assert [each.read_text() for each in built.out.glob("_downloads/*/data.txt")] == ["some data\n"]
    assert "some data" in built.words("explainers/deep/page.html")
    assert "1 checked and passed." in built.words("explainers/deep/page.html")


def test_each_page_says_where_it_is_edited(built):
    base = "https://github.com/them/theirs/edit/main"
    assert f'href="{base}/explainers/deep/page.md"' in built.read("explainers/deep/page.html")
    assert f'href="{base}/docs/index.md"' in built.read("index.html")


def test_the_source_of_a_mounted_page_is_copied_under_its_name(built):
    folder = built.out / "_sources"
    copied = sorted(each.relative_to(folder).as_posix() for each in folder.rglob("*.txt"))
    assert copied == ["explainers/deep/page.md.txt", "index.md.txt"]
    text = built.read("_sources/explainers/deep/page.md.txt")
    assert text == FILES["explainers/deep/page.md"]


def test_no_path_of_the_machine_that_built_it_is_published(built):
    folder = str(built.out.parents[1])
    pages = [*built.out.rglob("*.html"), *built.out.rglob("*.js"), *built.out.rglob("*.svg")]
    assert [each for each in pages if folder in each.read_text("utf-8")] == []


def test_a_page_also_passes_sphinx_s_own_doctest_builder(project):
    page = """\
# Page

```pycon
>>> x = 1 + 1
>>> x
2
```

```{testsetup} g
y = 1
```

```{testcode} g
print(y)
```

```{testoutput} g
1
```

```{doctest} g
:options: +ELLIPSIS
>>> "abcdef"
'a...f'
```

```{classtree} collections.Counter
:skipif: True
```

```{testcleanup} g
del y
```
"""
    built = project({"page.md": page}).build("-W", "--keep-going", builder="doctest")
    assert (built.status, built.said) == (0, "")
    summary = built.read("output.txt")
    assert "4 tests\n" in summary
    assert "0 failures in tests" in summary
