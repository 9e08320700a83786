"""The handover's part about mail: from what was looked up, what the checks saw, and what people said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from launchready_tui.answers import Answers
from launchready_tui.checks import Check
from launchready_tui.checks.email.flow import arrivals, measured
from launchready_tui.handover.document import Email, Records
from launchready_tui.handover.mail_parts import DkimKeyLine, FlowLine, ProofLine, SenderLine
from launchready_tui.handover.sections import facts_of, stated
from launchready_tui.mail import dmarc_plan
from launchready_tui.mail.dkim import parse_key
from launchready_tui.mail.spf_tree import Cost, lines
from launchready_tui.model import Finding
from launchready_tui.owners import Owners
from launchready_tui.project import Project
from launchready_tui.proofs import Kind, Proof, kept
from launchready_tui.senders import by_dkim, declared
from launchready_tui.sendersight import SenderState
from launchready_tui.sources.dns import Answer, Fact, is_fact, tell, values
from launchready_tui.text import clean, day

_PROOFS = 40  # lines of each list; ours
_FLOWS: tuple[Kind, ...] = ("reset", "invite")


@dataclass(frozen=True, slots=True)
class MailFacts:
    """What is looked up for the handover beside the findings. `keys` are (selector, what its name answered)."""

    senders: tuple[SenderState, ...] = ()
    cost: Cost | None = None
    keys: tuple[tuple[str, Answer], ...] = ()
    proofs: tuple[Proof, ...] = ()


def domain_of(outcomes: Mapping[str, Finding], project: Project) -> str:
    """The name in the launch's mail addresses, as the checks found it."""
    seen = (outcomes.get(id) for id in ("email.mx.present", "audit.email.ready", "email.spf.single"))
    return next((finding.subject for finding in seen if finding is not None and finding.subject), project.domain)


def selectors_of(outcomes: Mapping[str, Finding], project: Project, signers: Iterable[tuple[str, str]]) -> list[str]:
    """Every selector that is known: told, found by the checks, of a message on file (`signers`: domain, selector)."""
    domain = domain_of(outcomes, project)
    found = [name.strip() for name in facts_of(outcomes).get("dkim-selectors", "").split(",")]
    signed = [selector for signer, selector in signers if signer == domain]
    names = (clean(name, limit=120) for name in (*project.dkim_selectors, *found, *signed) if name)
    return list(dict.fromkeys(names))[:_PROOFS]


def policy_names(mail: Email) -> tuple[str, ...]:
    """The names below the domain whose texts a verification asks for again: keys that are there, and policies."""
    keys = [key.name for key in mail.dkim_keys if key.state not in ("none", "unclear")]
    named = [name for name, there in (("_mta-sts", mail.mta_sts), ("_smtp._tls", mail.tls_rpt)) if there]
    return (f"_dmarc.{mail.domain}", *keys, *(f"{name}.{mail.domain}" for name in named))


def newest(proofs: Iterable[Proof]) -> tuple[Proof, ...]:
    """The one that was sent last first; one without a date comes last."""
    ever = dt.datetime.min.replace(tzinfo=dt.UTC)
    return tuple(sorted(proofs, key=lambda proof: proof.at or proof.came or ever, reverse=True))


def email(
    outcomes: Mapping[str, Finding],
    checks: Mapping[str, Check],
    owners: Owners,
    project: Project,
    records: Iterable[Records],
    answers: Answers,
    mail: MailFacts,
) -> Email:
    """Who takes the mail and who sends it, as found and as told, with the records of the set that say so."""
    domain = domain_of(outcomes, project)
    sets = {(each.name.lower(), each.type): each.values for each in records}
    texts = sets.get((domain, "TXT"), [])
    policies = sets.get((f"_dmarc.{domain}", "TXT"), [])
    facts = facts_of(outcomes)
    said = declared(answers)
    return Email(
        domain=clean(domain, limit=260),
        inbox=clean(owners.get("inbox").provider, limit=200) or facts.get("mail-host", ""),
        senders=_names(facts, owners),
        sender_list=[_sender(each) for each in mail.senders],
        senders_told_by=clean(said.who, limit=120) if said is not None else "",
        mail_servers=list(sets.get((domain, "MX"), [])),
        spf=next((text for text in texts if text.lower().startswith("v=spf1")), ""),
        spf_lookups=mail.cost.lookups if mail.cost is not None else None,
        spf_tree=list(lines(mail.cost)) if mail.cost is not None else [],
        dmarc=next((text for text in policies if text.lower().startswith("v=dmarc1")), ""),
        policy_plan=dmarc_plan.told(outcomes.get("email.dmarc.policy")),
        dkim_selectors=selectors_of(outcomes, project, ((domain, selector) for selector, _ in mail.keys)),
        dkim_keys=[_key(domain, selector, answer) for selector, answer in mail.keys],
        mta_sts=facts.get("mta-sts", ""),
        tls_rpt=facts.get("tls-rpt", ""),
        bimi=facts.get("bimi", ""),
        proofs=[line for proof in mail.proofs if (line := _proof(proof)) is not None][:_PROOFS],
        flow_tests=_flows(answers, mail.proofs),
        seen=stated(outcomes, checks, ["email.", "audit.email."]),
    )


