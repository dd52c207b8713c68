"""The site in a real browser: stepping, links, the full trace, search, small screens, no script."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = "explainers/where-does-transport-come-from.html"
SIZES = [(1280, 900), (390, 800)]

pytestmark = pytest.mark.xdist_group("browser")


def flow(tab, ident="flow-client"):
    return tab.locator(f"figure#{ident}")


def shown_steps(figure):
    return [each for each in figure.locator(".wf-step").all() if each.is_visible()]


def test_steps_go_by_click_and_key_and_the_watched_value_changes_with_them(tab):
    tab.goto(f"/{PAGE}")
    figure = flow(tab)
    (first,) = shown_steps(figure)
    assert "calls posixbase.PosixReactorBase.connectTCP" in first.inner_text()
    figure.get_by_role("button", name="Next").click()
    (second,) = shown_steps(figure)
    assert "calls base.BaseConnector.connect" in second.inner_text()
    assert second.locator("mark").inner_text() == "    c.connect()".rjust(19)
    for _ in range(20):
        tab.keyboard.press("ArrowRight")
    assert figure.locator(".wf-value").inner_text() == "Some.transport is tcp.Client"
    assert figure.get_by_role("button", name="Next").is_disabled()
    tab.keyboard.press("ArrowLeft")
    assert len(shown_steps(figure)) == 1


def test_a_click_on_a_row_of_the_picture_goes_to_its_step(tab):
    tab.goto(f"/{PAGE}")
    figure = flow(tab)
    figure.locator("svg text", has_text="Some.transport").first.click()
    (step,) = shown_steps(figure)
    assert "changes from None to tcp.Client" in step.inner_text()
    assert step.locator("mark").inner_text().strip() == "self.transport = transport"


def test_a_step_can_be_linked_to(tab):
    tab.goto(f"/{PAGE}#flow-client-step-4")
    (step,) = shown_steps(flow(tab))
    assert step.get_attribute("id") == "flow-client-step-4"


def test_a_step_leads_to_the_released_source_and_to_its_api_entry(tab):
    tab.goto(f"/{PAGE}")
    link = flow(tab).locator(".wf-place a").first
    assert link.get_attribute("href").startswith("https://github.com/twisted/twisted/blob/twisted-")
    flow(tab).locator("#flow-client-step-2").evaluate("each => each.hidden = false")
    flow(tab).locator("#flow-client-step-2 .wf-say a").click()
    assert tab.url.endswith("#twisted.internet.base.BaseConnector.connect")


def test_the_full_trace_opens_folds_and_is_searched(tab):
    tab.goto(f"/{PAGE}")
    flow(tab).get_by_role("link", name="Full trace").click()
    tab.get_by_label("Find a name").fill("makeConnection")
    hit = tab.locator(".wf-hit").first
    assert hit.is_visible()
    assert "line" in tab.locator("output").inner_text()
    tab.get_by_role("button", name="Fold all").click()
    assert tab.locator("details[open]").count() == 0
    tab.get_by_role("link", name="Back to the page").click()
    assert tab.url.endswith(PAGE)


def test_without_scripts_the_whole_flow_is_there(chromium, site):
    context = chromium.new_context(java_script_enabled=False, base_url=site[0])
    tab = context.new_page()
    tab.goto(f"/{PAGE}")
    figure = flow(tab)
    assert len(shown_steps(figure)) == figure.locator(".wf-step").count() > 10
    assert not figure.get_by_role("button").first.is_visible()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_no_page_is_wider_than_the_screen(chromium, site, size, scheme):
    address, folder = site
    width, height = size
    viewport = {"width": width, "height": height}
    context = chromium.new_context(viewport=viewport, color_scheme=scheme, base_url=address)
    tab = context.new_page()
    for path in sorted(folder.rglob("*.html")):
        tab.goto(f"/{path.relative_to(folder).as_posix()}", wait_until="domcontentloaded")
        wide = tab.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, path.relative_to(folder)
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pictures_text_stands_out_from_its_paper(chromium, site, scheme):
    context = chromium.new_context(color_scheme=scheme, base_url=site[0])
    tab = context.new_page()
    tab.goto(f"/{PAGE}")
    text, paper = tab.evaluate(
        "[getComputedStyle(document.querySelector('.wf-label')).fill,"
        " getComputedStyle(document.querySelector('.wf-picture')).backgroundColor]"
    )
    assert contrast(luminance(text), luminance(paper)) > 7
    context.close()


def luminance(color):
    parts = [int(each) / 255 for each in color[4:-1].split(",")]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = max(one, other), min(one, other)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("symptom", "page"),
    [
        ("Data must be bytes", "why-data-must-be-bytes"),
        ("ReactorNotRestartable", "why-reactor-not-restartable"),
        ("Unhandled error in Deferred", "why-unhandled-error-in-deferred"),
    ],
)
def test_a_search_for_the_symptom_finds_its_page(tab, symptom, page):
    tab.goto(f"/search.html?q={symptom.replace(' ', '+')}")
    tab.locator("#search-results li a").first.wait_for(timeout=10_000)
    found = [each.get_attribute("href") for each in tab.locator("#search-results li a").all()]
    assert any(page in each for each in found[:3])


def test_words_that_were_searched_for_are_marked_throughout_a_page_with_pictures(tab):
    tab.goto("/search.html?q=transport")
    tab.locator("#search-results a[href*='where-does-transport-come-from']").first.click()
    tab.locator("article span.highlighted").first.wait_for(timeout=10_000)
    figure = flow(tab).bounding_box()
    last = tab.locator("article span.highlighted").last.bounding_box()
    assert last["y"] > figure["y"] + figure["height"]


def test_what_is_copied_is_code_without_prompts(tab):
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.goto(f"/{PAGE}")
    blocks = [each for each in tab.locator("div.highlight").all() if ">>> " in each.inner_text()]
    assert blocks
    for block in blocks:
        block.locator("button.copybtn").click(force=True)
        copied = tab.evaluate("navigator.clipboard.readText()")
        assert copied.strip()
        assert ">>>" not in copied


def test_a_page_that_is_not_there_is_whole_and_leads_home(tab):
    tab.goto("/404.html")
    assert "Page not found" in tab.locator("article").inner_text()
    missing = tab.evaluate("performance.getEntries().filter(e => e.responseStatus >= 400).length")
    assert missing == 0
    tab.locator("a.sidebar-brand").click()
    assert "wherefrom" in tab.locator("body").inner_text()


def test_the_landing_page_answers_within_one_screen_and_leads_on(tab):
    tab.goto("/")
    article = tab.locator("article")
    answer = article.get_by_text("makeConnection", exact=False).first.bounding_box()
    assert answer["y"] + answer["height"] < 900
    tab.get_by_role("link", name="The whole answer").click()
    assert tab.url.endswith(PAGE)


def test_every_page_says_that_it_is_unofficial(site):
    _, folder = site
    for path in sorted(folder.rglob("*.html")):
        if "_traces" not in path.parts:
            assert "Unofficial" in path.read_text("utf-8"), path


def test_the_readmes_picture_is_the_one_that_the_build_makes(site):
    made = site[1] / "_pictures" / PAGE.replace(".html", "") / "origin-client.svg"
    kept = ROOT / "docs" / "_static" / "origin.svg"
    assert kept.read_text("utf-8") == made.read_text("utf-8"), f"copy {made.name} to {kept}"
