"""Record sets that the DNS does not allow (RFC 1034 section 3.6.2, RFC 2181 section 10.3; Zonemaster Zone08)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Literal

from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.checks.dns._words import LOOK, Keeper, keeper
from launchready_tui.model import Evidence, Finding, Fix, RecordSet, Severity, failed, passed, unknown
from launchready_tui.project import Project
from launchready_tui.sources.address import is_public
from launchready_tui.sources.dial import is_ip
from launchready_tui.sources.dns import Answer, Dns, Fact, Found, Malformed, is_fact, tell, values
from launchready_tui.text import listed, plural
from launchready_tui.zone import enclosing, is_part

Kind = Literal["apex-cname", "cname-and", "chain", "loop", "two-soa", "ns", "mx"]
_BESIDE = ("A", "AAAA", "MX", "TXT", "CAA")  # what people put beside a CNAME


@dataclass(frozen=True, slots=True)
class Zone:
    """What was heard. `server` are answers of one authoritative server, keyed (name, type); `names` the A answers of
    every host of the project, `targets` those of what NS and MX point at; `mail` is the MX answer. `part` says that the
    name is one of a larger zone, where an alias is as right as for any other name."""

    domain: str
    server: dict[tuple[str, str], Answer] = field(default_factory=dict)
    names: dict[str, Answer] = field(default_factory=dict)
    ns: tuple[str, ...] = ()
    mail: Answer | None = None
    targets: dict[str, Answer] = field(default_factory=dict)
    part: bool = False

    @property
    def mx(self) -> tuple[str, ...]:
        return values(self.mail) if self.mail is not None else ()


@dataclass(frozen=True, slots=True)
class Breach:
    """One broken rule: `said` is the sentence, `name` what it is about, `values` what a fix needs."""

    kind: Kind
    name: str
    said: str
    values: tuple[str, ...] = ()


def breaches(zone: Zone) -> list[Breach]:
    """Every broken rule, in the order of how much it breaks. Facts alone count, and a loop is one that we walked."""
    found: list[Breach] = []
    domain = zone.domain
    for (name, type), answer in zone.server.items():
        if type == "CNAME" and isinstance(answer, Found):
            target = answer.values[0].rstrip(".")
            beside = [other for other in _BESIDE if _stands(zone.server.get((name, other)))]
            if name == domain and not zone.part:
                said = f"{domain} itself is an alias (CNAME) of {target}. That hides its name servers and its mail."
                found.append(Breach("apex-cname", name, said, (target,)))
            elif beside:
                said = (
                    f"{name} is an alias (CNAME) and has {listed(beside)} records as well. Only one of the two counts."
                )
                found.append(Breach("cname-and", name, said, (target, *beside)))
        if type == "SOA" and len(values(answer)) > 1:
            found.append(Breach("two-soa", name, f"{name} has {len(values(answer))} SOA records; there must be one."))
    for name, answer in zone.names.items():
        if isinstance(answer, Malformed) and answer.reason == "CNAME loop":
            found.append(Breach("loop", name, f"The alias {name} points in a circle."))
        elif isinstance(answer, Fact) and len(answer.aliases) > limits.ALIASES_SOUND:
            said = f"{name} takes {plural(len(answer.aliases), 'alias', 'aliases')} to its address; many stop after "
            found.append(Breach("chain", name, f"{said}{limits.ALIASES_SOUND}.", (answer.aliases[-1],)))
    found += [_pointing("ns", host, zone) for host in zone.ns if _is_wrong(host, zone)]
    found += [_pointing("mx", host, zone) for host in map(_exchange, zone.mx) if host and _is_wrong(host, zone)]
    return found


def _stands(answer: Answer | None) -> bool:
    """True where the server gives records of the very name: what an alias leads to comes with its way."""
    return isinstance(answer, Found) and not answer.aliases


def _exchange(value: str) -> str:
    """The host of an MX value; "" for the null MX (RFC 7505)."""
    return value.partition(" ")[2].strip().rstrip(".")


def _is_wrong(host: str, zone: Zone) -> bool:
    answer = zone.targets.get(host)
    return is_ip(host) or (isinstance(answer, Fact) and bool(answer.aliases))


def _pointing(kind: Kind, host: str, zone: Zone) -> Breach:
    what = "name server" if kind == "ns" else "mail server"
    if is_ip(host):
        return Breach(kind, host, f"The {what} of {zone.domain} is given as {host}. A name must stand there.")
    answer = zone.targets[host]
    aliases = answer.aliases if isinstance(answer, Fact) else ()
    said = f"The {what} {host} of {zone.domain} is only another name (an alias) for {aliases[-1]}."
    return Breach(kind, host, said, (aliases[-1],))


@check(
    "dns.records.legal",
    severity=Severity.HIGH,
    title="The records follow the rules",
    why="Where a rule is broken, some servers ignore the whole set. Mail and visitors get lost.",
    minutes=15,
)
async def records_legal(project: Project, dns: Dns) -> Finding:
    zone = await _look(project, dns)
    found = breaches(zone)
    if not found:
        return judge_sound(zone)
    mail = await asyncio.gather(dns.ask(f"mail.{project.domain}", "A"), dns.ask(f"mail.{project.domain}", "AAAA"))
    taken = any(values(answer) or not is_fact(answer) for answer in mail)
    target = found[0].values[0] if found[0].kind == "apex-cname" else ""
    addresses = await dns.addresses(target) if target else ()
    usable = tuple(address for address in addresses if project.network.private or is_public(address))
    fix = legal_fix(project, found[0], zone, await keeper(project, dns), usable, mail_taken=taken)
    rest = f" And {plural(len(found) - 1, 'more')}, below." if len(found) > 1 else ""
    only_mail = all(breach.kind == "mx" for breach in found)
    return failed(
        f"{found[0].said}{rest}",
        fix,
        evidence=[*(Evidence(breach.name, breach.said) for breach in found), *evidence_of(zone)],
        subject=found[0].name,
        cause=f"mx:{project.domain}" if only_mail else "",
    )


async def _look(project: Project, dns: Dns) -> Zone:
    domain = project.domain
    names, server, (ns, mx, targets) = await asyncio.gather(
        asyncio.gather(*(dns.ask(host, "A") for host in project.hosts)),
        _at_server(project, dns),
        _pointed_at(dns, domain),
    )
    part = is_part(domain) and not isinstance((await dns.delegation(domain)).parent, Found)
    return Zone(domain, server, dict(zip(project.hosts, names, strict=True)), ns, mx, targets, part)


async def _pointed_at(dns: Dns, domain: str) -> tuple[tuple[str, ...], Answer, dict[str, Answer]]:
    """The name servers (as the zone above and the zone itself list them), the MX answer, and where their names lead."""
    found, own, mx = await asyncio.gather(enclosing(dns, domain), dns.ask(domain, "NS"), dns.ask(domain, "MX"))
    ns = tuple(dict.fromkeys(name.rstrip(".") for name in (*values(found.parent), *values(own))))
    hosts = {*ns, *(_exchange(value) for value in values(mx)[: limits.MX_LOOKED_AT])}
    asked = sorted(host for host in hosts if host and not is_ip(host))
    targets = await asyncio.gather(*(dns.ask(host, "A") for host in asked))
    return ns, mx, dict(zip(asked, targets, strict=True))


async def _at_server(project: Project, dns: Dns) -> dict[tuple[str, str], Answer]:
    """One authoritative server's answers: the first that answers for the zone."""
    found = await enclosing(dns, project.domain)
    heard: dict[tuple[str, str], Answer] = {}
    for server in found.servers:
        for address in server.addresses[: limits.NS_ADDRESSES]:
            heard = await _at_address(project, dns, address)
            if is_fact(heard[project.domain, "SOA"]):
                return heard
    return heard


