"""What an index knows of a package that nobody imports."""

import os
import sys

import pytest

from wherefrom.library.index import Index
from wherefrom.library.modules import MANY, modules

CLASSES = """
    class Base:
        def serve(self): ...
        def close(self): ...

    class Plain(Base):
        pass

    class Loud(Plain):
        def serve(self): ...

    class Louder(Loud):
        def serve(self): ...

    class Quiet(Base):
        def serve(self): ...

    class Both(Loud, Quiet):
        pass
"""


def load(package="shop", cache=None):
    return Index.load(package, cache)


def test_reading_a_package_never_imports_it(package):
    package(goods=CLASSES)
    assert load().definition("shop.goods.Base").kind == "class"
    assert "shop" not in sys.modules


def test_overriders_are_the_first_on_each_way_down(package):
    package(goods=CLASSES)
    index = load()
    assert index.overriders("shop.goods.Base.serve") == ("shop.goods.Loud", "shop.goods.Quiet")
    assert index.overriders("shop.goods.Loud.serve") == ("shop.goods.Louder",)
    assert index.overriders("shop.goods.Base.close") == ()


def test_subclasses_are_direct_or_all(package):
    package(goods=CLASSES)
    index = load()
    assert index.direct_subclasses("shop.goods.Base") == ("shop.goods.Plain", "shop.goods.Quiet")
    assert index.subclasses("shop.goods.Base") == tuple(
        f"shop.goods.{each}" for each in ("Both", "Loud", "Louder", "Plain", "Quiet")
    )
    assert index.mro("shop.goods.Louder")[:3] == (
        "shop.goods.Louder",
        "shop.goods.Loud",
        "shop.goods.Plain",
    )


def test_a_name_is_followed_through_imports_stars_and_packages(package):
    package(
        __init__="from .goods import Base as Thing\nfrom .more import *\n",
        goods=CLASSES,
        more="from . import goods\nimport shop.goods as g\nclass Own(g.Quiet): ...\n",
        deep__in__inner="from ..more import Own as Mine\nfrom ...nowhere import X\n",
    )
    index = load()
    assert index.resolve("shop.Thing") == "shop.goods.Base"
    assert index.resolve("shop.Own") == "shop.more.Own"
    assert index.resolve("shop.deep.inner.Mine") == "shop.more.Own"
    assert index.resolve("shop.deep.inner.Mine.serve") == "shop.goods.Quiet.serve"
    assert index.bases("shop.more.Own") == ("shop.goods.Quiet",)
    assert index.resolve("shop.Nothing") is None
    assert index.meant("shop.more", "g.Quiet") == "shop.goods.Quiet"


def test_imports_in_a_circle_end(package):
    package(
        a="from shop.b import X\nfrom shop.b import *\nclass C(D): ...\n",
        b="from shop.a import X\nfrom shop.a import *\nclass D(E): ...\n",
    )
    index = load()
    assert index.resolve("shop.a.X") is None
    assert index.resolve("shop.a.D") == "shop.b.D"


def test_classes_that_derive_from_each_other_end(package):
    package(a="class A(B):\n    def f(self): ...\nclass B(A):\n    def f(self): ...\n")
    index = load()
    assert index.subclasses("shop.a.A") == ("shop.a.A", "shop.a.B")
    assert index.overriders("shop.a.A.f") == ("shop.a.B",)
    assert set(index.mro("shop.a.A")) == {"shop.a.A", "shop.a.B"}


def test_what_is_moved_up_by_all_has_the_name_it_is_exported_by(package):
    package(
        pool__in____init__='from ._team import Team, _secret\n__all__ = ["Team"]\n',
        pool__in___team="class Team: ...\ndef _secret(): ...\n",
    )
    index = load()
    assert index.canonical("shop.pool._team.Team") == "shop.pool.Team"
    assert index.canonical("shop.pool._team._secret") == "shop.pool._team._secret"


def test_an_unknown_name_is_refused_with_what_is_near(package):
    package(goods=CLASSES)
    with pytest.raises(LookupError) as refused:
        load().definition("shop.goods.Loudest")
    assert refused.value.args[0] == (
        "`shop.goods.Loudest` is not defined in the source of shop; "
        "near are: shop.goods.Louder, shop.goods.Loud, shop.goods.Louder.serve"
    )
    with pytest.raises(LookupError, match=r"`shop\.goods\.Base\.serve` is no class of shop"):
        load().subclasses("shop.goods.Base.serve")
    with pytest.raises(
        LookupError, match="no package `nowhere_at_all` with a source is installed here"
    ):
        load("nowhere_at_all")


ASSIGNED = """
    class Till:
        money = 0
        money: int
        def __init__(self, other):
            self.money = 1
            (self.money, (self.x, *other.money)) = other
            other.till.money += 1
            for self.money in other: pass
            with other as self.money: pass
            setattr(self, "money", 2)
            print(setattr(self, "money", 3))
            object.__setattr__(self, "money", 4)
            self.__setattr__("money", 5)
            self.__dict__["money"] = 6
            del self.money
            def later():
                self.money = 7
            class Inner:
                money = 8
            setattr(self, other, 9)
            self["money"] = 10
            money = 11

    Till.money = 12
    if Till:
        try:
            Till.money = 13
        except ValueError:
            Till.money = 14
    match Till:
        case 1:
            Till.money = 15
"""


