"""The domain's signature (DNSSEC): absent is fine, broken is not, and the two look alike from outside.

A resolver that checks signatures answers SERVFAIL where they are wrong, and gives the answer when told not to check
(RFC 4035 sections 3.2.2 and 5.5). Zonemaster DNSSEC02, DNSSEC07.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.checks.dns._keys import fits
from launchready_tui.checks.dns._words import LOOK, Keeper, keeper
from launchready_tui.domain import registrable
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, info, passed, unknown
from launchready_tui.project import Project
from launchready_tui.sources.dns import (
    Answer,
    Delegation,
    Dns,
    Fact,
    Found,
    NoData,
    NxDomain,
    Secured,
    is_fact,
    tell,
    values,
)
from launchready_tui.text import listed

_REGISTRAR = "Whoever can sign in where the domain is registered"


@dataclass(frozen=True, slots=True)
class Signed:
    """What was heard of a zone: `vouched` is DS as the registry has it, `keys` the DNSKEY answers of its own servers by
    name, `secured` what each resolver says when it checks; `wanted` of these must vouch for it."""

    zone: str
    vouched: Answer
    keys: Mapping[str, Answer] = field(default_factory=dict)
    secured: Mapping[str, Secured] = field(default_factory=dict)
    wanted: int = limits.DNSSEC_RESOLVERS

    @property
    def sure(self) -> list[str]:
        """The resolvers that checked the signatures and took them; who does not check does not count."""
        return [key for key, said in self.secured.items() if said.authentic and is_fact(said.answer)]

    @property
    def refusing(self) -> list[str]:
        return [key for key, said in self.secured.items() if said.refuses]

    @property
    def reasons(self) -> list[str]:
        return list(dict.fromkeys(self.secured[key].reason for key in self.refusing if self.secured[key].reason))


@check(
    "dns.dnssec.sane",
    severity=Severity.MEDIUM,
    title="The domain's signature is sound, or there is none",
    why="A signature that no longer fits, often left behind by a move, makes your domain vanish for many visitors.",
    minutes=20,
)
async def dnssec_sane(project: Project, dns: Dns) -> Finding:
    zone = registrable(project.domain)
    vouched, found = await asyncio.gather(dns.ask(zone, "DS"), dns.delegation(zone))
    if isinstance(vouched, NoData | NxDomain):
        return judge(Signed(zone, vouched), Keeper())
    keys, secured, kept = await asyncio.gather(
        _keys_of(dns, zone, found), dns.ask_secured(zone, "SOA"), keeper(project, dns)
    )
    # Resolvers that were given stand for the public ones; where there is but one, it speaks for all.
    wanted = min(limits.DNSSEC_RESOLVERS, len(secured))
    return judge(Signed(zone, vouched, keys, secured, wanted), kept)


async def _keys_of(dns: Dns, zone: str, found: Delegation) -> dict[str, Answer]:
    """The keys that each of the zone's own servers gives, asked at its first address."""
    servers = [server for server in found.servers if server.addresses]
    answers = await asyncio.gather(*(dns.ask_at(server.addresses[0], zone, "DNSKEY") for server in servers))
    return {server.name: answer for server, answer in zip(servers, answers, strict=True)}


def judge(signed: Signed, kept: Keeper) -> Finding:
    """Facts alone fail: servers of the zone without the vouched-for key, or an answer that is held back for its
    signature."""
    zone, evidence = signed.zone, _evidence(signed)
    if isinstance(signed.vouched, NxDomain):
        return info(
            f"{zone} does not exist in the DNS, so there is no signature to look at.", evidence=evidence, subject=zone
        )
    if isinstance(signed.vouched, NoData):
        return passed(
            f"{zone} is not signed (no DNSSEC). That is fine: nothing can break.",
            evidence=evidence,
            subject=zone,
            facts=[("dnssec", "not signed")],
        )
    wrong = _without_key(signed)
    if wrong:
        return _wrong_key(signed, wrong, kept, evidence)
    if signed.refusing and (signed.reasons or not signed.sure):
        return _refused(signed, kept, evidence)
    if signed.refusing:
        return unknown(
            f"Resolvers do not agree about the signature of {zone}: {listed(signed.sure)} took it, "
            f"{listed(signed.refusing)} did not. One of them may still have an old answer.",
            needs=LOOK,
            evidence=evidence,
            subject=zone,
        )
    if isinstance(signed.vouched, Found) and len(signed.sure) >= signed.wanted:
        return passed(
            f"{zone} is signed (DNSSEC), and {listed(signed.sure)} checked the signature: it is right.",
            evidence=evidence,
            subject=zone,
            facts=[("dnssec", "signed")],
        )
    if not isinstance(signed.vouched, Found):
        return unknown(
            f"We could not find out whether {zone} is signed (DNSSEC): {tell(signed.vouched)}.",
            needs=LOOK,
            evidence=evidence,
            subject=zone,
        )
    checked = f"only {listed(signed.sure)} told" if signed.sure else "none told"
    return unknown(
        f"{zone} is signed (DNSSEC). Of the {len(signed.secured)} resolvers that we asked, {checked} us that the "
        f"signature is right; it takes {signed.wanted}.",
        needs="another look, or resolvers that check signatures (--resolver 9.9.9.9 --resolver 1.1.1.1)",
        evidence=evidence,
        subject=zone,
    )


