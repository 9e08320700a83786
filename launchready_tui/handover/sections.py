"""The sections of the handover, each from what the checks saw and what people said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from launchready_tui import limits
from launchready_tui.answers import Answer, Answers
from launchready_tui.checks import Check
from launchready_tui.handover.actions import fact_name
from launchready_tui.handover.document import (
    AcceptedRisk,
    Deploy,
    Monitor,
    OpenFinding,
    OpenQuestion,
    Route,
    Sign,
    Stated,
    System,
    Verify,
)
from launchready_tui.model import Finding, Status
from launchready_tui.owners import SYSTEMS, Owner, Owners
from launchready_tui.project import Project
from launchready_tui.questions import QUESTIONS
from launchready_tui.risks import Risk, severity_of
from launchready_tui.rollbacks import way_of
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
    "home": "status 200 within {home:.0f} seconds: the home page, over https, without a warning",
    "login": "status 200: the login form, or the sign-in buttons",
    "signup": "status 200: the signup form, or the sign-up buttons",
    "api": "status 200 within {api:.0f} second: a short answer that says that the product is well",
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
                proved_by=clean(_prover(owner, signed_in), limit=200),
                renews=(_paid_until(facts) if owner.system == "registrar" else None) or owner.renews,
                renewal=_renewal(owner, facts),
                backup_proved=owner.backup_proved,
                login_mail=clean(owner.login_mail, limit=300),
                recovery_mail=clean(owner.recovery_mail, limit=300),
                held_outside=owner.contractor,
            )
        )
    return out


def _prover(owner: Owner, signed_in: Answer | None) -> str:
    """Who signed in last, of what was written down and what was answered."""
    if signed_in is not None and (owner.proved is None or signed_in.at.date() >= owner.proved):
        return signed_in.who or "somebody"
    return owner.proved_by if owner.proved is not None else ""


def _renewal(owner: Owner, facts: Mapping[str, str]) -> str:
    """How the contract goes on, in words; "" where nobody said."""
    on = owner.auto_renew
    if on is None and owner.system == "registrar" and facts.get("auto-renew") == "on":
        on = True
    return "" if on is None else "auto-renew is on" if on else "auto-renew is off: somebody has to renew it"


def _paid_until(facts: Mapping[str, str]) -> dt.date | None:
    """The last day for which the domain is paid, as the registry said."""
    try:
        return dt.date.fromisoformat((facts.get("domain-expires") or facts.get("expires", ""))[:10])
    except ValueError:
        return None


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


def deploy(answers: Answers, outcomes: Mapping[str, Finding] | None = None, owners: Owners | None = None) -> Deploy:
    """What people wrote down about going live and going back, and what was seen of it."""
    facts = facts_of(outcomes or {})
    host = answers.newest("host.target")
    names = [owners.get("hosting").provider] if owners is not None else []
    names += [host.fields.get("host", "")] if host is not None else []
    way = way_of([*names, facts.get("web-host", "")])
    forward, back = _word(answers, "deploy.written"), _word(answers, "rollback.rehearsal")
    told = [f"{answer.who or 'somebody'}, {day(answer.at)}" for answer in (forward, back) if answer is not None]
    return Deploy(
        steps=forward.fields.get("steps", "") if forward else "",
        rollback=back.fields.get("steps", "") if back else "",
        rollback_minutes=back.fields.get("minutes", "") if back else "",
        rollback_rehearsed=back.at.date() if back and back.choice == "rehearsed" else None,
        told_by="; ".join(dict.fromkeys(told)),
        document=facts.get("deploy-document", ""),
        document_tried=facts.get("deploy-tried", ""),
        built=facts.get("clean-build", ""),
        rollback_steps=list(way.steps) if way is not None else [],
        not_restored=list(way.not_restored) if way is not None else [],
        backup=facts.get("backup", ""),
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


def monitors(answers: Answers) -> list[Monitor]:
    """What is told of alerts: the page that shows whether the product is up, and whom an alert reaches."""
    answer = _word(answers, "alerts.people")
    page = answer.fields.get("page", "").strip() if answer is not None else ""
    if answer is None or not page:
        return []
    choices = dict(QUESTIONS["alerts.people"].choices)
    return [
        Monitor(
            name="what tells when the site is down",
            page=clean(page, limit=2_000),
            tells=clean(choices.get(answer.choice, answer.choice), limit=300),
            told_by=f"{clean(answer.who, limit=120) or 'somebody'}, {day(answer.at)}",
        )
    ]


def verify(project: Project) -> Verify:
    """Is production healthy? A minute's check for anybody, and the whole one for whoever has the tool."""
    urls = {kind: project.url(kind) for kind in _EXPECT}
    bars = {"home": limits.HOME_SECONDS, "api": limits.API_SECONDS}
    expect = {clean(url, limit=2_000): _EXPECT[kind].format_map(bars) for kind, url in urls.items() if url}
    home = urls["home"]
    if home and project.marker:
        expect[clean(home, limit=2_000)] += f"; it holds “{clean(project.marker, limit=120)}”"
    sign_in = ["Sign in with a test member’s account, and open the page that members use most."]
    return Verify(
        say="Anybody can tell within a minute: open each address in a private window, signed out, and look for what "
        "should be there. Then run the commands. Where something differs, take the fitting way back from this file.",
        expect=expect,
        commands=[
            "launchready verify handover.toml",
            f"launchready check {project.domain}",
            f"dig +short NS {project.domain}",
            f"curl -sSI https://{project.domain}/",
        ],
        by_hand=[
            *(sign_in if urls["login"] else []),
            f"Send a mail to an address at {project.domain}, and have one sent from the product: both arrive.",
        ],
    )
