"""CAA: may the company that issued the live certificate issue the next one? RFC 8659; companies in `issuers.toml`.

An issuer that we do not know is unknown, never refused.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from launchready_tui import known
from launchready_tui.checks import check
from launchready_tui.checks.dns._caa import Issuer, Rules, climb, hosts, issuer, relevant, rules
from launchready_tui.checks.dns._words import LOOK, Keeper, keeper
from launchready_tui.domain import registrable
from launchready_tui.model import Evidence, Finding, Fix, RecordSet, Severity, failed, passed, unknown
from launchready_tui.project import Project
from launchready_tui.sources.dns import Answer, Dns, Fact, Found, NoData, is_fact, tell, values
from launchready_tui.sources.tls import Handshake, NoHandshake, Tls
from launchready_tui.text import listed

State = Literal["free", "permitted", "excluded", "blocked", "unclear", "stranger", "none"]


@dataclass(frozen=True, slots=True)
class Host:
    """One host of the launch: the CAA set that counts for it (None: there is none), its certificate, its web host."""

    name: str
    caa: Answer | None
    look: Handshake | NoHandshake
    serves: str = ""

    @property
    def wildcard(self) -> bool:
        """Whether its certificate is one for *.…: other records count for these."""
        sans = self.look.verdict.leaf.sans if isinstance(self.look, Handshake) else ()
        return self.name not in sans and f"*.{self.name.partition('.')[2]}" in sans

    @property
    def company(self) -> Issuer | None:
        """Who issued its certificate, as far as we know the company."""
        if not isinstance(self.look, Handshake):
            return None
        leaf = self.look.verdict.leaf
        return issuer(leaf.issuer_organisation, leaf.issuer)

    @property
    def rules(self) -> Rules:
        return rules(values(self.caa) if self.caa is not None else (), wildcard=self.wildcard)

    @property
    def wanted(self) -> tuple[str, ...]:
        """The names of which CAA has to let one in: the company's, or those that its web host uses; () unknown."""
        if isinstance(self.look, Handshake):
            return self.company.caa if self.company is not None else ()
        return hosts().get(self.serves, ())

    @property
    def state(self) -> State:
        if self.caa is None:
            return "free"
        if not is_fact(self.caa):
            return "unclear"
        said = self.rules
        if said.blocking:
            return "blocked"
        if said.allowed is None:
            return "free"
        if self.wanted:
            return "permitted" if said.permits(self.wanted) else "excluded"
        if isinstance(self.look, Handshake):
            return "stranger" if said.issuers else "excluded"
        return "none"


@check(
    "dns.caa.permits",
    severity=Severity.MEDIUM,
    title="Your certificate's company may issue the next one",
    why="Where CAA leaves it out, the next automatic renewal is refused, and weeks later browsers warn your visitors.",
    minutes=10,
)
async def caa_permits(project: Project, dns: Dns, tls: Tls) -> Finding:
    names = list(dict.fromkeys(name for host in project.hosts for name in climb(host)))
    answers, addresses, kept = await asyncio.gather(
        asyncio.gather(*(dns.ask(name, "CAA") for name in names)),
        asyncio.gather(*(dns.ask(host, "A") for host in project.hosts)),
        keeper(project, dns),
    )
    told = _trusting_above(project, dict(zip(names, answers, strict=True)))
    if all(relevant(host, told) is None for host in project.hosts):
        return _unlimited(project.domain, told)
    looks = await asyncio.gather(*(tls.look(host) for host in project.hosts))
    seen = [
        Host(host, relevant(host, told), look, _serves(four))
        for host, look, four in zip(project.hosts, looks, addresses, strict=True)
    ]
    return judge(project.domain, seen, told, kept)


def _trusting_above(project: Project, answers: dict[str, Answer]) -> dict[str, Answer]:
    """The registry's own names have no CAA records but for a handful; where they cannot be asked, that holds up
    nothing (a resolver of a private network mostly knows its own names alone)."""
    own = registrable(project.domain)
    return {
        name: answer if is_fact(answer) or name == own or name.endswith(f".{own}") else NoData(name, "CAA")
        for name, answer in answers.items()
    }


def _serves(answer: Answer) -> str:
    aliases = answer.aliases if isinstance(answer, Fact) else ()
    return known.web_host(None, aliases, values(answer))


