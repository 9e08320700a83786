"""The roadmap's failure signals and deliverables: all of them, each read off checks that exist or one question."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from launchready_tui.answers import Answers
from launchready_tui.deliverables import DELIVERABLES, deliverable
from launchready_tui.model import Finding, Stage, Status
from launchready_tui.project import Clock
from launchready_tui.questions import QUESTIONS
from launchready_tui.signals import RULES, Rule, State, read, signals
from tests.findings import ASIDE, NOW_LOOKED_AT, SOUND, fail, silent, waiting, warn
from tests.world import NOW, said

# The roadmap's 21 failure signals, stage by stage, as it words them -> ours.
ROADMAP_SIGNALS: dict[Stage, dict[str, str]] = {
    Stage.AUDIT: {
        "No one can explain how traffic reaches production.": "audit.path-unknown",
        "Secrets are stored in code or copied into chat messages.": "audit.secrets-shared",
        "Email setup is incomplete and likely to fail deliverability tests.": "audit.email-incomplete",
    },
    Stage.DNS: {
        "Duplicate content from multiple hosts.": "dns.duplicate-hosts",
        "Broken links after redirect changes.": "dns.broken-links",
        "Support tickets from users who cannot reach signup or login pages.": "dns.entry-unreachable",
    },
    Stage.EDGE: {
        "The site loads insecure assets over HTTP.": "edge.insecure-assets",
        "Login endpoints are easy to abuse with repeated requests.": "edge.login-abuse",
        "A traffic spike could take down origin servers.": "edge.origin-exposed",
    },
    Stage.DEPLOY: {
        "Deploys depend on memory or one person's laptop setup.": "deploy.one-laptop",
        "A missing env var causes runtime crashes after release.": "deploy.settings-missing",
        "You cannot safely revert within minutes if something fails.": "deploy.no-way-back",
    },
    Stage.PERFORMANCE: {
        "Public pages have poor cache behavior and re-download heavy assets every visit.": "performance.no-cache",
        "Dashboard requests pile up because of slow queries or unnecessary server work.": "performance.dashboard-slow",
        "Mobile users wait too long on first load and bounce before signup completes.": "performance.mobile-slow",
    },
    Stage.EMAIL: {
        "Invite emails go to spam": "email.invites-spam",
        "Password resets fail silently": "email.resets-silent",
        "You learn about outages from users instead of alerts": "email.outages-from-users",
    },
    Stage.HANDOVER: {
        "The founder cannot tell who owns DNS versus hosting versus email": "handover.owners-unclear",
        "Future changes require asking three different people": "handover.three-people",
        "Nobody knows how to verify that production is healthy after launch": "handover.health-unknown",
    },
}
# The roadmap's 7 deliverables -> a word of ours that must stand in the text, and the parts that make it up.
ROADMAP_DELIVERABLES: dict[Stage, dict[str, str]] = {
    Stage.AUDIT: {"short risk list with priority order": "the risk list", "deployment map": "the map"},
    Stage.DNS: {"clean DNS record set with purposes": "clean records", "tested redirect rules": "redirects that work"},
    Stage.EDGE: {
        "edge configuration that protects": "the shield",
        "without breaking core flows": "signup and login that still work",
    },
    Stage.DEPLOY: {"one documented deploy process": "the written steps"},
    Stage.PERFORMANCE: {"current latency numbers": "the response times", "bottlenecks called out": "what holds it up"},
    Stage.EMAIL: {
        "deliverability setup": "proof that your mail is yours",
        "uptime with alerts": "alerts that reach you",
    },
    Stage.HANDOVER: {
        "credentials ownership notes": "an owner for everything",
        "rollback steps": "the steps back",
        "next actions": "next actions with a day",
    },
}
CATALOGUE = Path(__file__).with_name("catalogue.toml")
EMPTY = Answers(clock=Clock(NOW))


def test_every_signal_of_the_roadmap_is_mapped() -> None:
    ours = {(rule.stage, rule.id) for rule in RULES}
    theirs = {(stage, id) for stage, wording in ROADMAP_SIGNALS.items() for id in wording.values()}
    assert ours == theirs
    assert len(RULES) == 21
    assert all(len(signals(stage, {}, EMPTY)) == 3 for stage in Stage)


def test_every_deliverable_of_the_roadmap_is_mapped() -> None:
    assert set(DELIVERABLES) == set(Stage)
    for stage, wanted in ROADMAP_DELIVERABLES.items():
        assert set(wanted.values()) <= {part.words for part in DELIVERABLES[stage][1]}, stage


def test_only_checks_and_questions_that_exist_are_named() -> None:
    known = {check["id"] for check in tomllib.loads(CATALOGUE.read_text())["check"]}
    named = {id for rule in RULES for id in rule.checks}
    named |= {id for _, parts in DELIVERABLES.values() for part in parts for id in part.checks}
    assert named <= NOW_LOOKED_AT <= known
    for rule in RULES:
        assert rule.checks or rule.question, f"{rule.id} is read off nothing"
        assert (rule.warn_is | rule.warn_unsure) <= set(rule.checks)
    asked = {(rule.question, rule.sound) for rule in RULES if rule.question}
    asked |= {(part.question, part.sound) for _, parts in DELIVERABLES.values() for part in parts if part.question}
    for question, sound in asked:
        choices = {choice for choice, _ in QUESTIONS[question].choices}
        assert sound, question
        assert sound < choices, f"{question}: some answer must speak for the signal"


def _rule(id: str) -> Rule:
    return next(rule for rule in RULES if rule.id == id)


STATES: list[tuple[Finding | None, State]] = [
    (SOUND, State.NOT),
    (ASIDE, State.NOT),
    (fail(saw="It fails. And more."), State.IS),
    (warn(), State.NOT),
    (waiting(), State.UNSURE),
    (silent(), State.UNSURE),
    (None, State.UNSURE),
]


@pytest.mark.parametrize(("finding", "state"), STATES)
def test_one_check_decides(finding: Finding | None, state: State) -> None:
    outcomes = {} if finding is None else {"edge.cdn.proxied": finding}
    signal = read(_rule("edge.origin-exposed"), outcomes, EMPTY)
    assert signal.state is state
    assert signal.check == "edge.cdn.proxied"
    if state is State.IS:
        assert signal.line == "is the case: It fails."
    if state is State.NOT:
        assert signal.line == "not the case"


def test_a_warning_means_what_its_rule_says() -> None:
    images = read(_rule("edge.insecure-assets"), {"edge.https.mixed": warn()}, EMPTY)
    assert images.state is State.IS
    untried = read(_rule("deploy.no-way-back"), {"deploy.rollback.rehearsed": warn()}, EMPTY)
    assert untried.state is State.UNSURE


def test_one_bad_check_is_enough_and_all_must_be_seen() -> None:
    rule = _rule("dns.duplicate-hosts")
    first, second = rule.checks
    assert read(rule, {first: SOUND}, EMPTY).state is State.UNSURE
    assert read(rule, {first: SOUND, second: SOUND}, EMPTY).state is State.NOT
    signal = read(rule, {first: silent(), second: fail()}, EMPTY)
    assert (signal.state, signal.check) == (State.IS, second)


@pytest.mark.parametrize(
    ("choice", "days_ago", "state"),
    [
        ("yes", 1, State.NOT),
        ("none", 1, State.NOT),
        ("no", 1, State.IS),
        ("unknown", 1, State.UNSURE),
        ("yes", 400, State.UNSURE),
        ("no such choice", 1, State.UNSURE),
    ],
)
def test_an_answer_decides(choice: str, days_ago: float, state: State) -> None:
    answers = Answers([said("login.limits", choice, days_ago=days_ago)], Clock(NOW))
    signal = read(_rule("edge.login-abuse"), {}, answers)
    assert signal.state is state
    assert signal.question == "login.limits"


def test_checks_alone_do_not_clear_a_signal_that_also_asks() -> None:
    looked = ("env.tracked", "exposed.files", "secrets.worktree", "secrets.history", "secrets.bundle")
    outcomes = {f"audit.{name}": SOUND for name in looked}
    rule = _rule("audit.secrets-shared")
    signal = read(rule, outcomes, EMPTY)
    assert (signal.state, signal.question) == (State.UNSURE, "secrets.shared")
    answers = Answers([said("secrets.shared", "replaced")], Clock(NOW))
    assert read(rule, outcomes, answers).state is State.NOT


@pytest.mark.parametrize("stage", list(Stage))
def test_a_deliverable_is_there_when_all_its_parts_are(stage: Stage) -> None:
    parts = DELIVERABLES[stage][1]
    outcomes = {id: SOUND for part in parts for id in part.checks}
    answers = Answers([said(p.question, min(p.sound)) for p in parts if p.question], Clock(NOW))
    whole = deliverable(stage, outcomes, answers)
    assert whole.there
    assert whole.line == "There."
    for id in outcomes:
        for bad in (None, silent(), replace(silent(), status=Status.WAITING)):
            less = {key: value for key, value in outcomes.items() if key != id} | ({id: bad} if bad else {})
            seen_only = bad is not None and bad.status is Status.WAITING and _want(stage, id) == "seen"
            assert deliverable(stage, less, answers).there is seen_only, (id, bad)
    for part in parts:
        if part.question:
            assert not deliverable(stage, outcomes, EMPTY).there
            for choice, _ in QUESTIONS[part.question].choices:
                one = Answers([said(part.question, choice)], Clock(NOW))
                assert deliverable(stage, outcomes, one).there is (choice in part.sound)


def _want(stage: Stage, id: str) -> str:
    return next(part.want for part in DELIVERABLES[stage][1] if id in part.checks)


def test_records_without_a_purpose_keep_the_stage_from_leaving_all_it_should() -> None:
    outcomes = {id: SOUND for part in DELIVERABLES[Stage.DNS][1] for id in part.checks}
    some = outcomes | {"dns.records.purpose": replace(fail(), status=Status.WARN)}
    assert deliverable(Stage.DNS, outcomes, EMPTY).there
    assert deliverable(Stage.DNS, some, EMPTY).line == "Not yet: a purpose for every record."


def test_a_report_is_there_with_bad_numbers_and_a_shield_is_not() -> None:
    slow = {id: fail() for part in DELIVERABLES[Stage.PERFORMANCE][1] for id in part.checks}
    assert deliverable(Stage.PERFORMANCE, slow, EMPTY).there
    open_ = {id: SOUND for part in DELIVERABLES[Stage.EDGE][1] for id in part.checks}
    open_["edge.tls.valid"] = fail(saw="The certificate has run out.")
    edge = deliverable(Stage.EDGE, open_, EMPTY)
    assert edge.line == "Not yet: valid certificates."
    assert edge.missing[0].why == "The certificate has run out."
    assert edge.missing[0].check == "edge.tls.valid"


def test_what_is_missing_is_counted() -> None:
    assert deliverable(Stage.HANDOVER, {}, EMPTY).line == "Not yet: your own sign-ins (and 6 more things)."
