"""Have the records that were changed arrived? At every name server first, then at the resolvers, with the TTL counted.

RFC 1034 section 4.3.5 (a zone's servers agree in the end), RFC 2308 section 5 (how long "there is none" is held).
"""

from __future__ import annotations

import asyncio
import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from launchready_tui import limits
from launchready_tui.answers import Answers
from launchready_tui.arrival import Seen, Wanted, negative_ttl, see
from launchready_tui.changed import Changed, ChangedSet
from launchready_tui.checks import check
from launchready_tui.checks.dns._words import LOOK
from launchready_tui.model import (
    Evidence,
    Finding,
    Fix,
    RecordSet,
    Severity,
    failed,
    info,
    passed,
    unknown,
    waiting,
    warned,
)
from launchready_tui.project import Clock, Project
from launchready_tui.sources.dns import Dns, Found
from launchready_tui.text import listed, minutes, plural
from launchready_tui.zone import enclosing

State = Literal["done", "wait", "split", "late", "never", "again", "unclear"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """One changed set, judged. `left` is how many seconds to wait at most."""

    one: ChangedSet
    state: State
    left: float = 0.0
    who: tuple[str, ...] = ()
    veil: str = ""


def judge(one: ChangedSet, seen: Seen, before: Seen, old_ttl: int, now: dt.datetime) -> Arrival:
    """`seen` holds the world against what the change left, `before` against what stood there before it."""
    age = (now - one.at).total_seconds()
    if seen.verdict == "done":
        return Arrival(one, "done")
    if seen.verdict == "wait":
        left = old_ttl - age
        return Arrival(one, "late" if age > 2 * old_ttl else "wait", max(left, 0.0), seen.of("old answer"))
    if seen.verdict == "unknown":
        return Arrival(one, "unclear", who=seen.of("silent"), veil=seen.veil)
    wrong = tuple(dict.fromkeys(name for name, word in seen.servers if word == "wrong"))
    if any(word == "right" for _, word in seen.servers):
        late = age > limits.PROPAGATION_SECONDS
        return Arrival(one, "never" if late else "split", max(limits.PROPAGATION_SECONDS - age, 0.0), wrong)
    if before.verdict == "wrong":  # neither what the change left nor what was there before
        return Arrival(one, "again")
    if one.by_hand or age <= limits.PROPAGATION_SECONDS:
        return Arrival(one, "split", max(limits.PROPAGATION_SECONDS - age, 0.0), wrong)
    return Arrival(one, "never", who=wrong)


@dataclass(frozen=True, slots=True)
class Long:
    """A record set whose TTL is in the way of a planned change."""

    name: str
    type: str
    values: tuple[str, ...]
    ttl: int


def _named(arrivals: Iterable[Arrival]) -> str:
    return listed([f"{arrival.one.type} {arrival.one.name}" for arrival in arrivals])


def _fix(say: str, records: tuple[RecordSet, ...] = (), work: int = 10) -> Fix:
    kind: Literal["records", "steps"] = "records" if records else "steps"
    return Fix(kind, say, work, "Whoever can change the DNS records", records=records)


def _evidence(seen: Iterable[tuple[ChangedSet, Seen]]) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(f"{one.type} {one.name}", ", ".join(f"{name}: {word}" for name, word in (*at.servers, *at.resolvers)))
        for one, at in seen
    )


