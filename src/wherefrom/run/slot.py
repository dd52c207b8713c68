"""One slot: a process that runs one job after another, each in a worker of its own."""

from __future__ import annotations

import json
import os
import selectors
import socket
import sys
from typing import NoReturn

from wherefrom.model import Job
from wherefrom.run import processes
from wherefrom.run.channel import Channel
from wherefrom.run.guard import AbandonedError, Guard
from wherefrom.run.start import Start, spawn


def serve(channel: Channel, start: Start) -> NoReturn:
    """Run what comes over ``channel`` until it closes; then end, with everything beneath."""
    processes.adopt_orphans()
    status = 1
    try:
        with selectors.PollSelector() as selector:
            selector.register(channel, selectors.EVENT_READ)
            while not channel.ended:
                selector.select()
                for line in channel.receive():
                    _run(json.loads(line), channel, start)
        status = 0
    except AbandonedError:
        status = 0
    finally:
        processes.sweep()
        os._exit(status)


def _run(given: dict[str, object], channel: Channel, start: Start) -> None:
    def tell(place: int, pid: int) -> None:
        channel.send(json.dumps({"at": place, "pid": pid}).encode())

    job = Job.from_json(given["job"])  # type: ignore[arg-type]  # JSON of our own
    run = Guard(job, start, channel, tell).run()
    channel.send(json.dumps({"ticket": given["ticket"], "run": run.to_json()}).encode())
    _send_all(channel)


def _send_all(channel: Channel) -> None:
    with selectors.PollSelector() as selector:
        selector.register(channel, selectors.EVENT_WRITE)
        while channel.busy:
            selector.select()
            channel.flush()


def main() -> NoReturn:
    """Be a slot that was started as a program, whose workers are too."""
    serve(Channel(socket.socket(fileno=int(sys.argv[1]))), spawn)


if __name__ == "__main__":
    main()
