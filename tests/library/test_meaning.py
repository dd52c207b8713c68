"""What the names in docstrings mean."""

import ast
import re
from pathlib import Path

import pytest
import twisted

from wherefrom.library.index import Index
from wherefrom.library.meaning import meaning, promised_by, said_by_interface

LINK = re.compile(r"L\{(?:[^{}<>]*<)?\s*([^{}<>]+?)\s*>?\}")
PROTOCOL = "twisted.internet.protocol"
INTERFACES = "twisted.internet.interfaces"


@pytest.fixture(scope="module")
def index():
    return Index.load("twisted")


@pytest.mark.parametrize(
    ("target", "scope", "full"),
    [
        ("buildProtocol", f"{PROTOCOL}.Factory.doStart", f"{PROTOCOL}.Factory.buildProtocol"),
        ("makeConnection", f"{PROTOCOL}.Protocol", f"{PROTOCOL}.BaseProtocol.makeConnection"),
        ("Factory", f"{PROTOCOL}.Protocol.logPrefix", f"{PROTOCOL}.Factory"),
        ("failure.Failure", PROTOCOL, "twisted.python.failure.Failure"),
        ("interfaces.IProtocol", PROTOCOL, f"{INTERFACES}.IProtocol"),
        ("twisted.internet.protocol", "twisted.web.http", PROTOCOL),
        ("Team", "twisted._threads._team", "twisted._threads.Team"),
        ("IReactorTCP", "twisted.web.http", f"{INTERFACES}.IReactorTCP"),
        ("str", PROTOCOL, "str"),
        ("socket.socket", "twisted.web.http", "socket.socket"),
        ("nothing_of_the_kind", PROTOCOL, None),
        ("int(b, 16)", PROTOCOL, None),
        ("", PROTOCOL, None),
    ],
)
def test_a_name_means_what_stands_nearest(index, target, scope, full):
    assert meaning(target, scope, index) == full


def linked():
    """Each name that a docstring of Twisted links to, and the name that docstring is of."""
    root = Path(twisted.__file__).parent
    for path in sorted(root.rglob("*.py")):
        module = ".".join(path.relative_to(root.parent).with_suffix("").parts)
        tree = ast.parse(path.read_bytes())
        if "test" not in path.parts:
            yield from walk(tree, module.removesuffix(".__init__"))


def walk(node, scope):
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    if isinstance(node, documented):
        for target in LINK.findall(ast.get_docstring(node) or ""):
            yield scope, "".join(target.removesuffix("()").split())
    for each in ast.iter_child_nodes(node):
        inner = isinstance(each, documented)
        yield from walk(each, f"{scope}.{each.name}" if inner else scope)


def test_nearly_every_link_of_a_real_library_leads_somewhere(index):
    found = [meaning(target, scope, index) for scope, target in linked()]
    assert len(found) > 8000
    assert sum(each is not None for each in found) / len(found) > 0.98


@pytest.mark.parametrize(
    ("method", "interface"),
    [
        ("twisted.internet.posixbase.PosixReactorBase.connectTCP", "IReactorTCP.connectTCP"),
        ("twisted.internet.tcp.Connector.getDestination", "IConnector.getDestination"),
        ("twisted.internet.tcp.Server.getPeer", "ITCPTransport.getPeer"),
        ("twisted.internet.tcp.Connector._makeTransport", None),
        ("twisted.internet.defer.Deferred.addCallback", None),
    ],
)
def test_a_method_knows_the_interface_that_it_implements(index, method, interface):
    found = said_by_interface(method, "zope.interface.Interface", "implementer", index)
    assert found == (f"{INTERFACES}.{interface}" if interface else None)


def test_a_method_may_be_promised_by_several_interfaces(index):
    write = "twisted.internet.abstract.FileDescriptor.write"
    found = {*promised_by(write, "zope.interface.Interface", "implementer", index)}
    assert {f"{INTERFACES}.ITransport.write", f"{INTERFACES}.IConsumer.write"} <= found
