"""Where mail for the domain goes: MX (RFC 5321 section 5.1, RFC 7505, RFC 2181 section 10.3)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.checks.email._servers import Exchange, mail_servers
from launchready_tui.known import mail_host
from launchready_tui.mail.spf import is_spf, parse
from launchready_tui.model import (
    Evidence,
    Finding,
    Fix,
    RecordSet,
    Severity,
    failed,
    passed,
    unknown,
    warned,
)
from launchready_tui.project import Project
from launchready_tui.senders import by_spf
from launchready_tui.sources.address import is_public
from launchready_tui.sources.dial import is_ip
from launchready_tui.sources.dns import Dns, Found, NoData, NxDomain, is_fact, tell, values
from launchready_tui.text import listed, plural

_WHO = "Whoever can change the DNS records"


@check(
    "email.mx.present",
    severity=Severity.HIGH,
    title="Mail to the domain arrives",
    why="Without it replies, bounces and password questions from members vanish, and nobody is told.",
    minutes=15,
)
async def mx_present(project: Project, dns: Dns) -> Finding:
    servers = await mail_servers(project, dns)
    if servers.unclear is not None:
        return servers.unclear
    domain, found = servers.domain, servers.exchanges
    evidence = [Evidence(f"MX {domain}", tell(servers.answer))]
    if not found:
        return await _none(domain, dns, evidence)
    if servers.none_wanted:
        return passed(
            f"{domain} says that it takes no mail (“0 .”), so nobody tries.", evidence=evidence, subject=domain
        )
    rest = tuple(each.value for each in found if each.target)
    if len(rest) < len(found):
        server = next(each.target for each in found if each.target)
        return failed(
            f"{domain} says both “we take no mail” and “mail goes to {server}”. Senders may pick either.",
            Fix(
                "records",
                f"Where your DNS records are kept, delete the MX record of {domain} whose target is a lone dot (“.”). "
                f"Keep the other {plural(len(rest), 'one')}.",
                minutes=5,
                who=_WHO,
                records=(RecordSet(domain, "MX", rest),),
            ),
            evidence=evidence,
            subject=domain,
            cause=f"mx:{domain}",
        )
    targets = await asyncio.gather(*(_target(project, dns, each) for each in found[: limits.MX_LOOKED_AT]))
    evidence += [Evidence(f"A/AAAA {each.exchange.target}", each.evidence) for each in targets]
    return _judge(domain, found, list(targets), evidence)


@dataclass(frozen=True, slots=True)
class Target:
    """What stands behind one MX value: fine, "ip" or "alias" (not allowed), "gone" or "private", or "unclear".

    `alias` is where an alias ends, "" where that has no address.
    """

    exchange: Exchange
    state: str
    evidence: str
    alias: str = ""


async def _target(project: Project, dns: Dns, exchange: Exchange) -> Target:
    name = exchange.target
    if is_ip(name):
        return Target(exchange, "ip", "an address, where a name must stand")
    answers = await asyncio.gather(dns.ask(name, "A"), dns.ask(name, "AAAA"))
    said = ", ".join(tell(answer) for answer in answers)
    aliases = next((a.aliases for a in answers if isinstance(a, Found | NoData | NxDomain) and a.aliases), ())
    addresses = [address for answer in answers for address in values(answer)]
    if aliases:
        dead = not addresses and all(map(is_fact, answers))
        return Target(exchange, "alias", said, "" if dead else aliases[-1].rstrip("."))
    if any(project.network.private or is_public(address) for address in addresses):
        return Target(exchange, "fine", said)
    if addresses:
        return Target(exchange, "private", said)
    return Target(exchange, "gone" if all(map(is_fact, answers)) else "unclear", said)


def _judge(domain: str, found: tuple[Exchange, ...], targets: list[Target], evidence: list[Evidence]) -> Finding:
    cause = f"mx:{domain}"
    aliases = {each.exchange.value: each for each in targets if each.state == "alias"}
    ends = {value: each.alias for value, each in aliases.items()}
    sets = tuple(
        f"{each.preference} {ends[each.value]}." if each.value in ends else each.value
        for each in found
        if ends.get(each.value, "kept")
    )
    if aliases and sets:
        first = next(iter(aliases.values()))
        name = first.exchange.target
        change = (
            f"change the MX record of {domain}: it must name {first.alias} and no longer {name}."
            if first.alias
            else f"delete the MX record of {domain} that names {name}. Keep the rest."
        )
        return failed(
            f"Mail for {domain} is sent to {name}, which is only another name for "
            f"{first.alias or 'one that has no address'}. Some servers refuse that.",
            Fix(
                "records",
                f"Where your DNS records are kept, {change}",
                minutes=5,
                who=_WHO,
                records=(RecordSet(domain, "MX", tuple(dict.fromkeys(sets))),),
            ),
            evidence=evidence,
            subject=domain,
            cause=cause,
        )
    numbers = [each.exchange.target for each in targets if each.state == "ip"]
    if numbers:
        return failed(
            f"The MX record of {domain} holds the address {numbers[0]}. A name must stand there, so mail gets lost.",
            Fix(
                "steps",
                f"Where your DNS records are kept, add an A record for mail.{domain} with {numbers[0]}. Then change "
                f"the MX record of {domain} to “10 mail.{domain}”.",
                minutes=10,
                who=_WHO,
                copy=f"10 mail.{domain}.",
            ),
            evidence=evidence,
            subject=domain,
            cause=cause,
        )
    fine = [each for each in targets if each.state == "fine"]
    broken = [each for each in targets if each.state in ("gone", "private", "alias")]
    unclear = [each for each in targets if each.state == "unclear"]
    if broken and (fine or not unclear):
        return _broken(domain, found, fine, broken, evidence)
    if unclear:
        name = unclear[0].exchange.target
        return unknown(
            f"Mail for {domain} goes to {name}. We could not look up its address: {unclear[0].evidence}.",
            needs="another look",
            evidence=evidence,
            subject=domain,
        )
    names = listed([each.exchange.target for each in fine])
    host = mail_host(value.value for value in found)
    facts = [("mail host", host)] if host else []
    if len(found) == 1 and not host:
        return warned(
            f"All mail for {domain} goes to one server, {names}. While it is down, nobody can write to you.",
            Fix(
                "steps",
                f"Ask whoever runs {names} whether a second server stands behind it. If not, think of an inbox "
                f"provider, or add a second MX record for {domain} with a server that can take over.",
                minutes=30,
                who="Whoever runs your mail server",
            ),
            evidence=evidence,
            subject=domain,
            facts=facts,
        )
    where = f" ({host})" if host else ""
    return passed(f"Mail for {domain} goes to {names}{where}.", evidence=evidence, subject=domain, facts=facts)


def _broken(
    domain: str, found: tuple[Exchange, ...], fine: list[Target], broken: list[Target], evidence: list[Evidence]
) -> Finding:
    names = listed([each.exchange.target for each in broken])
    what = "has only an address inside a private network" if broken[0].state == "private" else "has no address"
    if fine:
        bad = {each.exchange.value for each in broken}
        keep = tuple(each.value for each in found if each.value not in bad)
        return warned(
            f"One of the mail servers of {domain}, {names}, {what}. Mail that tries it first is late.",
            Fix(
                "records",
                f"Where your DNS records are kept, delete the MX record of {domain} that names {names}. Keep the rest.",
                minutes=5,
                who=_WHO,
                records=(RecordSet(domain, "MX", keep),),
            ),
            evidence=evidence,
            subject=domain,
        )
    return failed(
        f"Mail for {domain} goes to {names}, which {what}. No mail can arrive.",
        Fix(
            "steps",
            f"Look up the MX records that your inbox provider asks for (search their help for “MX records”), and put "
            f"them in place of the ones for {domain} where your DNS records are kept.",
            minutes=15,
            who=_WHO,
        ),
        evidence=evidence,
        subject=domain,
        cause=f"mx:{domain}",
    )


def inbox_records(spf: str, domain: str) -> tuple[str, tuple[str, ...]] | None:
    """(whose inboxes, their MX) of the first service in an SPF record that has inboxes too and one MX set for all."""
    for term in parse(spf).terms:
        guide = by_spf(term.value) if term.name == "include" else None
        if guide is not None and guide.kind == "inbox":
            found = [each.filled(domain) for each in guide.records if (each.part, each.type) == ("inbox", "MX")]
            if found and all(found):
                return guide.name, tuple(found)
    return None


async def _none(domain: str, dns: Dns, evidence: list[Evidence]) -> Finding:
    texts = values(await dns.ask(domain, "TXT"))
    known = inbox_records(next((text for text in texts if is_spf(text)), ""), domain)
    if known is not None:
        provider, records = known
        fix = Fix(
            "records",
            f"You send through {provider}. If your inboxes are there too, add where your DNS records are kept, for "
            f"{domain}: MX {listed([record.rstrip('.') for record in records])}. If you want no mail at all, add "
            "MX “0 .” instead.",
            minutes=10,
            who=_WHO,
            records=(RecordSet(domain, "MX", records),),
        )
    else:
        fix = Fix(
            "steps",
            f"Add the MX records that your inbox provider shows in its help under “MX records”, for {domain}, where "
            "your DNS records are kept. If nobody shall write to you there, add one MX record “0 .” instead.",
            minutes=15,
            who=_WHO,
        )
    return failed(
        f"Nothing says where mail for {domain} goes: it has no MX record. Senders then try the website’s server.",
        fix,
        evidence=evidence,
        subject=domain,
        cause=f"mx:{domain}",
    )
