"""What builders show of a page with every kind of evidence, of hostile text, and of many pages."""

import re
import xml.dom.minidom
import zipfile
from collections import Counter

import pytest

EVIL = "<script>alert('x')</script>"
EVERY = f"""\
---
question: What?
---
# What is <i>shown</i>?

```{{testcode}} Evil <script>
class Evil:
    def __repr__(self):
        return "{EVIL}"

    @classmethod
    def make(cls):
        return cls()

class Holder:
    value = None

    def hold(self, value):
        "{EVIL}"
        self.value = value

Holder().hold(Evil.make())
print("{EVIL}")
```

```{{testoutput}} Evil <script>
{EVIL}
```

```{{flow}} Evil <script>
:watch: Holder.value
:caption: A {EVIL} caption
Evil.make
Holder.hold
  Holder.value: None -> Evil
```

```{{flow}} Evil <script>
Evil.make
Holder.hold
```

```{{origin}} Evil <script>
:of: Holder.value
stored: Holder.value: None -> Evil by Holder.hold
```

```{{classtree}} Holder
:group: Evil <script>
:caption: Another {EVIL}
object
  __main__.Holder
own: hold, value
```

```{{source}} collections.Counter.most_common
:mark: heapq.nlargest
```
"""
RUN = """\
```{testcode} NAME
class Evil:
    @classmethod
    def make(cls):
        return cls()

Evil.make()
```

```{flow} NAME
Evil.make
```

"""
SECOND = f"""\
# Second

{RUN.replace("NAME", "evil -script")}
{RUN.replace("NAME", "evil- Script")}
## A part
"""
TEXTS = (
    "Evil.make Holder.hold Holder.value: None -&gt; Evil",
    "stored: Holder.value: None -&gt; Evil by Holder.hold",
    "object __main__.Holder own: hold, value",
    "collections.Counter.most_common , collections/__init__.py:",
)
CONF = """\
extensions = ["wherefrom"]
myst_enable_extensions = ["colon_fence"]
project, version, copyright, html_theme = "T", "1", "nobody", "basic"
suppress_warnings = ["epub.unknown_project_files"]
"""


@pytest.fixture(scope="module")
def project(shared_project):
    index = "# Home\n\n```{toctree}\nevery\nfolder/second\n```\n"
    pages = {"every.md": EVERY, "folder/second.md": SECOND, "index.md": index}
    return shared_project({"conf.py": CONF, **pages})


@pytest.fixture(scope="module")
def build(project):
    built = {}

    def once(builder):
        if builder not in built:
            built[builder] = project.build("-W", "--keep-going", "-n", builder=builder)
        return built[builder]

    return once


def ids(html):
    return re.findall(r'\sid="([^"]*)"', html)


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml", "epub", "text"])
def test_a_page_with_every_kind_of_evidence_builds_without_a_word(build, builder):
    built = build(builder)
    assert (built.status, built.said) == (0, "")


@pytest.mark.parametrize("builder", ["latex", "man", "texinfo", "gettext", "xml", "dummy"])
def test_builders_for_other_ends_pass_too(build, builder):
    built = build(builder)
    assert (built.status, built.said) == (0, "")


@pytest.mark.parametrize(
    ("builder", "name"),
    [
        ("html", "every.html"),
        ("dirhtml", "every/index.html"),
        ("singlehtml", "index.html"),
        ("epub", "every.xhtml"),
    ],
)
def test_a_page_as_html_is_stamped_and_has_its_figures_and_their_text(build, builder, name):
    page = build(builder).read(name)
    words = build(builder).words(name)
    assert "6 checked and passed." in words
    assert page.count('<figure class="wf-flow"') == (5 if builder == "singlehtml" else 3)
    for text in TEXTS:
        assert text in words
    assert "hold method its own" in words


@pytest.mark.parametrize(
    ("builder", "name"),
    [
        ("html", "every.html"),
        ("singlehtml", "index.html"),
        ("epub", "every.xhtml"),
        ("html", "_pictures/every/flow-evil--script.svg"),
    ],
)
def test_nothing_that_a_run_or_a_directive_says_becomes_markup(build, builder, name):
    page = build(builder).read(name)
    assert "alert(" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(" in page


def test_the_name_of_a_group_becomes_no_markup_in_its_trace(build):
    page = build("html").read("_traces/every/Evil~20~~3c~script~3e~.html")
    assert "<h1>Full trace of Evil &lt;script&gt;: What is &lt;i&gt;shown&lt;/i&gt;?</h1>" in page


def test_what_is_written_for_others_to_parse_can_be_parsed(build):
    pictures = build("html").out / "_pictures"
    for path in (build("epub").out / "every.xhtml", *pictures.rglob("*.svg")):
        text = path.read_text("utf-8").replace("&nbsp;", " ").replace("&copy;", "c")
        xml.dom.minidom.parseString(text.replace("&para;", "p").encode())


@pytest.mark.parametrize("name", ["html/every.html", "html/folder/second.html"])
def test_links_within_a_page_lead_somewhere(build, name):
    builder, _, file = name.partition("/")
    page = build(builder).read(file)
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids(page))


@pytest.mark.parametrize(
    "name", ["html/every.html", "html/folder/second.html", "singlehtml/index.html"]
)
def test_ids_are_unique_whatever_groups_are_called(build, name):
    builder, _, file = name.partition("/")
    found = ids(build(builder).read(file))
    assert len([each for each in found if each.endswith("-step-1")]) > 1
    assert [each for each, times in Counter(found).items() if times > 1] == []


def test_each_page_in_one_file_is_stamped(build):
    words = build("singlehtml").words("index.html")
    assert "4 checked and passed." in words
    assert "6 checked and passed." in words


def test_figures_lead_to_their_traces_and_pictures(build):
    for builder, name in (("html", "folder/second.html"), ("dirhtml", "folder/second/index.html")):
        built = build(builder)
        links = re.findall(r'<a class="wf-full" href="([^"]*)">', built.read(name))
        assert len(set(links)) == 4
        assert all((built.out / name).parent.joinpath(each).is_file() for each in links)


def test_plain_text_shows_the_outline_the_stamp_and_a_table_that_can_be_read(build):
    page = build("text").read("every.txt")
    assert "   Evil.make\n   Holder.hold\n     Holder.value: None -> Evil\n" in page
    assert "A <script>alert('x')</script> caption\n" in page
    assert "6 checked and" in page
    assert re.search(r'^\| "hold" +\| method +\| its own +\| <script>alert', page, re.MULTILINE)


@pytest.mark.parametrize(("builder", "name"), [("latex", "t.tex"), ("man", "t.1")])
def test_a_book_stamps_each_of_its_pages(build, builder, name):
    page = build(builder).read(name)
    assert page.count("Ran on ") == 2
    assert "6 checked and passed." in page
    assert "Evil.make" in page


def test_the_epub_holds_the_pages(build):
    with zipfile.ZipFile(build("epub").out / "T.epub") as book:
        assert "6 checked and passed." in book.read("every.xhtml").decode()


def test_a_page_without_a_title_is_stamped_at_its_top(project):
    project.write(
        {"untitled.md": "Words.\n\n```pycon\n>>> 1\n1\n```\n\n```{note}\n## Inner\n```\n"}
    )
    built = project.build(builder="text")
    (project.folder / "untitled.md").unlink()
    assert built.read("untitled.txt").startswith("Ran on ")
