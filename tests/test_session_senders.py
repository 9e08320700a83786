"""The founder's list in an open project: proposed from what was seen, said, kept, refused in a second window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from launchready_tui import kept
from launchready_tui.disk import WorkspaceProblem
from launchready_tui.fixes.model import FixProblem
from launchready_tui.model import Evidence, failed, passed
from launchready_tui.options import BadOption
from launchready_tui.project import Clock, Project
from launchready_tui.questions import QUESTIONS
from launchready_tui.senders import QUESTION, declared, guide
from launchready_tui.session import Outcome, Session
from launchready_tui.vault import Vault
from launchready_tui.workspace import Workspace
from tests.findings import fix
from tests.test_session import NOWHERE
from tests.world import NOW

SINGLE = "email.spf.single"
SIGNED = (("good.example", "resend"), ("amazonses.com", "224i4yxa5dv7c2xz3womw6peuasteono"), ("x.example", "google"))


def opened(folder: Path) -> Session:
    workspace = Workspace(folder)
    fresh = not workspace.has("good.example")
    store = workspace.open("good.example", create=True)
    if fresh:
        store.save_project(Project("good.example", network=NOWHERE))
    return Session(store, Vault(kind="session"), clock=Clock(NOW))


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    one = opened(tmp_path)
    yield one
    one.store.close()


def saw(session: Session, record: str) -> None:
    found = passed("good.example has one SPF record.", evidence=[Evidence("TXT good.example", record)])
    session.outcomes[SINGLE] = Outcome(found, NOW)


def test_what_was_seen_is_proposed(session: Session) -> None:
    assert session.proposed_ticks(QUESTION) == frozenset()
    assert session.proposed_say(QUESTION) == ""
    saw(session, "v=spf1 include:servers.mcsv.net include:_spf.google.com include:_spf.shop.example ~all")
    assert session.proposed_ticks(QUESTION) == {"google-workspace", "mailchimp"}
    assert session.proposed_answer(QUESTION) == {"other": "_spf.shop.example"}
    assert session.proposed_say(QUESTION) == (
        "We saw Mailchimp, Google Workspace and _spf.shop.example in your SPF record."
    )
    assert session.proposed_ticks("access.dns") == frozenset()
    assert session.proposed_say("access.dns") == ""


async def test_the_inbox_and_the_signatures_of_messages_are_proposed_too(session: Session) -> None:
    saw(session, "v=spf1 include:servers.mcsv.net ~all")
    facts = [("mail-host", "Google Workspace")]
    session.outcomes["audit.email.ready"] = Outcome(passed("Complete.", facts=facts), NOW)
    signatures = [f"DKIM-Signature: v=1; a=rsa-sha256; d={d}; s={s}; h=from; bh=eA==; b=eA==" for d, s in SIGNED]
    letter = "\r\n".join([*signatures, "From: a@good.example", "Subject: Reset your password", "", "Hello", ""])
    kept.keep(session.store, letter.encode(), None)
    assert session.proposed_ticks(QUESTION) == {"mailchimp", "google-workspace", "resend"}
    assert session.proposed_say(QUESTION) == (
        "We saw Mailchimp in your SPF record, Google Workspace in your MX records and Resend in a message of yours."
    )


def test_a_hostile_record_is_proposed_clean(session: Session) -> None:
    saw(session, "v=spf1 include:\x1b]0;x\x07.example include:[bold]x[/].example ~all")
    assert "\x1b" not in session.proposed_say(QUESTION) + session.proposed_answer(QUESTION).get("other", "")


def test_other_questions_are_proposed_as_before(session: Session) -> None:
    assert "steps" in session.proposed_answer("runbook.dns")


def test_the_list_is_kept_and_names_the_checks_to_look_at(session: Session, tmp_path: Path) -> None:
    session.declare_sender("add", session.sender("mailchimp"), "Ada")
    session.declare_sender("add", session.sender("_spf.google.com"), "Ada")
    session.declare_sender("add", session.sender("SPF.Shop.example."), "Ada")
    checks = session.declare_sender("add", session.sender("93.184.215.9/24"), "Ada")
    assert "email.spf.approved" in {check.id for check in checks}
    session.declare_sender("remove", session.sender("Mailchimp"), "Grace")
    session.store.close()
    again = opened(tmp_path)
    said = declared(again.answers)
    assert said is not None
    assert (said.ids, said.hosts, said.addresses) == (
        ("google-workspace",),
        ("spf.shop.example",),
        ("93.184.215.0/24",),
    )
    assert said.who == "Grace"
    assert [entry.kind for entry in again.store.journal.entries] == ["answer"] * 5
    again.store.close()


def test_taking_one_off_a_list_that_is_not_there_says_nothing(session: Session) -> None:
    assert session.declare_sender("remove", session.sender("resend"), "Ada")
    assert declared(session.answers) is None
    assert not session.store.journal.entries
    session.answer(QUESTION, "none", "Ada")
    session.declare_sender("remove", session.sender("resend"), "Ada")
    said = declared(session.answers)
    assert said is not None
    assert said.nobody


def test_nobody_then_somebody(session: Session) -> None:
    session.answer(QUESTION, "none", "Ada")
    assert declared(session.answers) is not None
    session.declare_sender("add", session.sender("resend"), "Ada")
    said = declared(session.answers)
    assert said is not None
    assert (said.nobody, said.ids) == (False, ("resend",))


def test_what_could_not_be_read_is_not_lost(session: Session) -> None:
    session.answer(
        QUESTION, "listed", "Ada", ticks=frozenset({"resend"}), fields={"other": "our own box, spf.a.example"}
    )
    session.declare_sender("add", session.sender("fastmail"), "Ada")
    said = declared(session.answers)
    assert said is not None
    assert (said.ids, said.hosts) == (("resend", "fastmail"), ("spf.a.example",))
    assert said.unread == ("our", "own", "box")


def test_a_sender_is_known_by_id_name_or_include(session: Session) -> None:
    for typed in ("postmark", "Postmark", "spf.mtasv.net", " POSTMARK "):
        assert session.sender(typed) is guide("postmark")
    assert session.sender("2001:DB8::1") == "2001:db8::1"
    assert session.sender("93.184.215.14/32") == "93.184.215.14"


@pytest.mark.parametrize("typed", ["", "nobody", "<b>x</b>", "a.example +all", "x" * 10_000, "\x1b[2J", "a\nb.example"])
def test_what_is_no_sender_is_refused_in_one_clean_sentence(session: Session, typed: str) -> None:
    with pytest.raises(BadOption, match="neither a sender that we know") as refused:
        session.sender(typed)
    assert "\x1b" not in str(refused.value)
    assert len(str(refused.value)) < 600


async def test_silence_plans_nothing(session: Session) -> None:
    with pytest.raises(FixProblem, match=r"We could not read the SPF record of good\.example"):
        await session.plan_sender("add", session.sender("fastmail"))


async def test_silence_lists_what_was_named_as_unknown(session: Session) -> None:
    session.declare_sender("add", session.sender("fastmail"), "Ada")
    found = await session.sender_list()
    assert [(one.id, one.declared, one.state) for one in found.senders] == [("fastmail", True, "unknown")]
    assert (found.record, found.lookups) == ("", None)


def test_a_second_window_may_not_write(tmp_path: Path) -> None:
    first = opened(tmp_path)
    second = opened(tmp_path)
    assert second.read_only
    with pytest.raises(WorkspaceProblem):
        second.declare_sender("add", second.sender("resend"), "Ada")
    assert not second.can_change_senders()
    second.store.close()
    first.store.close()


def test_two_records_propose_from_both(session: Session) -> None:
    lines = [
        Evidence("TXT good.example", text)
        for text in ("v=spf1 include:icloud.com ~all", "v=spf1 include:amazonses.com ~all")
    ]
    session.outcomes[SINGLE] = Outcome(failed("good.example has 2 SPF records.", fix(), evidence=lines), NOW)
    assert session.proposed_ticks(QUESTION) == {"icloud-mail", "amazon-ses"}


def test_the_question_counts_as_long_as_others() -> None:
    assert QUESTIONS[QUESTION].days == 90
