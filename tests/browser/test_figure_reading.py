"""A figure as readers meet it: by keyboard, link, ear, phone, paper, and without scripts."""

import pytest

PAGE = "/explainers/where-does-transport-come-from.html"
LAST = 13
SCHEMES = ["light", "dark"]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}

pytestmark = pytest.mark.xdist_group("browser")


def flow(tab, ident="flow-client"):
    return tab.locator(f"figure#{ident}")


def step(tab):
    """The number of the one step that shows."""
    shown = flow(tab).locator(".wf-step:visible")
    assert shown.count() == 1
    return int(shown.get_attribute("id").rpartition("-")[2])


def figures(folder):
    """The pages that have a figure."""
    found = [each for each in folder.rglob("*.html") if 'class="wf-flow"' in each.read_text()]
    assert len(found) > 10
    return [f"/{each.relative_to(folder).as_posix()}" for each in sorted(found)]


def test_the_watched_values_state_shows_at_each_step(tab):
    tab.goto(PAGE)
    states = []
    flow(tab).locator(".wf-picture").focus()
    for _ in range(LAST):
        states.append(flow(tab).locator(".wf-value").inner_text())
        tab.keyboard.press("ArrowRight")
    assert states == ["Some.transport is None"] * 11 + ["Some.transport is tcp.Client"] * 2


def test_arrow_keys_step_only_where_the_figure_has_the_focus(tab):
    tab.goto(PAGE)
    tab.keyboard.press("ArrowRight")
    assert step(tab) == 1
    tab.locator(".sidebar-search").focus()
    tab.keyboard.press("ArrowRight")
    assert step(tab) == 1
    flow(tab).locator(".wf-picture").focus()
    tab.keyboard.press("ArrowRight")
    assert step(tab) == 2
    tab.keyboard.press("Control+ArrowRight")
    assert step(tab) == 2
    tab.keyboard.press("ArrowLeft")
    tab.keyboard.press("ArrowLeft")
    assert step(tab) == 1


def test_a_focused_figure_leaves_the_page_its_own_keys(tab):
    tab.goto(PAGE)
    flow(tab).locator(".wf-picture").focus()
    before = tab.evaluate("scrollY")
    tab.keyboard.press("PageDown")
    tab.wait_for_function("before => scrollY > before", arg=before)
    assert step(tab) == 1


def test_arrow_keys_in_the_source_scroll_it_and_keep_the_step(opened):
    tab = opened(viewport=PHONE)
    tab.goto(PAGE)
    code = flow(tab).locator(".wf-code:visible")
    code.focus()
    tab.keyboard.press("ArrowRight")
    tab.wait_for_function("document.activeElement.scrollLeft > 0")
    assert step(tab) == 1


def test_the_keyboard_stays_in_the_controls_at_both_ends(tab):
    tab.goto(PAGE)
    forward = flow(tab).get_by_role("button", name="Next")
    forward.focus()
    for _ in range(LAST + 2):
        tab.keyboard.press("Enter")
    assert step(tab) == LAST
    assert forward.is_disabled()
    tab.keyboard.press("ArrowLeft")
    assert step(tab) == LAST - 1


@pytest.mark.parametrize("number", [3, 6, 11])
def test_a_click_anywhere_on_a_row_of_the_picture_chooses_its_step(tab, number):
    tab.goto(PAGE)
    picture = flow(tab).locator("svg").first
    picture.scroll_into_view_if_needed()
    row = picture.locator(f".wf-area[data-step='{number}']").bounding_box()
    tab.mouse.click(row["x"] + 12, row["y"] + row["height"] / 2)
    assert step(tab) == number
    shining = picture.locator(".wf-now").evaluate_all("all => all.map(e => e.dataset.step)")
    assert set(shining) == {str(number)}


def test_a_linked_step_opens_in_sight_and_survives_reload_and_the_way_back(tab):
    tab.goto(f"{PAGE}#flow-client-step-4")
    assert step(tab) == 4
    box = flow(tab).locator(".wf-step:visible").bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 900
    assert flow(tab).locator(".wf-picture").bounding_box()["y"] >= 0
    flow(tab).get_by_role("button", name="Next").click()
    assert tab.url.endswith("#flow-client-step-5")
    tab.reload()
    assert step(tab) == 5
    flow(tab).get_by_role("link", name="Full trace").click()
    tab.wait_for_url("**/_traces/**")
    tab.go_back()
    tab.wait_for_url("**#flow-client-step-5")
    assert step(tab) == 5


def test_a_link_on_the_page_to_a_step_opens_it_and_back_returns(tab):
    tab.goto(f"{PAGE}#flow-client-step-2")
    tab.evaluate("location.hash = 'flow-client-step-9'")
    tab.wait_for_function("!document.getElementById('flow-client-step-9').hidden")
    tab.go_back()
    tab.wait_for_function("!document.getElementById('flow-client-step-2').hidden")
    assert step(tab) == 2


