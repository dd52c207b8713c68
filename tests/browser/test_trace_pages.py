"""The full trace as readers meet it: folded, searched, on a phone, without scripts, bounded."""

import pytest

TRACE = "/_traces/explainers/where-does-transport-come-from/client.html"
pytestmark = pytest.mark.xdist_group("browser")

DEEP = """# Deep

```{testcode} deep
class Bottom:
    reached = False

def dive(depth):
    if depth:
        dive(depth - 1)
    else:
        bottom.reached = True

bottom = Bottom()
dive(400)
```

```{flow} deep
:watch: Bottom.reached
Bottom.reached: False -> True
```
"""
LONG = """# Long

```{testcode} long
class Last:
    seen = None

def step(number):
    last.seen = number

last = Last()
for number in range(9000):
    step(number)
```

```{flow} long
:watch: Last.seen
Last.seen: 0 -> 1
```
"""
TWIN = """
```{{testcode}} {0}
class Twin:
    name = None

{1} = Twin()
{1}.name = "{1}"
```

```{{flow}} {0}
:watch: Twin.name
Twin.name: None -> '{1}'
```
"""
TWINS = f"# Twins\n{TWIN.format('a b', 'one')}{TWIN.format('a-b', 'other')}"


@pytest.fixture(scope="module")
def address(small_site):
    return small_site(
        index="# Top\n\n```{toctree}\ndeep\nlong\ntwins\n```\n", deep=DEEP, long=LONG, twins=TWINS
    )


def opened_folds(tab):
    """How deep each open fold lies."""
    return tab.evaluate(
        "[...document.querySelectorAll('details[open]')].map(each => {"
        " let n = 0; for (let up = each.parentElement; up; up = up.parentElement)"
        " n += up.matches('details'); return n; })"
    )


def test_a_trace_folds_to_each_depth(tab):
    tab.goto(TRACE)
    assert max(opened_folds(tab)) == 1
    depth = tab.get_by_label("Open to depth")
    for wanted in (1, 4, 0):
        depth.fill(str(wanted))
        assert max(opened_folds(tab), default=-1) == wanted - 1
    tab.get_by_role("button", name="Open all").click()
    assert tab.locator("details:not([open])").count() == 0
    tab.get_by_role("button", name="Fold all").click()
    assert opened_folds(tab) == []


def test_a_search_goes_from_hit_to_hit_and_opens_what_they_lie_in(tab):
    tab.goto(TRACE)
    tab.get_by_role("button", name="Fold all").click()
    search = tab.get_by_label("Find a name")
    search.fill("makeconnection")
    total = tab.locator(".wf-hit").count()
    assert total > 1
    said = tab.locator("output")
    assert said.inner_text() == f"1 of {total} lines"
    search.press("Enter")
    assert said.inner_text() == f"2 of {total} lines"
    tab.get_by_role("button", name="Previous hit").click()
    tab.get_by_role("button", name="Previous hit").click()
    assert said.inner_text() == f"{total} of {total} lines"
    assert tab.locator(".wf-here").is_visible()
    search.fill("nothing is called like this")
    assert said.inner_text() == "No line"
    search.fill("")
    assert tab.locator(".wf-hit").count() == 0
    assert said.inner_text() == ""


def test_each_line_of_a_trace_says_where_it_was_called(tab):
    tab.goto(TRACE)
    line = tab.locator("summary", has_text="posixbase.PosixReactorBase.connectTCP")
    assert line.locator("small").inner_text().startswith("where-does-transport-come-from.md:")


def test_without_scripts_a_trace_is_whole_and_folds(opened):
    tab = opened(java_script_enabled=False)
    tab.goto(TRACE)
    assert not tab.locator(".wf-trace-tools").is_visible()
    fold = tab.locator("details").first
    assert fold.get_attribute("open") is not None
    fold.locator("summary").first.click()
    assert fold.get_attribute("open") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_trace_follows_the_theme_that_was_chosen_on_the_site(opened, scheme):
    tab = opened(color_scheme="dark" if scheme == "light" else "light")
    tab.goto("/")
    tab.evaluate("theme => localStorage.setItem('theme', theme)", scheme)
    tab.goto(TRACE)
    paper = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(19, 20, 22)"}[scheme]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_of_a_trace_stands_out(opened, scheme):
    tab = opened(color_scheme=scheme)
    tab.goto("/_traces/explainers/why-data-must-be-bytes/server.html")
    tab.get_by_role("button", name="Open all").click()
    found = tab.evaluate(CONTRASTS)
    assert len(found) > 200
    assert [each for each in found if each[0] < 4.5] == []


CONTRASTS = """() => {
  const light = text => {
    const linear = text.match(/[\\d.]+/g).slice(0, 3).map(each => Number(each) / 255)
      .map(each => each <= 0.03928 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const behind = each => {
    const colour = getComputedStyle(each).backgroundColor;
    return /, 0\\)$/.test(colour) ? behind(each.parentElement) : colour;
  };
  const wordy = each => [...each.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  return [...document.querySelectorAll('body *')]
    .filter(each => wordy(each) && each.getClientRects().length)
    .map(each => {
      const [text, paper] = [light(getComputedStyle(each).color), light(behind(each))];
      return [(Math.max(text, paper) + 0.05) / (Math.min(text, paper) + 0.05), each.textContent];
    });
}"""


def test_on_a_phone_the_tools_have_room_for_fingers_and_the_page_does_not_scroll_sideways(opened):
    tab = opened(viewport={"width": 390, "height": 844})
    tab.goto(TRACE)
    for each in tab.locator(".wf-trace-tools :is(input, button)").all():
        assert each.bounding_box()["height"] >= 44
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_deep_trace_nests_no_deeper_than_a_browser_can(opened, address):
    tab = opened(base_url=address)
    tab.goto("/_traces/deep/deep.html")
    dives = tab.locator("code", has_text="dive")
    assert dives.count() == 401
    # Had the parser given up on the nesting, what comes last would lie outside the tree.
    assert tab.locator(".wf-tree mark", has_text="Bottom.reached: False -> True").count() == 1
    assert tab.locator("main > ul").count() == 1
    tab.get_by_role("button", name="Open all").click()
    assert tab.locator("mark").is_visible()


def test_a_long_trace_is_cut_says_so_and_loads_apart_from_its_page(opened, address):
    tab = opened(base_url=address)
    loaded = []
    tab.on("request", lambda request: loaded.append(request.url))
    tab.goto("/long.html")
    tab.wait_for_load_state("networkidle")
    assert not any("_traces" in each for each in loaded)
    answer = tab.request.get("/_traces/long/long.html")
    assert len(answer.body()) < 600_000
    tab.get_by_role("link", name="Full trace").click()
    tab.wait_for_url("**/_traces/long/long.html")
    assert tab.locator(".wf-tree code").count() == 4000
    assert tab.get_by_text("Cut here: the trace has more than 4000 lines.").is_visible()


def test_two_groups_with_names_alike_have_each_their_own_trace(opened, address):
    tab = opened(base_url=address)
    for number, value in enumerate(("one", "other")):
        tab.goto("/twins.html")
        tab.get_by_role("link", name="Full trace").nth(number).click()
        assert f"Twin.name: None -> '{value}'" in tab.locator("mark").inner_text()
