"""The rules that Gmail, Yahoo and Outlook have for whoever sends 5,000 mails a day (Google and Yahoo since February
2024, Microsoft since May 2025: 550 5.7.515; one-click unsubscribe is RFC 8058)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from launchready_tui import limits
from launchready_tui.answers import Answer, Answers
from launchready_tui.checks import check
from launchready_tui.mail import dmarc
from launchready_tui.mail.dkim import parse_key
from launchready_tui.mail.dmarc import Discovery
from launchready_tui.mail.spf import is_spf, parse
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, info, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.proofs import Proof
from launchready_tui.sources.dns import Answer as DnsAnswer
from launchready_tui.sources.dns import Dns, is_fact, tell, values
from launchready_tui.sources.message import Messages
from launchready_tui.text import day, listed
from launchready_tui.zone import mail_domain

_QUESTION = "bulk.planned"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the big inboxes: met (True), open (False), or not to be told (None). `said` is why, `todo` what."""

    name: str
    met: bool | None
    said: str
    todo: str = ""


@check(
    "email.bulk.rules",
    severity=Severity.MEDIUM,
    title="The rules for bulk mail are met",
    why="From 5,000 mails a day on, Gmail, Yahoo and Outlook refuse what does not keep them.",
    minutes=60,
    question=_QUESTION,
)
async def bulk_rules(project: Project, dns: Dns, answers: Answers, messages: Messages | None) -> Finding:
    answer = answers.get(_QUESTION)
    if answer is None:
        return unknown(
            f"Nobody has told us whether you will send {limits.BULK_A_DAY:,} mails a day or more.",
            needs="your answer",
            question=_QUESTION,
        )
    when = Evidence("said", f"{answer.who}, {day(answer.at)}: {answer.choice}")
    if answer.choice != "yes":
        return info(
            f"{answer.who} says that you send fewer than {limits.BULK_A_DAY:,} mails a day ({day(answer.at)}), so the "
            "rules for bulk mail do not apply.",
            evidence=[when],
        )
    domain = await mail_domain(dns, project.domain)
    txt, policy, proofs = await asyncio.gather(
        dns.ask(domain, "TXT"),
        dmarc.find(dns, domain),
        messages.proofs() if messages is not None else _none(),
    )
    proofs = tuple(
        proof for proof in proofs if f".{proof.from_domain}".endswith(f".{domain}")
    )  # others’ mail is theirs
    keys: dict[str, DnsAnswer] = {}
    if not any(_signs(proof) for proof in proofs):
        selectors = (*project.dkim_selectors, *(messages.selectors(domain) if messages is not None else ()))
        names = [f"{selector}._domainkey.{domain}" for selector in dict.fromkeys(selectors)]
        keys = dict(zip(names, await asyncio.gather(*(dns.ask(name, "TXT") for name in names)), strict=True))
    rules = [_spf(domain, txt), _dkim(domain, keys, proofs), _dmarc(domain, policy, proofs)]
    rules += [_one_click(answer, proofs), _spam(answer)]
    return judge_bulk(domain, rules, when)


async def _none() -> tuple[Proof, ...]:
    return ()


def _signs(proof: Proof) -> bool:
    return any(one.result == "pass" and one.aligned for one in proof.dkim)


def _spf(domain: str, txt: DnsAnswer) -> Rule:
    todo = f"put the SPF record of {domain} right (the check “One SPF record” shows how)"
    if not is_fact(txt):
        return Rule("SPF", None, f"TXT {domain}: {tell(txt)}")
    found = [value for value in values(txt) if is_spf(value)]
    if len(found) == 1:
        errors = parse(found[0]).errors
        return Rule("SPF", not errors, errors[0] if errors else found[0], todo)
    return Rule("SPF", False, f"{len(found)} SPF records" if found else "there is no SPF record", todo)


