"""A full look without measurements, as a ratio to its longest chain of round trips, with 40 ms injected. Goal 1.3.

What must wait for what, in the sound practice startup (a visitor's first visit has no connection to reuse, nor has
ours; TLS 1.3):

    assets   address of the apex (1), TCP, TLS and GET of the home page (3), and the same for what it names (3): 7
    mail     MX (1), address of the mail server (1), TCP and its greeting (2), EHLO, STARTTLS, TLS (3): 7; the goodbye
             after that is not waited for
    servers  NS of the zone above (1), its server's address (1), the delegation (1), NS there over TCP (2): 5
    links    address (1), GET on http (2), and on https (3) at www, again (3) at the canonical host would be 9, but who
             is sent on to where is known beforehand to be one of four addresses: all are asked at once (4)

So the longest chain is 7 round trips. How many a look really makes one after another is measured too: by how much
longer it takes when each takes 200 ms more, which no amount of computing changes.

The servers and their delays live in a process of their own. Each look does too: the first in its process, which people
wait for, reads the system's roots and the like; the second is what a look again takes. Starting the interpreter and
importing are not counted.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import statistics
import time
from contextlib import aclosing
from multiprocessing.connection import Connection
from typing import NamedTuple

from launchready_tui.answers import Answers
from launchready_tui.checks import all_checks
from launchready_tui.engine import Finished, run
from launchready_tui.look import looking
from launchready_tui.model import Stage, Status
from launchready_tui.owners import Owners
from launchready_tui.project import Clock, Project
from tests.bench.far import practice_at

ROUND_TRIP = 0.040
SLOW, SLOWER = 0.1, 0.3
CHAIN = 7
ROUNDS = {0: 3, ROUND_TRIP: 7, SLOW: 2, SLOWER: 2}


class Took(NamedTuple):
    """One look: wall and processor time in seconds, and how many checks could not tell."""

    seconds: float
    busy: float
    unknown: int


async def one_look(project: Project, stage: Stage | None = None) -> Took:
    """Every check that needs no yes, of one stage or of all."""
    clock = Clock()
    chosen = [check for check in all_checks() if check.consent is None and stage in (None, check.stage)]
    gc.freeze()  # as `check` does
    began, busy = time.perf_counter(), time.process_time()
    unknown = 0
    async with looking(project, clock, Answers(clock=clock), Owners()) as context:
        async with aclosing(run(chosen, context)) as events:
            async for event in events:
                if isinstance(event, Finished) and event.finding.status is Status.UNKNOWN:
                    unknown += 1
        return Took(time.perf_counter() - began, time.process_time() - busy, unknown)


def _looked(pipe: Connection, project: Project, stage: Stage | None) -> None:
    pipe.send((asyncio.run(one_look(project, stage)), asyncio.run(one_look(project, stage))))


def two_looks(project: Project, stage: Stage | None = None) -> tuple[Took, Took]:
    """A look in a process of its own, and another after it."""
    spawning = multiprocessing.get_context("spawn")
    here, there = spawning.Pipe()
    process = spawning.Process(target=_looked, args=(there, project, stage))
    process.start()
    there.close()
    try:
        first, second = here.recv()
        return first, second
    finally:
        process.join()


def measure(what: str, longest: int, stage: Stage | None = None) -> int:
    """Look near and far, and print the ratio to `longest` round trips. Returns how many checks could not tell."""
    took: dict[float, list[tuple[Took, Took]]] = {away: [] for away in ROUNDS}
    with practice_at(list(ROUNDS)) as projects:
        for number in range(max(ROUNDS.values())):
            for (away, rounds), project in zip(ROUNDS.items(), projects, strict=True):
                if number < rounds:
                    took[away].append(two_looks(project, stage))

    def median(away: float, which: int, value: str = "seconds") -> float:
        return float(statistics.median(getattr(looks[which], value) for looks in took[away]))

    chain = longest * ROUND_TRIP
    trips = (median(SLOWER, 1) - median(SLOW, 1)) / (SLOWER - SLOW)
    print(
        f"{what} at {ROUND_TRIP * 1e3:.0f} ms a round trip; longest chain {longest}, {chain * 1e3:.0f} ms (goal 1.3):"
    )
    for which, name in enumerate(("first", "again")):
        seconds, busy = median(ROUND_TRIP, which), median(ROUND_TRIP, which, "busy")
        print(f"  {name} {seconds * 1e3:.0f} ms, ratio {seconds / chain:.2f}", end="; ")
        print(f"computing {busy * 1e3:.0f} ms; without delay {median(0, which) * 1e3:.0f} ms")
    print(f"  {trips:.1f} round trips one after another", end="; ")
    return took[0][0][0].unknown


def main() -> None:
    unknown = measure("full look", CHAIN)
    print(f"{unknown} of {len(all_checks())} checks unknown (they need a person)")


if __name__ == "__main__":
    main()
