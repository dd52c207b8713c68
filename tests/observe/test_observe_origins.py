"""The origin of a value is found in programs of any kind, by nothing that names them."""

import asyncio
import functools
import queue
import threading
from pathlib import Path

import pytest

import wherefrom
from wherefrom.check.origin import differences

HERE = __name__


class Thing:
    def __init__(self, name):
        self.name = name


class Box:
    value = None


class Registry:
    def __init__(self):
        self.callbacks = []

    def register(self, callback):
        self.callbacks.append(callback)

    def fire(self, thing):
        for callback in self.callbacks:
            callback(thing)


def build(name):
    return Thing(name)


def put(box, thing):
    box.value = thing


def observed(program, watch="Box.value", **options):
    with wherefrom.observe(watch=[f"{HERE}.{watch}"], **options) as trace:
        program()
    return trace


def names(calls):
    return [call.qualname.rsplit("<locals>.", 1)[-1] for call in calls]


def test_a_plain_callback_registry():
    box, registry = Box(), Registry()

    def program():
        registry.register(functools.partial(put, box))
        registry.fire(build("a"))

    origin = observed(program).origin("Box.value")
    assert str(origin) == (
        "default: None on Box\n"
        "born: program -> build -> Thing\n"
        "carried: build -> Registry.fire -> put\n"
        "stored: Box.value: None -> Thing by put"
    )
    source = Path(__file__).read_text("utf-8").split("\n")
    assert source[origin.default.line - 1] == "    value = None"


def test_a_generator_pipeline():
    box = Box()

    def source():
        yield build("a")

    def through(things):
        for thing in things:  # noqa: UP028 - each goes through this frame
            yield thing

    def program():
        for thing in through(source()):
            put(box, thing)

    origin = observed(program).origin("Box.value")
    assert names([*origin.born_chain, origin.born]) == [
        "program",
        "through",
        "source",
        "build",
        "Thing",
    ]
    assert names(origin.carried) == ["build", "put"]


def test_a_thread_and_a_queue():
    box, things = Box(), queue.Queue()

    def consume():
        put(box, things.get())

    def program():
        thread = threading.Thread(target=consume, name="consumer")
        thread.start()
        things.put(build("a"))
        thread.join()

    trace = observed(program)
    origin = trace.origin("Box.value")
    assert (origin.born.thread, trace.threads[origin.store.thread]) == (0, "consumer")
    assert names(origin.carried) == ["put"]
    assert str(origin).split("\n")[1:] == [
        "born: program -> build -> Thing",
        "carried: put (in thread consumer)",
        "stored: Box.value: None -> Thing by put (in thread consumer)",
    ]
    assert not [*differences(str(origin), str(origin))]
    assert [*differences("carried: put", str(origin))] == [
        (0, "`carried` was observed (in thread consumer)")
    ]
    assert {"build", "Queue.put", "Queue.get"} <= set(names(origin.every))


def test_functools_partial():
    box = Box()

    def program():
        functools.partial(put, box, build("a"))()

    origin = observed(program).origin("Box.value")
    assert names(origin.carried) == ["build", "put"]
    assert names(origin.stored_chain) == ["program", "put"]


def test_two_values_in_one_process_have_two_origins():
    first, second = Box(), Box()

    def program():
        a, b = build("a"), build("b")
        put(second, b)
        put(first, a)

    one, two = observed(program).origins("Box.value")
    assert one.value.ident != two.value.ident
    assert one.holder == two.holder == "Box"
    assert one.store.holder.ident != two.store.holder.ident
    assert one.born.ident > two.born.ident
    assert not {c.ident for c in one.every} & {c.ident for c in two.every}


def test_an_object_whose_construction_runs_no_code_is_met_first():
    class Bare:
        pass

    box = Box()

    def make():
        return Bare()

    def program():
        put(box, make())

    assert "met: program -> make\n" in str(observed(program).origin("Box.value"))


def test_an_unknown_name_says_what_was_stored():
    box = Box()
    trace = observed(lambda: put(box, Thing("a")))
    with pytest.raises(LookupError, match=r"no store to `Box.other`.*stored were: Box.value"):
        trace.origin("Box.other")


class Some(asyncio.Protocol):
    transport = None

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        assert data == b"hello"
        self.transport.close()

    def connection_lost(self, exc):
        self.lost.set_result(exc)


class Echo(asyncio.Protocol):
    transport = None

    def connection_made(self, transport):
        self.transport = transport
        transport.write(b"hello")


async def connect():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Echo, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    _, protocol = await loop.create_connection(Some, "127.0.0.1", port)
    protocol.lost = loop.create_future()
    await protocol.lost
    server.close()


@pytest.mark.parametrize("profile", [None, "asyncio"])
def test_an_asyncio_protocol_gets_its_transport_from_the_event_loop(profile):
    with wherefrom.observe(
        watch=[f"{HERE}.Some.transport", f"{HERE}.Echo.transport"],
        focus=["asyncio"],
        profile=profile,
    ) as trace:
        asyncio.run(connect())
    origin = trace.origin("Some.transport")
    assert origin.born.qualname == "_SelectorSocketTransport"
    assert names(origin.born_chain)[-3:] == [
        "BaseEventLoop.create_connection",
        "BaseEventLoop._create_connection_transport",
        "BaseSelectorEventLoop._make_socket_transport",
    ]
    assert names(origin.carried) == ["Some.connection_made"]
    assert 0 < origin.born.turn < origin.store.turn
    assert trace.origin("Echo.transport").value.ident != origin.value.ident
    assert "-- later, from the event loop" in trace.outline()
