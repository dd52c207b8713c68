"""How a build ends: its status, its warnings, the same in serial and in parallel."""

import os
import re
import subprocess

import pytest

PAGES = {
    "a-wrong.md": "# Wrong\n\n```pycon\n>>> 1\n2\n```\n",
    "b-raised.md": "# Raised\n\n```{testcode}\n1 / 0\n```\n",
    "c-latin.md": b"# Latin\n\ntext\n\n\xe9t\xe9\n\n```{flow} g\nA.b\n```\n",
    "d-unread.md": "# Unread\n\n```{testoutput}\nof nothing\n```\n",
    "e-outer.md": "# Outer\n\n```{include} latin.txt\n```\n",
    "latin.txt": b"first\n\xe9t\xe9\n",
    "f-died.md": "# Died\n\n```pycon\n>>> import os; os._exit(0)\n```\n",
    "g-good.md": "# Good\n\n```pycon\n>>> 1\n1\n```\n",
}
NO_FOLDER = "there is no folder explained: give its path from the folder of conf.py"
OURS = re.compile(r"(\S+): WARNING: .*( \[wherefrom\.\w+\])$", re.DOTALL)
PLACES = [
    "a-wrong.md:4 [wherefrom.failed]",
    "b-raised.md:4 [wherefrom.raised]",
    "c-latin.md:5 [wherefrom.encoding]",
    "d-unread.md:3 [wherefrom.page]",
    "f-died.md:4 [wherefrom.died]",
    "latin.txt:2 [wherefrom.encoding]",
]


@pytest.fixture(scope="module", params=[(), ("-j", "2")], ids=["serial", "parallel"])
def bad(request, shared_project):
    return shared_project(PAGES).build(*request.param)


def ours(built):
    """The place and the kind of each warning of ours."""
    found = [OURS.match(each) for each in built.warnings]
    return sorted(each[1] + each[2] for each in found if each)


def test_each_failure_is_one_warning_at_its_line_and_the_build_fails(bad):
    assert ours(bad) == PLACES
    assert bad.status == 1


def test_every_other_page_is_built_and_stamped(bad):
    assert "1 checked and passed." in bad.words("g-good.html")


def test_a_failing_page_is_built_and_says_that_it_failed(bad):
    assert "0 checked and passed, 1 failed." in bad.words("a-wrong.html")
    assert "0 checked and passed, 1 failed." in bad.words("f-died.html")


def test_a_page_that_cannot_be_read_is_built_and_claims_nothing(bad):
    page = bad.read("c-latin.html")
    assert re.search("<p>[\ufffd?]t[\ufffd?]</p>", page)
    assert "A.b" in page
    for name in ("c-latin.html", "d-unread.html"):
        assert "Ran on" not in bad.read(name)
        assert "<figure" not in bad.read(name)


def test_a_strict_build_says_the_same_and_fails(project):
    built = project(PAGES).build("-W", "--keep-going", "-n", "-j", "2")
    assert ours(built) == PLACES
    assert built.status == 1


def test_a_failed_flow_has_no_figure_and_those_that_hold_have(project):
    code = "class A:\n    def go(self): self.stop()\n    def stop(self): pass\nA().go()\n"
    claims = ("A.go\n  A.stop\n", "A.stop\n  A.go\n", "A.go\n")
    flows = "\n".join(f"```{{flow}} a\n{each}```\n" for each in claims)
    built = project({"page.md": f"# P\n\n```{{testcode}} a\n{code}```\n\n{flows}"}).build()
    assert ours(built) == ["page.md:17 [wherefrom.failed]"]
    assert re.findall(r'<figure class="wf-flow" id="(.*?)">', built.read("page.html")) == [
        "flow-a",
        "flow-a-2",
    ]
    assert "3 checked and passed, 1 failed." in built.words("page.html")


def test_progress_is_shown_while_pages_run(project):
    site = project({"a.md": PAGES["g-good.md"], "b.md": PAGES["a-wrong.md"], "c.md": "# C\n"})
    # Where colour is forced, or under CI, Sphinx writes control sequences unless told not to.
    plain = {**os.environ, "NO_COLOR": "1"}
    done = subprocess.run(site.command(), capture_output=True, text=True, check=False, env=plain)
    told = re.findall(r"^running pages... \[ *(\d+)%\] ([ab])", done.stdout, re.MULTILINE)
    assert [each[0] for each in told] == ["50", "100"]
    assert sorted(each[1] for each in told) == ["a", "b"]


def test_a_profile_that_does_not_exist_ends_the_build_in_words(project):
    conf = 'extensions = ["wherefrom"]\nwherefrom_profile = "nope"\n'
    built = project({"conf.py": conf, "page.md": PAGES["g-good.md"]}).build()
    assert built.status == 2
    assert "no profile is called `nope`; there are: asyncio, twisted [config]\n" in built.said
    assert "Handler" not in built.said


@pytest.mark.parametrize(
    ("conf", "said"),
    [
        ('wherefrom_explainers = "explained"', f"wherefrom_explainers: {NO_FOLDER}"),
        (
            'wherefrom_timeout = "soon"',
            "wherefrom_*: `timeout` must be a number, not 'soon' [config]",
        ),
    ],
)
def test_a_wrong_setting_ends_the_build_with_what_to_do(project, conf, said):
    built = project(
        {"conf.py": f'extensions = ["wherefrom"]\n{conf}\n', "page.md": "# P\n"}
    ).build()
    assert built.status == 2
    assert f"conf.py: {said}\n" in built.said
