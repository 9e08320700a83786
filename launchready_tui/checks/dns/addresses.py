"""The addresses of the domain itself and of www: they exist, everywhere, and the public can reach them (RFC 1035)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from launchready_tui import known, limits
from launchready_tui.checks import check
from launchready_tui.checks.dns._words import LOOK, Keeper, Standing, heard, keeper, says_none, standing
from launchready_tui.model import Evidence, Finding, Fix, RecordSet, Severity, failed, info, passed, unknown
from launchready_tui.project import Project
from launchready_tui.sources.address import is_public
from launchready_tui.sources.dns import Answer, Dns, Fact, Malformed, NoData, ServerFailed, TimedOut, is_fact, values
from launchready_tui.text import listed, plural
from launchready_tui.zone import enclosing, is_part

Pair = tuple[Answer, Answer]


@dataclass(frozen=True, slots=True)
class Heard:
    """What one server says of the name: its A and AAAA answers, and what they come to."""

    where: str
    answers: Pair
    standing: Standing


def _lame(answers: Pair) -> bool:
    """A name server that does not serve the zone is `dns.ns.healthy`'s business, and says nothing of the address."""
    return any(
        (isinstance(answer, ServerFailed) and answer.rcode != "SERVFAIL")
        or (isinstance(answer, Fact) and not answer.authoritative)
        or (isinstance(answer, TimedOut) and answer.reason == "nothing answers there")
        for answer in answers
    )


async def _at_servers(project: Project, dns: Dns) -> tuple[list[Heard], list[str]]:
    """What each delegated server says (lame ones left out), and the names of those that were silent."""
    found = await enclosing(dns, project.domain)

    async def one(name: str, addresses: tuple[str, ...]) -> Heard | None:
        unsaid: Heard | None = None
        for address in addresses[: limits.NS_ADDRESSES]:
            pair = await asyncio.gather(
                dns.ask_at(address, project.domain, "A"), dns.ask_at(address, project.domain, "AAAA")
            )
            said = Heard(name, pair, standing(pair, private=project.network.private))
            if not _lame(pair):
                if said.standing != "unclear":
                    return said
                unsaid = unsaid or said
        return unsaid

    said = await asyncio.gather(*(one(server.name, server.addresses) for server in found.servers))
    heard = [each for each in said if each is not None]
    silent = [each.where for each in heard if each.standing == "unclear"]
    return [each for each in heard if each.standing != "unclear"], silent


async def _at_resolvers(project: Project, dns: Dns, name: str) -> list[Heard]:
    four, six = await asyncio.gather(dns.ask_each(name, "A"), dns.ask_each(name, "AAAA"))
    private = project.network.private
    return [Heard(at, (four[at], six[at]), standing((four[at], six[at]), private=private)) for at in four]


@check(
    "dns.apex.resolves",
    severity=Severity.CRITICAL,
    title="Your domain has an address",
    why="Without it, whoever types your name sees an error page.",
    minutes=10,
)
async def apex_resolves(project: Project, dns: Dns) -> Finding:
    (servers, silent), resolvers = await asyncio.gather(
        _at_servers(project, dns), _at_resolvers(project, dns, project.domain)
    )
    finding = judge_apex(project, servers, silent, resolvers)
    if isinstance(finding, Finding):
        return finding
    www = await asyncio.gather(dns.ask(project.www, "A"), dns.ask(project.www, "AAAA"))
    kept = await keeper(project, dns)
    spreading = bool(servers) and all(each.standing == "good" for each in servers)
    fix = _wait(project) if spreading else apex_fix(project, kept, www)
    evidence = evidence_of(project.domain, [*servers, *resolvers])
    return failed(finding, fix, evidence=evidence, subject=project.domain, cause=f"no-address:{project.domain}")


