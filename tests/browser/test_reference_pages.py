"""Twisted's reference on the real site: where its links lead, and what each entry is told."""

import re
from html import unescape
from importlib import metadata
from pathlib import Path

import pytest
import twisted
from sphinx.util.inventory import InventoryFile

ROOT = Path(__file__).parents[2]
API = "https://docs.twisted.org/en/stable/api/"
SOURCE = f"https://github.com/twisted/twisted/blob/twisted-{metadata.version('twisted')}/src/"
pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def pages(built):
    found = {each.stem: each.read_text("utf-8") for each in (built / "reference").glob("*.html")}
    assert len(found) > 8
    return found


def links(pages, start):
    every = {
        unescape(href) for text in pages.values() for href in re.findall(r'href="(.*?)"', text)
    }
    return {each for each in every if each.startswith(start)}


def entry(page, name):
    start = page.index(f'id="{name}"')
    end = page.find('id="twisted.', start + 1)
    return page[start : end if end > 0 else len(page)]


def test_links_to_the_librarys_own_pages_are_in_its_inventory(pages):
    data = (ROOT / "docs/inventories/twisted.inv").read_bytes()
    inventory = InventoryFile.loads(data, uri=API)
    known = {item.uri for items in inventory.data.values() for item in items.values()}
    out = links(pages, API) - {API}
    assert len(out) > 30
    assert out - known == set()


def test_links_to_source_lead_to_lines_that_define_what_they_are_of(pages):
    folder = Path(twisted.__file__).parents[1]
    checked = 0
    address = rf'href="{re.escape(SOURCE)}(.*?)#L(\d+)-L(\d+)"'
    pattern = re.compile(rf'id="(twisted[\w.]+)">(?:(?!</dt>).)*?{address}', re.DOTALL)
    for text in pages.values():
        for name, path, first, last in pattern.findall(text):
            lines = (folder / path).read_text("utf-8").splitlines()[int(first) - 1 : int(last)]
            assert any(name.rpartition(".")[2] in each for each in lines), (name, path, first)
            checked += 1
    assert checked > 100


@pytest.mark.parametrize(
    ("page", "name", "said"),
    [
        ("protocols", "twisted.internet.protocol.BaseProtocol.makeConnection", "Seen running"),
        ("protocols", "twisted.internet.protocol.BaseProtocol.transport", "Seen running"),
        ("reactors", "twisted.internet.posixbase.PosixReactorBase.connectTCP", "IReactorTCP"),
        ("reactors", "twisted.internet.iocpreactor.reactor.IOCPReactor.connectTCP", "IReactorTCP"),
        ("interfaces", "twisted.internet.interfaces.IReactorTCP.connectTCP", "Seen running"),
        ("interfaces", "twisted.internet.interfaces.IAddress", "Implemented by"),
        ("interfaces", "twisted.internet.interfaces.IConnector.connect", "Try to connect"),
        ("connectors", "twisted.internet.tcp.Connector", "getDestination"),
        ("factories", "twisted.internet.protocol.Factory.buildProtocol", "Seen running"),
    ],
)
def test_an_entry_is_told_what_belongs_to_it(pages, page, name, said):
    assert said in entry(pages[page], name)


def test_no_markup_of_the_docstrings_is_left(pages):
    for name, text in pages.items():
        shown = re.sub(r"<pre.*?</pre>|<[^>]+>", " ", text, flags=re.DOTALL)
        assert re.findall(r"\b[LCIBU]\{|@(?:param|ivar|return|type)\b", shown) == [], name


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_of_the_reference_is_wider_than_its_screen(opened, built, width):
    tab = opened(viewport={"width": width, "height": 900})
    for each in sorted((built / "reference").glob("*.html")):
        tab.goto(f"/reference/{each.name}")
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert tab.evaluate(wider) <= 0, each.name


def test_an_entry_leads_to_the_step_and_the_step_back_to_the_entry(tab):
    tab.goto("/reference/protocols.html")
    name = "twisted.internet.protocol.BaseProtocol.makeConnection"
    seen = tab.locator(f'dt[id="{name}"] + dd .wf-seen')
    seen.get_by_role("link").first.click()
    assert "-step-" in tab.url
    shown = tab.locator(".wf-step:target")
    assert "makeConnection" in shown.inner_text()
    shown.get_by_role("link", name="makeConnection").click()
    assert tab.url.endswith(f"protocols.html#{name}")
