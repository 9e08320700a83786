"""Every dialog, by keys: what is typed comes back, what is missing is asked for, escape changes nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input, RadioSet, Static

from launchready_tui.fixes.model import ChangeState, Plan, State, Step
from launchready_tui.model import Stage
from screens._stage import StageScreen
from screens.dialogs.accept import AcceptDialog
from screens.dialogs.answer import AnswerDialog
from screens.dialogs.ask import AskDialog
from screens.dialogs.copy import CopyScreen
from screens.dialogs.plan import PlanDialog, Verdict
from screens.dialogs.risks import RisksDialog
from tests.screens.fake import FakeSession
from tests.screens.launch import NAME
from tests.screens.pilot import app_of, detail_of, hints_of, opened, rows_of, said, screen_text, until

FIXABLE = "audit.topic.check01"
UNKNOWN = "audit.topic.check04"
ASKS = "dns.topic.check10"


async def shows(pilot: Pilot[None], screen: type) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, screen))
    await pilot.pause()


def problem(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.query_one("#problem", Static).content)


# ---- fix, watch, undo ----
async def test_a_fix_is_shown_applied_watched_and_taken_back() -> None:
    session = FakeSession()
    async with opened(session) as pilot:
        await pilot.press("enter")
        await shows(pilot, PlanDialog)
        words = screen_text(pilot)
        assert f"+ CNAME www.{NAME}   cname.vercel-dns.example.   TTL 300" in words
        assert "1 record added, 14" in words  # the rest stands in the next line
        assert session.changes == ()
        await pilot.press("enter")
        await until(pilot, lambda: "right, wait 02:4" in detail_of(pilot))
        assert "✓ Written at Cloudflare" in detail_of(pilot)
        assert "ns1.namecheap.example and ns2.namecheap.example answer it" in detail_of(pilot)
        assert "1.1.1.1 ✓, 8.8.8.8 ✓, 9.9.9.9 old answer" in detail_of(pilot)
        assert "right, wait 02:4" in detail_of(pilot)
        assert "━━━━━───" in detail_of(pilot)
        assert next(row for row in rows_of(pilot).rows if row.id == FIXABLE).word == "waiting"
        await pilot.press("2", "1")  # it is watched whichever stage is shown
        session.watch_done.set()
        await until(pilot, lambda: next(row for row in rows_of(pilot).rows if row.id == FIXABLE).word == "sound")
        await until(pilot, lambda: hints_of(pilot).get("u") == "Undo")
        await pilot.press("u")
        await shows(pilot, PlanDialog)
        assert f"- CNAME www.{NAME}" in screen_text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: session.changes[0].state is ChangeState.UNDONE)
        await until(pilot, lambda: next(row for row in rows_of(pilot).rows if row.id == FIXABLE).word == "HIGH")


@pytest.mark.parametrize("key", ["escape", "tab"])
async def test_a_plan_that_nobody_agreed_to_changes_nothing(key: str) -> None:
    session = FakeSession()
    async with opened(session) as pilot:
        await pilot.press("f")
        await shows(pilot, PlanDialog)
        await pilot.press(key)
        if key == "tab":  # Copy instead
            await pilot.press("enter")
            await shows(pilot, CopyScreen)
            assert "cname.vercel-dns.example." in screen_text(pilot)
        assert session.changes == ()


async def test_a_plan_that_cannot_be_made_says_why() -> None:
    session = FakeSession()
    session.moved = True
    async with opened(session) as pilot:
        await pilot.press("f")
        await until(pilot, lambda: "could not tell what is there now" in said(pilot))


async def test_a_dangerous_plan_wants_the_name_typed() -> None:
    step = Step("records", NAME, "NS", State(("ns1.old.example.",)), State())
    plan = Plan("dns.x.y", "No name servers", "the name server", (step,), guard=NAME, notes=("Mail stops too.",))
    got: list[Verdict | None] = []
    async with opened(FakeSession()) as pilot:
        pilot.app.push_screen(PlanDialog(plan), got.append)
        await shows(pilot, PlanDialog)
        await pilot.press("enter")
        assert f"Type {NAME} first" in problem(pilot)
        await pilot.press(*NAME)
        pilot.app.screen.query_one("#apply", Button).press()
        await until(pilot, lambda: got)
        assert got[0] is not None
        assert got[0].verb == "apply"


# ---- answers ----
async def test_an_answer_with_who_and_note() -> None:
    session = FakeSession()
    async with opened(session) as pilot:
        app_of(pilot).go(Stage.DNS, ASKS)
        await until(pilot, lambda: hints_of(pilot)["enter"] == "Answer")
        await pilot.press("a")
        await shows(pilot, AnswerDialog)
        assert "counts for 30 days" in screen_text(pilot).lower()
        assert "( ) I do not know" in screen_text(pilot)
        await pilot.press("ctrl+s")
        assert "Choose one" in problem(pilot)
        await pilot.press("space", "ctrl+s")
        assert "(•) Yes, I did it just now" in screen_text(pilot)
        assert "Say who answers" in problem(pilot)
        await pilot.press(*"Ada", "ctrl+s")
        await shows(pilot, StageScreen)
        answer = session.answers.get("access.dns")
        assert answer is not None
        assert (answer.choice, answer.who) == ("yes", "Ada")
        await until(pilot, lambda: ASKS in (session.looks or ((),))[-1])
        await until(pilot, lambda: "“Yes, I did it just now”, by Ada" in detail_of(pilot))


async def test_i_do_not_know_is_an_answer_and_stays_unknown() -> None:
    session = FakeSession()
    async with opened(session) as pilot:
        app_of(pilot).go(Stage.DNS, ASKS)
        await until(pilot, lambda: hints_of(pilot)["enter"] == "Answer")
        await pilot.press("enter")
        await shows(pilot, AnswerDialog)
        pilot.app.screen.query_one("#choice", RadioSet).focus()
        await pilot.press("up", "space")
        pilot.app.screen.query_one("#who", Input).value = "Ada"
        await pilot.press("ctrl+s")
        await shows(pilot, StageScreen)
        assert session.answers.get("access.dns") is None
        await until(pilot, lambda: "I do not know" in detail_of(pilot))
        assert next(row for row in rows_of(pilot).rows if row.id == ASKS).word == "unknown"


# ---- asking, accepting ----
async def test_asking_someone_shows_saves_and_remembers() -> None:
    session = FakeSession()
    async with opened(session) as pilot:
        await pilot.press("e")
        await shows(pilot, AskDialog)
        await pilot.press("ctrl+s")
        assert "Say who is asked" in problem(pilot)
        await pilot.press(*"Grace")
        assert "Hello Grace," in screen_text(pilot)
        pilot.app.screen.query_one("#copy", Button).press()
        await until(pilot, lambda: "clipboard" in problem(pilot))
        assert pilot.app.clipboard.startswith("Hello Grace,")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: FIXABLE in session.asked)
        await until(pilot, lambda: "asked Grace" in next(r.right for r in rows_of(pilot).rows if r.id == FIXABLE))
        assert "comes back on" in detail_of(pilot)
        assert "/tmp/messages" in said(pilot)
        assert "asked Grace, " in screen_text(pilot)  # in the row, at 80 columns too


async def test_an_unknown_that_somebody_was_asked_about_says_so() -> None:
    session = FakeSession()
    session.ask_someone(UNKNOWN, "the agency that built our first site")
    async with opened(session) as pilot:
        right = next(row.right for row in rows_of(pilot).rows if row.id == UNKNOWN)
        assert right.startswith("asked the agency that…, ")


async def test_a_risk_is_accepted_by_name_with_a_reason_until_a_day() -> None:
    session = FakeSession()
    async with opened(session) as pilot:
        await pilot.press("k")
        await shows(pilot, AcceptDialog)
        await pilot.press("ctrl+s")
        assert "Say who takes the risk" in problem(pilot)
        await pilot.press(*"Ada", "ctrl+s")
        assert "Say why" in problem(pilot)
        await pilot.press(*"later")
        until_box = pilot.app.screen.query_one("#until", Input)
        for typed, complaint in (("soon", "year-month-day"), ("2001-01-01", "That day is over")):
            until_box.value = typed
            await pilot.press("ctrl+s")
            assert complaint in problem(pilot)
        until_box.value = f"{dt.datetime.now(dt.UTC).date() + dt.timedelta(days=9)}"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: FIXABLE in session.accepted)
        await until(pilot, lambda: next(r.word for r in rows_of(pilot).rows if r.id == FIXABLE) == "accepted")
        await pilot.press("l")
        await shows(pilot, RisksDialog)
        assert "8 keep you from being ready" in screen_text(pilot)


async def test_only_an_open_finding_can_be_accepted() -> None:
    async with opened(FakeSession()) as pilot:
        app_of(pilot).go(Stage.AUDIT, "audit.topic.check00")
        await pilot.pause()
        await pilot.press("k")
        await until(pilot, lambda: "Only an open finding" in said(pilot))