def _names(facts: Mapping[str, str], owners: Owners) -> list[str]:
    names = [name.strip() for name in facts.get("senders", "").split(",") if name.strip()]
    told = owners.get("sender").provider.strip()
    if told and all(told.lower() != name.lower() for name in names):
        names.append(clean(told, limit=200))
    return names


def _sender(each: SenderState) -> SenderLine:
    missing = [need for need in each.needs if need.needed and need.state in ("missing", "other")]
    return SenderLine(
        name=clean(each.name, limit=260),
        approved=each.declared,
        seen=[clean(place) for place in each.seen],
        missing=[clean(f"{need.type} {need.name}: {need.say}", limit=600) for need in missing],
    )


def _key(domain: str, selector: str, answer: Answer) -> DkimKeyLine:
    """One selector: its key in words; of several texts at the name the first that is a key."""
    name = f"{selector}._domainkey.{domain}"
    alias = answer.aliases[-1].rstrip(".") if isinstance(answer, Fact) and answer.aliases else ""
    guide = by_dkim(selector, alias)
    sender = guide.name if guide is not None else ""
    texts = values(answer)
    if not texts:
        state = "none" if is_fact(answer) else "unclear"
        return DkimKeyLine(selector=selector, name=name, state=state, alias=alias, sender=sender, say=tell(answer))
    keys = [parse_key(text) for text in texts]
    best = next((key for key in keys if key.valid), keys[0])
    state = "revoked" if best.revoked else "broken" if not best.valid else "weak" if best.weak else "sound"
    if state == "sound" and best.testing:
        state = "testing"
    return DkimKeyLine(
        selector=selector,
        name=name,
        state=state,
        key=f"{clean(best.type, limit=20)}, {best.bits:,} bits" if best.bits else clean(best.type, limit=20),
        alias=clean(alias, limit=260),
        sender=sender,
        say=clean((*best.errors, *best.warnings, "")[0]),
    )


def _proof(proof: Proof) -> ProofLine | None:
    line = kept(proof)
    if line is None:
        return None
    return ProofLine(
        kind=line.kind,
        domain=line.domain,
        sent_at=line.at,
        selector=line.selector,
        aligned=line.aligned,
        delay_seconds=_seconds(proof.delay),
    )


def _seconds(length: float | None) -> int | None:
    return round(length) if length is not None and 0 <= length < 10_000_000 else None


def _flows(answers: Answers, proofs: tuple[Proof, ...]) -> list[FlowLine]:
    """What was tried, run out or not: the day stands beside it. A message on file knows the time better."""
    out: list[FlowLine] = []
    for kind in _FLOWS:
        answer = answers.newest(f"flow.{kind}")
        if answer is None or answer.choice != "tried":
            continue
        proof = next((each for each in proofs if each.kind == kind), None)
        out += [
            FlowLine(
                kind=kind,
                inbox=each.inbox,
                arrived=each.place,
                seconds=_seconds(each.seconds),
                link=clean(answer.fields.get("link", ""), limit=40),
                tried_on=answer.at.date(),
                told_by=clean(f"{answer.who or 'somebody'}, {day(answer.at)}", limit=200),
            )
            for each in measured(arrivals(answer), proof)
        ]
    return out
