"""What the two DMARC checks share: where the record is changed, and what is said where none counts (RFC 9989)."""

from __future__ import annotations

import re

from launchready_tui.answers import Answers
from launchready_tui.mail import dmarc
from launchready_tui.mail.ask import org_domain_of
from launchready_tui.mail.dmarc import Discovery, DmarcRecord
from launchready_tui.mail.dmarc_text import rewritten, silent, starter
from launchready_tui.model import Evidence, Finding, Fix, RecordSet, failed, unknown
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.senders import declared
from launchready_tui.sources.dns import Answer, Dns, Fact, is_fact, tell, values
from launchready_tui.text import clean
from launchready_tui.zone import mail_domain

WHO = "Whoever can change the DNS records"
CHANGE = "Change it where your DNS records are kept:"
QUESTION = "email.dmarc"


def fix_at(
    found: Discovery,
    name: str,
    record: str,
    say: str,
    *,
    after: str = "",
    minutes: int = 10,
    drops: tuple[str, ...] = (),
) -> Fix:
    """Set one record; `say` leads to it, `after` is what has to be so beside it."""
    answer = next((step.answer for step in found.steps if step.name == name), None)
    aliases = answer.aliases if isinstance(answer, Fact) else ()
    if aliases:  # beside an alias no TXT may stand (RFC 1034 section 3.6.2): it is kept where that leads
        return Fix(
            "steps",
            f"_dmarc.{name} is an alias (CNAME) of {aliases[0]}, so the service behind that keeps the record. Sign in "
            f"there and set it to: {record}\nOr delete the CNAME and add this as a TXT record in its place.",
            minutes=minutes,
            who=WHO,
            copy=record,
        )
    return Fix(
        "records",
        f"{say} TXT for _dmarc.{name} (often typed as _dmarc): {record}" + (f"\n{after}" if after else ""),
        minutes=minutes,
        who=WHO,
        records=(RecordSet(f"_dmarc.{name}", "TXT", (record,), drops=drops),),
        copy=record,
    )


def mailbox(domain: str, record: str) -> str:
    """Reports need somewhere to arrive: say so where we made the address up."""
    if f"dmarc@{domain}" not in record:
        return ""
    return (
        f"Before that, see that dmarc@{domain} exists: make it an inbox or an alias where your mail is kept. Nobody "
        "can tell from outside, and reports to an address that does not exist are lost."
    )


async def takes_mail(dns: Dns, domain: str) -> bool:
    """False where a domain says by a null MX that it takes no mail (RFC 7505): no report can arrive there."""
    targets = [value.split()[-1] for value in values(await dns.ask(domain, "MX")) if value.split()]
    return not targets or any(target != "." for target in targets)


def sends_none(project: Project, owners: Owners, answers: Answers) -> bool:
    """True where the founder said that nothing sends mail as this domain."""
    said = declared(answers)
    return bool(said is not None and said.nobody) or "sender" in project.absent or owners.get("sender").absent


def seen_of(found: Discovery) -> list[Evidence]:
    return [Evidence(f"TXT _dmarc.{step.name}", tell(step.answer)) for step in found.steps]


def unclear(domain: str, found: Discovery, answer: Answer) -> Finding:
    return unknown(
        f"We could not read the DMARC record of {domain}: {tell(answer)}.",
        needs="another look",
        evidence=seen_of(found),
        subject=domain,
    )


def unsure_of(found: Discovery) -> Answer | None:
    """The answer that keeps us from saying “there is none”. Several records at the name are a fault whatever its
    parents have, and what an ending such as “com” did not tell is no reason to doubt."""
    if len(found.first.records) > 1:
        return None
    doubtful = [step for step in found.steps if not is_fact(step.answer)]
    return next((step.answer for step in doubtful if step is found.steps[0] or org_domain_of(step.name)), None)