def judge_apex(project: Project, servers: list[Heard], silent: list[str], resolvers: list[Heard]) -> Finding | str:
    """A finding, or the sentence of a failure."""
    domain = project.domain
    evidence = evidence_of(domain, [*servers, *resolvers])
    needed = -(-3 * len(resolvers) // 4)
    good = [each for each in resolvers if each.standing == "good"]
    bad = [each for each in (*servers, *resolvers) if each.standing in ("none", "private")]
    bad_resolvers = [each for each in resolvers if each.standing in ("none", "private")]
    if any(each in servers for each in bad) or len(resolvers) - len(bad_resolvers) < needed:
        return _sentence(domain, bad, servers, resolvers)
    if len(good) >= needed and servers and not silent:
        addresses = sorted({value for each in good for answer in each.answers for value in values(answer)})
        return passed(
            f"{domain} leads to {listed(addresses)}, say its name servers and {len(good)} of "
            f"{plural(len(resolvers), 'resolver')}.",
            evidence=evidence,
            subject=domain,
            facts=[("addresses", ", ".join(addresses))],
        )
    unclear = [*silent, *(each.where for each in resolvers if each.standing == "unclear")]
    said = f"{listed(unclear)} gave no usable answer" if unclear else "none of its name servers could be asked"
    return unknown(
        f"We could not tell whether {domain} has an address everywhere: {said}.",
        needs=LOOK,
        evidence=evidence,
        subject=domain,
    )


def _sentence(domain: str, bad: list[Heard], servers: list[Heard], resolvers: list[Heard]) -> str:
    first = bad[0]
    if first.standing == "private":
        addresses = [value for answer in first.answers for value in values(answer)]
        return (
            f"{domain} leads to {listed(addresses)}, which only works inside a private network. Visitors get an error."
        )
    if len(bad) == len(servers) + len(resolvers):
        return f"{domain} has no address: {says_none(first.answers)}, said by everyone that we asked."
    where = listed([each.where for each in bad])
    return f"{domain} has no address at {where}, and one elsewhere. Some of your visitors get an error page."


def _wait(project: Project) -> Fix:
    return Fix(
        "steps",
        f"Your name servers have it right. Resolvers still hold the old answer: wait up to an hour, then look again. "
        f"Change nothing about {project.domain} meanwhile.",
        minutes=5,
        who="Nobody: it spreads by itself",
    )


def apex_fix(project: Project, kept: Keeper, www: Pair) -> Fix:
    """The records themselves where www has addresses of its own to go by; else what to look for."""
    domain = project.domain
    sets = same_addresses(project, domain, www)
    if sets and not any(isinstance(answer, Fact) and answer.aliases for answer in www):
        return Fix(
            "records",
            f"Add what www has already, {kept.at}: {_spelled(sets, '@')}. It takes up to 30 minutes to spread.",
            minutes=10,
            who=kept.who,
            records=sets,
            copy="\n".join(value for each in sets for value in each.values),
        )
    return Fix(
        "steps",
        f"Open your web host's page for domains, add {domain}, and copy the address it shows (for an A record). Then "
        f"add it {kept.at}: type A, name @ (or empty), and that address. It takes up to 30 minutes to spread.",
        minutes=10,
        who=kept.who,
    )


def same_addresses(project: Project, name: str, answers: Pair) -> tuple[RecordSet, ...]:
    """Record sets that give `name` the usable addresses of these answers; () where these are a shield's or a content
    network's, which are no value for a record (Cloudflare refuses its own: "Error 1000")."""
    sets: list[RecordSet] = []
    if known.cdn(None, [value for answer in answers for value in values(answer)]):
        return ()
    for type, answer in zip(("A", "AAAA"), answers, strict=True):
        usable = tuple(value for value in values(answer) if project.network.private or is_public(value))
        if usable:
            sets.append(RecordSet(name, type, usable))
    return tuple(sets)


def _spelled(sets: tuple[RecordSet, ...], label: str) -> str:
    return listed(
        [f"type {each.type}, name {label}, value {value.rstrip('.')}" for each in sets for value in each.values]
    )


def evidence_of(name: str, said: list[Heard]) -> tuple[Evidence, ...]:
    return tuple(line for each in said for line in heard(name, each.answers, each.where))


@check(
    "dns.www.resolves",
    severity=Severity.HIGH,
    title="www has an address",
    why="About half of all visitors type www first. Without an address they see an error page.",
    minutes=5,
)
async def www_resolves(project: Project, dns: Dns) -> Finding:
    www = project.www
    answers = await asyncio.gather(dns.ask(www, "A"), dns.ask(www, "AAAA"))
    evidence = heard(www, answers, "the resolvers")
    looped = any(isinstance(answer, Malformed) and answer.reason == "CNAME loop" for answer in answers)
    match standing(answers, private=project.network.private):
        case "good":
            addresses = [value for answer in answers for value in values(answer)]
            way = next((answer.aliases for answer in answers if isinstance(answer, Fact) and answer.aliases), ())
            through = f", through {listed(way)}" if way else ""
            return passed(f"{www} leads to {listed(addresses)}{through}.", evidence=evidence, subject=www)
        case "unclear" if not looped:
            return unknown(
                f"We could not tell whether {www} has an address: no resolver gave a usable answer.",
                needs=LOOK,
                evidence=evidence,
                subject=www,
            )
        case "private":
            addresses = [value for answer in answers for value in values(answer)]
            saw = f"{www} leads to {listed(addresses)}, which only works inside a private network."
        case _:
            saw = f"{www} points in a circle." if looped else f"{www} has no address: {says_none(answers)}."
    if is_part(project.domain) and not looped:
        return info(
            f"{www} has no address. {project.domain} is part of a larger name, so nobody expects www before it.",
            evidence=evidence,
            subject=www,
        )
    apex = await asyncio.gather(dns.ask(project.domain, "A"), dns.ask(project.domain, "AAAA"))
    fix = www_fix(project, await keeper(project, dns), answers, apex)
    return failed(saw, fix, evidence=evidence, subject=www, cause=f"no-address:{www}")


def www_fix(project: Project, kept: Keeper, www: Pair, apex: Pair) -> Fix:
    """An alias of the apex, which is right on every DNS host; its addresses where www holds other records already."""
    domain, name = project.domain, project.www
    sets = same_addresses(project, name, apex)
    # Where the name exists without an alias, something else stands there, beside which no CNAME may (RFC 1034, 3.6.2).
    taken = any(values(answer) or (isinstance(answer, NoData) and not answer.aliases) for answer in www)
    there = standing(apex, private=project.network.private) == "good"
    later = "" if there else f" Give {domain} its own address first; www then follows it."
    if taken and there and not sets:  # a shield answers for the apex: only its keeper knows what is behind
        return Fix(
            "steps",
            f"Other records stand at {name} already, so no CNAME may be added there. Open your web host's page for "
            f"domains, add {name}, and add the address that it shows {kept.at}: type A, name www.",
            minutes=10,
            who=kept.who,
        )
    if taken and sets:
        say = f"Set this {kept.at}: {_spelled(sets, 'www')}."
        records = sets
    else:
        aliased = any(isinstance(answer, Fact) and answer.aliases for answer in www)
        verb = "Change the CNAME of www" if aliased else "Add one record"
        say = f"{verb} {kept.at}: type CNAME, name www, value {domain} (TTL automatic).{later}"
        records = (RecordSet(name, "CNAME", (f"{domain}.",)),)
    return Fix(
        "records" if there else "steps",
        f"{say} At your web host, add {name} to the site too. It takes up to 30 minutes to spread.",
        minutes=5,
        who=kept.who,
        records=_without(www, name, records) if there else (),
        copy="\n".join(value for each in records for value in each.values),
    )


def _without(www: Pair, name: str, records: tuple[RecordSet, ...]) -> tuple[RecordSet, ...]:
    """Addresses that no visitor can reach must go too, where the new set does not replace them."""
    set_types = {each.type for each in records}
    old = (answer.type for answer in www if values(answer) and is_fact(answer) and answer.type not in set_types)
    return (*records, *(RecordSet(name, type, ()) for type in old))