def verdict(
    arrivals: tuple[Arrival, ...], long: tuple[Long, ...], *, planned: bool, evidence: tuple[Evidence, ...]
) -> Finding:
    """All changed sets together: the worst of them is said."""
    by: dict[State, list[Arrival]] = {}
    for arrival in arrivals:
        by.setdefault(arrival.state, []).append(arrival)
    if never := by.get("never"):
        who = listed(sorted({name for arrival in never for name in arrival.who}))
        saw = f"{_named(never)} was changed more than 10 minutes ago, and {who} still answers something else."
        say = (
            f"Open the record where your DNS is kept and compare it with the change. If it is right there, {who} does "
            "not get your zone any more: tell your DNS host."
        )
        return failed(saw, _fix(say), evidence=evidence)
    if late := by.get("late"):
        who = listed(sorted({name for arrival in late for name in arrival.who}))
        saw = f"{_named(late)} is right at your name servers, but {who} still gives the old answer after twice its TTL."
        say = (
            f"Nothing is wrong at your side that we can see. Empty the cache of {who} on its own page, where it has "
            "one, or tell people to wait until tomorrow."
        )
        return failed(saw, _fix(say), evidence=evidence)
    if going := [*by.get("split", ()), *by.get("wait", ())]:
        left = max(arrival.left for arrival in going)
        who = listed(sorted({name for arrival in going for name in arrival.who}))
        hand = any(arrival.one.by_hand and arrival.state == "split" for arrival in going)
        if hand:
            return waiting(f"{_named(going)} is not there yet at {who}: put it in by hand, and we see it arrive.")
        right = "right at your name servers; " if by.get("wait") and not by.get("split") else ""
        wait = minutes(max(1, math.ceil(left / 60)))
        saw = f"{_named(going)}: {right}{who} still gives the old answer. Wait {wait} at most."
        return waiting(saw, evidence=evidence)
    if unclear := by.get("unclear"):
        veil = next((arrival.veil for arrival in unclear if arrival.veil), "")
        why = f"{veil} answers in its place" if veil else "nobody who could say so answered"
        saw = f"We could not tell whether {_named(unclear)} has arrived: {why}."
        return unknown(saw, needs=f"a look at the record at {veil}" if veil else LOOK, evidence=evidence)
    if planned and long:
        names = listed([f"{each.type} {each.name} ({each.ttl:,} s)" for each in long])
        saw = f"You plan to change records, and resolvers may hold the old ones for a long time: {names}."
        records = tuple(
            RecordSet(each.name, each.type, each.values, limits.DNS_TTL, retime=True) for each in long if each.values
        )
        say = (
            f"Set the TTL of {listed([f'{each.type} {each.name}' for each in long])} to {limits.DNS_TTL} seconds now, "
            "and make the change when the old time is over."
        )
        return warned(saw, _fix(say, records, 5), evidence=evidence)
    if not arrivals:
        return info("No record was changed with us, so nothing is on its way.", evidence=evidence)
    again = by.get("again", ())
    said = f" {_named(again)} was changed again since, by somebody else." if again else ""
    done = len(by.get("done", ()))
    if not done:
        return info(f"Nothing is on its way.{said}", evidence=evidence)
    return passed(
        f"{plural(done, 'changed record set')} {'is' if done == 1 else 'are'} live at every name server and "
        f"resolver that we asked.{said}",
        evidence=evidence,
    )


@check(
    "dns.change.propagation",
    severity=Severity.HIGH,
    title="Changed records have arrived",
    why="Until a change is everywhere, some people see the old site. We tell you “wait 14 minutes” from “it is wrong”.",
    minutes=10,
    question="dns.planned",
)
async def propagation(project: Project, dns: Dns, answers: Answers, changed: Changed | None, clock: Clock) -> Finding:
    now = clock.now()
    sets = [
        one
        for one in (changed.all() if changed is not None else ())
        if not one.by_hand or (now - one.at).total_seconds() <= limits.WATCH_SECONDS  # perhaps never put in
    ]
    wants = [
        Wanted(one.name, one.type, one.values, one.shielded, bare=one.bare, by_hand=one.by_hand, new=not one.was)
        for one in sets
    ]
    told = await asyncio.gather(
        *(_seen(dns, project.domain, one, want, wants) for one, want in zip(sets, wants, strict=True))
    )
    arrivals = tuple(judge(one, seen, before, ttl, now) for one, (seen, before, ttl) in zip(sets, told, strict=True))
    answer = answers.get("dns.planned")
    planned = answer is not None and answer.choice == "yes"
    long = await _long(project, dns) if planned else ()
    evidence = _evidence((one, seen) for one, (seen, _, _) in zip(sets, told, strict=True))
    return verdict(arrivals, long, planned=planned, evidence=evidence)


async def _seen(
    dns: Dns, domain: str, one: ChangedSet, want: Wanted, among: Iterable[Wanted]
) -> tuple[Seen, Seen, int]:
    seen = await see(dns, domain, (want,), among)
    before = seen
    if one.shielded:  # what stood there before shows no more than what does now
        before = Seen((), ())
    elif seen.verdict == "wrong":
        before = await see(dns, domain, (Wanted(one.name, one.type, one.was),))
    ttl = one.old_ttl
    if ttl is None and seen.verdict == "wait":
        ttl = await negative_ttl(dns, (await enclosing(dns, domain)).zone)
    return seen, before, ttl or limits.TTL_UNKNOWN


async def _long(project: Project, dns: Dns) -> tuple[Long, ...]:
    """The sets that launches change, as far as their TTL is in the way."""
    asked = [(name, type) for name in (project.domain, project.www) for type in ("A", "AAAA")]
    asked += [(project.www, "CNAME"), (project.domain, "MX"), (project.domain, "TXT")]
    zone = await enclosing(dns, project.domain)
    at = next((address for server in zone.servers for address in server.addresses), None)
    told = await asyncio.gather(*(dns.ask_at(at, name, type) if at else dns.ask(name, type) for name, type in asked))
    return tuple(
        Long(name, type, answer.values, answer.ttl)
        for (name, type), answer in zip(asked, told, strict=True)
        if isinstance(answer, Found) and not answer.aliases and answer.ttl > limits.PROPAGATION_TTL
    )
