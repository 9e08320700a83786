"""The draft of an open session, and its changes as lines."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from launchready_tui.actions import NextAction
from launchready_tui.answers import Answers
from launchready_tui.checks import Check
from launchready_tui.fixes.model import Change, ChangeState, State, Step
from launchready_tui.handover.draft import SessionDraft, change_lines, facts
from launchready_tui.model import Finding
from launchready_tui.owners import Owner, Owners
from launchready_tui.project import Clock, Project
from launchready_tui.secret import Secret
from launchready_tui.secretlist import SecretList
from tests.handover.worlds import ACTIONS, CHECKS, OUTCOMES, OWNERS, PROJECT, Taken
from tests.test_leaks import STRIPE
from tests.world import NOW

CHANGE = Change(
    7,
    NOW,
    "Ada",
    "email.spf.single",
    "One SPF record",
    "the practice name server",
    (Step("records", "good.example", "TXT", State(("v=spf1 ~all", "v=spf1 -all"), 300), State(("v=spf1 ~all",), 300)),),
    ChangeState.APPLIED,
)


@dataclass(frozen=True)
class Desk:
    project: Project = PROJECT
    clock: Clock = field(default_factory=lambda: Clock(NOW))
    checks: tuple[Check, ...] = CHECKS
    findings: dict[str, Finding] = field(default_factory=lambda: dict(OUTCOMES))
    answers: Answers = field(default_factory=Answers)
    owners: Owners = field(default_factory=lambda: Owners(OWNERS))
    accepted: dict[str, Taken] = field(default_factory=dict)
    changes: tuple[Change, ...] = (CHANGE,)
    secret_list: SecretList = field(default_factory=SecretList)

    def next_actions(self) -> tuple[NextAction, ...]:
        return ACTIONS


def test_a_change_says_before_and_after() -> None:
    (line,) = change_lines([CHANGE])
    assert line.before == "TXT good.example: v=spf1 ~all, v=spf1 -all"
    assert line.after == "TXT good.example: v=spf1 ~all"
    assert line.what == "One SPF record (at the practice name server)"
    assert not line.undone


def test_only_what_was_written_is_listed() -> None:
    states = {state: change_lines([replace(CHANGE, state=state)]) for state in ChangeState}
    assert [state for state, lines in states.items() if lines] == [ChangeState.APPLIED, ChangeState.UNDONE]
    assert states[ChangeState.UNDONE][0].undone


def test_a_file_is_named_and_not_repeated() -> None:
    step = Step("file", ".gitignore", "", State(("old secret text",)), State(("new text",)))
    (line,) = change_lines([replace(CHANGE, steps=(step,))])
    assert "text" not in line.before + line.after
    assert ".gitignore" in line.after


async def test_a_clean_draft() -> None:
    assert await SessionDraft(Desk()).hits() == ()


async def test_a_draft_with_a_secret() -> None:
    desk = Desk(owners=Owners({"dns": Owner("dns", recovery=f"it is {STRIPE}")}))
    assert await SessionDraft(desk).hits() == ("systems[1].recovery: Stripe key",)
    assert await SessionDraft(Desk(), [Secret("ada@example.net")]).hits() == (
        "systems[0].account: a value that is kept in the vault",
        "systems[0].contact: a value that is kept in the vault",
    )


def test_acceptances_that_ran_out_are_no_acceptances() -> None:
    import datetime as dt

    ended = Desk(accepted={"edge.cdn.proxied": Taken(until=dt.date(2026, 11, 1))})
    assert facts(ended).accepted == {}
