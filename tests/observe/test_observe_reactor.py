"""A real reactor on loopback: who makes the transport of a client, and of a server."""

import json
import subprocess
import sys
import textwrap

import pytest

from wherefrom.check.flow import match
from wherefrom.traces import Trace

PROGRAM = """
import json, sys
REACTOR = sys.argv[1]
if REACTOR != "default":
    from importlib import import_module
    import_module(f"twisted.internet.{REACTOR}").install()
from twisted.internet import protocol, reactor
from twisted.internet.protocol import ClientFactory, Factory, Protocol
import wherefrom


class Echo(Protocol):
    def dataReceived(self, data):
        self.transport.write(data)


class Some(Protocol):
    def connectionMade(self):
        self.transport.write(b"Hello there")

    def dataReceived(self, data):
        self.transport.loseConnection()


class SomeFactory(ClientFactory):
    protocol = Some
    left = 2

    def clientConnectionLost(self, connector, reason):
        self.left -= 1
        if not self.left:
            reactor.stop()


def main():
    server = Factory()
    server.protocol = Echo
    port = reactor.listenTCP(0, server, interface="127.0.0.1").getHost().port
    factory = SomeFactory()
    reactor.connectTCP("127.0.0.1", port, factory)
    reactor.connectTCP("127.0.0.1", port, factory)
    reactor.run()


with wherefrom.observe(
    watch=["twisted.internet.protocol.BaseProtocol.transport"], focus=sys.argv[2:]
) as trace:
    main()
print(json.dumps(trace.to_json()))
"""

FLOW = """\
posixbase.PosixReactorBase.connectTCP
  base.BaseConnector.connect
    protocol.Factory.doStart
    tcp.Connector._makeTransport
      tcp.Client
-- later, from the reactor
tcp.BaseClient.doConnect
  tcp.BaseClient._connectDone
    protocol.Factory.buildProtocol
    protocol.BaseProtocol.makeConnection
      Some.transport: None -> tcp.Client
      Some.connectionMade
"""
SERVER = """\
-- later, from the reactor
tcp.Port.doRead
  tcp.Server
  protocol.BaseProtocol.makeConnection
    Echo.transport: None -> tcp.Server
"""


def trace_of(tmp_path, reactor, *focus):
    script = tmp_path / "program.py"
    script.write_text(textwrap.dedent(PROGRAM))
    command = [sys.executable, str(script), reactor, *focus]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return Trace.from_json(json.loads(done.stdout))


@pytest.fixture(
    scope="module",
    params=["default", "selectreactor", "pollreactor", "asyncioreactor"],
)
def trace(request, tmp_path_factory):
    return trace_of(tmp_path_factory.mktemp("trace"), request.param, "twisted.internet")


def names(calls):
    return [f"{call.module.rsplit('.', 1)[-1]}.{call.qualname}" for call in calls]


def test_the_clients_transport_is_born_before_the_loop_and_stored_by_it(trace):
    origins = trace.origins("Some.transport")
    assert len(origins) == 2
    for origin in origins:
        assert names([*origin.born_chain, origin.born]) == [
            "posixbase.PosixReactorBase.connectTCP",
            "base.BaseConnector.connect",
            "tcp.Connector._makeTransport",
            "tcp.Client",
        ]
        assert names(origin.carried) == [
            "tcp.BaseClient.doConnect",
            "tcp.BaseClient._connectDone",
            "protocol.BaseProtocol.makeConnection",
        ]
        assert origin.born.turn == 0
        assert origin.store.turn > 0
        with open(origin.store.file) as file:  # noqa: PTH123
            assert file.readlines()[origin.store.line - 1].strip() == "self.transport = transport"


def test_two_connections_are_never_mixed(trace):
    first, second = trace.origins("Some.transport")
    assert first.value.ident != second.value.ident
    assert first.born.ident != second.born.ident
    assert first.store.holder.ident != second.store.holder.ident
    assert not {call.ident for call in first.carried} & {call.ident for call in second.carried}


def test_the_servers_transport_is_born_and_stored_in_one_turn(trace):
    origin = trace.origin("Echo.transport")
    assert names([*origin.born_chain, origin.born]) == ["tcp.Port.doRead", "tcp.Server"]
    assert names(origin.carried) == ["protocol.BaseProtocol.makeConnection"]
    assert origin.born.turn == origin.store.turn > 0


def test_the_flows_that_a_page_asserts_are_found(trace):
    for body in (FLOW, SERVER):
        found = match(trace, body)
        assert found.missing is None, found.problem
    assert match(trace, FLOW, "Some").missing is None


def test_the_chosen_outline_is_short_and_matches_what_it_was_chosen_from(trace):
    chosen = trace.chosen()
    assert len(chosen.split("\n")) <= 12
    assert "Some.transport: None -> tcp.Client" in chosen
    assert "posixbase.PosixReactorBase.connectTCP" in chosen
    assert match(trace, chosen).missing is None


def test_without_a_focus_the_same_origin_is_found(tmp_path):
    trace = trace_of(tmp_path, "default")
    origin = trace.origin("Some.transport")
    assert names(origin.born_chain)[-2:] == [
        "base.BaseConnector.connect",
        "tcp.Connector._makeTransport",
    ]
    assert names(origin.carried)[0] == "tcp.BaseClient.doConnect"
    assert match(trace, FLOW).missing is None