def _dkim(domain: str, keys: dict[str, DnsAnswer], proofs: Sequence[Proof]) -> Rule:
    """A message that is signed says most; else a key that is there, by a selector that somebody named (RFC 6376)."""
    todo = f"have your mail sender sign with a key of {domain} (DKIM)"
    signed = next((proof for proof in proofs if _signs(proof)), None)
    if signed is not None:
        return Rule("DKIM", True, f"a message of {_when(signed)} is signed by {domain}")
    if any(any(values(answer)) and parse_key(values(answer)[0]).valid for answer in keys.values()):
        return Rule("DKIM", True, f"a key is there: {listed(list(keys))}")
    bare = next((proof for proof in proofs if not proof.dkim), None)
    if bare is not None:
        return Rule("DKIM", False, f"the message of {_when(bare)} is not signed", todo)
    return Rule("DKIM", None, "no message is on file, and no key that we know of was found")


def _when(proof: Proof) -> str:
    at = proof.at or proof.came
    return day(at) if at is not None else "an unknown day"


def _dmarc(domain: str, found: Discovery, proofs: Sequence[Proof]) -> Rule:
    todo = f"add a DMARC record for {domain} (p=none is enough)"
    record = found.record
    if record is None and found.unsure is not None:
        return Rule("DMARC", None, f"TXT _dmarc.{domain}: {tell(found.unsure)}")
    if record is None or not record.valid or not record.applies:
        return Rule("DMARC", False, "there is no DMARC record that counts", todo)
    told = next((proof for proof in proofs if proof.aligned is not None), None)
    if told is not None and not told.aligned:
        why = f"the message of {_when(told)} carries another name than {domain}"
        return Rule("DMARC", False, why, "have your mail sender use your own domain (“custom domain”)")
    return Rule("DMARC", True, record.tags["p"])


def _one_click(answer: Answer, proofs: Sequence[Proof]) -> Rule:
    todo = "switch on “List-Unsubscribe” with one click at your newsletter tool (RFC 8058)"
    name = "one-click unsubscribe"
    bulk = next((proof for proof in proofs if proof.bulk), None)
    if bulk is not None:
        said = "offers it" if bulk.one_click else "does not offer it"
        return Rule(name, bulk.one_click, f"the mailing of {_when(bulk)} {said}", todo)
    if "one-click" in answer.ticks:
        return Rule(name, True, f"{answer.who} says so")
    return Rule(name, None, "no mailing is on file")


def _spam(answer: Answer) -> Rule:
    todo = "send only to people who asked for it, and take out addresses that never open"
    share = {"low": "below 0.1 %", "middle": "0.1 to 0.3 %", "high": "0.3 % or more"}
    said = answer.fields.get("spam", "")
    if said not in share:
        return Rule("spam rate", None, "nobody has looked at postmaster.google.com")
    return Rule("spam rate", said == "low", share[said], todo)


def judge_bulk(domain: str, rules: Iterable[Rule], when: Evidence) -> Finding:
    """Pure. Open rules count; one that could not be told is never counted as open, and never as met."""
    rules = list(rules)
    signs = {True: "met", False: "open", None: "could not tell"}
    evidence = [when, *(Evidence(rule.name, f"{signs[rule.met]}: {rule.said}") for rule in rules)]
    missing = [rule for rule in rules if rule.met is False]
    unclear = [rule for rule in rules if rule.met is None]
    if missing:
        words = [f"{rule.name} ({rule.said})" for rule in missing]
        make = warned if len(missing) == 1 else failed
        return make(
            f"{domain} is to send bulk mail, and {len(missing)} of {len(rules)} rules of Gmail, Yahoo and Outlook "
            f"{'is' if len(missing) == 1 else 'are'} open: {listed(words)}.",
            Fix(
                "steps",
                f"Before you send to many: {'; '.join(rule.todo for rule in missing)}.",
                minutes=30 * len(missing),
                who="Whoever runs your newsletter tool and your DNS records",
                page="https://support.google.com/a/answer/81126",
            ),
            evidence=evidence,
            subject=domain,
            question=_QUESTION,
        )
    if unclear:
        return unknown(
            f"{domain} is to send bulk mail. We could not tell whether it keeps every rule: "
            f"{listed([f'{rule.name} ({rule.said})' for rule in unclear])}.",
            needs="a mailing of yours (.eml), and what postmaster.google.com shows",
            evidence=evidence,
            subject=domain,
            question=_QUESTION,
        )
    return passed(
        f"{domain} keeps the rules of Gmail, Yahoo and Outlook for bulk mail: SPF, DKIM, DMARC, one-click unsubscribe, "
        "and few complaints.",
        evidence=evidence,
        subject=domain,
    )