def test_every_way_to_assign_an_attribute_is_found_once(package):
    package(goods=ASSIGNED)
    found = load().assignments("money")
    top, init = "shop.goods", "shop.goods.Till.__init__"
    assert [(each.line - 1, each.kind, each.where) for each in found] == [
        (2, "class attribute", f"{top}.Till"),
        (3, "class attribute", f"{top}.Till"),
        (5, "attribute", init),
        (6, "attribute", init),
        (6, "attribute", init),
        (7, "attribute", init),
        (8, "attribute", init),
        (9, "attribute", init),
        (10, "setattr", init),
        (11, "setattr", init),
        (12, "__setattr__", init),
        (13, "__setattr__", init),
        (14, "__dict__", init),
        (15, "attribute", init),
        (17, "attribute", init),
        (19, "class attribute", f"{init}.<locals>.Inner"),
        (24, "attribute", top),
        (27, "attribute", top),
        (29, "attribute", top),
        (32, "attribute", top),
    ]


def test_assignments_can_be_asked_of_a_part_and_leave_tests_out(package):
    package(
        a="class A:\n    x = 1\n",
        b__in__c="class A:\n    x = 1\n",
        test__in__d="class A:\n    x = 1\n",
    )
    index = load()
    assert [each.module for each in index.assignments("x")] == ["shop.a", "shop.b.c"]
    assert [each.module for each in index.assignments("x", "shop.b")] == ["shop.b.c"]
    assert len(index.assignments("x", tests=True)) == 3


def test_who_implements_an_interface_is_told_by_its_decorator(package):
    package(
        faces="class IFace: ...\nclass IMore(IFace): ...\n",
        goods="""
            from zope.interface import implementer
            import shop.faces
            from .faces import IMore as M
            @implementer(shop.faces.IFace, M)
            class Two: ...
            @other(M)
            class None_: ...
        """,
    )
    index = load()
    assert index.implementers("shop.faces.IFace", "implementer") == ["shop.goods.Two"]
    assert index.implemented("shop.goods.Two", "implementer") == (
        "shop.faces.IFace",
        "shop.faces.IMore",
    )
    assert index.implemented("shop.goods.None_", "implementer") == ()


def test_a_single_module_is_a_package_too(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "alone.py").write_text("class One: ...\n")
    found = load("alone").definition("alone.One")
    assert (found.module, found.path) == ("alone", "alone.py")
    with pytest.raises(LookupError, match="no package `_thread` with a source is installed here"):
        load("_thread")


def test_a_file_that_is_no_python_says_nothing_and_spoils_nothing(package):
    folder = package(goods=CLASSES)
    (folder / "bad.py").write_text("def (:\n")
    (folder / "odd.py").write_bytes(b"\xff\xfe\x00")
    assert load().resolve("shop.goods.Base") == "shop.goods.Base"


def test_a_kept_index_is_read_again_only_where_a_file_changed(package, tmp_path):
    folder, cache = package(a="class A: ...\n", b="class B: ...\n"), tmp_path / "cache"
    first = modules("shop", cache)
    os.utime(folder / "a.py", ns=(1, 1))
    (folder / "a.py").write_text("class Changed: ...\n")
    (folder / "b.py").unlink()
    again = modules("shop", cache)
    assert again["shop"] == first["shop"]
    index = load(cache=cache)
    assert index.resolve("shop.a.Changed") == "shop.a.Changed"
    assert index.resolve("shop.b.B") is None


def test_a_kept_file_that_did_not_change_is_not_read(package, tmp_path):
    folder, cache = package(a="class A: ...\n"), tmp_path / "cache"
    load(cache=cache)
    state = (folder / "a.py").stat()
    (folder / "a.py").write_text((folder / "a.py").read_text().replace("A", "Z"))
    os.utime(folder / "a.py", ns=(state.st_atime_ns, state.st_mtime_ns))
    assert load(cache=cache).resolve("shop.a.A") == "shop.a.A"


@pytest.mark.parametrize("damage", [b"", b"junk", b"\xe9\x01\x00\x00\x00"])
def test_a_damaged_cache_is_a_miss(package, tmp_path, damage):
    package(a="class A: ...\n")
    cache = tmp_path / "cache"
    load(cache=cache)
    (kept,) = cache.iterdir()
    kept.write_bytes(damage)
    assert load(cache=cache).resolve("shop.a.A") == "shop.a.A"


def test_a_cache_that_can_not_be_written_is_none(package, tmp_path):
    package(a="class A: ...\n")
    (tmp_path / "file").touch()
    assert load(cache=tmp_path / "file" / "cache").resolve("shop.a.A") == "shop.a.A"


def test_many_files_are_read_alike_by_several_processes(package):
    package(**{f"m{number}": f"class C{number}: ...\n" for number in range(MANY + 1)})
    index = load()
    assert all(index.resolve(f"shop.m{each}.C{each}") for each in range(MANY + 1))


def test_the_overriders_of_make_connection_are_the_documented_seven_and_two_beneath():
    index = load("twisted")
    method = "twisted.internet.protocol.BaseProtocol.makeConnection"
    first = index.overriders(method)
    assert [each.removeprefix("twisted.") for each in first] == [
        "internet.endpoints._WrapIProtocol",
        "protocols.amp.BinaryBoxProtocol",
        "protocols.basic.NetstringReceiver",
        "protocols.ftp.ProtocolWrapper",
        "protocols.ftp.SenderProtocol",
        "protocols.policies.ProtocolWrapper",
        "protocols.stateful.StatefulProtocol",
    ]
    deeper = {each for one in first for each in index.overriders(f"{one}.makeConnection")}
    assert deeper == {"twisted.protocols.amp.AMP", "twisted.protocols.tls.TLSMemoryBIOProtocol"}
    assert index.implementers("twisted.internet.interfaces.IReactorTCP", "implementer") == [
        "twisted.internet.iocpreactor.reactor.IOCPReactor",
        "twisted.internet.posixbase.PosixReactorBase",
        "twisted.internet.testing.MemoryReactor",
        "twisted.internet.testing.RaisingMemoryReactor",
    ]
