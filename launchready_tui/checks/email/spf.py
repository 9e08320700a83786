"""Who may send mail as the domain: SPF (RFC 7208 sections 3.2, 4.5 and 5.1)."""

from __future__ import annotations

import re

from launchready_tui import limits
from launchready_tui.answers import Answers
from launchready_tui.checks import check
from launchready_tui.checks.email._spf import WHO, could_not, paste, spf_values, the_set
from launchready_tui.known import senders
from launchready_tui.mail.spf import SpfRecord, joined, parse, with_all
from launchready_tui.mail.spf_edit import with_sender
from launchready_tui.mail.spf_named import missing
from launchready_tui.mail.spf_tree import Cost, Node
from launchready_tui.mail.spf_walk import walk
from launchready_tui.model import Evidence, Finding, Fix, RecordSet, Severity, failed, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.senders import QUESTION as SENDERS
from launchready_tui.senders import Declared, by_mx, declared
from launchready_tui.sources.dns import Answer, Dns, is_fact, tell, values
from launchready_tui.text import clean, plural
from launchready_tui.zone import mail_domain

NOBODY = "v=spf1 -all"  # the record of a domain that sends no mail (RFC 7208 section 10.1.2)


async def proposal(dns: Dns, domain: str, said: Declared | None) -> str:
    """A first record: whom the founder named, the inbox provider where we know it, else the mail servers themselves.

    "" where nothing tells who sends: a list of nobody would make the founder's own mail look forged.
    """
    if said is not None and said.nobody:
        return NOBODY
    targets = [value.split()[-1].rstrip(".").lower() for value in values(await dns.ask(domain, "MX")) if value.split()]
    guides = [guide for target in targets if (guide := by_mx(target)) is not None and guide.includes]
    words = [f"include:{guide.include_for(targets)}" for guide in guides]
    lacks = (
        missing(Cost(domain, Node("record", domain, domain, record="v=spf1 ~all")), said) if said is not None else ()
    )
    words += [one.word for one in lacks if one.needed and one.name not in {guide.name for guide in guides}]
    if not words and any(targets):
        words = ["mx"]
    if words:
        return with_sender("", words)
    return NOBODY if targets and not lacks else ""


@check(
    "email.spf.single",
    severity=Severity.HIGH,
    title="One SPF record",
    why="SPF lists who may send as you. With none, or two that cancel each other, your invites look forged.",
    minutes=10,
)
async def spf_single(project: Project, dns: Dns, answers: Answers) -> Finding:
    domain = await mail_domain(dns, project.domain)
    cause = f"spf:{domain}"
    answer = await dns.ask(domain, "TXT")
    if not is_fact(answer):
        return could_not(domain, answer)
    found = spf_values(answer)
    evidence = [Evidence(f"TXT {domain}", value) for value in found] or [Evidence(f"TXT {domain}", tell(answer))]
    if len(found) == 1:
        who = senders(found[0])
        facts = [("senders", ", ".join(who))] if who else []
        return passed(f"{domain} has one SPF record.", evidence=evidence, subject=domain, facts=facts)
    if found:
        merged = joined(*found)
        cost = await walk(dns, domain, merged)
        return failed(
            f"{domain} has {plural(len(found), 'SPF record')}. Receivers see a mistake and count none of them.",
            Fix(
                "records",
                f"Where your DNS records are kept, delete the {len(found)} TXT records of {domain} that start with "
                f"“v=spf1” and add one in their place. With the words of all of them, in their order and each once, it "
                f"needs {cost.said()}. The new record: {merged}",
                minutes=10,
                who=WHO,
                records=(the_set(domain, answer, merged),),
                copy=merged,
            ),
            evidence=evidence,
            subject=domain,
            cause=cause,
        )
    return await _none(domain, dns, answer, evidence, declared(answers))


