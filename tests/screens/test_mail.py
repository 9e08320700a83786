"""The email stage's dialogs, by keys and by mouse: messages, proofs, trying mails out, senders, the DMARC plan."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Button, Input, Static

from launchready_tui.model import Stage
from screens._stage import StageScreen
from screens.commands import Everything
from screens.dialogs.answer import AnswerDialog
from screens.dialogs.confirm import ConfirmDialog
from screens.dialogs.flow import FlowDialog
from screens.dialogs.hand import HandDialog
from screens.dialogs.messages import MessagesDialog
from screens.dialogs.plan import PlanDialog
from screens.dialogs.policy import PolicyDialog
from screens.dialogs.proof import ProofDialog
from screens.dialogs.sender import SenderDialog
from screens.dialogs.senders import SendersDialog
from screens.widgets.pick import Pick
from screens.widgets.rows import Rows
from tests.screens.launch import NAME
from tests.screens.mailed import SUBJECT, Mailbox, MailSession, proof
from tests.screens.pilot import app_of, detail_of, hints_of, opened, rows_of, said, screen_text, stage_of, until

SIZES = pytest.mark.parametrize("size", [(80, 24), (140, 40)])
MESSAGE = f"From: Ada <ada@{NAME}>\nDate: Tue, 24 Nov 2026 09:41:00 +0000\nSubject: Hello\n\nHello.\n"


async def shows(pilot: Pilot[None], screen: type) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, screen))
    await pilot.pause()


def problem(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.query_one("#problem", Static).content)


def words(pilot: Pilot[None]) -> str:
    """The screen without its line ends and borders."""
    return " ".join(screen_text(pilot).replace("│", " ").split())


async def stage(pilot: Pilot[None], row: str = "") -> None:
    await pilot.press("6")
    await until(pilot, lambda: stage_of(pilot).STAGE is Stage.EMAIL)
    if row:
        rows_of(pilot).go(row)
        await pilot.pause()


def rows(pilot: Pilot[None], id: str) -> Rows:
    return pilot.app.screen.query_one(f"#{id}", Rows)


# ---- messages ----
@SIZES
async def test_a_message_is_typed_and_its_sentence_comes_first(size: tuple[int, int], tmp_path: Path) -> None:
    session = MailSession()
    path = tmp_path / "my mail.eml"
    path.write_bytes(b"x")
    async with opened(session, size=size) as pilot:
        await stage(pilot)
        await pilot.press("M")
        await shows(pilot, MessagesDialog)
        assert "Gmail: ⋮" in words(pilot)
        assert "No message is on file yet." in words(pilot)
        await pilot.press("enter")
        assert "type it, paste it, or drop the file" in problem(pilot)
        pilot.app.screen.query_one("#path", Input).value = f"'{tmp_path}/nothing.eml'"
        await pilot.press("enter")
        await until(pilot, lambda: "There is no file" in problem(pilot))
        pilot.app.screen.query_one("#path", Input).value = str(tmp_path)
        await pilot.press("enter")
        assert "is a folder" in problem(pilot)
        pilot.app.screen.query_one("#path", Input).value = f"'{path}'"
        looks = len(session.looks)
        await pilot.press("enter")
        await shows(pilot, ProofDialog)
        assert session.added == [(path, None)]
        text = words(pilot)
        assert "✓ This message proves that it is yours." in text
        assert text.index("proves that it is yours") < text.index("Signed (DKIM)") < text.index("List (SPF)")
        assert "selector s1" in text
        await pilot.press("space")
        await until(pilot, lambda: "mx.google.com" in words(pilot))
        await pilot.press("escape")
        await shows(pilot, MessagesDialog)
        assert rows(pilot, "messages").current == "m1"
        await until(pilot, lambda: len(session.looks) > looks)
        assert set(session.looks[-1]) >= {"email.eml.aligned", "email.flow.reset"}
        await pilot.press("escape")
        await shows(pilot, StageScreen)


async def test_a_whole_message_is_pasted_and_its_kind_is_said(tmp_path: Path) -> None:
    session = MailSession()
    async with opened(session) as pilot:
        await stage(pilot)
        await pilot.press("M")
        await shows(pilot, MessagesDialog)
        await pilot.press("tab")
        assert isinstance(pilot.app.focused, Pick)
        await pilot.press("right", "right")
        assert "◂ Invite ▸" in words(pilot)
        await pilot.press("shift+tab")
        box = pilot.app.screen.query_one("#path", Input)
        box.post_message(Paste("/tmp/one line"))
        await until(pilot, lambda: box.value == "/tmp/one line")
        box.post_message(Paste(MESSAGE))
        await shows(pilot, ProofDialog)
        ((data, kind),) = session.added
        assert data == MESSAGE.replace("\n", "\r\n").encode()
        assert kind == "invite"


@SIZES
async def test_what_lies_in_a_practice_inbox_is_one_enter_away_and_goes_by_x(
    size: tuple[int, int], tmp_path: Path
) -> None:
    mailbox = Mailbox(tmp_path / "inbox")
    await mailbox.trigger("reset", "gmail")
    session = MailSession(mailbox)
    async with opened(session, size=size) as pilot:
        await stage(pilot)
        await pilot.press("M")
        await shows(pilot, MessagesDialog)
        assert "001-reset.eml" in words(pilot)
        assert "gmail" in words(pilot)
        await pilot.press("x")
        assert "Go to a message that is on file" in problem(pilot)
        await pilot.press("enter")
        await shows(pilot, ProofDialog)
        await pilot.press("escape")
        await shows(pilot, MessagesDialog)
        assert "not added yet" not in words(pilot)
        await pilot.press("x")
        await shows(pilot, ConfirmDialog)
        await pilot.press("escape")
        await shows(pilot, MessagesDialog)
        assert set(session.kept) == {"m1"}
        await pilot.press("enter")
        await shows(pilot, ProofDialog)
        await pilot.press("x")
        await shows(pilot, ConfirmDialog)
        await pilot.press("tab", "enter")
        await pilot.press("shift+tab", "enter")
        await until(pilot, lambda: session.kept == {})


async def test_a_shared_screen_shows_no_subject_and_no_address() -> None:
    session = MailSession()
    session.kept["one"] = proof("one")
    async with opened(session, presenter=True) as pilot:
        await stage(pilot)
        await pilot.press("M")
        await shows(pilot, MessagesDialog)
        await until(pilot, lambda: "yours" in words(pilot))
        assert "Ada Lovelace" not in words(pilot)
        await pilot.press("enter")
        await shows(pilot, ProofDialog)
        assert "Ada Lovelace" not in words(pilot)
        assert f"hello@{NAME}" not in words(pilot)
        await pilot.press("f2")
        await until(pilot, lambda: SUBJECT in words(pilot))
        assert f"hello@{NAME}" in words(pilot)
        await pilot.press("f2", "escape")
        await shows(pilot, MessagesDialog)
        assert "Ada Lovelace" not in words(pilot)


async def test_a_hostile_message_is_shown_without_harm() -> None:
    from dataclasses import replace

    session = MailSession()
    hostile = "\x1b]0;x\x07[@click=app.quit]x[/]\u202e"
    session.kept["one"] = replace(proof("one", good=False), subject=hostile, sentence=f"It is {hostile}.")
    async with opened(session) as pilot:
        await stage(pilot)
        await pilot.press("M")
        await shows(pilot, MessagesDialog)
        await until(pilot, lambda: "no proof" in words(pilot))
        await pilot.press("enter")
        await shows(pilot, ProofDialog)
        text = screen_text(pilot)
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "[@click=app.quit]x[/]" in text


# ---- trying mails out ----
@SIZES
async def test_a_mail_is_tried_by_hand_with_a_clock_for_each_inbox(size: tuple[int, int]) -> None:
    session = MailSession()
    async with opened(session, size=size) as pilot:
        await stage(pilot, "email.flow.invite")
        assert hints_of(pilot)["enter"] == "Try it"
        await pilot.press("enter")
        await shows(pilot, FlowDialog)
        dialog = pilot.app.screen
        assert isinstance(dialog, FlowDialog)
        assert "▸Invite" in words(pilot)
        assert "Invite an address of yours at Gmail." in words(pilot)
        assert "Ask (a)" not in words(pilot)
        await pilot.press("ctrl+s")
        assert "Try one first" in problem(pilot)
        await pilot.press("s")
        await until(pilot, lambda: "▶" in words(pilot))
        dialog._tries["invite"]["gmail"].began -= 65  # type: ignore[operator]  # a minute goes by
        await until(pilot, lambda: "▶ 1:0" in words(pilot))
        await pilot.press("i")
        await until(pilot, lambda: "In the inbox" in words(pilot))
        assert "65 s" in words(pilot)
        assert "Still to try: Outlook." in words(pilot)
        await pilot.press("down", "x")
        assert "Not at all" in words(pilot)
        await pilot.press("l", "l")
        assert "a second time too" in words(pilot)
        await pilot.press("ctrl+s")
        assert "Say who tried it" in problem(pilot)
        await pilot.press(*"Ada", "ctrl+s")
        await shows(pilot, StageScreen)
        answer = session.answers.newest("flow.invite")
        assert answer is not None
        assert (answer.choice, answer.who) == ("tried", "Ada")
        assert answer.fields == {"gmail": "inbox", "gmail_seconds": "65", "outlook": "missing", "link": "again"}
        assert session.answers.newest("flow.reset") is None
        await until(pilot, lambda: "email.flow.invite" in session.looks[-1])
        await pilot.press("F")
        await shows(pilot, FlowDialog)
        assert "65 s" in words(pilot), "what was said stands there"


@SIZES
async def test_the_practice_site_is_asked_and_what_comes_is_the_proof(size: tuple[int, int], tmp_path: Path) -> None:
    mailbox = Mailbox(tmp_path / "inbox")
    mailbox.spam.add("outlook")
    session = MailSession(mailbox)
    async with opened(session, size=size) as pilot:
        await stage(pilot, "email.flow.reset")
        await pilot.press("F")
        await shows(pilot, FlowDialog)
        assert "ada@gmail.example" in words(pilot)
        mailbox.go.clear()
        await pilot.press("a", "a")
        await until(pilot, lambda: "▶" in words(pilot))
        mailbox.go.set()
        await until(pilot, lambda: "✓ it is yours" in words(pilot))
        assert mailbox.asked == [("reset", "gmail")], "once, however often the key is pressed"
        assert "This message proves that it is yours." in words(pilot)
        await pilot.press("down", "a")
        await until(pilot, lambda: "In spam" in words(pilot))
        assert [kind for _, kind in session.added] == ["reset", "reset"]
        await pilot.press("right")
        assert "▸Invite" in words(pilot)
        mailbox.trouble = "The practice site did not answer."
        await pilot.press("a")
        await until(pilot, lambda: "did not answer" in problem(pilot))
        await pilot.press("left", "tab", "tab", *"Ada", "ctrl+s")
        await shows(pilot, StageScreen)
        answer = session.answers.newest("flow.reset")
        assert answer is not None
        assert answer.fields["outlook"] == "spam"
        assert answer.fields["link"] == "broken", "the last one tried was"


async def test_a_message_is_taken_for_the_proof_and_none_is_an_answer(tmp_path: Path) -> None:
    path = tmp_path / "reset.eml"
    path.write_bytes(b"localhost")
    session = MailSession()
    async with opened(session) as pilot:
        await stage(pilot, "email.flow.reset")
        await pilot.press("F")
        await shows(pilot, FlowDialog)
        await pilot.press("e")
        await shows(pilot, MessagesDialog)
        pilot.app.screen.query_one("#path", Input).value = str(path)
        pilot.app.screen.query_one("#path", Input).focus()
        await pilot.press("enter")
        await shows(pilot, FlowDialog)
        assert session.added == [(path, "reset")]
        assert "not proven" in words(pilot)
        await pilot.press("right", "n")
        assert "Say who says so" in problem(pilot)
        await pilot.press(*"Ada")
        pilot.app.screen.query_one("#none", Button).press()
        await shows(pilot, StageScreen)
        answer = session.answers.newest("flow.invite")
        assert answer is not None
        assert answer.choice == "none"


async def test_the_mouse_turns_views_and_presses_buttons(tmp_path: Path) -> None:
    session = MailSession(Mailbox(tmp_path / "inbox"))
    async with opened(session, size=(140, 40)) as pilot:
        await stage(pilot, "email.flow.reset")
        await pilot.press("F")
        await shows(pilot, FlowDialog)
        await pilot.click("#view-invite")
        assert "▸Invite" in words(pilot)
        await pilot.click("#tries", offset=(3, 2))
        assert rows(pilot, "tries").current == "outlook"
        await pilot.click("#ask")
        await until(pilot, lambda: "✓ it is yours" in words(pilot))
        assert "a second time it was refused" in words(pilot)
        await pilot.click("#link", offset=(9, 0))
        assert "a second time too" in words(pilot)
        await pilot.click("#link", offset=(0, 0))
        await pilot.click("#link", offset=(0, 0))
        assert "not said" in words(pilot)


# ---- who may send ----
@SIZES
async def test_the_senders_and_the_tree(size: tuple[int, int]) -> None:
    async with opened(MailSession(), size=size) as pilot:
        await stage(pilot, "email.spf.limits")
        await pilot.press("T")
        await shows(pilot, SendersDialog)
        await until(pilot, lambda: "▸Look-ups 4/10" in words(pilot))
        text = screen_text(pilot)
        assert "├ include:_spf.google.com" in text
        assert "│ └ include:_netblocks.google.com" in text
        assert "Google Workspace" in text
        assert "gone.example has no SPF" in text
        assert "4 of 10 look-ups" in text
        await pilot.press("down", "down")
        assert "Receivers give up here" in words(pilot)
        await pilot.press("left")
        assert "▸Senders 2" in words(pilot)
        assert "You named it." in words(pilot)
        await pilot.press("down")
        assert "Nobody named it." in words(pilot)
        await pilot.press("escape")
        await shows(pilot, StageScreen)


async def test_a_sender_is_taken_away_through_the_plan_and_off_the_list() -> None:
    session = MailSession()
    session.answer("email.senders", "listed", "Ada", ticks=frozenset({"brevo", "postmark"}))
    async with opened(session) as pilot:
        await stage(pilot)
        await pilot.press("W")
        await shows(pilot, SendersDialog)
        await until(pilot, lambda: "Brevo" in words(pilot))
        await pilot.press("down", "x")
        await shows(pilot, PlanDialog)
        assert session.planned == [("remove", "Brevo")]
        assert "+ TXT" in words(pilot)
        assert "4 of 10 look-ups" in words(pilot)
        await pilot.press("escape")
        await shows(pilot, StageScreen)
        assert session.changes == ()
        await pilot.press("W")
        await shows(pilot, SendersDialog)
        await until(pilot, lambda: "Brevo" in words(pilot))
        await pilot.press("down", "x")
        await shows(pilot, PlanDialog)
        await pilot.press("enter")
        await until(pilot, lambda: len(session.changes) == 1)
        await until(pilot, lambda: session.answers.newest("email.senders").ticks == {"postmark"})  # type: ignore[union-attr]


async def test_a_sender_is_added_from_the_list_or_typed() -> None:
    session = MailSession()
    async with opened(session) as pilot:
        await stage(pilot)
        for typed, name in (("", "Google Workspace"), ("mail.small.example", "mail.small.example")):
            await pilot.press("W")
            await shows(pilot, SendersDialog)
            await pilot.press("plus")
            await shows(pilot, SenderDialog)
            pilot.app.screen.query_one("#other", Input).value = typed
            await pilot.press("enter")
            await shows(pilot, PlanDialog)
            assert session.planned[-1] == ("add", name)
            await pilot.press("escape")
            await shows(pilot, StageScreen)
        await pilot.press("W")
        await shows(pilot, SendersDialog)
        await pilot.press("plus")
        await shows(pilot, SenderDialog)
        pilot.app.screen.query_one("#other", Input).value = "no sender at all"
        await pilot.press("enter")
        await shows(pilot, StageScreen)
        await until(pilot, lambda: "neither a sender that we know" in said(pilot))


async def test_without_a_connected_host_the_change_is_typed_by_hand_and_a_names_them() -> None:
    session = MailSession()
    session.connected = False
    async with opened(session) as pilot:
        await stage(pilot)
        await pilot.press("W")
        await shows(pilot, SendersDialog)
        await until(pilot, lambda: "Brevo" in words(pilot))
        await pilot.press("x")
        await shows(pilot, HandDialog)
        await pilot.press("escape")
        await shows(pilot, StageScreen)
        await pilot.press("W")
        await shows(pilot, SendersDialog)
        await pilot.press("a")
        await shows(pilot, AnswerDialog)
        assert "Who may send mail as your domain?" in words(pilot)


async def test_records_that_do_not_answer_are_said() -> None:
    session = MailSession()
    session.trouble = "The name server did not answer, so we could not tell."
    async with opened(session) as pilot:
        await stage(pilot)
        await pilot.press("W")
        await shows(pilot, SendersDialog)
        await until(pilot, lambda: "did not answer" in problem(pilot))
        await pilot.press("x")
        assert "Go to a sender" in problem(pilot)


# ---- the plan ----
@SIZES
async def test_the_dmarc_plan_has_days_and_its_next_step_goes_through_the_plan(size: tuple[int, int]) -> None:
    session = MailSession()
    async with opened(session, size=size) as pilot:
        await stage(pilot, "email.dmarc.policy")
        await pilot.press("P")
        await shows(pilot, PolicyDialog)
        text = words(pilot)
        assert "Now: Watch (p=none), since 3 Nov 2026" in text
        assert "not before 3 Mar 2027" in text
        assert "v=DMARC1; p=quarantine; t=y" in text
        await pilot.press("M")
        await shows(pilot, MessagesDialog)
        await pilot.press("escape")
        await shows(pilot, StageScreen)
        await pilot.press("P")
        await shows(pilot, PolicyDialog)
        await pilot.press("f")
        await shows(pilot, PlanDialog)
        await pilot.press("escape")
        await shows(pilot, StageScreen)
        await pilot.press("P")
        await shows(pilot, PolicyDialog)
        await pilot.press("b")
        await shows(pilot, PlanDialog)
        assert "- TXT" in words(pilot)
        assert "p=none" in words(pilot)
        await pilot.press("escape")
        await shows(pilot, StageScreen)
        session.connected = False
        await pilot.press("P")
        await shows(pilot, PolicyDialog)
        pilot.app.screen.query_one("#step", Button).press()
        await shows(pilot, HandDialog)


# ---- answers of a few words
@SIZES
async def test_an_answer_that_takes_a_few_words_is_turned_and_not_typed(size: tuple[int, int]) -> None:
    session = MailSession()
    async with opened(session, size=size) as pilot:
        await stage(pilot, "email.flow.reset")
        await pilot.press("a")
        await shows(pilot, AnswerDialog)
        assert "Seconds it took to Outlook" in words(pilot)
        await pilot.press("enter", "tab", "right", "tab", *"20", "tab", "left", "left", "tab", "tab", "space", "tab")
        await pilot.press(*"Ada", "ctrl+s")
        await shows(pilot, StageScreen)
        answer = session.answers.newest("flow.reset")
        assert answer is not None
        assert answer.fields == {"gmail": "inbox", "gmail_seconds": "20", "outlook": "spam", "link": "once"}


async def test_the_palette_lists_the_dialogs_of_a_stage_where_they_are() -> None:
    async with opened(MailSession(), size=(140, 40)) as pilot:
        for key, there in (("6", True), ("2", False)):
            await pilot.press(key)
            await until(pilot, lambda: stage_of(pilot).STAGE.number == int(key))  # noqa: B023
            names = [name for name, _, _ in Everything(pilot.app.screen)._commands()]
            assert ("Messages of yours" in names) is there
            assert "DMARC plan" not in names or there
            assert "Look at everything" in names


# ---- the stage ----
async def test_enter_mends_the_product_first_and_sends_a_new_message_then(tmp_path: Path) -> None:
    session = MailSession(Mailbox(tmp_path / "inbox"))
    async with opened(session) as pilot:
        await stage(pilot, "email.eml.aligned")
        assert hints_of(pilot)["enter"] == "Try it"
        rows_of(pilot).go("email.eml.content")
        await until(pilot, lambda: hints_of(pilot)["enter"] == "Fix it")
        await pilot.press("enter")
        await shows(pilot, PlanDialog)
        await pilot.press("enter")
        session.watch_done.set()
        await until(pilot, lambda: hints_of(pilot).get("enter") == "Send a new one")
        await pilot.press("enter")
        await shows(pilot, FlowDialog)


async def test_a_launch_of_ones_own_is_asked_for_a_message() -> None:
    async with opened(MailSession()) as pilot:
        await stage(pilot, "email.eml.aligned")
        assert hints_of(pilot)["enter"] == "Add a message"
        assert "a message of yours" in detail_of(pilot)
        await pilot.press("enter")
        await shows(pilot, MessagesDialog)
        await pilot.press("escape")
        await shows(pilot, StageScreen)
        assert app_of(pilot).masked is False


async def test_every_key_of_the_footer_is_shown_with_what_it_opens() -> None:
    async with opened(MailSession(), size=(140, 40)) as pilot:
        await stage(pilot, "email.spf.limits")
        hints = hints_of(pilot)
        for key, opens in (
            ("M", MessagesDialog),
            ("F", FlowDialog),
            ("W", SendersDialog),
            ("T", SendersDialog),
            ("P", PolicyDialog),
        ):
            assert key in hints
            await pilot.press(key)
            await shows(pilot, opens)
            await pilot.press("escape")
            await shows(pilot, StageScreen)