@pytest.mark.parametrize("hash_", ["#%", "#flow-client-step-99", "#flow-client", "#a b"])
def test_a_link_to_no_step_shows_the_first(tab, hash_):
    tab.goto(PAGE + hash_)
    assert step(tab) == 1


def test_the_page_below_stays_where_it_is_while_stepping(tab):
    tab.goto(PAGE)
    foot = flow(tab).locator(".wf-foot")
    places = set()
    flow(tab).locator(".wf-picture").focus()
    for _ in range(LAST):
        tab.keyboard.press("ArrowRight")
        places.add(foot.evaluate("each => Math.round(each.getBoundingClientRect().top + scrollY)"))
    assert len(places) == 1


def test_all_steps_can_be_shown_at_once(tab):
    tab.goto(PAGE)
    every = flow(tab).get_by_role("button", name="All steps")
    every.click()
    assert flow(tab).locator(".wf-step:visible").count() == LAST
    assert every.get_attribute("aria-pressed") == "true"
    every.click()
    assert step(tab) == 1


def test_each_call_and_store_shows_its_source_with_one_marked_line(tab):
    tab.goto(PAGE)
    flow(tab).get_by_role("button", name="All steps").click()
    for each in flow(tab).locator(".wf-step-call, .wf-step-store").all():
        assert each.locator("pre mark").count() == 1
        assert each.locator("pre").inner_text().strip()
        place = each.locator(".wf-place")
        if "where-does-transport" not in place.inner_text():
            link = place.locator("a").first.get_attribute("href")
            assert link.startswith("https://github.com/twisted/twisted/blob/twisted-")
            number = place.inner_text().split(":")[1].split()[0]
            assert link.endswith(f"#L{number}-L{number}")


def test_a_figure_says_what_it_was_seen_on(tab):
    tab.goto(PAGE)
    assert "Seen on Twisted 2" in flow(tab).locator(".wf-foot").inner_text()
    assert "Python 3." in flow(tab).locator(".wf-foot").inner_text()


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_an_ear_meets_one_picture_that_is_short_and_the_list_of_steps(opened, viewport):
    tab = opened(viewport=viewport)
    tab.goto(PAGE)
    heard = flow(tab).aria_snapshot()
    assert heard.count('img "') == 1
    assert "- list" in heard
    assert heard.count("doConnect") == 0
    flow(tab).get_by_role("button", name="All steps").click()
    heard = flow(tab).aria_snapshot()
    assert heard.count("- code: tcp.BaseClient.doConnect") == heard.count('doConnect":') == 1
    assert heard.count("- listitem") == LAST


def test_each_picture_has_a_title_and_a_description(tab):
    tab.goto(PAGE)
    for each in tab.locator("svg.wf-sequence").all():
        for ident in each.get_attribute("aria-labelledby").split():
            assert each.locator(f"#{ident}").text_content()


def test_no_two_parts_of_a_page_have_the_same_id(tab, site):
    for page in figures(site[1]):
        tab.goto(page)
        ids = tab.evaluate("[...document.querySelectorAll('[id]')].map(each => each.id)")
        assert len(ids) == len(set(ids)), page


def test_a_step_is_announced_once_it_is_chosen_and_not_before(tab):
    tab.goto(f"{PAGE}#flow-client-step-2")
    heard = flow(tab).locator("[aria-live=polite]")
    assert heard.inner_text() == ""
    flow(tab).get_by_role("button", name="Next").click()
    assert heard.inner_text().startswith("Step 3 of 13: Connector calls protocol.Factory.doStart")


def test_without_scripts_each_step_stands_with_its_source_and_the_values_state(opened):
    tab = opened(java_script_enabled=False)
    tab.goto(PAGE)
    stores = flow(tab).locator(".wf-step-store")
    assert stores.locator("mark").inner_text().strip() == "self.transport = transport"
    assert stores.locator("pre").is_visible()
    assert flow(tab).locator("pre:visible").count() == LAST - 1
    assert flow(tab).locator(".wf-place:visible").count() == LAST - 1
    assert flow(tab).locator("svg:visible").count() == 1
    assert not flow(tab).locator(".wf-controls").is_visible()


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_no_text_of_a_picture_is_cut_off_or_lies_over_another(opened, site, viewport):
    tab = opened(viewport=viewport)
    for page in figures(site[1]):
        tab.goto(page)
        assert tab.evaluate(CROWDED) == [], page