def _nobody_known(domain: str) -> Fix:
    return Fix(
        "steps",
        f"First say who may send mail as {domain}; the record follows from that. It has an “include:” for each "
        f"service that asks for one and ends in ~all: {paste(domain, 'v=spf1 include:… ~all')}. If "
        f"nothing sends mail: {NOBODY}",
        minutes=10,
        who=WHO,
    )


async def _none(domain: str, dns: Dns, answer: Answer, evidence: list[Evidence], said: Declared | None) -> Finding:
    www = f"www.{domain}"
    elsewhere = spf_values(await dns.ask(www, "TXT"))
    broken = [
        value for value in values(answer) if value.lower().lstrip("\"' ").startswith(("v=spf1", "spf1", "v=spf2"))
    ]
    if elsewhere:
        record = elsewhere[0]
        saw = f"The SPF record stands at {www} and not at {domain}, where your mail comes from."
        evidence = [*evidence, Evidence(f"TXT {www}", record)]
    else:
        record = await proposal(dns, domain, said)
        saw = f"{domain} has no SPF record: nothing says who may send mail as you."
    if broken:
        meant = clean(broken[0], limit=60)
        saw = f"{domain} has a record that was meant for SPF, “{meant}”, but receivers do not see it."
        if not elsewhere:
            fixed = "v=spf1 " + broken[0].lower().strip("\"' ").removeprefix("v=").removeprefix("spf1").strip(" ;,")
            record = fixed if not parse(fixed).errors and parse(fixed).all in ("~", "-") else record
    others = tuple(value for value in values(answer) if value not in broken)
    more = (
        ""
        if said is not None
        else " If another service sends mail for you (a newsletter, your app), add the “include:” that its help page "
        "names, before the last word."
    )
    fix = (
        Fix(
            "records",
            f"Add where your DNS records are kept: {paste(domain, record)}.{more}",
            minutes=10,
            who=WHO,
            records=(RecordSet(domain, "TXT", (*others, record)),),
            copy=record,
        )
        if record
        else _nobody_known(domain)
    )
    return failed(
        saw, fix, evidence=evidence, subject=domain, question=None if said else SENDERS, cause=f"spf:{domain}"
    )


@check(
    "email.spf.policy",
    severity=Severity.HIGH,
    title="SPF says what to do with forged mail",
    why="The last word of the list decides about everybody who is not on it. “+all” lets anyone send as you.",
    minutes=5,
)
async def spf_policy(project: Project, dns: Dns, answers: Answers) -> Finding:
    domain = await mail_domain(dns, project.domain)
    answer = await dns.ask(domain, "TXT")
    if not is_fact(answer):
        return could_not(domain, answer)
    found = spf_values(answer)
    evidence = [Evidence(f"TXT {domain}", value) for value in found] or [Evidence(f"TXT {domain}", tell(answer))]
    if len(found) != 1:
        count = "no SPF record" if not found else plural(len(found), "SPF record")
        record = joined(*found) if found else await proposal(dns, domain, declared(answers))
        fix = (
            Fix(
                "records",
                f"Publish exactly one SPF record. {paste(domain, record)}",
                minutes=10,
                who=WHO,
                records=(the_set(domain, answer, record),),
                copy=record,
            )
            if record
            else _nobody_known(domain)
        )
        return failed(
            f"{domain} has {count}, so nothing says what to do with forged mail.",
            fix,
            evidence=evidence,
            subject=domain,
            cause=f"spf:{domain}",
        )
    record_read = parse(found[0])
    if record_read.errors:
        return failed(
            f"The SPF record of {domain} has a mistake ({record_read.errors[0]}). Receivers then count none of it.",
            Fix(
                "steps",
                f"Where your DNS records are kept, open the TXT record of {domain} that starts with “v=spf1” and "
                f"correct this: {record_read.errors[0]}. It reads now: {found[0]}",
                minutes=10,
                who=WHO,
            ),
            evidence=evidence,
            subject=domain,
        )
    if record_read.redirect:
        return await _redirected(dns, domain, record_read, answer, evidence)
    return _judge(domain, record_read, answer, evidence)


