"""A DMARC record, and whether whoever is to read its reports takes them (RFC 9989; reports: RFC 9990 section 4)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from launchready_tui.answers import Answers
from launchready_tui.checks import check
from launchready_tui.checks.email._dmarc import (
    CHANGE,
    QUESTION,
    WHO,
    broken,
    fix_at,
    mailbox,
    missing,
    seen_of,
    sends_none,
    takes_mail,
    unclear,
    unsure_of,
)
from launchready_tui.mail import dmarc
from launchready_tui.mail.ask import org_domain_of
from launchready_tui.mail.dmarc import Discovery, DmarcRecord
from launchready_tui.mail.dmarc_own import own_mail
from launchready_tui.mail.dmarc_text import rewritten, spares
from launchready_tui.model import Evidence, Finding, Fix, Severity, passed, unknown, warned
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.sources.dns import Answer, Dns, NxDomain, is_fact, tell, values
from launchready_tui.sources.message import Messages
from launchready_tui.text import day, listed


@check(
    "email.dmarc.record",
    severity=Severity.HIGH,
    title="A DMARC record",
    why="Gmail, Yahoo and Outlook ask for it. Without it your invites are more likely to land in spam.",
    minutes=10,
    question=QUESTION,
)
async def dmarc_record(
    project: Project, dns: Dns, owners: Owners, answers: Answers, messages: Messages | None
) -> Finding:
    domain = project.domain
    nobody = sends_none(project, owners, answers)
    found = await dmarc.find(dns, domain)
    record = found.record
    if record is None:
        doubt = unsure_of(found)
        if doubt is not None:
            return unclear(domain, found, doubt)
        return await missing(project, dns, found, nobody=nobody)
    if not record.valid or not record.applies:
        return await broken(dns, domain, found, record, nobody=nobody)
    evidence = [*seen_of(found), *(Evidence("note", warning) for warning in record.warnings)]
    if record.tags["psd"] == "y" and org_domain_of(found.location) is not None:
        return warned(
            f"The DMARC record of {found.location} says that {found.location} is an ending such as “com” (psd=y). Mail "
            "from names below it then no longer counts as yours.",
            fix_at(found, found.location, rewritten(record, found.location, {"psd": ""}, reports=False), CHANGE),
            evidence=evidence,
            subject=domain,
        )
    if not record.rua and nobody and record.tags["p"] == "reject":
        return passed(
            f"{domain} has one DMARC record. It asks for no reports, and need not: nothing sends mail as {domain}, by "
            "your word.",
            evidence=evidence,
            subject=domain,
        )
    if not record.rua:
        return await _no_address(dns, domain, found, record, evidence)
    old = [name for name in dmarc.OBSOLETE if name in record.stated]
    if old:
        return await _out_of_date(domain, found, record, old, evidence, messages, nobody=nobody)
    return await _reports(dns, domain, found, record, evidence, answers)


async def _out_of_date(
    domain: str,
    found: Discovery,
    record: DmarcRecord,
    old: list[str],
    evidence: list[Evidence],
    messages: Messages | None,
    *,
    nobody: bool,
) -> Finding:
    """Tags that RFC 9989 dropped. A pct below 100 still spares mail at receivers that read it: that one goes once the
    founder's own mail is proved."""
    proofs = await messages.proofs() if messages is not None else None
    own = own_mail(found.location, proofs, nobody=nobody)
    fix = fix_at(found, found.location, rewritten(record, found.location, {"pct": ""} if own.safe else {}), CHANGE)
    if spares(record) and not own.safe:
        fix = Fix("steps", f"{own.say} {own.lifts} Then take pct out of the record.".strip(), minutes=15, who="You")
    counts = "which no longer counts" if len(old) == 1 else "which no longer count"
    return warned(
        f"The DMARC record of {found.location} still has {listed(old)}, {counts}.",
        fix,
        evidence=evidence,
        subject=domain,
    )


async def _no_address(
    dns: Dns, domain: str, found: Discovery, record: DmarcRecord, evidence: list[Evidence]
) -> Finding:
    if await takes_mail(dns, found.location):
        better = rewritten(record, found.location)
        fix = fix_at(found, found.location, better, CHANGE, after=mailbox(found.location, better))
    else:
        fix = Fix(
            "steps",
            f"{found.location} takes no mail (its MX is “0 .”), so reports need an address at another domain of yours. "
            f"Add “; rua=mailto:ADDRESS” to the TXT record of _dmarc.{found.location}. That other domain says that it "
            f"takes them: TXT “v=DMARC1” at {found.location}._report._dmarc. below its name.",
            minutes=15,
            who=WHO,
        )
    return warned(
        f"The DMARC record of {domain} names no address for reports, so you never learn who sends as you.",
        fix,
        evidence=evidence,
        subject=domain,
    )


