"""How often a provider is asked to plan and apply 50 record sets: at the Cloudflare fake, and at PowerDNS where it is.

What no program can do without is to read the zone, write, and read back (at Cloudflare also to find the zone's id).
Beyond that we compare before the journal's line, and once more right before writing.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from launchready_tui.fixes.connect import Places
from launchready_tui.fixes.cycle import Cycle
from launchready_tui.fixes.model import ChangeState
from launchready_tui.model import Fix, RecordSet
from launchready_tui.project import Network, Project
from launchready_tui.secret import Secret
from tests.fixes.cloudflare_world import NOW, ZONE, world
from tests.fixes.test_cycle import Notebook
from tests.real.servers import binary

SETS = 50
GOAL = 3  # round trips beyond the provider's own minimum
WISH = Fix(
    "records", "Do it.", records=tuple(RecordSet(f"n{at}.{ZONE}", "A", ("93.184.215.30",)) for at in range(SETS))
)


async def change(cycle: Cycle) -> float:
    """Plan and apply; seconds that it took."""
    began = time.perf_counter()
    plan = await cycle.plan("dns.x", "x", WISH)
    done = [progress async for progress in cycle.apply(plan, "Ada")]
    took = time.perf_counter() - began
    if done[-1].change is None or done[-1].change.state is not ChangeState.APPLIED:
        raise AssertionError(done[-1].text)
    return took


def told(where: str, asked: int, least: int, took: float) -> None:
    beyond = asked - least
    print(
        f"{SETS} record sets at {where}: {asked} round trips, {least} at least, {beyond} beyond (goal under {GOAL})",
        end="",
    )
    print(f"; {took * 1e3:.0f} ms")
    if beyond >= GOAL:
        raise AssertionError(f"{beyond} round trips beyond what {where} needs")


async def cloudflare() -> None:
    with world() as one:
        took = await change(one.cycle)
        told("the Cloudflare fake", len(one.fake.requests), 4, took)


async def powerdns() -> None:
    from tests.real.pdns import KEY, powerdns

    with tempfile.TemporaryDirectory() as folder:
        async with powerdns(Path(folder)) as server:
            server.make(ZONE, [])
            connection = {"kind": "powerdns", "zone": ZONE, "secret": "key", "server": server.api}
            project = Project(ZONE, network=Network(private=True), connections=(connection,))
            places = Places(lambda: project, {"key": Secret(KEY)})
            asked, forget = counting()
            try:
                took = await change(Cycle(places.find, Notebook(), lambda: NOW, {}))
            finally:
                forget()
            told("PowerDNS", asked(), 3, took)


def counting() -> tuple[Callable[[], int], Callable[[], None]]:
    """Count every request that leaves through requests, whoever sends it; and stop counting."""
    import requests

    real, count = requests.Session.send, [0]

    def send(self: requests.Session, request: requests.PreparedRequest, **more: object) -> requests.Response:
        count[0] += 1
        return real(self, request, **more)

    requests.Session.send = send  # type: ignore[method-assign]

    def forget() -> None:
        requests.Session.send = real  # type: ignore[method-assign]

    return lambda: count[0], forget


def main() -> None:
    asyncio.run(cloudflare())
    if binary("pdns_server") is None:
        print("pdns_server is not installed: not measured there")
    else:
        asyncio.run(powerdns())


if __name__ == "__main__":
    main()
