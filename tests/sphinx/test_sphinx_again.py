"""A second build: what has changed runs again and is shown anew, and nothing else."""

import pytest

CONF = """\
extensions = ["wherefrom"]
html_theme = "basic"
wherefrom_explainers = "../explainers"
"""
INDEX = "# Home\n\n```{shelf}\n```\n"


def page(title, code="", wanted="1"):
    """A page whose program says that it ran."""
    return (
        f"---\nquestion: {title}\n---\n# {title}\n\n```{{testcode}}\n"
        f"with open('ran.log', 'a') as log:\n    _ = log.write('{title} ')\n{code}print({wanted})\n"
        f"```\n\n```{{testoutput}}\n{wanted}\n```\n"
    )


@pytest.fixture
def site(project):
    """A project with two mounted pages that was built once."""
    site = project(
        {
            "pyproject.toml": "",
            "docs/conf.py": CONF,
            "docs/index.md": INDEX,
            "explainers/a.md": page("A"),
            "explainers/b.md": page("B"),
        }
    )
    assert build(site) == (0, "", "A B")
    return site


def build(site, *options, **env):
    """Build it: the status, what was said, and which pages' programs ran."""
    log = site.folder / "explainers" / "ran.log"
    log.unlink(missing_ok=True)
    built = site.build("-W", "--keep-going", *options, env=env)
    ran = sorted(log.read_text().split()) if log.exists() else []
    return built.status, built.said, " ".join(ran)


def shown(site, name):
    return (site.folder / "out" / "html" / name).read_text("utf-8")


def test_nothing_changed_runs_nothing_and_writes_nothing(site):
    written = site.folder / "out" / "html" / "explainers" / "a.html"
    before = written.stat().st_mtime_ns
    assert build(site) == (0, "", "")
    assert written.stat().st_mtime_ns == before


def test_nothing_changed_runs_nothing_afresh_or_in_another_builder_either(site):
    assert build(site, "-E", "-a") == (0, "", "")
    log = site.folder / "explainers" / "ran.log"
    assert site.build("-W", builder="text").status == 0
    assert not log.exists()


def test_a_changed_page_runs_alone_and_is_shown_anew(site):
    site.write({"explainers/a.md": page("A2", wanted="2")})
    assert build(site) == (0, "", "A2")
    assert "<h1>A2" in shown(site, "explainers/a.html")
    assert "A2" in shown(site, "index.html")


def test_a_page_whose_prose_changed_is_shown_anew_and_does_not_run(site):
    site.write({"explainers/a.md": page("A") + "\nMore.\n"})
    assert build(site) == (0, "", "")
    assert "<p>More.</p>" in shown(site, "explainers/a.html")


def test_an_added_page_runs_alone_and_is_listed(site):
    site.write({"explainers/deep/c.md": page("C").replace("'ran.log'", "'../ran.log'")})
    assert build(site) == (0, "", "C")
    assert "1 checked and passed" in shown(site, "explainers/deep/c.html")
    assert "explainers/deep/c.html" in shown(site, "index.html")


def test_a_deleted_page_is_listed_no_more(site):
    (site.folder / "explainers" / "a.md").unlink()
    assert build(site) == (0, "", "")
    assert "explainers/a.html" not in shown(site, "index.html")
    assert "explainers/b.html" in shown(site, "index.html")


def test_a_changed_file_that_is_included_has_the_page_run_again(site):
    site.write({"explainers/part.txt": page("Part").partition("---\n# Part\n")[2]})
    site.write({"explainers/a.md": "# A\n\n```{include} part.txt\n```\n", "docs/index.md": INDEX})
    site.write({"docs/index.md": f"{INDEX}\n```{{toctree}}\n/explainers/a\n```\n"})
    assert build(site) == (0, "", "Part")
    site.write({"explainers/part.txt": page("Part", wanted="22").partition("---\n# Part\n")[2]})
    assert build(site) == (0, "", "Part")
    assert "22" in shown(site, "explainers/a.html")


def test_a_changed_module_beside_the_page_has_it_run_again_and_fail(site):
    site.write({"explainers/local.py": "value = 1\n"})
    text = page("A", "import local\n", "local.value")
    site.write({"explainers/a.md": text.replace("\nlocal.value\n```", "\n1\n```")})
    assert build(site) == (0, "", "A")
    assert build(site) == (0, "", "")
    site.write({"explainers/local.py": "value = 33\n"})
    status, said, ran = build(site)
    assert (status, ran) == (1, "A")
    assert said.startswith("explainers/a.md:13: WARNING: program: printed something other than")
    assert "0 checked and passed, 1 failed" in shown(site, "explainers/a.html")


def test_another_version_of_a_library_has_its_page_run_again(site):
    """And the stamp says so, though the page is the same."""
    site.write({"lib/fake.py": "", "lib/fake-1.0.dist-info/METADATA": metadata("1.0")})
    text = page("A", "import fake\n").replace("---\n# A", "library: fake\n---\n# A")
    site.write({"explainers/a.md": text})
    env = {"PYTHONPATH": str(site.folder / "lib")}
    assert build(site, **env) == (0, "", "A")
    assert build(site, **env) == (0, "", "")
    assert "Ran on fake 1.0," in shown(site, "explainers/a.html")
    site.write({"lib/fake-1.0.dist-info/METADATA": metadata("2.0")})
    assert build(site, **env) == (0, "", "A")
    assert "Ran on fake 2.0," in shown(site, "explainers/a.html")


def metadata(version):
    return f"Metadata-Version: 2.1\nName: fake\nVersion: {version}\n"


def test_a_failing_page_fails_every_build_until_it_is_mended(site):
    site.write({"explainers/a.md": page("A").replace("\n1\n", "\n2\n")})
    first = build(site)
    assert first[0] == 1
    assert first[1].startswith("explainers/a.md:12: WARNING: program: printed something other")
    assert build(site) == first
    site.write({"explainers/a.md": page("A")})
    assert build(site)[:2] == (0, "")
    assert "1 checked and passed." in shown(site, "explainers/a.html")


def test_other_flags_are_heeded_by_what_is_remembered(site):
    text = page("A", wanted="'a  b'").replace("\n'a  b'\n", "\na b\n")
    site.write({"explainers/a.md": text})
    loose = ("-D", "wherefrom_flags=NORMALIZE_WHITESPACE")
    assert build(site, *loose)[:2] == (0, "")
    assert build(site, *loose) == (0, "", "")
    assert build(site)[0] == 1


def test_options_can_be_given_on_the_command_line(site):
    assert build(site, "-D", "wherefrom_cache=0") == (0, "", "A B")
    assert build(site, "-D", "wherefrom_jobs=1") == (0, "", "")
    assert build(site, "-D", "wherefrom_timeout=12.5") == (0, "", "A B")