async def _at_address(project: Project, dns: Dns, address: str) -> dict[tuple[str, str], Answer]:
    first = [(project.domain, "SOA"), *((host, "CNAME") for host in project.hosts)]
    heard = dict(zip(first, await asyncio.gather(*(dns.ask_at(address, *each) for each in first)), strict=True))
    aliases = [name for (name, type), answer in heard.items() if type == "CNAME" and isinstance(answer, Found)]
    more = [(name, type) for name in aliases for type in _BESIDE]
    heard.update(zip(more, await asyncio.gather(*(dns.ask_at(address, *each) for each in more)), strict=True))
    return heard


def evidence_of(zone: Zone) -> list[Evidence]:
    lines = [Evidence(f"{type} {name} at a name server", tell(answer)) for (name, type), answer in zone.server.items()]
    lines += [Evidence(f"A {name}", tell(answer)) for name, answer in zone.names.items()]
    lines += [Evidence(f"MX {zone.domain}", tell(zone.mail))] if zone.mail is not None else []
    return [*lines, *(Evidence(f"A {name}", tell(answer)) for name, answer in zone.targets.items())]


def judge_sound(zone: Zone) -> Finding:
    """No broken rule was seen: sound, or not all could be looked at."""
    evidence = evidence_of(zone)
    asked = [*zone.server.values(), *zone.names.values(), *zone.targets.values()]
    asked += [zone.mail] if zone.mail is not None else []
    doubts = [f"{answer.type} {answer.name}" for answer in asked if not is_fact(answer)]
    if doubts or not zone.server:
        said = listed(list(dict.fromkeys(doubts))) or "none of its name servers could be asked"
        return unknown(
            f"We could not look at all records of {zone.domain}: {said}.",
            needs=LOOK,
            evidence=evidence,
            subject=zone.domain,
        )
    return passed(
        f"The records of {zone.domain} that we can see keep the rules: aliases stand alone, name and mail servers are "
        "named properly.",
        evidence=evidence,
        subject=zone.domain,
    )