def judge(domain: str, seen: list[Host], answers: Mapping[str, Answer], kept: Keeper) -> Finding:
    evidence = _evidence(seen, answers)
    by_state = {state: [host for host in seen if host.state == state] for state in ("excluded", "blocked", "unclear")}
    bad = by_state["blocked"] + by_state["excluded"]
    if bad:
        rest = f" The same goes for {listed([host.name for host in bad[1:]])}." if len(bad) > 1 else ""
        return failed(
            f"{_said(bad[0])}{rest}", _fix(bad[0], kept), evidence=evidence, subject=bad[0].name, facts=_facts(seen)
        )
    unclear = by_state["unclear"]
    if unclear:
        return unknown(
            f"We could not read the CAA records for {listed([host.name for host in unclear])}: "
            f"{tell(unclear[0].caa) if unclear[0].caa is not None else ''}.",
            needs=LOOK,
            evidence=evidence,
            subject=unclear[0].name,
        )
    strangers = [host for host in seen if host.state == "stranger"]
    if strangers:
        host = strangers[0]
        leaf = host.look.verdict.leaf if isinstance(host.look, Handshake) else None
        who = (leaf.issuer_organisation or leaf.issuer) if leaf is not None else ""
        return unknown(
            f"CAA lets {listed(host.rules.issuers)} issue certificates for {host.name}. Its certificate comes from "
            f"{who or 'a company without a name'}, and we do not know by which name CAA calls that company.",
            needs="the name that your certificate's company uses in CAA records; its help pages say",
            evidence=evidence,
            subject=host.name,
            facts=_facts(seen),
        )
    permitted = [host for host in seen if host.state == "permitted"]
    if permitted:
        allowed = listed(list(dict.fromkeys(name for host in permitted for name in host.rules.issuers)))
        who = listed(list(dict.fromkeys(_who(host) for host in permitted)))
        tied = next((tie for host in permitted if (tie := host.rules.ties(host.wanted))), "")
        note = f" It is tied to {tied}: whoever renews must be that one." if tied else ""
        return passed(
            f"CAA lets {allowed} issue certificates, and {who} is among them.{note}",
            evidence=evidence,
            subject=domain,
            facts=_facts(seen),
        )
    if any(host.state == "none" for host in seen):
        host = next(host for host in seen if host.state == "none")
        return unknown(
            f"CAA lets {listed(host.rules.issuers) or 'nobody'} issue certificates for {host.name}. We saw no "
            "certificate there to hold it against.",
            needs="a certificate, or another look",
            evidence=evidence,
            subject=host.name,
        )
    return _unlimited(domain, answers)


def _unlimited(domain: str, answers: Mapping[str, Answer]) -> Finding:
    return passed(
        f"No CAA record limits who may issue certificates for {domain}, so renewals go through. You may add one (type "
        "CAA, name @) that lets your certificate's company issue, and no other.",
        evidence=[Evidence(f"CAA {name}", tell(answer)) for name, answer in answers.items()],
        subject=domain,
    )


def _who(host: Host) -> str:
    return host.company.name if host.company is not None else f"the company that {host.serves} uses"


def _said(host: Host) -> str:
    """What is wrong for one host, in a sentence or two."""
    said, place = host.rules, host.caa.name if host.caa is not None else host.name
    if said.blocking:
        return (
            f"The CAA records of {place} hold “{listed(said.blocking)}”, marked as critical. No certificate company "
            f"knows it, so none may issue for {host.name}."
        )
    allowed = f"only {listed(said.issuers)}" if said.issuers else "nobody"
    if isinstance(host.look, Handshake):
        leaf = host.look.verdict.leaf
        name = host.company.name if host.company is not None else leaf.issuer_organisation or leaf.issuer
        what = f"but the certificate of {host.name} comes from {name}. Its renewal will be refused"
    else:
        what = f"and {host.serves}, which serves {host.name}, gets certificates from {listed(host.wanted)}"
    return f"The CAA records of {place} let {allowed} issue certificates, {what}."


def _fix(host: Host, kept: Keeper) -> Fix:
    """The set with the missing company added; steps where it is not ours to write, or not known what to add."""
    caa, said = host.caa, host.rules
    place = caa.name if caa is not None else host.name
    if said.blocking:
        return Fix(
            "steps",
            f"Delete the CAA record with “{said.blocking[0]}” of {place} {kept.at}, or set its flag to 0.",
            minutes=5,
            who=kept.who,
        )
    if not isinstance(caa, Found) or not host.wanted:
        return Fix(
            "steps",
            f"Look up by which name your certificate's company is called in CAA records, and add it for {place} "
            f"{kept.at}: type CAA, tag issue.",
            minutes=15,
            who=kept.who,
        )
    if caa.aliases:
        return Fix(
            "steps",
            f"{place} is an alias of {caa.aliases[-1]}, whose CAA records count. Ask whoever runs {caa.aliases[-1]} to "
            f"let {host.wanted[0]} issue, or point {place} at an address (type A) instead of the alias.",
            minutes=30,
            who=kept.who,
        )
    wild = host.wildcard and any(" issuewild " in value for value in caa.values)
    value = f'0 {"issuewild" if wild else "issue"} "{host.wanted[0]}"'
    return Fix(
        "records",
        f"Add {kept.at}: type CAA, for {place}, value {value}. The CAA records that are there stay.",
        minutes=5,
        who=kept.who,
        records=(RecordSet(place, "CAA", (*caa.values, value)),),
        copy=value,
    )


def _facts(seen: list[Host]) -> list[tuple[str, str]]:
    named = {host.company.name for host in seen if host.company is not None}
    return [("certificate company", ", ".join(sorted(named)))] if named else []


def _evidence(seen: list[Host], answers: Mapping[str, Answer]) -> list[Evidence]:
    lines = [Evidence(f"CAA {name}", tell(answer)) for name, answer in answers.items()]
    for host in seen:
        if isinstance(host.look, Handshake):
            leaf = host.look.verdict.leaf
            told = f"issued by {leaf.issuer_organisation or 'no organisation'}, {leaf.issuer}"
            lines.append(
                Evidence(f"certificate of {host.name}", f"{told}{' (for a wildcard)' if host.wildcard else ''}")
            )
        else:
            lines.append(Evidence(f"certificate of {host.name}", host.look.say))
    return lines