async def missing(project: Project, dns: Dns, found: Discovery, *, nobody: bool) -> Finding:
    """No record that counts: none, several, broken, or at the wrong place. `nobody`: the domain sends no mail."""
    domain = await mail_domain(dns, project.domain)
    evidence = seen_of(found)
    several = found.first.records
    record = ""
    drops: tuple[str, ...] = ()
    if len(several) > 1:
        record = mildest([dmarc.parse(text) for text in several], domain)
        saw = f"_dmarc.{domain} has {len(several)} DMARC records. Receivers then ignore all of them."
        say = "Delete them all where your DNS records are kept and add this one:"
    else:
        apex = [value for value in values(await dns.ask(domain, "TXT")) if dmarc.is_dmarc(value)]
        near = tuple(value for value in values(found.first.answer) if "dmarc" in value.lower())
        say = "Add where your DNS records are kept:"
        if apex:
            record = mildest([dmarc.parse(apex[0])], domain)
            saw = f"The DMARC record stands at {domain} and not at _dmarc.{domain}, the only place receivers look."
            evidence.append(Evidence(f"TXT {domain}", apex[0]))
        elif near:
            record, drops = mildest([dmarc.parse(_bare(near[0]))], domain), near
            saw = f"_dmarc.{domain} has “{clean(near[0], limit=60)}”, which receivers do not see as a DMARC record."
            evidence += [Evidence("why", error) for error in dmarc.parse(near[0]).errors[:1]]
            say = "Replace it where your DNS records are kept:"
        else:
            saw = f"There is no DMARC record at _dmarc.{domain}. Gmail and Yahoo ask for one."
    fix = await _beginning(dns, found, domain, record, say, nobody=nobody, drops=drops)
    return failed(saw, fix, evidence=evidence, subject=domain, cause=f"dmarc:{domain}")


async def broken(dns: Dns, domain: str, found: Discovery, record: DmarcRecord, *, nobody: bool) -> Finding:
    """A record that receivers see and that counts for nothing."""
    why = record.errors[0] if record.errors else "It has neither a policy (p) nor an address for reports (rua)."
    say = "Replace it where your DNS records are kept:"
    kept = ",".join(uri for uri in re.split(r"[\s,]+", record.stated.get("rua", "")) if dmarc.uri_host(uri))
    good = f"v=DMARC1; p=none; rua={kept}" if kept else ""
    return failed(
        f"The DMARC record at _dmarc.{found.location} does not count. {why}",
        await _beginning(dns, found, found.location, good, say, nobody=nobody),
        evidence=[*seen_of(found), Evidence("why", why)],
        subject=domain,
        cause=f"dmarc:{domain}",
    )


def mildest(records: list[DmarcRecord], domain: str) -> str:
    """One record of several that were meant, with the mildest of their policies: none of them counts today, and a
    stricter one wants proof first (mail/dmarc_plan.py). "" where none can be read."""
    good = [each for each in records if each.valid]
    if not good:
        return ""
    best = next((each for each in good if each.rua), good[0])
    order = dmarc.POLICIES
    policy = min((each.tags["p"] for each in good), key=order.index)
    changes = {"p": policy} | ({"sp": ""} if order.index(best.tags["sp"]) > order.index(policy) else {})
    return rewritten(best, domain, changes)


def _bare(text: str) -> str:
    """What was meant, without what a panel or a hand put around it."""
    text = re.sub(r"[\"\\]", "", text).strip()
    return re.sub(r"\A[vV]\s*=\s*dmarc1\b\s*[;,]?", "v=DMARC1;", text, flags=re.IGNORECASE)


async def _beginning(
    dns: Dns, found: Discovery, name: str, record: str, say: str, *, nobody: bool, drops: tuple[str, ...] = ()
) -> Fix:
    """The first record that counts: `record` where one was meant, else the one that watches."""
    takes = await takes_mail(dns, name)
    if nobody:
        rua = ",".join(dmarc.parse(record).rua) if record else ""
        return fix_at(found, name, silent(rua), f"You said that {name} sends no mail. {say}", drops=drops)
    if not record and not takes:
        return Fix(
            "steps",
            f"{name} takes no mail (its MX is “0 .”), so reports need an address at another domain of yours. {say} TXT "
            f"for _dmarc.{name}: v=DMARC1; p=none; rua=mailto:ADDRESS. That other domain says that it takes them: TXT "
            f"“v=DMARC1” at {name}._report._dmarc. below its name.",
            minutes=15,
            who=WHO,
        )
    record = record or starter(name)
    return fix_at(found, name, record, say, after=mailbox(name, record), drops=drops)