def legal_fix(
    project: Project, breach: Breach, zone: Zone, kept: Keeper, addresses: tuple[str, ...], *, mail_taken: bool
) -> Fix:
    """`addresses` are those that an alias at the apex leads to; `mail_taken`: mail.<domain> exists already."""
    match breach.kind:
        case "mx":
            return _mx_fix(project, breach, zone, kept, mail_taken=mail_taken)
        case "apex-cname":
            return _apex_fix(breach, kept, addresses)
        case "chain":
            target = breach.values[0]
            return Fix(
                "records",
                f"Point {breach.name} straight at its end {kept.at}: change its CNAME to {target}.",
                minutes=10,
                who=kept.who,
                records=(RecordSet(breach.name, "CNAME", (f"{target}.",)),),
                copy=f"{target}.",
            )
        case "loop":
            home = project.domain if breach.name == project.www else ""
            say = f"change the CNAME of {breach.name} to {home}" if home else f"delete the CNAME of {breach.name}"
            return Fix(
                "records",
                f"{kept.at[0].upper()}{kept.at[1:]}, {say}. If it should lead to a host of yours, use the record that "
                "host shows.",
                minutes=10,
                who=kept.who,
                records=(RecordSet(breach.name, "CNAME", (f"{home}.",) if home else ()),),
            )
        case "cname-and":
            target, *beside = breach.values
            return Fix(
                "steps",
                f"Decide {kept.at} what {breach.name} is. Either keep the CNAME to {target} and delete its "
                f"{listed(beside)} records, or delete the CNAME.",
                minutes=15,
                who=kept.who,
            )
        case "two-soa":
            return Fix("steps", f"Ask support {kept.at} to remove the second SOA record.", minutes=20, who=kept.who)
        case _:
            instead = f" Use {breach.values[0]} instead of {breach.name}." if breach.values else ""
            return Fix(
                "steps",
                f"Where {project.domain} is registered, and in its NS records, name servers must be names with an "
                f"address of their own.{instead} Your DNS host shows the right list.",
                minutes=30,
                who="Whoever can sign in where the domain is registered",
                copy=breach.values[0] if breach.values else "",
            )


def _mx_fix(project: Project, breach: Breach, zone: Zone, kept: Keeper, *, mail_taken: bool) -> Fix:
    domain, name = project.domain, f"mail.{project.domain}"
    if breach.values:
        target = breach.values[0]
        say = f"Change the MX record of {domain} {kept.at}: it must name {target} and no longer {breach.name}."
    elif mail_taken:
        return Fix(
            "steps",
            f"Find the name that belongs to {breach.name} at your mail provider, and put it into the MX record of "
            f"{domain} {kept.at}.",
            minutes=15,
            who=kept.who,
        )
    else:
        target = name
        say = f"Add type A, name mail, value {breach.name} {kept.at}. Then change the MX record of {domain} to {name}."
    mx = tuple(
        dict.fromkeys(
            f"{value.partition(' ')[0]} {target}." if _exchange(value) == breach.name else value for value in zone.mx
        )
    )
    records = [RecordSet(domain, "MX", mx)]
    if not breach.values:
        records.insert(0, RecordSet(name, "AAAA" if ":" in breach.name else "A", (breach.name,)))
    return Fix("records", say, minutes=10, who=kept.who, records=tuple(records), copy=f"{target}.")


def _apex_fix(breach: Breach, kept: Keeper, addresses: tuple[str, ...]) -> Fix:
    name, target = breach.name, breach.values[0]
    say = (
        f"Delete the CNAME of {name} {kept.at}. If an ALIAS, ANAME or “flattened CNAME” record is offered there, make "
        f"one to {target}."
    )
    if not addresses:
        return Fix("steps", f"{say} If not, add the address that your host shows (type A, name @).", who=kept.who)
    sets = [RecordSet(name, "CNAME", ())]
    for type, colon in (("A", False), ("AAAA", True)):
        found = tuple(value for value in addresses if (":" in value) is colon)
        if found:
            sets.append(RecordSet(name, type, found))
    return Fix(
        "records",
        f"{say} If not, add type A, name @, with {listed(addresses)}, which is where {target} leads now.",
        minutes=15,
        who=kept.who,
        records=tuple(sets),
        copy="\n".join(addresses),
    )
