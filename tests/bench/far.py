"""The practice startup in a process of its own, near and far: what it costs is not counted with what looks at it."""

from __future__ import annotations

import asyncio
import multiprocessing
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlsplit

from launchready_tui.practice.startup import Practice
from launchready_tui.project import Project
from tests.bench.relay import Relay


@contextmanager
def practice_at(round_trips: Sequence[float]) -> Iterator[list[Project]]:
    """One sound practice startup, seen from `round_trips` seconds away each (0: without a relay)."""
    spawning = multiprocessing.get_context("spawn")
    here, there = spawning.Pipe()
    process = spawning.Process(target=_serve, args=(there, round_trips), daemon=True)
    process.start()
    there.close()
    try:
        yield here.recv()
    finally:
        here.close()  # which ends the servers
        process.join(10)
        process.kill()


def _serve(pipe: Connection, round_trips: Sequence[float]) -> None:
    asyncio.run(_serving(pipe, round_trips))


async def _serving(pipe: Connection, round_trips: Sequence[float]) -> None:
    relays: list[Relay] = []
    ended = asyncio.Event()
    with tempfile.TemporaryDirectory() as folder:
        practice = await Practice.start(Path(folder), faults=())
        try:
            near = replace(practice.project, repo=None)
            pipe.send([await _away(near, seconds, relays) if seconds else near for seconds in round_trips])
            asyncio.get_running_loop().add_reader(pipe.fileno(), ended.set)
            await ended.wait()
        finally:
            for relay in relays:
                await relay.aclose()
            await practice.aclose()


async def _away(project: Project, round_trip: float, relays: list[Relay]) -> Project:
    """The same project with every server `round_trip` seconds away."""
    ports: dict[tuple[str, int], int] = {}

    async def relay(target: tuple[str, int], port: int = 0) -> int:
        if target not in ports:
            one = Relay(target, round_trip / 2, target[0])
            relays.append(one)
            ports[target] = await one.start(port)
        return ports[target]

    dns_port = await relay(("127.0.0.1", project.network.dns_port))
    for address in ("127.0.0.2", "127.0.0.3"):  # the second name server, and the one of the zone above
        try:
            await relay((address, project.network.dns_port), dns_port)
        except OSError:
            pass  # this system has one loopback address
    connect_to = {
        key: (address, await relay((address, port))) for key, (address, port) in project.network.connect_to.items()
    }
    registry = urlsplit(str(project.network.rdap))
    rdap_port = await relay(("127.0.0.1", registry.port or 80))
    network = replace(
        project.network,
        resolvers=(("127.0.0.1", dns_port),),
        dns_port=dns_port,
        connect_to=connect_to,
        rdap=f"http://127.0.0.1:{rdap_port}{registry.path}",
        ct=f"http://127.0.0.1:{rdap_port}{urlsplit(str(project.network.ct)).path}",
    )
    return replace(project, network=network)