CROWDED = """() => [...document.querySelectorAll('svg.wf-sequence')].flatMap(svg => {
  const paper = svg.getBoundingClientRect();
  if (!paper.width) return [];
  const all = [...svg.querySelectorAll('text')].map(each => [each, each.getBoundingClientRect()]);
  const out = all.filter(([, a]) => a.left < paper.left - 1 || a.right > paper.right + 1);
  const over = all.filter(([, a], i) => all.slice(i + 1).some(([, b]) =>
    a.left < b.right && b.left < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom));
  return [...out, ...over].map(([each]) => each.textContent);
})"""


def test_at_phone_width_the_whole_picture_is_there_in_legible_letters(opened, site):
    tab = opened(viewport=PHONE)
    for page in figures(site[1]):
        tab.goto(page)
        for figure in tab.locator("figure.wf-flow").all():
            picture = figure.locator(".wf-picture")
            assert picture.evaluate("each => each.scrollWidth <= each.clientWidth"), page
            size = figure.locator("svg:visible").evaluate(
                "svg => parseFloat(getComputedStyle(svg).fontSize)"
                " * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width"
            )
            assert size >= 10.5, page


THEMES = [(None, "light"), (None, "dark"), ("light", "dark"), ("dark", "light")]


def themed(tab, chosen, element="body"):
    """What a theme's own button does: on the body, or on the whole document."""
    if chosen:
        tab.evaluate(f"t => {{ document.querySelector('{element}').dataset.theme = t }}", chosen)


@pytest.mark.parametrize(("chosen", "system"), THEMES)
def test_every_word_of_a_figure_stands_out_from_what_it_stands_on(opened, chosen, system):
    tab = opened(color_scheme=system)
    for page in [PAGE, "/explainers/why-reactor-not-restartable.html"]:
        tab.goto(page)
        themed(tab, chosen)
        for each in tab.locator("button.wf-all").all():
            each.click()
        found = tab.evaluate(CONTRASTS)
        assert len(found) > 40
        assert [each for each in found if each[0] < 4.5] == []


CONTRASTS = """() => {
  const light = text => {
    const parts = text.match(/[\\d.]+/g).map(Number);
    const linear = parts.slice(0, 3).map(each => each / 255)
      .map(each => each <= 0.03928 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const clear = colour => colour === 'none' || /, 0\\)$/.test(colour);
  const behind = each => {
    const box = each.closest('svg') && each.closest('g')?.querySelector('rect');
    if (box && !each.closest('g').querySelector('path')) return getComputedStyle(box).fill;
    for (let up = each; up; up = up.parentElement) {
      const colour = getComputedStyle(up).backgroundColor;
      if (!clear(colour)) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const wordy = each => [...each.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  return [...document.querySelectorAll('.wf-flow *, .wf-stamp *, .wf-as-text *')]
    .filter(each => wordy(each) && each.getClientRects().length)
    .filter(each => !each.closest('[aria-disabled=true], title, desc, .wf-unseen'))
    .map(each => {
      const style = getComputedStyle(each);
      const text = light(each.closest('svg') ? style.fill : style.color);
      const paper = light(behind(each));
      const ratio = (Math.max(text, paper) + 0.05) / (Math.min(text, paper) + 0.05);
      return [ratio * Number(style.opacity), each.textContent];
    });
}"""


@pytest.mark.parametrize("element", ["body", "html"])
@pytest.mark.parametrize(("chosen", "system"), THEMES)
def test_the_theme_that_the_reader_chose_wins_over_the_systems(opened, chosen, system, element):
    tab = opened(color_scheme=system)
    tab.goto(PAGE)
    themed(tab, chosen, element)
    paper = flow(tab).locator(".wf-picture").evaluate("e => getComputedStyle(e).backgroundColor")
    assert paper == ("rgb(255, 255, 255)" if (chosen or system) == "light" else "rgb(19, 20, 22)")


def test_colours_that_the_system_forces_leave_the_picture_legible(opened):
    tab = opened(forced_colors="active", color_scheme="dark")
    tab.goto(PAGE)
    text, paper = tab.evaluate(
        "[getComputedStyle(document.querySelector('.wf-label')).fill,"
        " getComputedStyle(document.querySelector('.wf-picture')).backgroundColor]"
    )
    assert (text, paper) == ("rgb(232, 236, 242)", "rgb(19, 20, 22)")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_lines_of_a_picture_stand_out_from_its_paper(opened, scheme):
    tab = opened(color_scheme=scheme)
    tab.goto("/explainers/why-reactor-not-restartable.html")
    lines = ["line", "thrown", "thread", "library-edge", "own-edge"]
    weak = tab.evaluate(
        """names => {
          const light = text => {
            const hex = text.trim().slice(1).match(/../g).map(each => parseInt(each, 16) / 255);
            const [r, g, b] = hex.map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
          };
          const style = getComputedStyle(document.body);
          const of = name => light(style.getPropertyValue('--wf-' + name));
          const ratio = (one, other) => Math.max(one / other, other / one);
          return names.filter(each => !(ratio(of(each), of('paper')) >= 3));
        }""",
        lines,
    )
    assert weak == []