async def _redirected(dns: Dns, domain: str, record: SpfRecord, answer: Answer, evidence: list[Evidence]) -> Finding:
    """A redirect hands the decision to another name (section 6.1): follow it to the record that decides."""
    seen = {domain}
    here = record
    at = domain
    for _ in range(limits.SPF_LOOKUPS):
        # The domain itself is the one macro that is the same in every message (section 7.2).
        target = re.sub(r"%\{d\}", at, here.redirect, flags=re.IGNORECASE).rstrip(".").lower()
        if not target or "%" in target:
            break
        if target in seen:
            return _leads_nowhere(domain, target, "leads back to itself", evidence)
        seen.add(target)
        at = target
        there = await dns.ask(target, "TXT")
        evidence = [*evidence, Evidence(f"TXT {target}", tell(there))]
        if not is_fact(there):
            return unknown(
                f"The SPF record of {domain} sends receivers on to {target}, which we could not read: {tell(there)}.",
                needs="another look",
                evidence=evidence,
                subject=domain,
            )
        found = spf_values(there)
        if len(found) != 1 or parse(found[0]).errors:
            return _leads_nowhere(domain, target, "has no SPF record that counts", evidence)
        here = parse(found[0])
    if here.redirect and "%" in here.redirect:
        return unknown(
            f"The SPF record of {domain} lets {here.redirect} decide, a name made up for each message. How that list "
            "ends, nobody can read from outside.",
            needs="a look at whoever keeps that list for you: does it end in ~all or -all?",
            evidence=evidence,
            subject=domain,
        )
    if here.redirect:
        return _leads_nowhere(domain, here.redirect, f"is more than {limits.SPF_LOOKUPS} steps away", evidence)
    return _judge(domain, here, answer, evidence, via=record.redirect)


def _leads_nowhere(domain: str, target: str, what: str, evidence: list[Evidence]) -> Finding:
    return failed(
        f"The SPF record of {domain} sends receivers on to {target}, which {what}. They then count none of it.",
        Fix(
            "steps",
            f"Where your DNS records are kept, open the TXT record of {domain} that starts with “v=spf1”. Replace "
            f"“redirect={target}” with what your mail provider asks for, and end it with ~all.",
            minutes=10,
            who=WHO,
        ),
        evidence=evidence,
        subject=domain,
    )


def _judge(domain: str, record: SpfRecord, answer: Answer, evidence: list[Evidence], via: str = "") -> Finding:
    whose = f"The SPF record of {via}, which decides for {domain}," if via else f"The SPF record of {domain}"
    if record.all in ("~", "-"):
        meaning = "suspect everybody else" if record.all == "~" else "refuse everybody else"
        return passed(
            f"{whose} ends in {record.all}all: receivers {meaning}.",
            evidence=evidence,
            subject=domain,
        )
    own = parse(next(iter(spf_values(answer))))
    changed = with_all(own.text)
    if via:
        fix = Fix(
            "steps",
            f"Ask whoever runs {via} to end its SPF record in ~all, or list your senders in your own record.",
            minutes=15,
            who=WHO,
        )
    else:
        fix = Fix(
            "records",
            f"Where your DNS records are kept, change the “v=spf1” TXT record of {domain} to: {changed}",
            minutes=5,
            who=WHO,
            records=(the_set(domain, answer, changed),),
            copy=changed,
        )
    if record.all == "?":
        return warned(
            f"{whose} ends in ?all: it says nothing about mail from strangers.", fix, evidence=evidence, subject=domain
        )
    if record.all == "+":
        return failed(
            f"{whose} ends in +all: anyone in the world may send mail as you.",
            fix,
            evidence=evidence,
            subject=domain,
            severity=Severity.CRITICAL,
        )
    return failed(
        f"{whose} has no “all” at its end: it does not say what to do with mail from strangers.",
        fix,
        evidence=evidence,
        subject=domain,
    )
