"""Excerpts, descriptions and lists of a package's source."""

import pytest

from wherefrom.library.described import described, docstring
from wherefrom.library.index import Index
from wherefrom.library.listing import listed
from wherefrom.library.source import excerpt

SHAPES = '''
    import functools
    from typing import Literal, overload
    from .faces import Money
    import shop.faces as f

    class Till(Money, f.Other):
        """What holds the money.

        More.
        """
        size: int = 3
        name = Attribute("""What it says on it.""")

        @property
        def full(self) -> "Money | None":
            """Whether."""
        @full.setter
        def full(self, value):
            raise ValueError

        @functools.wraps(
            print
        )
        def wrapped(self, a: "f.Other", /, *args: Money, key: Literal["Money"] = "") -> list[Money]:
            pass

        @overload
        def put(self, a: int): ...
        @overload
        def put(self, a: str): ...
        def put(self, a):
            """The one with a body."""

        @classmethod
        async def make(cls, money: Money) -> Money: ...
        @staticmethod
        def free(a, b=1): ...
        def _hidden(self): ...
        class Drawer:
            def open(self): ...

    Made = functools.namedtuple("Made", "a b")

    def outer(x: f.Other = None):
        def inner():
            return 1
        return inner
'''


@pytest.fixture
def index(package):
    package(goods=SHAPES, faces="class Money: ...\nclass Other: ...\n")
    return Index.load("shop")


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("Till.full", "        @property", '            """Whether."""'),
        ("Till.wrapped", "        @functools.wraps(", "            pass"),
        ("Till.put", "        def put(self, a):", '            """The one with a body."""'),
        ("Till.Drawer.open", "            def open(self): ...", None),
        ("outer.<locals>.inner", "        def inner():", "            return 1"),
        ("Made", '    Made = functools.namedtuple("Made", "a b")', None),
        ("Till.size", "        size: int = 3", None),
    ],
)
def test_an_excerpt_has_exactly_the_lines_of_its_definition(index, name, first, last):
    found = excerpt(f"shop.goods.{name}", index)
    lines = (*[f"    {line}" for line in found.lines],)
    assert (lines[0], lines[-1]) == (first, last or first)
    text = (("\n" + SHAPES.lstrip("\n")).split("\n"))[found.start - 1 : found.end]
    assert lines == (*text,)
    assert found.path == "shop/goods.py"


def test_of_two_definitions_the_one_that_is_likely_to_run_counts(package):
    package(
        a="""
            if threads:
                def both(): "first"
            else:
                def both(): "else"
            try:
                def tried(): "try"
            except ImportError:
                def tried(): "except"
            if TYPE_CHECKING:
                def typed(): "typing"
            else:
                def typed(): "real"
            def again(): "once"
            def again(): "twice"
        """
    )
    index = Index.load("shop")
    found = [docstring(f"shop.a.{each}", index) for each in ("both", "tried", "typed", "again")]
    assert found == ["first", "try", "real", "twice"]


def test_what_is_generated_or_unreadable_has_no_source(index, tmp_path):
    for name in ("Made.a", "Till.__init__", "Till.gone"):
        with pytest.raises(LookupError, match=f"`shop.goods.{name}` is not defined in the source"):
            excerpt(f"shop.goods.{name}", index)
    (tmp_path / "shop" / "goods.py").unlink()
    with pytest.raises(LookupError, match="can't be read"):
        excerpt("shop.goods.Till", index)


def test_a_class_is_described_with_its_public_members_and_names_in_full(index):
    found = described("shop.goods.Till", index)
    assert (found.kind, found.doc) == ("class", "What holds the money.\n\nMore.")
    assert found.bases == ("shop.faces.Money", "shop.faces.Other")
    told = {each.name.rpartition(".")[2]: each for each in found.members}
    assert [*told] == ["size", "name", "full", "wrapped", "put", "make", "free", "Drawer"]
    assert [(name, each.kind) for name, each in told.items() if each.kind != "method"] == [
        ("size", "attribute"),
        ("name", "attribute"),
        ("full", "property"),
        ("Drawer", "class"),
    ]
    assert told["full"].signature == "shop.faces.Money | None"
    assert told["full"].doc == "Whether."
    assert told["size"].signature == "int"
    assert told["name"].doc == "What it says on it."
    assert told["put"].doc == "The one with a body."
    assert told["wrapped"].signature == (
        "(a: shop.faces.Other, /, *args: shop.faces.Money, key: Literal['Money']='')"
        " -> list[shop.faces.Money]"
    ).replace("Literal", "typing.Literal")
    assert told["make"].signature == "(money: shop.faces.Money) -> shop.faces.Money"
    assert told["make"].marks == ("async", "classmethod")
    assert (told["free"].signature, told["free"].marks) == ("(a, b=1)", ("staticmethod",))


def test_a_method_of_an_interface_keeps_its_first_argument(index):
    assert described("shop.goods.Till.put", index, bound=False).signature == "(self, a)"
    assert described("shop.goods.outer", index).signature == "(x: shop.faces.Other=None)"


def test_a_docstring_is_found_without_an_import(index):
    assert docstring("shop.goods.Till", index) == "What holds the money.\n\nMore."
    assert docstring("shop.goods.Till.name", index) == "What it says on it."
    assert docstring("shop.goods.outer", index) == ""


def test_overriders_are_listed_beneath_those_whose_method_they_override(package):
    package(
        a="""
            class A:
                def f(self): ...
            class B(A):
                def f(self): ...
            class C(B): ...
            class D(C):
                def f(self): ...
            class E(A):
                def f(self): ...
        """
    )
    index = Index.load("shop")

    def shown(directive, name, **options):
        return [(each.name, each.depth) for each in listed(directive, name, options, index).entries]

    assert shown("overriders", "shop.a.A.f") == [
        ("shop.a.B.f", 0),
        ("shop.a.D.f", 1),
        ("shop.a.E.f", 0),
    ]
    assert shown("subclasses", "shop.a.A", depth="2") == [
        ("shop.a.B", 0),
        ("shop.a.C", 1),
        ("shop.a.E", 0),
    ]
    assert listed("overriders", "shop.a.E.f", {}, index).empty == "nothing overrides shop.a.E.f"


def test_what_can_not_be_imported_here_has_its_source():
    index = Index.load("twisted")
    name = "twisted.internet.iocpreactor.reactor.IOCPReactor.connectTCP"
    found = excerpt(name, index)
    assert found.path == "twisted/internet/iocpreactor/reactor.py"
    assert found.lines[0].startswith("    def connectTCP(self, host, port, factory")
    assert described(name, index).signature.startswith("(host, port, factory")