@pytest.mark.parametrize(("chosen", "system"), THEMES)
def test_on_paper_all_steps_stand_on_white_without_controls(opened, chosen, system):
    tab = opened(color_scheme=system)
    tab.goto(f"{PAGE}#flow-client-step-4")
    themed(tab, chosen)
    tab.emulate_media(media="print")
    assert flow(tab).locator(".wf-step:visible").count() == LAST
    assert flow(tab).locator("svg:visible").count() == 1
    assert not flow(tab).locator(".wf-controls").is_visible()
    picture = flow(tab).locator(".wf-picture")
    assert picture.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"
    label = picture.locator(".wf-label").first
    assert label.evaluate("e => getComputedStyle(e).fill") == "rgb(28, 35, 45)"
    tab.emulate_media(media="screen")
    assert step(tab) == 4


def test_nothing_of_a_figure_moves_by_itself(opened):
    tab = opened(reduced_motion="reduce")
    tab.goto(f"{PAGE}#flow-client-2-step-3")
    moving = tab.evaluate(
        "[...document.querySelectorAll('.wf-flow, .wf-flow *')].map(e => getComputedStyle(e))"
        ".filter(s => s.animationName !== 'none' || parseFloat(s.transitionDuration) > 0).length"
    )
    assert moving == 0
    place = tab.evaluate("scrollY")
    assert place > 1000
    tab.wait_for_timeout(300)
    assert tab.evaluate("scrollY") == place


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_has_the_keyboards_focus_is_framed(opened, scheme):
    tab = opened(color_scheme=scheme)
    tab.goto(PAGE)
    flow(tab).locator(".wf-picture").focus()
    framed = []
    for _ in range(8):
        focus = tab.evaluate(
            "(e => e.closest('#flow-client') && [e.className || e.parentElement.className,"
            " getComputedStyle(e).outlineStyle, parseFloat(getComputedStyle(e).outlineWidth)])"
            "(document.activeElement)"
        )
        if focus:
            framed.append(focus[0])
            assert focus[1] == "solid", focus
            assert focus[2] >= 2, focus
        tab.keyboard.press("Tab")
    controls = ["wf-previous", "wf-next", "wf-all"]
    assert framed == ["wf-picture", *controls, "wf-say", "wf-code", "wf-full", "wf-full"]


def test_fingers_have_room(opened):
    tab = opened(viewport=PHONE, has_touch=True)
    tab.goto(PAGE)
    for each in flow(tab).get_by_role("button").all():
        assert each.bounding_box()["height"] >= 44
    for each in flow(tab).locator(".wf-place a:visible, .wf-foot a").all():
        assert each.bounding_box()["height"] >= 24
    for each in flow(tab).locator("svg:visible .wf-area").all():
        assert each.bounding_box()["height"] >= 24
    flow(tab).locator("svg:visible").scroll_into_view_if_needed()
    row = flow(tab).locator("svg:visible .wf-area[data-step='5']").bounding_box()
    tab.touchscreen.tap(row["x"] + 100, row["y"] + 10)
    assert step(tab) == 5


def test_the_caption_stands_with_the_picture(tab):
    tab.goto(PAGE)
    caption = flow(tab).locator("figcaption").bounding_box()
    picture = flow(tab).locator(".wf-picture").bounding_box()
    assert 0 <= picture["y"] - caption["y"] - caption["height"] < 16


def test_the_landing_pages_picture_is_whole_within_one_screen(tab):
    tab.goto("/")
    picture = flow(tab, "flow-answer").locator(".wf-picture").bounding_box()
    assert picture["y"] + picture["height"] < 900


def test_the_pages_own_code_is_told_apart_by_more_than_colour(tab):
    tab.goto(PAGE)
    heads = (
        flow(tab)
        .locator("svg:visible g:has(> .wf-head)")
        .evaluate_all(
            "all => all.map(g => [g.querySelector('rect').classList.contains('wf-own'),"
            " g.querySelector('rect').getAttribute('rx'),"
            " getComputedStyle(g.querySelector('rect')).strokeWidth,"
            " [...g.querySelectorAll('text')].at(-1).textContent])"
        )
    )
    own = [each for each in heads if each[0]]
    assert [each[3] for each in own] == ["this page", "in this page"]
    assert {tuple(each[1:3]) for each in own} == {("2", "2px")}
    assert {tuple(each[1:3]) for each in heads if not each[0]} == {("8", "1px")}
