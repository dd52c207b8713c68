"""What observing costs, as ratios to the same program untraced, beside VizTracer and hunter.

Run it as ``python benchmarks/observe.py [--rounds N]``; it uses what is installed of
``viztracer``, ``hunter`` and ``twisted``. Each measurement is a process of its own, timing the
program alone; the least of the rounds counts.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from types import ModuleType

CONNECT = """
from twisted.internet import reactor
from twisted.internet.protocol import ClientFactory, Factory, Protocol

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
    left = ROUNDS

    def clientConnectionLost(self, connector, reason):
        self.left -= 1
        if self.left:
            connector.connect()
        else:
            reactor.stop()

def main():
    server = Factory()
    server.protocol = Echo
    port = reactor.listenTCP(0, server, interface="127.0.0.1").getHost().port
    reactor.connectTCP("127.0.0.1", port, SomeFactory())
    reactor.run()
"""
CALLS = """
class Account:
    balance = 0

    def add(self, amount):
        return amount + 1

    def close(self, total):
        self.balance = total

def main():
    account = Account()
    total = 0
    for number in range(1_000_000):
        total = account.add(total)
    account.close(total)
"""
PROGRAMS = {
    "connect": CONNECT.replace("ROUNDS", "1"),
    "fifty": CONNECT.replace("ROUNDS", "50"),
    "calls": CALLS,
}
# The whole of Twisted's networking for the one; nothing of the program itself for the other.
FOCUS = {"connect": "twisted.internet", "fifty": "twisted.internet", "calls": "email"}
TRANSPORT = "twisted.internet.protocol.BaseProtocol.transport"
WATCH = {
    "connect": TRANSPORT,
    "fifty": TRANSPORT,
    "calls": "work.Account.balance",
}


def tracers(program: str, folder: Path) -> dict[str, Callable[[], AbstractContextManager[object]]]:
    """How to begin each tracer that is installed, on one program."""
    found: dict[str, Callable[[], AbstractContextManager[object]]] = {
        "untraced": nullcontext,
        "wherefrom": lambda: _wherefrom(program),
    }
    if importlib.util.find_spec("viztracer"):
        found["viztracer"] = lambda: _viztracer(program, folder)
    if importlib.util.find_spec("hunter"):
        found["hunter"] = lambda: _hunter(program, folder)
    return found


def _wherefrom(program: str) -> AbstractContextManager[object]:
    import wherefrom  # noqa: PLC0415 - a process measures one tracer

    return wherefrom.observe(watch=[WATCH[program]], focus=[FOCUS[program]])


def _viztracer(program: str, folder: Path) -> AbstractContextManager[object]:
    from viztracer import VizTracer  # noqa: PLC0415

    narrow = {} if program != "calls" else {"include_files": [str(folder / "nothing")]}
    return VizTracer(
        output_file=str(folder / "trace.json"),
        log_func_args=True,
        verbose=0,
        ignore_c_function=True,
        tracer_entries=5_000_000,
        **narrow,
    )


def _hunter(program: str, folder: Path) -> AbstractContextManager[object]:
    import hunter  # noqa: PLC0415

    stream = (folder / "hunter.txt").open("w")
    return hunter.trace(
        hunter.Q(module_startswith=FOCUS[program], kind_in=["call", "return"]),
        action=hunter.CallPrinter(stream=stream),
    )


def measure(program: str, tracer: str) -> dict[str, float]:
    """Seconds of one traced run, in this process; events and their memory where they're ours."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        work = ModuleType("work")
        work.__file__ = str(folder / "work.py")
        sys.modules["work"] = work
        exec(compile(PROGRAMS[program], work.__file__, "exec"), vars(work))
        begin = tracers(program, folder)[tracer]
        context = begin()
        with context as trace:
            start = perf_counter()
            work.main()
            seconds = perf_counter() - start
        events = len(trace.events) if tracer == "wherefrom" else 0  # type: ignore[attr-defined]
    return {"seconds": seconds, "events": events}


def memory() -> dict[str, float]:
    """Bytes that a thousand events of the connect flow take, once the trace is made."""
    work = ModuleType("work")
    exec(compile(PROGRAMS["fifty"], "work.py", "exec"), vars(work))
    tracemalloc.start()
    with _wherefrom("connect") as trace:
        before = tracemalloc.get_traced_memory()[0]
        work.main()
    after = tracemalloc.get_traced_memory()[0]
    events = len(trace.events)  # type: ignore[attr-defined]
    return {"bytes": (after - before) / events * 1000, "events": events}


def _in_process(*arguments: str) -> dict[str, float]:
    command = [sys.executable, __file__, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Measure, or print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--one", nargs=2, metavar=("PROGRAM", "TRACER"))
    parser.add_argument("--memory", action="store_true")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(*options.one)))
    elif options.memory:
        print(json.dumps(memory()))
    else:
        _table(options.rounds)


def _table(rounds: int) -> None:
    for program in PROGRAMS:
        names = list(tracers(program, Path()))
        runs = {
            name: [_in_process("--one", program, name) for _ in range(rounds)] for name in names
        }
        least = {name: min(each["seconds"] for each in found) for name, found in runs.items()}
        for name in names:
            ratio = least[name] / least["untraced"]
            events = int(runs[name][0]["events"])
            note = f"  {events} events" if events else ""
            print(f"{program:8} {name:10} {least[name] * 1000:9.1f} ms {ratio:6.2f}x{note}")
    taken = _in_process("--memory")
    print(f"memory   wherefrom  {taken['bytes'] / 1000:9.0f} kB a thousand events")


if __name__ == "__main__":
    main()
