"""`wherefrom build` and `wherefrom serve`: real sites, really served."""

import os
import signal
import socket
import time
import urllib.error
import urllib.request

import pytest

CONF = """\
project = "T"
extensions = ["myst_parser", "wherefrom"]
wherefrom_explainers = "../explainers"
"""
INDEX = "# Site\n\n```{toctree}\nexplainers/one\n```\n"
ONE = "# One\n\n```pycon\n>>> 1 + 1\n2\n```\n"
PATIENCE = 90


@pytest.fixture
def site(project):
    project.write(folder="docs", ending="", **{"conf.py": CONF, "index.md": INDEX})
    project.write(one=ONE)
    return project


def test_a_site_is_built_where_it_is_said(site):
    done = site.run("build", "docs", "out")
    assert done.status == 0, done.err
    assert "build succeeded" in done.out
    assert "One" in (site.path / "out" / "explainers" / "one.html").read_text()


def test_another_builder_may_be_chosen(site):
    assert site.run("build", "-b", "text").status == 0
    text = (site.path / "build" / "site" / "explainers" / "one.txt").read_text()
    assert ">>> 1 + 1" in text


def test_a_page_that_fails_fails_the_build_at_its_line(site):
    site.write(one=ONE.replace("\n2\n", "\n3\n"))
    done = site.run("build")
    assert done.status == 1
    assert f"{site.path}/explainers/one.md:4: WARNING: " in done.err


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_ends_a_build_and_all_that_it_runs(site, jobs):
    began = site.path / "began"
    hangs = f"\n```pycon\n>>> open('{began}', 'w').close()\n>>> import time; time.sleep(600)\n```\n"
    site.write(one=ONE + hangs)
    with site.start("build", "-j", jobs) as building:
        deadline = time.monotonic() + PATIENCE
        while not began.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert began.exists()
        os.killpg(building.pid, signal.SIGINT)
        _, err = building.communicate(timeout=PATIENCE)
    assert building.returncode != 0
    assert b"Traceback" not in err, err.decode()
    assert site.left() == []


@pytest.mark.parametrize("command", ["build", "serve"])
def test_a_folder_that_is_no_site_is_refused(project, command):
    done = project.run(command, "nope")
    assert (done.status, done.out) == (2, "")
    assert done.err == (
        "error: nope: no Sphinx project: there is no `conf.py`; give the folder that holds it "
        "[config]\n"
    )


def test_a_port_that_is_taken_is_said_before_the_site_is_built(site):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = site.run("serve", "--port", str(port))
    assert (done.status, done.out) == (2, "")
    assert done.err == (
        f"error: can't listen on port {port} of 127.0.0.1: Address already in use; "
        "give another --port or --host [config]\n"
    )
    assert site.run("serve", "--port", "99999").status == 2
    assert site.run("serve", "--host", "no.such.host.invalid").status == 2


def page_of(port):
    address = f"http://127.0.0.1:{port}/explainers/one.html"
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return answer.read().decode()
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return ""


def awaits(text, port):
    """Wait until the page that is served holds the text."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if text in page_of(port):
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_site_is_served_and_built_again_until_it_is_ended(site, sent):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = site.path / "log"
    with log.open("wb") as file:
        serving = site.start("serve", "--port", str(port), stdout=file, stderr=file)
    with serving:
        try:
            assert awaits("<h1>One", port), log.read_text()
            site.write(one=ONE + "\nThe second edition.\n")
            assert awaits("The second edition.", port), log.read_text()
            serving.send_signal(sent)
            serving.wait(30)
        finally:
            serving.kill()
    assert site.left() == []
    assert "Traceback" not in log.read_text()
