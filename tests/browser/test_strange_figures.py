"""Figures of a program that is out to break them: hostile names, threads, deletions, exceptions."""

import pytest

pytestmark = pytest.mark.xdist_group("browser")

EVIL = "</p><script>e()</script>"
PAGE = f"""# A <b>strange</b> "page" & more

```{{testcode}} it's <i>
import sys, threading, types

EVIL = "{EVIL}"

def elsewhere(name):
    module = types.ModuleType(name)
    exec('''
class Box:
    content = None
    def put(self, value):
        self.content = value
''', module.__dict__)
    sys.modules[name] = module
    return module.Box

def refuse():
    raise KeyError(EVIL)

def work(box):
    box.put("from a thread")

one, other = elsewhere("north.shelf")(), elsewhere("south.shelf")()
Evil = type(EVIL, (), {{}})
one.put(EVIL)
other.put(Evil())
del other.content
try:
    refuse()
except KeyError:
    pass
thread = threading.Thread(target=work, args=(one,), name="<i>helper</i>")
thread.start()
thread.join()
```

```{{flow}} it's <i>
:watch: north.shelf.Box.content, south.shelf.Box.content
:caption: A <script>e()</script> caption "quoted"
shelf.Box.put
  shelf.Box.content: None -> '{EVIL}'
shelf.Box.put
  shelf.Box.content: None -> {EVIL}
shelf.Box.content: {EVIL} -> nothing
refuse
-- in thread <i>helper</i>
work
  shelf.Box.put
    shelf.Box.content: '{EVIL}' -> 'from a thread'
```
"""


@pytest.fixture(scope="module")
def address(small_site):
    return small_site(index=PAGE)


@pytest.fixture
def strange(opened, address):
    tab = opened(base_url=address)
    tab.add_init_script("window.broken = []; window.e = () => window.broken.push('ran')")
    tab.goto("/index.html")
    return tab


def say(tab):
    tab.get_by_role("button", name="All steps").click()
    return [each.split("\n")[0] for each in tab.locator(".wf-say").all_inner_texts()]


def test_hostile_names_and_values_are_shown_as_text_and_run_nothing(strange):
    figure = strange.locator("figure.wf-flow")
    figure.locator(".wf-picture").focus()
    for _ in range(12):
        strange.keyboard.press("ArrowRight")
    assert EVIL in " ".join(figure.locator("svg text").all_text_contents())
    assert 'A <script>e()</script> caption "quoted"' in figure.locator("figcaption").inner_text()
    assert strange.locator("figure script, figure i, figure b, figure img").count() == 0
    assert strange.evaluate("window.broken") == []


def test_a_hostile_full_trace_and_picture_run_nothing(strange):
    for link, shown, folder in (
        ("Full trace", "code", "_traces"),
        ("Picture", "text", "_pictures"),
    ):
        strange.get_by_role("link", name=link).click()
        strange.wait_for_url(f"**/{folder}/**")
        assert EVIL in " ".join(strange.locator(shown).all_text_contents())
        assert strange.evaluate("window.broken") == []
        strange.goto("/index.html")


def test_each_step_is_said_for_deletions_exceptions_and_threads_too(strange):
    assert say(strange) == [
        "This page calls shelf.Box.put",
        f"shelf.Box.content changes from None to '{EVIL}'",
        "This page calls shelf.Box.put",
        f"shelf.Box.content changes from None to {EVIL}",
        f"shelf.Box.content is deleted, and was {EVIL}",
        "This page calls refuse",
        "KeyError leaves this page",
        "in thread <i>helper</i>",
        "Another thread leads to work",
        "This page calls shelf.Box.put",
        f"shelf.Box.content changes from '{EVIL}' to 'from a thread'",
    ]


def test_each_object_has_a_state_of_its_own(strange):
    strange.get_by_role("button", name="Next").click()
    value = strange.locator(".wf-value")
    assert (
        value.inner_text() == f"shelf.Box.content is '{EVIL}', shelf.Box.content (object 2) is None"
    )
    for _ in range(3):
        strange.get_by_role("button", name="Next").click()
    assert value.inner_text().endswith("shelf.Box.content (object 2) is not set")


def test_classes_of_one_name_are_kept_apart_by_their_modules(strange):
    heads = strange.locator("svg:visible g:has(> .wf-head)").all_text_contents()
    boxes = [each for each in heads if "Box" in each]
    assert len(boxes) == 2
    assert "north.shelf" in boxes[0]
    assert "south.shelf" in boxes[1]


def test_a_deletion_an_exception_and_a_thread_are_drawn_as_such(strange):
    picture = strange.locator("svg:visible")
    assert picture.locator(".wf-gone").count() == 1
    assert picture.locator(".wf-raise").all_text_contents() == ["raises KeyError"]
    assert picture.locator(".wf-turn").all_text_contents() == ["in thread <i>helper</i>"]
    assert "another thread" in " ".join(picture.locator(".wf-head-name").all_text_contents())
