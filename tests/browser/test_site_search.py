"""How a reader finds the answer: search, the landing page, the path from page to page."""

from itertools import pairwise

import pytest

pytestmark = pytest.mark.xdist_group("browser")

FIRST = "where-does-transport-come-from"


def found(tab, words):
    """The addresses of a search's results, best first."""
    tab.goto("/search.html?q=" + words.replace(" ", "+"))
    tab.locator("#search-results li a").first.wait_for(timeout=10_000)
    return [each.get_attribute("href") for each in tab.locator("#search-results li a").all()]


@pytest.mark.parametrize(
    ("symptom", "page"),
    [
        ("Data must be bytes", "why-data-must-be-bytes"),
        ("ReactorNotRestartable", "why-reactor-not-restartable"),
        ("Unhandled error in Deferred", "why-unhandled-error-in-deferred"),
        ("'NoneType' object has no attribute 'greeting'", "why-is-factory-missing-in-init"),
        ("AlreadyCalledError", "in-what-order-do-callbacks-and-errbacks-run"),
        ("Connection was closed cleanly", "when-is-connection-lost-called"),
        ("ReconnectingClientFactory", "why-does-my-client-not-reconnect"),
        ("everything freeze", "why-does-everything-freeze"),
    ],
)
def test_the_first_result_for_a_symptom_is_the_page_that_explains_it(tab, symptom, page):
    assert page in found(tab, symptom)[0]


@pytest.mark.parametrize("size", [(1280, 900), (390, 844)], ids=str)
def test_the_landing_page_answers_the_first_question_within_one_screen(chromium, site, size):
    width, height = size
    viewport = {"width": width, "height": height}
    context = chromium.new_context(viewport=viewport, base_url=site[0])
    tab = context.new_page()
    tab.goto("/")
    answer = tab.locator("article p", has_text="Where does self.transport come from?").first
    box = answer.bounding_box()
    assert "self.transport = transport" in answer.inner_text()
    assert box["y"] + box["height"] < height
    answer.get_by_role("link").click()
    assert FIRST in tab.url
    context.close()


def test_the_landing_pages_picture_fits_a_desktops_screen(tab):
    tab.goto("/")
    box = tab.locator("figure .wf-picture").first.bounding_box()
    assert box["y"] + box["height"] < 900


def test_the_pages_lead_from_the_first_to_the_last_and_back(tab):
    tab.goto("/explainers.html")
    links = tab.locator("article .toctree-wrapper a.reference").all()
    path = [each.evaluate("link => link.href") for each in links]
    assert len(path) >= 12
    for before, after in pairwise(path):
        assert led_to(tab, before, "Next: ") == after
        assert led_to(tab, after, "Before: ") == before


def test_an_api_entry_leads_to_each_explainer_of_twisted(tab, site):
    linked = set()
    for path in sorted((site[1] / "reference").glob("*.html")):
        tab.goto(f"/reference/{path.name}")
        entries = tab.locator("article dl.py a[href*='/explainers/']")
        linked |= set(entries.evaluate_all("each => each.map(link => link.pathname)"))
    pages = {f"/explainers/{each.name}" for each in (site[1] / "explainers").glob("*.html")}
    assert pages - linked == {"/explainers/where-does-asyncio-transport-come-from.html"}


def led_to(tab, address, word):
    """The address of the link after a word at a page's end."""
    tab.goto(address)
    last = tab.locator("article section > p", has_text=word).last
    return last.evaluate(
        """(end, word) => {
            const text = [...end.childNodes].find(
                each => each.nodeType === Node.TEXT_NODE && each.data.endsWith(word));
            return text.nextSibling.href;
        }""",
        word,
    )