def _without_key(signed: Signed) -> dict[str, Answer]:
    """The zone's own servers that have no key which the registry vouches for."""
    vouched = values(signed.vouched)
    return {
        server: answer
        for server, answer in signed.keys.items()
        if isinstance(answer, Found | NoData)
        and answer.authoritative
        and fits(signed.zone, vouched, values(answer)) is False
    }


def _wrong_key(signed: Signed, wrong: Mapping[str, Answer], kept: Keeper, evidence: list[Evidence]) -> Finding:
    zone, vouched = signed.zone, values(signed.vouched)
    tags = listed([value.split()[0] for value in vouched])
    gone = all(isinstance(answer, NoData) for answer in wrong.values())
    one = len(wrong) == 1
    what = ("does not sign" if one else "do not sign") if gone else f"{'signs' if one else 'sign'} with another key"
    fix = Fix(
        "steps",
        f"Where {zone} is registered, open “DNSSEC” (or “DS records”) and delete the entry with key tag {tags}. "
        f"Visitors come back when the old entry has run out at their providers, within a day. If you want signatures, "
        f"switch DNSSEC on {kept.at} after that, and enter at the registrar what is shown there.",
        minutes=20,
        who=_REGISTRAR,
        copy="\n".join(vouched),
    )
    return failed(
        f"The registry still vouches for a key of {zone} (DS {tags}), but {listed(list(wrong))} {what}. Resolvers that "
        "check, such as 1.1.1.1 and 8.8.8.8, answer nothing then. This mostly happens when name servers were moved.",
        fix,
        evidence=evidence,
        subject=zone,
        severity=Severity.CRITICAL,
    )


def _refused(signed: Signed, kept: Keeper, evidence: list[Evidence]) -> Finding:
    zone = signed.zone
    reason = f" ({listed(signed.reasons)})" if signed.reasons else ""
    return failed(
        f"The signature of {zone} (DNSSEC) is broken{reason}: {listed(signed.refusing)} "
        f"{'has' if len(signed.refusing) == 1 else 'have'} your records and will not give them out.",
        Fix(
            "steps",
            f"Where {zone} is registered, open “DNSSEC” and delete the DS entry: after that the signature no longer "
            f"counts, and visitors come back within a day. Only then switch DNSSEC off and on again {kept.at}, and "
            "enter the DS that is shown there. Do it in this order.",
            minutes=30,
            who=_REGISTRAR,
            copy="\n".join(values(signed.vouched)),
        ),
        evidence=evidence,
        subject=zone,
        severity=Severity.CRITICAL,
    )


def _evidence(signed: Signed) -> list[Evidence]:
    zone = signed.zone
    lines = [Evidence(f"DS {zone}", tell(signed.vouched))]
    for resolver, said in signed.secured.items():
        text = tell(said.answer)
        if isinstance(said.answer, Fact):
            text += "; it checked the signature" if said.authentic else "; it does not say that it checked"
        if said.unchecked is not None:
            reason = f" ({said.reason})" if said.reason else ""
            text += f"{reason}; without checking: {tell(said.unchecked)}"
        lines.append(Evidence(f"SOA {zone} at {resolver}", text))
    return [*lines, *(Evidence(f"DNSKEY {zone} at {name}", tell(answer)) for name, answer in signed.keys.items())]
