"""The name servers: enough of them, all authoritative over UDP and TCP, and the same set above and in the zone.

Zonemaster Delegation01, Delegation04, Connectivity01, Connectivity02, Consistency04; RFC 1034 section 4.2.2, RFC 2182.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Literal

from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.checks.dns._words import LOOK, Keeper, keeper
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, info, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.sources.dns import (
    RESOLVERS,
    Answer,
    Delegation,
    Dns,
    Fact,
    Found,
    NameServer,
    NoData,
    NxDomain,
    ServerFailed,
    TimedOut,
    is_fact,
    tell,
    values,
)
from launchready_tui.text import listed
from launchready_tui.zone import is_part

# What a server says that does not serve the zone it is named for (RFC 8499, "lame delegation").
_LAME = frozenset({"REFUSED", "NOTAUTH", "REFERRAL"})

State = Literal["sound", "no-tcp", "lame", "unclear"]


@dataclass(frozen=True, slots=True)
class Served:
    """One delegated server, judged: `why` says what is wrong, `own` is the NS set that it gives for the zone."""

    server: NameServer
    state: State
    why: str = ""
    own: frozenset[str] = frozenset()
    secondhand: bool = False  # it gave the answer, as a resolver does that is none of the zone's servers


def judge_server(server: NameServer, replies: dict[str, tuple[Answer, Answer]]) -> Served:
    """Judge a server by its answers for NS of the zone, by address, over UDP and over TCP."""
    judged = [_judge_address(server, *pair) for pair in replies.values()]
    for state in ("lame", "no-tcp", "sound", "unclear"):
        for served in judged:
            if served.state == state:
                return served
    return Served(server, "lame", "has no address")


def _judge_address(server: NameServer, udp: Answer, tcp: Answer) -> Served:
    if isinstance(udp, Found) and udp.authoritative:
        own = frozenset(values(udp))
        if isinstance(tcp, Found) and tcp.authoritative:
            return Served(server, "sound", "", own)
        if _nothing_there(tcp):
            return Served(server, "no-tcp", "takes no TCP, which long answers need", own)
        return Served(server, "unclear", f"over TCP: {tell(tcp)}", own)
    if isinstance(udp, Fact) or (isinstance(udp, ServerFailed) and udp.rcode in _LAME):
        said = f"it answered {udp.rcode}" if isinstance(udp, ServerFailed) else "its answer is not its own"
        why = "sent us elsewhere" if said.endswith("REFERRAL") else f"does not serve it ({said})"
        return Served(server, "lame", why, secondhand=isinstance(udp, Found))
    if _nothing_there(udp) and _nothing_there(tcp):
        return Served(server, "lame", "has nothing that answers DNS")
    return Served(server, "unclear", tell(udp))


def _nothing_there(answer: Answer) -> bool:
    return isinstance(answer, TimedOut) and answer.reason == "nothing answers there"


async def look(dns: Dns, zone: str, server: NameServer) -> Served:
    """Ask one delegated server at its addresses, a few of each, over UDP and TCP."""
    addresses = server.addresses[: limits.NS_ADDRESSES]
    if not addresses:
        four, six = await asyncio.gather(dns.ask(server.name, "A"), dns.ask(server.name, "AAAA"))
        if not (is_fact(four) and is_fact(six)):
            return Served(server, "unclear", f"its address: {tell(six if is_fact(four) else four)}")
        return Served(server, "lame", "has no address")
    pairs = await asyncio.gather(
        *(
            asyncio.gather(dns.ask_at(address, zone, "NS"), dns.ask_at(address, zone, "NS", tcp=True))
            for address in addresses
        )
    )
    return judge_server(server, {address: (udp, tcp) for address, (udp, tcp) in zip(addresses, pairs, strict=True)})


@check(
    "dns.ns.healthy",
    severity=Severity.CRITICAL,
    title="Your name servers answer",
    why="They are how the world finds you. When one is wrong, some visitors get an error and others do not.",
    minutes=30,
)
async def ns_healthy(project: Project, dns: Dns) -> Finding:
    domain = project.domain
    found = await dns.delegation(domain)
    above = Evidence(f"NS {domain} at {found.asked}", tell(found.parent))
    match found.parent:
        case Found():
            served = await asyncio.gather(*(look(dns, domain, server) for server in found.servers))
            return judge(project, found, served, await keeper(project, dns))
        case NxDomain() if is_part(domain):
            return info(
                f"{domain} does not exist in the DNS yet; the name servers of the zone above it say so.",
                evidence=[above],
                subject=domain,
            )
        case NxDomain():
            return failed(
                f"{domain} has no name servers: the registry above it says that this name does not exist.",
                Fix(
                    "steps",
                    f"Sign in where {domain} is registered. See whether it has run out, and enter there the name "
                    "servers that your DNS host shows you.",
                    minutes=15,
                    who="Whoever registered the domain",
                ),
                evidence=[above],
                subject=domain,
                cause=f"no-address:{domain}",
            )
        case NoData():
            return info(
                f"{domain} has no name servers of its own; those of the zone above it answer for it.",
                evidence=[above],
                subject=domain,
            )
        case _:
            return unknown(
                f"We could not find out which name servers {domain} has: {tell(found.parent)}.",
                needs=LOOK,
                evidence=[above],
                subject=domain,
            )


def judge(project: Project, found: Delegation, served: list[Served], kept: Keeper) -> Finding:
    """The verdict over all servers. Facts alone fail; a silent server leaves the verdict open."""
    domain, parent = project.domain, frozenset(values(found.parent))
    working = [one for one in served if one.state in ("sound", "no-tcp")]
    lame = [one for one in served if one.state == "lame"]
    unclear = [one for one in served if one.state == "unclear"]
    evidence = _evidence(domain, found, served)
    if served and all(one.secondhand for one in served) and not project.network.private:
        return unknown(
            f"Something in this network answers in place of the name servers of {domain}, so we could not ask them.",
            needs="a look from another network",
            evidence=evidence,
            subject=domain,
        )
    if len(working) + len(unclear) < 2:
        return _too_few(domain, found, working, lame, bool(unclear), evidence)
    if unclear and len(working) < 2:
        return _silent(domain, unclear, evidence)
    keep = [one.server.name for one in served if one.state != "lame"]
    if lame:
        named = listed([f"{one.server.name} {one.why}" for one in lame])
        fix = Fix(
            "steps",
            f"Either add the zone {domain} at the service that runs {listed([one.server.name for one in lame])}, or "
            f"take that server off the list of name servers where {domain} is registered. Left on the list then: "
            f"{listed(keep)}.",
            minutes=20,
            who="Whoever can sign in where the domain is registered",
            copy="\n".join(keep),
        )
        return warned(f"Not all name servers of {domain} work: {named}.", fix, evidence=evidence, subject=domain)
    no_tcp = [one for one in working if one.state == "no-tcp"]
    if no_tcp:
        names = listed([one.server.name for one in no_tcp])
        say = (
            f"Ask whoever runs {names} to open port 53 for TCP as well as for UDP. Long answers cannot be sent without."
        )
        fix = Fix("steps", say, minutes=15, who=kept.who)
        return warned(f"{names} answers over UDP but takes no TCP.", fix, evidence=evidence, subject=domain)
    differing = [one for one in working if one.own != parent]
    if differing:
        return _differs(domain, found, differing, evidence)
    if unclear:
        return _silent(domain, unclear, evidence)
    addresses = {address for one in served for address in one.server.addresses}
    if len(addresses) == 1 and not project.network.private:
        fix = Fix(
            "steps",
            f"Use a DNS host that gives you two servers in two places, and enter them where {domain} is registered.",
            minutes=60,
            who="Whoever can sign in where the domain is registered",
        )
        saw = f"All name servers of {domain} are one machine, {addresses.pop()}. When it is down, so are you."
        return warned(saw, fix, evidence=evidence, subject=domain)
    names = listed([one.server.name for one in served])
    above = "" if found.asked != RESOLVERS else " The zone above could not be asked, so their list is the resolvers'."
    return passed(
        f"{len(served)} name servers answer for {domain}: {names}.{above}",
        evidence=evidence,
        subject=domain,
        facts=[("name servers", ", ".join(one.server.name for one in served))],
    )


def _silent(domain: str, unclear: list[Served], evidence: list[Evidence]) -> Finding:
    said = listed([f"{one.server.name} ({one.why})" for one in unclear])
    return unknown(
        f"We could not tell whether all name servers of {domain} answer: {said}.",
        needs=LOOK,
        evidence=evidence,
        subject=domain,
    )


def _too_few(
    domain: str,
    found: Delegation,
    working: list[Served],
    lame: list[Served],
    unclear: bool,
    evidence: list[Evidence],
) -> Finding:
    broken = listed([f"{one.server.name} {one.why}" for one in lame])
    if working:
        other = f"; {broken}" if lame else ""
        saw = f"Only one name server answers for {domain}, {working[0].server.name}{other}. It takes two at least."
    elif lame and unclear:
        saw = f"At most one name server answers for {domain}: {broken}. It takes two at least."
    elif lame:
        saw = f"None of the name servers of {domain} answers for it: {broken}."
    else:
        saw = f"Only one name server is named for {domain}: {listed(values(found.parent))} It takes two at least."
    fix = Fix(
        "steps",
        f"Look up the name servers that your DNS host gives you for {domain} (two or more). Enter exactly these where "
        f"{domain} is registered, and take off the ones that do not answer.",
        minutes=30,
        who="Whoever can sign in where the domain is registered",
        copy="\n".join(one.server.name for one in working),
    )
    return failed(saw, fix, evidence=evidence, subject=domain)


def _differs(domain: str, found: Delegation, differing: list[Served], evidence: list[Evidence]) -> Finding:
    parent, own = frozenset(values(found.parent)), differing[0].own
    parts: list[str] = []
    if parent - own:
        parts.append(f"only the registry lists {listed(_plain(parent - own))}")
    if own - parent:
        parts.append(f"only {differing[0].server.name} lists {listed(_plain(own - parent))}")
    fix = Fix(
        "steps",
        f"Make the two lists equal. Where {domain} is registered, the list of name servers should be what your DNS "
        f"host shows; the servers themselves now give {listed(_plain(own))}. If one of these is an old one, take it "
        f"out of the NS records of {domain} instead.",
        minutes=20,
        who="Whoever can sign in where the domain is registered",
        copy="\n".join(_plain(own)),
    )
    saw = f"Two lists of name servers for {domain} do not agree: {' and '.join(parts)}."
    return warned(saw, fix, evidence=evidence, subject=domain)


def _plain(names: frozenset[str]) -> list[str]:
    return sorted(name.rstrip(".") for name in names)


def _evidence(domain: str, found: Delegation, served: list[Served]) -> list[Evidence]:
    above = "the resolvers (no server of the parent zone could be asked)" if found.asked == RESOLVERS else found.asked
    lines = [Evidence(f"NS {domain} at {above}", tell(found.parent))]
    for one in served:
        place = f"{one.server.name} ({', '.join(one.server.addresses) or 'no address'})"
        own = f", NS {', '.join(_plain(one.own))}" if one.own else ""
        said = {"sound": "authoritative over UDP and TCP", "no-tcp": "authoritative over UDP alone"}.get(one.state)
        lines.append(Evidence(f"NS {domain} at {place}", f"{said or one.why}{own}"))
    return lines
