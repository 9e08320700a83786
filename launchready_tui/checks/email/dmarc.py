"""What receivers shall do with forged mail, and who is told: DMARC (RFC 9989; reports to others: RFC 9990 section 4).

The policy check judges the record alone: whether real mail is aligned only a message can show, and when p=none was set
up the DNS does not say. So p=none with reports passes as the start it is, and quarantine or reject passes with the
reminder that a message must prove it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.mail import dmarc
from launchready_tui.mail.ask import org_domain_of
from launchready_tui.mail.dmarc import Discovery, DmarcRecord
from launchready_tui.model import Evidence, Finding, Fix, RecordSet, Severity, failed, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.sources.dns import Answer, Dns, Fact, is_fact, tell, values
from launchready_tui.text import clean, listed
from launchready_tui.zone import mail_domain

_WHO = "Whoever can change the DNS records"
_ORDER = ("v", "p", "sp", "np", "adkim", "aspf", "t", "psd", "fo", "rua", "ruf")


def starter(domain: str) -> str:
    """The record to begin with: watch, and have reports sent to an address of the domain's own."""
    return f"v=DMARC1; p=none; rua=mailto:dmarc@{domain}"


def rewritten(record: DmarcRecord, domain: str, **changes: str) -> str:
    """The record with `changes`, without what no longer counts, and with an address for reports."""
    stated = {name: value for name, value in record.stated.items() if name in _ORDER}
    kept = {
        name: value for name, value in stated.items() if name in ("v", "rua", "ruf") or record.tags.get(name) == value
    }
    for name in ("rua", "ruf"):
        kept.pop(name, None)
        if record.tags.get(name):
            kept[name] = record.tags[name]
    kept.setdefault("p", record.tags.get("p", "none"))
    kept.setdefault("rua", f"mailto:dmarc@{domain}")
    kept |= changes
    if kept.get("t") == "n":
        del kept["t"]
    return "; ".join(f"{name}={kept[name]}" for name in _ORDER if name in kept)


def _fix(found: Discovery, name: str, record: str, say: str, *, after: str = "", minutes: int = 10) -> Fix:
    """Set one record; `say` leads to it, `after` is what has to be so beside it."""
    answer = next((step.answer for step in found.steps if step.name == name), None)
    aliases = answer.aliases if isinstance(answer, Fact) else ()
    if aliases:  # beside an alias no TXT may stand (RFC 1034 section 3.6.2): it is kept where that leads
        return Fix(
            "steps",
            f"_dmarc.{name} is an alias (CNAME) of {aliases[0]}, so the service behind that keeps the record. Sign in "
            f"there and set it to: {record}\nOr delete the CNAME and add this as a TXT record in its place.",
            minutes=minutes,
            who=_WHO,
            copy=record,
        )
    return Fix(
        "records",
        f"{say} TXT for _dmarc.{name} (often typed as _dmarc): {record}" + (f"\n{after}" if after else ""),
        minutes=minutes,
        who=_WHO,
        records=(RecordSet(f"_dmarc.{name}", "TXT", (record,)),),
        copy=record,
    )


def _mailbox(domain: str, record: str) -> str:
    """Reports need somewhere to arrive: say so where we made the address up."""
    return f"The address dmarc@{domain} must exist as an inbox." if f"dmarc@{domain}" in record else ""


def _seen(found: Discovery) -> list[Evidence]:
    return [Evidence(f"TXT _dmarc.{step.name}", tell(step.answer)) for step in found.steps]


def _unclear(domain: str, found: Discovery, answer: Answer) -> Finding:
    return unknown(
        f"We could not read the DMARC record of {domain}: {tell(answer)}.",
        needs="another look",
        evidence=_seen(found),
        subject=domain,
    )


def _unsure(found: Discovery) -> Answer | None:
    """The answer that keeps us from saying “there is none”. Several records at the name are a fault whatever its
    parents have, and what an ending such as “com” did not tell is no reason to doubt."""
    if len(found.first.records) > 1:
        return None
    doubtful = [step for step in found.steps if not is_fact(step.answer)]
    return next((step.answer for step in doubtful if step is found.steps[0] or org_domain_of(step.name)), None)


