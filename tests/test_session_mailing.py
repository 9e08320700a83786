"""Messages of an open project: kept whole in its folder, judged anew, named in the journal, gone when taken off."""

from __future__ import annotations

from pathlib import Path

import pytest

from launchready_tui.desk import Desk
from launchready_tui.disk import WorkspaceProblem
from launchready_tui.model import Status
from launchready_tui.saying import Problem
from launchready_tui.session import Session
from launchready_tui.workspace import Workspace


async def look(session: Session, *ids: str) -> dict[str, Status]:
    async for _ in session.look([check for check in session.checks if check.id in ids]):
        pass
    return {id: session.findings[id].status for id in ids}


async def test_a_message_is_added_judged_and_taken_off(tmp_path: Path) -> None:
    desk = Desk(Workspace(tmp_path))
    try:
        session = await desk.practice()
        assert session.tryout is not None
        assert session.messages() == ()
        assert session.found_messages() == ()
        assert (await look(session, "email.eml.dkim"))["email.eml.dkim"] is Status.UNKNOWN
        await session.tryout.trigger("reset", "gmail")
        (found,) = session.found_messages()
        proof = await session.add_message(found)
        assert proof.kind == "reset", "its subject says so"
        assert proof.verdict == "not-yours"
        assert session.found_messages() == (), "it is on file now"
        (stored,) = session.messages()
        assert stored.name == proof.name
        assert stored.path.read_bytes() == found.read_bytes()
        assert stored.path.stat().st_mode & 0o077 == 0
        assert (await look(session, "email.eml.dkim"))["email.eml.dkim"] is Status.FAIL
        again = await session.add_message(found.read_bytes(), "reset")
        assert [one.name for one in session.messages()] == [again.name], "the same message is kept once"
        assert (await session.proofs())[0].sentence == proof.sentence
        assert {check.id for check in session.message_checks()} >= {"email.eml.dkim", "email.flow.reset"}
        journal = (session.store.path / "journal.jsonl").read_text()  # type: ignore[union-attr]
        assert stored.name in journal
        assert "bounces@" not in journal
        session.remove_message(stored.name)
        assert session.messages() == ()
        with pytest.raises(WorkspaceProblem):
            session.remove_message("../project.toml")
    finally:
        await desk.aclose()


async def test_what_is_no_message_is_said_and_nothing_is_kept(tmp_path: Path) -> None:
    desk = Desk(Workspace(tmp_path))
    try:
        session = await desk.practice()
        picture = tmp_path / "picture.png"
        picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
        for what in (picture, tmp_path / "nothing.eml", tmp_path, b"", b"hello"):
            with pytest.raises(Problem):
                await session.add_message(what)
        assert session.messages() == ()
    finally:
        await desk.aclose()


async def test_who_sends_and_what_spf_costs(tmp_path: Path) -> None:
    desk = Desk(Workspace(tmp_path))
    try:
        session = await desk.practice()
        seen = await session.who_sends()
        assert seen.cost is None
        assert "no single SPF record" in seen.no_cost
        assert [(state.name, state.declared) for state in seen.states] == [("SendGrid", False)]
        assert "Nobody has said yet" in seen.say
        async for _ in session.look([session.check("email.spf.single")]):
            pass
        plan = await session.plan("email.spf.single")
        async for _ in session.apply(plan, "Ada"):
            pass
        session.answer("email.senders", "listed", "Ada")
        seen = await session.who_sends()
        assert seen.cost is not None
        assert seen.cost.lookups == 2
        assert seen.say == "1 sender that you did not name has a record."
        removed = await session.plan_sender("remove", session.sender("sendgrid"))
        assert removed.plan is not None
        async for _ in session.apply(removed.plan, "Ada"):
            pass
        seen = await session.who_sends()
        assert seen.states == ()
        assert seen.say == "Whom you named, and nobody else."
        assert (await look(session, "email.spf.approved"))["email.spf.approved"] is Status.PASS
    finally:
        await desk.aclose()