async def _reports(
    dns: Dns, domain: str, found: Discovery, record: DmarcRecord, evidence: list[Evidence], answers: Answers
) -> Finding:
    """Whether the reports have somewhere to go."""
    near, far = _hosts(found.location, record)
    deaf, outside = await asyncio.gather(_deaf(dns, near), _outside(dns, found.location, far))
    evidence += [Evidence(f"TXT {each.asked}", tell(each.answer)) for each in outside]
    refused = [each for each in outside if each.refuses]
    if deaf:
        return warned(
            f"DMARC reports of {domain} shall go to an address at {deaf[0]}, which takes no mail. None will arrive.",
            Fix(
                "steps",
                f"Make the MX of {deaf[0]} lead to a mail server, or put an address that exists into the rua of the "
                f"TXT record _dmarc.{found.location}.",
                minutes=15,
                who=WHO,
            ),
            evidence=evidence,
            subject=domain,
        )
    if refused:
        host = refused[0].host
        return warned(
            f"DMARC reports of {domain} shall go to {host}, which does not say that it takes them. None will arrive "
            "there.",
            Fix(
                "steps",
                f"Ask whoever runs {host} to publish TXT “v=DMARC1” at {refused[0].asked}, or put an address at "
                f"{domain} in the rua of your DMARC record.",
                minutes=15,
                who=f"Whoever runs {host}",
                copy=f"{refused[0].asked} TXT v=DMARC1",
            ),
            evidence=evidence,
            subject=domain,
        )
    unsure = [each for each in outside if not is_fact(each.answer)]
    if unsure:
        return unknown(
            f"DMARC reports of {domain} go to {unsure[0].host}. We could not ask whether it takes them.",
            needs="another look",
            evidence=evidence,
            subject=domain,
        )
    to = listed([uri.partition(":")[2] for uri in record.rua])
    where = "" if found.own else f", inherited from {found.location}"
    said = answers.get(QUESTION)
    arrives = (
        f"{said.who or 'You'} saw one arrive ({day(said.at)})."
        if said is not None and "arrives" in said.ticks
        else "Whether that inbox exists, only you can see."
    )
    return passed(
        f"{domain} has one DMARC record{where}. Reports go to {to}. {arrives}", evidence=evidence, subject=domain
    )


@dataclass(frozen=True, slots=True)
class Outside:
    """A host outside the organisation that is to take reports, and whether it says so (RFC 9990 section 4)."""

    host: str
    asked: str
    answer: Answer

    @property
    def allowed(self) -> bool:
        """One record at least says so; an address that it puts in place must be at the same host (step 9)."""
        said = [dmarc.parse(value) for value in values(self.answer) if dmarc.is_dmarc(value)]
        return bool(said) and all(dmarc.uri_host(uri) == self.host for each in said for uri in each.rua)

    @property
    def refuses(self) -> bool:
        """A name that the DNS cannot hold is never confirmed (step 4)."""
        return (is_fact(self.answer) or len(self.asked) > _LONGEST) and not self.allowed


_LONGEST = 253  # characters of a name (RFC 1035 section 2.3.4, without the last dot)
_NEAR = 4  # hosts of the founder's own whose MX is asked


def _hosts(location: str, record: DmarcRecord) -> tuple[list[str], list[str]]:
    hosts = list(dict.fromkeys(host for host in map(dmarc.uri_host, record.rua) if host))
    far = [host for host in hosts if host != location and not host.endswith(f".{location}")]
    return [host for host in hosts if host not in far][:_NEAR], far


async def _deaf(dns: Dns, hosts: list[str]) -> list[str]:
    """Hosts of the founder's own that say they take no mail, or that do not exist."""

    async def deaf(host: str) -> bool:
        return isinstance(await dns.ask(host, "MX"), NxDomain) or not await takes_mail(dns, host)

    return [host for host, is_deaf in zip(hosts, await asyncio.gather(*map(deaf, hosts)), strict=True) if is_deaf]


async def _outside(dns: Dns, location: str, far: list[str]) -> list[Outside]:
    if not far:
        return []
    home, *theirs = await asyncio.gather(*(dmarc.org_domain(dns, name) for name in (location, *far)))
    strangers = [host for host, org in zip(far, theirs, strict=True) if org is None or org != home]

    async def ask(host: str) -> Outside:
        asked = f"{location}._report._dmarc.{host}"
        return Outside(host, asked, await dns.ask(asked, "TXT"))

    return list(await asyncio.gather(*(ask(host) for host in strangers)))
