"""Runs checks and yields what happens. Never raises: what goes wrong becomes an unknown with its reason."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass, field

from launchready_tui.checks import Check
from launchready_tui.model import Evidence, Finding, unknown
from launchready_tui.text import clean


@dataclass(frozen=True, slots=True)
class Started:
    check: Check


@dataclass(frozen=True, slots=True)
class Finished:
    """`seconds` is the wall time of the check, waiting for shared look-ups included."""

    check: Check
    finding: Finding
    seconds: float = field(default=0.0, compare=False)


Event = Started | Finished


class Context:
    """The sources of one run, found by type. Built with what there is; what is not there is simply missing."""

    def __init__(self, *things: object) -> None:
        self._by_type: dict[type, object] = {}
        for thing in things:
            for kind in type(thing).__mro__:
                if kind is not object:
                    self._by_type.setdefault(kind, thing)

    def get(self, kind: type) -> object | None:
        return self._by_type.get(kind)


async def judge(check: Check, context: Context) -> Finding:
    """One check's finding. A missing need, a time-out and an exception each become unknown."""
    given: dict[str, object] = {}
    for need in check.needs:
        thing = context.get(need.type)
        if thing is None and not need.optional:
            what = str(getattr(need.type, "needs", need.type.__name__))
            return unknown(f"We have not looked: this needs {what}.", needs=what, question=check.question)
        given[need.name] = thing
    try:
        async with asyncio.timeout(check.seconds):
            return await check.judge(**given)
    except TimeoutError:
        return unknown(
            f"We could not tell within {check.seconds:.0f} seconds.",
            needs="another look",
            question=check.question,
        )
    except Exception as error:  # noqa: BLE001  the engine never raises: what a check trips over is unknown
        return unknown(
            "We could not tell: something went wrong on our side while looking.",
            needs="another look",
            question=check.question,
            evidence=[Evidence(type(error).__name__, clean(str(error)) or "no detail")],
        )


async def run(checks: Iterable[Check], context: Context) -> AsyncGenerator[Event, None]:
    """Run checks side by side and yield Started and Finished as they come. Closing it cancels all that runs.

    How many look-ups go to one host at a time is the sources' business (`sources/gate.py`): a check costs nothing
    while it waits.
    """
    events: asyncio.Queue[Event] = asyncio.Queue()

    async def one(check: Check) -> None:
        events.put_nowait(Started(check))
        began = time.perf_counter()
        finding = await judge(check, context)
        events.put_nowait(Finished(check, finding, time.perf_counter() - began))

    tasks = [asyncio.create_task(one(check), name=check.id) for check in checks]
    left = len(tasks)
    try:
        while left:
            event = await events.get()
            left -= isinstance(event, Finished)
            yield event
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