async def _missing(project: Project, dns: Dns, found: Discovery) -> Finding:
    """No record that counts: none, several, broken, or at the wrong place."""
    domain = await mail_domain(dns, project.domain)
    evidence = _seen(found)
    record = starter(domain)
    several = found.first.records
    if len(several) > 1:
        read = [dmarc.parse(text) for text in several]
        best = next((each for each in read if each.valid and each.rua), next((e for e in read if e.valid), read[0]))
        record = rewritten(best, domain) if best.valid else record
        saw = f"_dmarc.{domain} has {len(several)} DMARC records. Receivers then ignore all of them."
        say = "Delete them all where your DNS records are kept and add this one:"
    else:
        apex = [value for value in values(await dns.ask(domain, "TXT")) if dmarc.is_dmarc(value)]
        near = [value for value in values(found.first.answer) if "dmarc" in value.lower()]
        say = "Add where your DNS records are kept:"
        if apex:
            read_apex = dmarc.parse(apex[0])
            record = rewritten(read_apex, domain) if read_apex.valid else record
            saw = f"The DMARC record stands at {domain} and not at _dmarc.{domain}, the only place receivers look."
            evidence.append(Evidence(f"TXT {domain}", apex[0]))
        elif near:
            saw = f"_dmarc.{domain} has “{clean(near[0], limit=60)}”, which receivers do not see as a DMARC record."
            evidence.append(Evidence("why", dmarc.parse(near[0]).errors[0] if dmarc.parse(near[0]).errors else ""))
            say = "Replace it where your DNS records are kept:"
        else:
            saw = f"There is no DMARC record at _dmarc.{domain}. Gmail and Yahoo ask for one."
    return failed(
        saw,
        _fix(found, domain, record, say, after=_mailbox(domain, record)),
        evidence=evidence,
        subject=domain,
        cause=f"dmarc:{domain}",
    )


def _broken(domain: str, found: Discovery, record: DmarcRecord) -> Finding:
    why = record.errors[0] if record.errors else "It has neither a policy (p) nor an address for reports (rua)."
    good = starter(domain)
    return failed(
        f"The DMARC record at _dmarc.{found.location} does not count. {why}",
        _fix(found, found.location, good, "Replace it where your DNS records are kept:", after=_mailbox(domain, good)),
        evidence=[*_seen(found), Evidence("why", why)],
        subject=domain,
        cause=f"dmarc:{domain}",
    )


