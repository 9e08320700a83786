"""Manners towards one host: a look's own, and those of looks that share a pace."""

from __future__ import annotations

import asyncio

import pytest

from launchready_tui import limits
from launchready_tui.project import Network, Project
from launchready_tui.sources.gate import BudgetSpent, Gate, Pace

PUBLIC = Project("good.example")
OTHER = Project("other.example")


async def _at_once(*gates: Gate) -> int:
    """How many look-ups to one host these gates let in beside each other."""
    inside = most = 0
    full, first = asyncio.Event(), asyncio.Event()

    async def ask(gate: Gate) -> None:
        nonlocal inside, most
        async with gate.through("192.0.2.53"):
            inside += 1
            most = max(most, inside)
            if most == limits.HOST_AT_ONCE:
                first.set()
            await full.wait()
            inside -= 1

    tasks = [asyncio.create_task(ask(gate)) for gate in gates for _ in range(limits.HOST_AT_ONCE + 1)]
    await first.wait()
    await asyncio.sleep(3 / limits.HOST_PER_SECOND)  # room for one too many to come in
    full.set()
    await asyncio.gather(*tasks)
    return most


async def test_looks_that_share_a_pace_go_to_one_host_as_one() -> None:
    pace = Pace()
    assert await _at_once(Gate(PUBLIC, pace), Gate(OTHER, pace)) == limits.HOST_AT_ONCE


async def test_looks_of_their_own_have_places_of_their_own() -> None:
    assert await _at_once(Gate(PUBLIC), Gate(OTHER)) > limits.HOST_AT_ONCE


async def test_so_many_a_second_hold_over_looks_that_share_a_pace() -> None:
    loop, pace, moments = asyncio.get_running_loop(), Pace(), list[float]()

    async def ask(gate: Gate) -> None:
        async with gate.through("192.0.2.53"):
            moments.append(loop.time())

    gates = Gate(PUBLIC, pace), Gate(OTHER, pace)
    await asyncio.gather(*(ask(gate) for gate in gates for _ in range(4)))
    assert moments[-1] - moments[0] >= 6.9 / limits.HOST_PER_SECOND


async def test_how_often_a_run_may_ask_is_counted_by_itself() -> None:
    private = Network(private=True)
    pace = Pace()
    spent, fresh = (Gate(Project(name, network=private), pace) for name in ("good.example", "other.example"))
    for _ in range(limits.PRIVATE_HOST_PER_RUN):
        async with spent.through("127.0.0.1"):
            pass
    with pytest.raises(BudgetSpent):
        async with spent.through("127.0.0.1"):
            pass
    async with fresh.through("127.0.0.1"):
        pass


async def test_hosts_that_rest_are_forgotten_and_a_busy_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PACED_HOSTS", 20)
    pace = Pace()
    gate = Gate(Project("good.example", network=Network(private=True)), pace)
    async with gate.through("busy.example"):
        kept = pace.of("busy.example", True)
        for number in range(200):
            async with gate.through(f"host{number}.example"):
                pass
            await asyncio.sleep(0)
        assert pace.of("busy.example", True) is kept
    assert len(pace._hosts) < 200
