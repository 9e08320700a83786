"""The roadmap's failure signals, three a stage, in our own words: is this launch showing one?

Each is read off checks, or off one question where no check sees it. Unknown stays unknown: a signal is "not the case"
only when all that it is read off was seen and is sound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from launchready_tui.answers import Answers
from launchready_tui.model import Finding, Stage, Status
from launchready_tui.questions import QUESTIONS
from launchready_tui.text import day, sentence


class State(StrEnum):
    """What can be said of a signal, in the words that are shown."""

    NOT = "not the case"
    IS = "is the case"
    UNSURE = "could not tell"


@dataclass(frozen=True, slots=True)
class Rule:
    """How a signal is read. A failing check means it is the case.

    A warning means nothing by itself, but for the checks in `warn_is` (it is the case) and `warn_unsure` (could not
    tell). `question` is a question whose answer in `sound` speaks against the signal and any other one for it.
    """

    id: str
    stage: Stage
    text: str
    checks: tuple[str, ...] = ()
    question: str = ""
    sound: frozenset[str] = frozenset()
    warn_is: frozenset[str] = frozenset()
    warn_unsure: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Signal:
    """One failure signal of one launch. `said` is why, in one sentence; `check` and `question` are what to open."""

    id: str
    stage: Stage
    text: str
    state: State
    said: str
    check: str | None = None
    question: str | None = None

    @property
    def line(self) -> str:
        """ "not the case", "is the case: <finding>" or "could not tell: <what is missing>"."""
        return self.state.value if self.state is State.NOT or not self.said else f"{self.state.value}: {self.said}"


def _rule(
    id: str,
    text: str,
    *checks: str,
    question: str = "",
    sound: str = "",
    warn_is: tuple[str, ...] = (),
    warn_unsure: tuple[str, ...] = (),
) -> Rule:
    return Rule(
        id,
        Stage(id.split(".")[0]),
        text,
        checks,
        question,
        frozenset(sound.split()),
        frozenset(warn_is),
        frozenset(warn_unsure),
    )


RULES: tuple[Rule, ...] = (
    _rule(
        "audit.path-unknown",
        "Nobody can say how a visitor gets to your product.",
        "audit.map.complete",
        warn_unsure=("audit.map.complete",),
    ),
    _rule(
        "audit.secrets-shared",
        "Passwords or keys stand in the code, or went through a chat.",
        "audit.env.tracked",
        "audit.exposed.files",
        "audit.secrets.worktree",
        "audit.secrets.history",
        "audit.secrets.bundle",
        question="secrets.shared",
        sound="no replaced",
    ),
    _rule(
        "audit.email-incomplete",
        "The mail records are incomplete, so your mail is likely to be refused.",
        "audit.email.ready",
        "email.mx.present",
        "email.spf.single",
        "email.dmarc.record",
        warn_is=("audit.email.ready",),
    ),
    _rule(
        "dns.duplicate-hosts",
        "The same pages can be opened at more than one address.",
        "audit.url.single",
        "dns.redirect.canonical",
    ),
    _rule(
        "dns.broken-links",
        "Links that were sent out no longer lead where they should.",
        "dns.redirect.path",
        "dns.redirect.hops",
    ),
    _rule(
        "dns.entry-unreachable",
        "People write to you because they cannot get to signup or login.",
        "dns.apex.resolves",
        "dns.www.resolves",
        "dns.entry.reachable",
        "deploy.smoke.login",
    ),
    _rule(
        "edge.insecure-assets",
        "Your pages load parts of themselves without encryption.",
        "edge.https.mixed",
        warn_is=("edge.https.mixed",),
    ),
    _rule(
        "edge.login-abuse",
        "Anybody may try passwords at your login as often as they like.",
        question="login.limits",
        sound="yes none",
    ),
    _rule(
        "edge.origin-exposed",
        "A rush of visitors could take your server down.",
        "edge.cdn.proxied",
    ),
    _rule(
        "deploy.one-laptop",
        "Going live depends on one person's memory or computer.",
        "deploy.build.pinned",
        "deploy.build.clean",
        "deploy.doc.tenminute",
        question="deploy.written",
        sound="yes",
    ),
    _rule(
        "deploy.settings-missing",
        "A setting that was forgotten breaks the product after it went live.",
        question="deploy.settings",
        sound="stops",
    ),
    _rule(
        "deploy.no-way-back",
        "When a release goes wrong, you cannot put the last one back within minutes.",
        "deploy.rollback.rehearsed",
        warn_unsure=("deploy.rollback.rehearsed",),
    ),
    _rule(
        "performance.no-cache",
        "Every visit downloads the same large files again.",
        "performance.cache.static",
    ),
    _rule(
        "performance.dashboard-slow",
        "Pages behind the login are slow, because the server does too much for each.",
        question="dashboard.speed",
        sound="yes none",
    ),
    _rule(
        "performance.mobile-slow",
        "People on phones wait too long for the first page and leave before they sign up.",
        "performance.p95.public",
        "performance.images.size",
        "performance.compress.text",
    ),
    _rule(
        "email.invites-spam",
        "Your invites land in spam.",
        "email.flow.invite",
        "email.eml.aligned",
        warn_is=("email.flow.invite",),
    ),
    _rule(
        "email.resets-silent",
        "Password resets do not arrive, and nobody notices.",
        "email.flow.reset",
    ),
    _rule(
        "email.outages-from-users",
        "You hear of an outage from your members, not from an alert.",
        question="alerts.people",
        sound="alert one",
    ),
    _rule(
        "handover.owners-unclear",
        "You cannot say who holds the DNS, the hosting and the mail.",
        "handover.owner.primary",
    ),
    _rule(
        "handover.three-people",
        "To change anything you have to ask several people.",
        "handover.access.registrar",
        "handover.access.dns",
        "handover.access.hosting",
        "handover.access.rest",
    ),
    _rule(
        "handover.health-unknown",
        "Nobody knows how to tell whether the product works.",
        question="health.known",
        sound="yes",
    ),
)


def _of_check(rule: Rule, id: str, finding: Finding | None) -> tuple[State, str]:
    if finding is None:
        return State.UNSURE, "we have not looked yet."
    said = sentence(finding.saw)
    if finding.status is Status.FAIL:
        return State.IS, said
    if finding.status is Status.WARN:
        return (State.IS if id in rule.warn_is else State.UNSURE if id in rule.warn_unsure else State.NOT), said
    if finding.status is Status.WAITING:
        return State.UNSURE, "a change is on its way."
    return (State.UNSURE if finding.status is Status.UNKNOWN else State.NOT), said


def _of_answer(rule: Rule, answers: Answers) -> tuple[State, str]:
    answer = answers.get(rule.question)
    if answer is None:
        newest = answers.newest(rule.question)
        if newest is None:
            return State.UNSURE, "nobody has said yet."
        if newest.choice == "unknown":
            return State.UNSURE, f"{newest.who or 'somebody'} did not know on {day(newest.at)}."
        return State.UNSURE, f"what {newest.who or 'somebody'} said on {day(newest.at)} is too old to count."
    if answer.choice not in {choice for choice, _ in QUESTIONS[rule.question].choices}:
        return State.UNSURE, "we could not read the answer."
    said = f"{answer.who or 'somebody'} said so on {day(answer.at)}."
    return (State.NOT if answer.choice in rule.sound else State.IS), said


def read(rule: Rule, outcomes: Mapping[str, Finding], answers: Answers) -> Signal:
    """Read one signal. One thing that speaks for it is enough; against it, all must have been seen."""
    seen: list[tuple[State, str, str | None, str | None]] = [
        (*_of_check(rule, id, outcomes.get(id)), id, None) for id in rule.checks
    ]
    if rule.question:
        seen.append((*_of_answer(rule, answers), None, rule.question))
    order = (State.IS, State.UNSURE, State.NOT)
    state, said, check, question = min(seen, key=lambda each: order.index(each[0]))
    return Signal(rule.id, rule.stage, rule.text, state, said, check, question)


def signals(stage: Stage, outcomes: Mapping[str, Finding], answers: Answers) -> tuple[Signal, ...]:
    """The stage's three signals. `outcomes` maps check ids to findings of any stage."""
    return tuple(read(rule, outcomes, answers) for rule in RULES if rule.stage is stage)