@check(
    "email.dmarc.record",
    severity=Severity.HIGH,
    title="A DMARC record",
    why="Gmail, Yahoo and Outlook ask for it. Without it your invites are more likely to land in spam.",
    minutes=10,
)
async def dmarc_record(project: Project, dns: Dns) -> Finding:
    domain = project.domain
    found = await dmarc.find(dns, domain)
    if found.record is None:
        unclear = _unsure(found)
        if unclear is not None:
            return _unclear(domain, found, unclear)
        return await _missing(project, dns, found)
    record = found.record
    if not record.valid or not record.applies:
        return _broken(domain, found, record)
    evidence = [*_seen(found), *(Evidence("note", warning) for warning in record.warnings)]
    if not record.rua:
        better = rewritten(record, domain)
        return warned(
            f"The DMARC record of {domain} names no address for reports, so you never learn who sends as you.",
            _fix(
                found,
                found.location,
                better,
                "Change it where your DNS records are kept:",
                after=_mailbox(domain, better),
            ),
            evidence=evidence,
            subject=domain,
        )
    old = [name for name in dmarc.OBSOLETE if name in record.stated]
    if old:
        return warned(
            f"The DMARC record of {domain} still has {listed(old)}, which no longer counts.",
            _fix(found, found.location, rewritten(record, domain), "Change it where your DNS records are kept:"),
            evidence=evidence,
            subject=domain,
        )
    outside = await _outside(dns, found.location, record)
    evidence += [Evidence(f"TXT {each.asked}", tell(each.answer)) for each in outside]
    refused = [each for each in outside if is_fact(each.answer) and not each.allowed]
    if refused:
        host = refused[0].host
        return warned(
            f"DMARC reports of {domain} shall go to {host}, which does not say that it takes them. None will arrive.",
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
    return passed(f"{domain} has one DMARC record{where}. Reports go to {to}.", evidence=evidence, subject=domain)


@dataclass(frozen=True, slots=True)
class Outside:
    """A host outside the organisation that is to take reports, and whether it says so (RFC 9990 section 4)."""

    host: str
    asked: str
    answer: Answer

    @property
    def allowed(self) -> bool:
        return any(dmarc.is_dmarc(value) for value in values(self.answer))


async def _outside(dns: Dns, location: str, record: DmarcRecord) -> list[Outside]:
    hosts = dict.fromkeys(host for host in map(dmarc.uri_host, record.rua) if host)
    far = [host for host in hosts if host != location and not host.endswith(f".{location}")]
    if not far:
        return []
    home, *theirs = await asyncio.gather(*(dmarc.org_domain(dns, name) for name in (location, *far)))
    strangers = [host for host, org in zip(far, theirs, strict=True) if org is None or org != home]

    async def ask(host: str) -> Outside:
        asked = f"{location}._report._dmarc.{host}"
        return Outside(host, asked, await dns.ask(asked, "TXT"))

    return list(await asyncio.gather(*(ask(host) for host in strangers)))


@check(
    "email.dmarc.policy",
    severity=Severity.MEDIUM,
    title="A DMARC policy that fits",
    why="“none” for ever protects nobody. Too strict too early blocks your own mail.",
    minutes=10,
)
async def dmarc_policy(project: Project, dns: Dns) -> Finding:
    domain = project.domain
    found = await dmarc.find(dns, domain)
    if found.record is None:
        unclear = _unsure(found)
        if unclear is not None:
            return _unclear(domain, found, unclear)
        return await _missing(project, dns, found)
    if not found.record.valid or not found.record.applies:
        return _broken(domain, found, found.record)
    return judge_policy(domain, found, found.record)


def judge_policy(domain: str, found: Discovery, record: DmarcRecord) -> Finding:
    """The record part of the rule. Pure."""
    evidence = _seen(found)
    tags = record.tags
    policy = tags["p"] if found.own else tags["sp"]
    change = "Change it where your DNS records are kept:"
    if tags["t"] == "y" and policy != "none":
        return warned(
            f"The DMARC record of {domain} says {policy}, but it is still in test mode (t=y): receivers act as if it "
            f"said {record.acts_as}.",
            _fix(
                found,
                found.location,
                rewritten(record, domain, t="n"),
                f"When your reports look right, take t=y out. {change}",
            ),
            evidence=evidence,
            subject=domain,
        )
    order = dmarc.POLICIES
    if order.index(tags["sp"]) < order.index(tags["p"]) and found.own:
        better = rewritten(record, domain, sp=tags["p"])
        return warned(
            f"The DMARC record of {domain} says {tags['p']}, but only {tags['sp']} for names below it (sp). Forgers "
            "then use such a name.",
            _fix(found, found.location, better, change),
            evidence=evidence,
            subject=domain,
        )
    if policy == "none":
        if not record.rua:
            better = rewritten(record, domain)
            return warned(
                f"The DMARC record of {domain} says “do nothing” and sends no reports, so it has no effect at all.",
                _fix(found, found.location, better, change, after=_mailbox(domain, better)),
                evidence=evidence,
                subject=domain,
            )
        return passed(
            f"The DMARC record of {domain} watches (p=none) and sends reports. That is the right start: move to "
            f"quarantine after about {limits.MONITOR_DAYS} days of good reports.",
            evidence=evidence,
            subject=domain,
            facts=[("dmarc policy", policy)],
        )
    if "np" not in record.stated:
        better = rewritten(record, domain, np="reject")
        return warned(
            f"The DMARC record of {domain} says {policy}, but nothing about names that do not exist (np). Forgers make "
            "such names up.",
            _fix(found, found.location, better, change),
            evidence=evidence,
            subject=domain,
        )
    return passed(
        f"The DMARC record of {domain} says {policy}. Send yourself a real message to prove that your own mail passes.",
        evidence=evidence,
        subject=domain,
        facts=[("dmarc policy", policy)],
    )
