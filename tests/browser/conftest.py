"""The real site, built once and served, and a real browser to read it with."""

import shutil
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")


def pytest_collection_modifyitems(items):
    """Say why these tests can't run where there is no browser."""
    if CHROMIUM is None:
        skip = pytest.mark.skip(reason="there is no Chromium: apt install chromium")
        for each in items:
            if Path(__file__).parent in each.path.parents:
                each.add_marker(skip)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The folder of the real site, built as users build it."""
    out = tmp_path_factory.mktemp("site")
    build(ROOT / "docs", out)
    return out / "html"


# A server's sockets and a browser's event loop are gone before another module's tests run.
@pytest.fixture(scope="module")
def site(built):
    """The real site, served: its address and its folder."""
    with served(built) as address:
        yield address, built


def build(source, out):
    options = ["-W", "--keep-going", "-q", "-j", "2", "-d", str(out / "doctrees")]
    command = [sys.executable, "-m", "sphinx", *options, str(source), str(out / "html")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr


@contextmanager
def served(folder):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def small_site(tmp_path_factory):
    """Build and serve pages of one's own: a function from their text by name to the address."""
    with ExitStack() as stack:

        def made(**pages):
            out = tmp_path_factory.mktemp("small")
            source = out / "source"
            source.mkdir()
            (source / "conf.py").write_text(CONF)
            for name, text in pages.items():
                (source / f"{name}.md").write_text(text)
            build(source, out)
            return stack.enter_context(served(out / "html"))

        yield made


CONF = """\
extensions = ["wherefrom"]
html_theme = "furo"
exclude_patterns = []
"""


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def tab(opened):
    """A desktop's page of the site."""
    return opened()


@pytest.fixture
def opened(chromium, site):
    """Open a page of the site in a context with these options; no script may fail on it."""
    contexts, problems = [], []

    def made(**options):
        options.setdefault("viewport", {"width": 1280, "height": 900})
        contexts.append(chromium.new_context(**{"base_url": site[0], **options}))
        tab = contexts[-1].new_page()
        tab.on("pageerror", lambda error: problems.append(str(error)))
        return tab

    yield made
    for each in contexts:
        each.close()
    assert problems == []
