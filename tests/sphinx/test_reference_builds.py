"""A reference of a library that is no profile's: Google docstrings, and everything tied to runs."""

import re

import pytest

CONF = """\
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).parent / "lib"))
extensions = ["wherefrom", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_autodoc_typehints"]
project = "T"
html_theme = "basic"
wherefrom_reference = ["shop"]
exclude_patterns = ["lib", "out"]
"""
SHOP = '''\
"""A shop."""


class Till:
    """Holds the money."""

    money: int = 0

    def put(self, amount: int) -> int:
        """Put money in.

        Args:
            amount: How much.

        Returns:
            What is in it now.
        """
        self.money += amount
        return self.money

    def empty(self) -> None:
        """Take it all."""
        self.money = 0


class Loud(Till):
    """Says what it does."""

    def put(self, amount: int) -> int:
        print("put", amount)
        return super().put(amount)


class Louder(Loud):
    """Shouts."""

    def put(self, amount: int) -> int:
        return super().put(amount)
'''
EXPLAINER = """\
---
question: Who puts money in?
library: shop
---
# Who puts money in?

```{testcode} sale
from shop import Loud

def sell():
    Loud().put(5)

sell()
```

```{testoutput} sale
put 5
```

```{flow} sale
:watch: shop.Till.money
sell
  shop.Loud.put
    shop.Till.put
      shop.Loud.money: 0 -> 5
```
"""
API = """\
# API

```{eval-rst}
.. autoclass:: shop.Till
   :members:
   :undoc-members:

.. autoclass:: shop.Loud
   :members:
```

```{from-source} shop.Louder
```

```{classtree} shop.Loud
object
  shop.Till
    shop.Loud
overridden: put
inherited from Till: empty, money
```

## Lists

```{overriders} shop.Till.put
```

```{subclasses} shop.Till
```

```{assignments} money
:in: shop
```

```{source} shop.Till.put
:mark: self.money +=
```

```{coverage}
```
"""
FILES = {"conf.py": CONF, "lib/shop/__init__.py": SHOP, "sale.md": EXPLAINER, "api.md": API}


def built(project, *options, **changed):
    lib = {"PYTHONPATH": str(project.source / "lib")}
    project.write(changed)
    result = project.build("-W", "--keep-going", "-n", *options, env=lib)
    assert (result.status, result.said) == (0, "")
    return result


@pytest.fixture(scope="module", params=[(), ("-j", "2")], ids=["serial", "parallel"])
def page(request, shared_project):
    return built(shared_project(FILES), *request.param).read("api.html")


def entry(page, name):
    """The part of a page that documents ``name``."""
    start = page.index(f'id="{name}"')
    return page[start : page.index("</dl>", start)]


def words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_docstrings_of_another_markup_go_through_its_own_extension(page):
    put = words(entry(page, "shop.Till.put"))
    assert re.search(r"amount \( int \) \S+ How much\.", put)
    assert "What is in it now." in put
    assert "Args:" not in put


def test_an_entry_leads_to_the_step_that_shows_it(page):
    put = entry(page, "shop.Till.put")
    assert re.search(r'href="sale\.html#flow-sale-step-\d+"', put)
    assert "Who puts money in?" in put
    assert "Seen running" not in entry(page, "shop.Till.empty")
    assert "Seen running" in entry(page, "shop.Till.money")


def test_an_entry_from_the_source_is_like_any_other(page):
    louder = page[page.index('id="shop.Louder"') : page.index('id="shop.Louder.put"')]
    assert "Bases : shop.Loud Shouts." in words(louder)
    assert 'href="#shop.Loud"' in louder


def test_lists_of_the_source_say_what_derives_overrides_and_assigns(page):
    lists = words(page[page.index("<h2>Lists") :])
    assert "shop.Loud.put , shop/__init__.py:29" in lists
    assert "shop.Louder.put , shop/__init__.py:37" in lists
    assert "shop.Till.put , shop/__init__.py:18 (attribute); seen in Who puts money in?" in lists
    assert "shop.Till.empty , shop/__init__.py:23 (attribute)" in lists
    assert '<span class="hll">' in page


def test_the_table_of_members_says_where_each_is_overridden(page):
    table = re.search(r'<table class="[^"]*wf-members.*?</table>', page, re.DOTALL)[0]
    rows = [words(each) for each in re.findall(r"<tr.*?</tr>", table, re.DOTALL)]
    assert rows[0] == "Member Kind Where Overridden in Says of itself"
    assert rows[-1].startswith("put method overrides Till Louder")


def test_the_class_tree_is_drawn_with_what_derives_and_leads_to_entries(page):
    drawn = re.search(r'<svg class="[^"]*wf-tree.*?</svg>', page, re.DOTALL)[0]
    assert re.findall(r"<g><title[^>]*>(.*?)</title>", drawn) == [
        "shop.Till",
        "shop.Loud",
        "shop.Louder",
    ]
    assert 'href="#shop.Till"' in drawn


def test_the_coverage_table_counts_what_runs_explain(page):
    table = words(re.search(r'<table class="[^"]*wf-coverage.*?</table>', page, re.DOTALL)[0])
    assert "Runs called or stored to 3 of the 5 entries" in words(page)
    assert "shop.Till 2 of 3 money , put empty" in table
    assert "shop.Louder 0 of 1 put" in table


def test_a_step_leads_back_to_the_entry(shared_project):
    sale = built(shared_project(FILES)).read("sale.html")
    assert 'href="api.html#shop.Till.put"' in sale


def test_entries_follow_what_the_explainers_do_next_time(project):
    site = project(FILES)
    built(site)
    other = EXPLAINER.replace("Loud().put(5)\n", "Loud().empty()\n").replace(
        "  shop.Loud.put\n    shop.Till.put\n      shop.Loud.money: 0 -> 5",
        "  shop.Till.empty\n    shop.Loud.money: 0 -> 0",
    )
    other = other.replace("\n```{testoutput} sale\nput 5\n```\n", "")
    page = built(site, **{"sale.md": other}).read("api.html")
    assert "Seen running" in entry(page, "shop.Till.empty")
    assert "Seen running" not in entry(page, "shop.Till.put")
    assert "shop.Till 2 of 3 empty , money put" in words(page)
    gone = built(site, **{"sale.md": "# Nothing\n"}).read("api.html")
    assert "Seen running" not in gone
    assert "Runs called or stored to 0 of the 5 entries" in words(gone)


def test_a_name_that_the_source_does_not_have_is_a_warning_there(project):
    site = project({**FILES, "api.md": "# API\n\n```{from-source} shop.Tall\n```\n"})
    result = site.build(env={"PYTHONPATH": str(site.source / "lib")})
    assert result.said == (
        "api.md:3: WARNING: from-source: `shop.Tall` is not defined in the source of shop; "
        "near are: shop.Till, shop.Till.put, shop.Till.money [wherefrom.source]\n"
    )


def test_a_class_that_calls_itself_markup_is_drawn_as_text(project):
    name = '"><script>alert(1)</script>'
    page = (
        f"# T\n\n```{{testcode}}\nclass C: ...\nC.__qualname__ = {name!r}\n```\n\n"
        f"```{{classtree}} C\nobject\n  __main__.{name}\n```\n"
    )
    built = project({"page.md": page}).build("-W", "--keep-going")
    assert (built.status, built.said) == (0, "")
    shown = built.read("page.html")
    assert "wf-tree" in shown
    assert "<script>alert(1)" not in shown
