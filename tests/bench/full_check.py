"""A full look without measurements, as a ratio to its longest chain of round trips, with 40 ms injected. Goal 1.3.

The longest chain of the practice startup in its sound state is a link on http://www: its address (1), TCP and GET on
http (2), TCP, TLS and GET on https://www (3), and the same at the canonical host (3): 9 round trips. A visitor's first
visit has no connection to reuse, and neither has ours.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

from launchready_tui.answers import Answers
from launchready_tui.checks import all_checks
from launchready_tui.engine import Finished, run
from launchready_tui.look import looking
from launchready_tui.model import Status
from launchready_tui.owners import Owners
from launchready_tui.practice.startup import Practice
from launchready_tui.project import Clock, Project
from launchready_tui.stored import decode_project, encode_project
from tests.bench.relay import Relay

ROUND_TRIP = 0.040
CHAIN = 9
ROUNDS = 7


async def behind_relays(project: Project, relays: list[Relay]) -> Project:
    """The same project with every server ROUND_TRIP away."""
    ports: dict[tuple[str, int], int] = {}

    async def relay(target: tuple[str, int], port: int = 0) -> int:
        if target not in ports:
            one = Relay(target, ROUND_TRIP / 2, target[0])
            relays.append(one)
            ports[target] = await one.start(port)
        return ports[target]

    dns_port = await relay(("127.0.0.1", project.network.dns_port))
    try:
        await relay(("127.0.0.2", project.network.dns_port), dns_port)
    except OSError:
        pass  # this system has one loopback address
    connect_to = {
        key: (address, await relay((address, port))) for key, (address, port) in project.network.connect_to.items()
    }
    network = replace(project.network, resolvers=(("127.0.0.1", dns_port),), dns_port=dns_port, connect_to=connect_to)
    return replace(project, network=network, repo=None)


async def one_look(project: Project) -> tuple[float, int]:
    clock = Clock()
    began = time.perf_counter()
    unknown = 0
    async with looking(project, clock, Answers(clock=clock), Owners()) as context:
        chosen = [check for check in all_checks() if check.consent is None]
        async with aclosing(run(chosen, context)) as events:
            async for event in events:
                if isinstance(event, Finished) and event.finding.status is Status.UNKNOWN:
                    unknown += 1
    return time.perf_counter() - began, unknown


async def serve() -> None:
    """The practice startup and the relays before it, until the other end closes our input. Prints the two projects."""
    relays: list[Relay] = []
    with tempfile.TemporaryDirectory() as folder:
        practice = await Practice.start(Path(folder), faults=())
        try:
            near = replace(practice.project, repo=None, connections=())
            far = await behind_relays(near, relays)
            print(json.dumps([encode_project(near), encode_project(far)]), flush=True)
            await asyncio.to_thread(sys.stdin.read)
        finally:
            for relay in relays:
                await relay.aclose()
            await practice.aclose()


async def bench() -> None:
    # Servers and relays in a process of their own: they are not what is measured.
    words = (sys.executable, "-m", "tests.bench.full_check", "serve")
    child = await asyncio.create_subprocess_exec(*words, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        near, far = (decode_project(plain) for plain in json.loads(await child.stdout.readline()))
        await one_look(near)  # the first one reads the system's trusted roots and the data files
        quick = [(await one_look(near))[0] for _ in range(ROUNDS)]
        slow = [await one_look(far) for _ in range(ROUNDS)]
    finally:
        child.stdin.close()
        await child.wait()
    seconds, chain = statistics.median(time for time, _ in slow), CHAIN * ROUND_TRIP
    print(f"full look: {seconds * 1e3:.0f} ms at 40 ms a round trip; chain {chain * 1e3:.0f} ms", end="; ")
    print(f"ratio {seconds / chain:.2f} (goal 1.3); without delay {statistics.median(quick) * 1e3:.0f} ms", end="; ")
    print(f"{slow[0][1]} of {len(all_checks())} unknown (they need a person)")


def main() -> None:
    asyncio.run(bench())


if __name__ == "__main__":
    asyncio.run(serve()) if sys.argv[1:] == ["serve"] else main()
