"""Watching a change arrive: at every authoritative server first, then at the resolvers, with the TTL counted down.

Three verdicts that are never mixed up: "wrong" (a server that serves the zone answers something else, or a resolver
says what never stood there), "wait" (right there, a resolver still holds the old answer), "done". "unknown" where
nobody answered.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import replace

from launchready_tui import limits
from launchready_tui.arrival import Wanted, negative_ttl, see
from launchready_tui.fixes.connect import Places
from launchready_tui.fixes.model import Change, ChangeState, FixProblem, Sight, State, Step
from launchready_tui.fixes.place import Place
from launchready_tui.project import Clock, Project
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.gate import Gate
from launchready_tui.text import listed
from launchready_tui.zone import enclosing


def wanted_of(step: Step) -> Wanted:
    """What should be live after a step. What was taken away from behind a shield shows no more than what is there."""
    before, after = _shielded(step.before), _shielded(step.after)
    shielded = after or (before and not step.after.values)
    bare = step.before.values if after and not before and step.type != "CNAME" else ()
    return Wanted(step.name, step.type, step.after.values, shielded, bare=bare)


def _shielded(state: State) -> bool:
    """True where the place answers with addresses of its own finding: it stands before the record, or flattens it."""
    return any(key in ("proxied", "flatten_cname") and text == "yes" for _, key, text in state.beside)


def _olds(step: Step, changes: Sequence[Change]) -> tuple[tuple[str, ...], ...]:
    """What a resolver may hold from before: what the step found, and what other changes found or left at this set.

    A person's change by hand may go through nothing at all on its way."""
    key = ("records", step.name, step.type)
    same = [one for each in changes for one in each.steps if (one.kind, one.name, one.type) == key]
    by_hand = any(each.state is ChangeState.BY_HAND and step in each.steps for each in changes)
    states = (step.before, *(state for one in same for state in (one.before, one.after)))
    return (*(state.values for state in states), *(((),) if by_hand else ()))


async def sight_records(
    change: Change,
    steps: Sequence[Step],
    domain: str,
    dns: Dns,
    now: dt.datetime,
    others: Sequence[Change] = (),
) -> Sight:
    """One look at a change of records. `dns` is fresh, so that nothing is remembered from an earlier look. `others` are
    further changes, whose values a resolver may hold too."""
    by_hand = change.state is ChangeState.BY_HAND
    wants = tuple(
        replace(wanted_of(step), olds=_olds(step, (change, *others)), by_hand=by_hand, new=not step.before.values)
        for step in steps
    )
    seen = await see(dns, domain, wants)
    if seen.veil:
        names = listed(sorted({step.name for step in steps}))
        return Sight(
            "unknown",
            f"{seen.veil} stands before {names} and answers itself, so what is behind does not show from outside. Look "
            f"at {seen.veil} whether the record stands there as shown.",
        )
    words: tuple[tuple[str, str], ...] = (*seen.servers, *seen.resolvers)
    silent = seen.of("silent")
    said = f" {listed(silent)} did not answer." if silent else ""
    match seen.verdict:
        case "wrong" if "wrong" not in [word for _, word in seen.servers]:
            odd = listed(sorted({name for name, word in seen.resolvers if word == "wrong"}))
            text = f"Right at your name servers. {odd} answers something that did not stand there before.{said}"
            return Sight("wrong", text, servers=words)
        case "wrong":
            return Sight("wrong", f"{listed(seen.of('wrong'))} still answers something else.{said}", servers=words)
        case "unknown" if not seen.resolvers:
            return Sight("unknown", "None of your name servers answered, so we could not tell.", servers=words)
        case "unknown":
            told = f"Right at your name servers. No resolver answered, so we could not tell what the world sees.{said}"
            return Sight("unknown", told, servers=words)
        case "wait":
            whole = await _old_ttl(steps, domain, dns)
            left = max(0.0, whole - (now - (change.ended or change.at)).total_seconds())
            old = listed(sorted(seen.of("old answer")))
            text = f"Right at your name servers. {old} still holds the old answer.{said}"
            return Sight("wait", text, left, words, whole)
        case "done":
            right = listed(list(dict.fromkeys(name for name, word in seen.servers if word == "right")))
            return Sight("done", f"{right} answer it, and so do the resolvers.{said}", servers=words)


async def _old_ttl(steps: Sequence[Step], domain: str, dns: Dns) -> float:
    """How long resolvers may hold what was there before, or that nothing was."""
    longest = max((step.before.ttl or 0 for step in steps), default=0)
    if any(not step.before.values for step in steps):
        longest = max(longest, await negative_ttl(dns, (await enclosing(dns, domain)).zone) or 0)
    return float(longest or limits.TTL_UNKNOWN)


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


async def watch(
    change: Change, project: Project, clock: Clock, places: Places, others: Sequence[Change] = ()
) -> AsyncGenerator[Sight, None]:
    """Look, say, wait for the event of time, look again; ends at "done" or after limits.WATCH_SECONDS. `others` are
    further changes of this launch."""
    until = time.monotonic() + limits.WATCH_SECONDS
    pause = limits.WATCH_FIRST_SECONDS
    while True:
        sight = await _sight(change, project, clock, places, others)
        yield sight
        if sight.verdict == "done" or time.monotonic() > until:
            return
        await asyncio.sleep(pause)
        pause = min(pause * 2, limits.WATCH_EVERY_SECONDS)


async def _sight(change: Change, project: Project, clock: Clock, places: Places, more: Sequence[Change] = ()) -> Sight:
    records = [step for step in change.steps if step.kind == "records"]
    others = [step for step in change.steps if step.kind != "records"]
    if others:
        sight = await sight_place(others, lambda step: places.find(step.kind, step.name))
        if sight.verdict != "done" or not records:
            return sight
    dns = Dns(project, Gate(project))  # a new one each time: it must not remember the look before
    try:
        sight = await sight_records(change, records, project.domain, dns, clock.now(), more)
    finally:
        await dns.aclose()
    names = {step.name for step in records if wanted_of(step).shielded}
    shielded = [step for step in records if step.name in names]
    if sight.verdict == "done" and shielded:  # the world sees the shield: what stands behind it, only the place can say
        return await sight_place(shielded, lambda step: places.find(step.kind, step.name))
    return sight
