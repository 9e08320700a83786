"""Watching a change arrive: at every authoritative server first, then at the resolvers, with the TTL counted down.

Three verdicts that are never mixed up: "wrong" (a server that serves the zone answers something else), "wait" (right
there, a resolver still holds the old answer), "done". "unknown" where nobody answered.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import AsyncGenerator, Callable, Sequence

from launchready_tui import limits
from launchready_tui.fixes.connect import Places
from launchready_tui.fixes.model import Change, FixProblem, Sight, State, Step
from launchready_tui.fixes.place import Place
from launchready_tui.project import Clock, Project
from launchready_tui.sources.dns import Answer, Dns, Found, is_fact, values
from launchready_tui.sources.gate import Gate
from launchready_tui.text import listed


def _matches(answer: Answer, step: Step) -> bool:
    if step.type != "CNAME" and isinstance(answer, Found) and answer.aliases:
        return not step.after.values
    return State(values(answer)).same(step.after)


async def _ask_at(dns: Dns, address: str, steps: Sequence[Step]) -> str:
    """One authoritative server in a word: right, wrong, silent."""
    word = "right"
    for step in steps:
        answer = await dns.ask_at(address, step.name, step.type)
        if not is_fact(answer) or not getattr(answer, "authoritative", False):
            return "silent"
        if not _matches(answer, step):
            word = "wrong"
    return word


async def sight_records(change: Change, steps: Sequence[Step], zone: str, dns: Dns, now: dt.datetime) -> Sight:
    """One look at a change of records. `dns` is fresh, so that nothing is remembered from an earlier look."""
    delegation = await dns.delegation(zone)
    words: list[tuple[str, str]] = []
    for server in delegation.servers:
        for address in server.addresses or ():
            words.append((server.name, await _ask_at(dns, address, steps)))
    wrong = [name for name, word in words if word == "wrong"]
    right = [name for name, word in words if word == "right"]
    if wrong:
        return Sight("wrong", f"{listed(wrong)} still answers something else.", servers=tuple(words))
    if not right:
        return Sight("unknown", "None of your name servers answered, so we could not tell.", servers=tuple(words))
    silent = [name for name, word in words if word == "silent"]
    said = f" {listed(silent)} did not answer." if silent else ""
    old: list[str] = []
    for step in steps:
        for resolver, answer in (await dns.ask_each(step.name, step.type)).items():
            if not is_fact(answer):
                words.append((resolver, "silent"))
            elif _matches(answer, step):
                words.append((resolver, "right"))
            else:
                words.append((resolver, "old answer"))
                old.append(resolver)
    if old:
        longest = max((step.before.ttl or 0 for step in steps), default=0) or 3600
        left = max(0.0, longest - (now - change.at).total_seconds())
        text = f"Right at your name servers. {listed(sorted(set(old)))} still holds the old answer.{said}"
        return Sight("wait", text, left, tuple(words))
    return Sight("done", f"{listed(right)} answer it, and so do the resolvers.{said}", servers=tuple(words))


async def sight_place(steps: Sequence[Step], place: Callable[[Step], Place | None]) -> Sight:
    """One look at a change of settings or files: read back where they are kept."""
    for step in steps:
        where = place(step)
        if where is None:
            return Sight("unknown", "The place where this is kept is not connected now.")
        try:
            live = await where.read(step.name, step.type)
        except FixProblem as problem:
            return Sight("unknown", problem.sentence)
        if not live.same(step.after):
            return Sight("wrong", f"{step.label} is something else now at {where.name}.")
    return Sight("done", "It is there.")


async def watch(change: Change, project: Project, clock: Clock, places: Places) -> AsyncGenerator[Sight, None]:
    """Look, say, wait for the event of time, look again; ends at "done" or after limits.WATCH_SECONDS."""
    until = time.monotonic() + limits.WATCH_SECONDS
    pause = limits.WATCH_FIRST_SECONDS
    while True:
        sight = await _sight(change, project, clock, places)
        yield sight
        if sight.verdict == "done" or time.monotonic() > until:
            return
        await asyncio.sleep(pause)
        pause = min(pause * 2, limits.WATCH_EVERY_SECONDS)


async def _sight(change: Change, project: Project, clock: Clock, places: Places) -> Sight:
    records = [step for step in change.steps if step.kind == "records"]
    others = [step for step in change.steps if step.kind != "records"]
    if others:
        sight = await sight_place(others, lambda step: places.find(step.kind, step.name))
        if sight.verdict != "done" or not records:
            return sight
    dns = Dns(project, Gate(project))  # a new one each time: it must not remember the look before
    try:
        return await sight_records(change, records, project.domain, dns, clock.now())
    finally:
        await dns.aclose()
