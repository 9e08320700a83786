"""The sections of the handover, each from what the checks saw and what people said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from launchready_tui.answers import Answer, Answers
from launchready_tui.checks import Check
from launchready_tui.handover.actions import fact_name
from launchready_tui.handover.document import (
    AcceptedRisk,
    Deploy,
    Email,
    OpenFinding,
    OpenQuestion,
    Route,
    Sign,
    Stated,
    System,
    Verify,
)
from launchready_tui.model import Finding, Status
from launchready_tui.owners import SYSTEMS, Owners
from launchready_tui.project import Project
from launchready_tui.questions import QUESTIONS
from launchready_tui.risks import Risk, severity_of
from launchready_tui.signals import RULES, read
from launchready_tui.text import clean, day

__all__ = ["Stated"]

# system -> the fact in which a check names whose service it is.
PROVIDER_FACTS = {
    "registrar": "registrar",
    "dns": "dns-host",
    "hosting": "web-host",
    "cdn": "cdn",
    "inbox": "mail-host",
    "sender": "senders",
}
_ROUTES = {
    "home": "the first page",
    "login": "where members sign in",
    "signup": "where people join",
    "api": "says whether the API is well",
    "reset": "where a forgotten password is set anew",
    "invite": "where an invite leads",
    "callback": "where the sign-in provider sends people back to",
    "feed": "the feed that members read",
    "list": "the list of communities",
    "post": "where members write",
    "checkout": "where people pay",
    "preview": "the version that is not live",
}
_EXPECT = {
    "home": "the home page, over https, without a warning",
    "login": "the login form",
    "signup": "the signup form",
    "api": "a short answer that says that it is well",
}


def facts_of(outcomes: Mapping[str, Finding]) -> dict[str, str]:
    """Every fact that a check left, by its name in one spelling; the first to name it wins."""
    known: dict[str, str] = {}
    for finding in outcomes.values():
        for name, value in finding.facts:
            known.setdefault(fact_name(name), value)
    return known


def canonical(project: Project, outcomes: Mapping[str, Finding]) -> str:
    """The one address of the product: as the redirects say, else as the founder said."""
    host = facts_of(outcomes).get("canonical-host", "")
    return clean(f"https://{host}/" if host else project.url("home") or "", limit=2_000)


def _word(answers: Answers, question: str) -> Answer | None:
    """What was said last, run out or not: the handover keeps it with its day."""
    answer = answers.newest(question)
    return None if answer is None or answer.choice == "unknown" else answer


def systems(owners: Owners, outcomes: Mapping[str, Finding], answers: Answers, project: Project) -> list[System]:
    """Every system, in the order in which a visitor meets it."""
    facts = facts_of(outcomes)
    critical = {system: vital for system, _, vital in SYSTEMS}
    labels = {system: label for system, label, _ in SYSTEMS}
    out = []
    for owner in owners.all():
        answer = _word(answers, f"access.{owner.system}")
        signed_in = answer if answer is not None and answer.choice == "yes" else None
        proved = [date for date in (owner.proved, signed_in.at.date() if signed_in else None) if date is not None]
        out.append(
            System(
                system=owner.system,
                label=labels[owner.system],
                critical=critical[owner.system],
                absent=owner.absent or owner.system in project.absent,
                provider=clean(owner.provider or facts.get(PROVIDER_FACTS.get(owner.system, ""), ""), limit=200),
                sign_in=clean(owner.page, limit=2_000),
                account=clean(owner.account, limit=300),
                owner=clean(owner.owner, limit=200),
                contact=clean(owner.contact, limit=300),
                backup=clean(owner.backup, limit=200),
                backup_contact=clean(owner.backup_contact, limit=300),
                backup_confirmed=owner.backup_confirmed,
                second_factor=owner.second_factor or (signed_in is not None and "second-factor" in signed_in.ticks),
                recovery=clean(owner.recovery),
                last_proved=max(proved, default=None),
            )
        )
    return out


def routes(project: Project) -> list[Route]:
    """The addresses that were named, home first; the hosts that should answer after them."""
    kinds = ["home", *(kind for kind in _ROUTES if kind != "home" and kind in project.urls)]
    named = [Route(kind=kind, url=clean(project.url(kind) or "", limit=2_000), purpose=_ROUTES[kind]) for kind in kinds]
    hosts = [
        Route(kind="subdomain", url=f"https://{clean(sub, limit=80)}.{project.domain}/", purpose="a declared subdomain")
        for sub in project.subs or ()
    ]
    return named + hosts


def stated(outcomes: Mapping[str, Finding], checks: Mapping[str, Check], prefixes: Iterable[str]) -> list[Stated]:
    """What the checks of some topics saw, in the order of the checks; unknown is said as unknown."""
    wanted = tuple(prefixes)
    return [
        Stated(
            check=id,
            what=check.title,
            state=outcomes[id].status.value,
            seen=outcomes[id].saw,
            subject=outcomes[id].subject,
            details={fact_name(name): value for name, value in outcomes[id].facts},
        )
        for id, check in checks.items()
        if id in outcomes and id.startswith(wanted)
    ]


def deploy(answers: Answers) -> Deploy:
    """What people wrote down about going live and going back."""
    forward, back = _word(answers, "deploy.written"), _word(answers, "rollback.rehearsal")
    told = [f"{answer.who or 'somebody'}, {day(answer.at)}" for answer in (forward, back) if answer is not None]
    return Deploy(
        steps=forward.fields.get("steps", "") if forward else "",
        rollback=back.fields.get("steps", "") if back else "",
        rollback_minutes=back.fields.get("minutes", "") if back else "",
        rollback_rehearsed=back.at.date() if back and back.choice == "rehearsed" else None,
        told_by="; ".join(dict.fromkeys(told)),
    )


def email(outcomes: Mapping[str, Finding], checks: Mapping[str, Check], owners: Owners) -> Email:
    """Who takes the mail and who sends it, as found and as told."""
    facts = facts_of(outcomes)
    senders = [name.strip() for name in facts.get("senders", "").split(",") if name.strip()]
    told = owners.get("sender").provider.strip()
    if told and all(told.lower() != name.lower() for name in senders):
        senders.append(clean(told, limit=200))
    return Email(
        inbox=clean(owners.get("inbox").provider, limit=200) or facts.get("mail-host", ""),
        senders=senders,
        seen=stated(outcomes, checks, ["email.", "audit.email."]),
    )


def open_findings(risks: Iterable[Risk], outcomes: Mapping[str, Finding]) -> list[OpenFinding]:
    """The risk list with what to do about each."""
    out = []
    for risk in risks:
        fix = outcomes[risk.check_ids[0]].fix
        out.append(
            OpenFinding(
                checks=list(risk.check_ids),
                severity=risk.severity.value,
                stage=risk.stage.value,
                state=risk.status.value,
                seen=risk.line,
                consequence=risk.consequence,
                todo=fix.say if fix else "",
                who=clean(risk.who, limit=200),
                minutes=risk.minutes,
                note=risk.status_note,
            )
        )
    return out


def open_questions(outcomes: Mapping[str, Finding], checks: Iterable[Check]) -> list[OpenQuestion]:
    """What was looked at and could not be told, and what was not looked at, the gravest first."""
    out = []
    for check in checks:
        finding = outcomes.get(check.id)
        if finding is None:
            seen, needs, severity = "Not looked at yet.", "a look", check.severity
        elif finding.status is Status.UNKNOWN:
            seen, needs, severity = finding.saw, finding.needs or "", severity_of(check, finding)
        else:
            continue
        out.append(
            (severity, OpenQuestion(check=check.id, what=check.title, severity=severity.value, seen=seen, needs=needs))
        )
    return [question for _, question in sorted(out, key=lambda each: each[0].rank)]


def failure_signs(outcomes: Mapping[str, Finding], answers: Answers, checks: Mapping[str, Check]) -> list[Sign]:
    """The roadmap's failure signals: does one show, and where would it be seen?"""
    out = []
    for rule in RULES:
        signal = read(rule, outcomes, answers)
        look = [f"{checks[id].title} ({id})" for id in rule.checks if id in checks]
        if rule.question:
            look.append(f"Ask: {QUESTIONS[rule.question].text}")
        out.append(Sign(stage=rule.stage.value, sign=rule.text, state=signal.line, look=look))
    return out


def accepted_risks(risks: Iterable[Risk]) -> list[AcceptedRisk]:
    """What somebody took on, by name."""
    return [
        AcceptedRisk(
            what=risk.line,
            severity=risk.severity.value,
            who=clean(risk.accepted.who, limit=200),
            reason=clean(risk.accepted.reason),
            until=risk.accepted.until,
            checks=list(risk.check_ids),
        )
        for risk in risks
        if risk.accepted is not None
    ]


def verify(project: Project) -> Verify:
    """A minute's check for anybody, and the whole one for whoever has the tool."""
    urls = {kind: project.url(kind) for kind in _EXPECT}
    return Verify(
        say="Open each address, signed out, and look for what should be there. Then run the commands.",
        expect={clean(url, limit=2_000): _EXPECT[kind] for kind, url in urls.items() if url},
        commands=[
            f"launchready check {project.domain}",
            f"dig +short NS {project.domain}",
            f"curl -sSI https://{project.domain}/",
        ],
    )
