"""From the export to the receiver's word, on a real session over the practice startup."""

from __future__ import annotations

import json
from contextlib import aclosing
from pathlib import Path

import pytest

from launchready_tui.drift.facts import from_handover
from launchready_tui.driftlook import result
from launchready_tui.handover.reading import read_handover
from launchready_tui.handover.verified import NotVerified, state_verified
from launchready_tui.model import Status
from launchready_tui.practice.faults import SOUND_SETTINGS
from launchready_tui.practice.startup import Practice
from launchready_tui.session import Session
from launchready_tui.vault import Vault
from launchready_tui.workspace import Workspace
from tests.vault.fakes import Good

DRIFT, VERIFY = "handover.runbook.drift", "handover.runbook.verify"


async def look(session: Session) -> tuple[Status, Status]:
    async with aclosing(session.look(session.verify_checks())) as events:
        async for _ in events:
            pass
    return session.findings[DRIFT].status, session.findings[VERIFY].status


async def test_export_drift_and_the_receivers_word(tmp_path: Path) -> None:
    practice = await Practice.start(tmp_path / "practice", faults=())
    keyring = Good()
    workspace = Workspace(tmp_path / "workspace")
    store = workspace.open(practice.project.domain, create=True)
    vault = Vault("keyring", find=lambda: keyring)
    session = Session(store, vault, project=practice.project, secrets=practice.secrets)
    try:
        assert await look(session) == (Status.INFO, Status.INFO)
        exported = await session.export()
        assert exported.signed is not None
        assert exported.signed.made
        assert any("made now" in note for note in session.notes)
        assert {"handover.toml", "handover.toml.sig"} <= {path.name for path in exported.paths}
        path, data = session.last_handover()
        verdict = session.signature_of(path, data)
        assert verdict.outcome == "unknown-key"
        assert "known from now on" in session.trust_key(verdict)
        assert session.signature_of(path, data).outcome == "known"
        assert (workspace.root / "known-keys.toml").exists()
        facts = from_handover(read_handover(data))
        steps: list[str] = []
        lines = await session.compare_last(facts, steps.append)
        assert result(lines) == "equal", lines
        assert len(steps) > 20
        assert await look(session) == (Status.PASS, Status.WARN)

        # What somebody switched off shows, and is named in the finding.
        settings = Path(practice.project.connections[1]["path"])
        before = settings.read_text()
        settings.write_text(json.dumps({k: v for k, v in SOUND_SETTINGS.items() if k != "site.login"}))
        assert (await look(session))[0] is Status.FAIL
        assert "answers 500" in session.findings[DRIFT].saw
        settings.write_text(before)

        # The receiver, on a machine of their own.
        theirs = await state_verified(Vault("session"), data, "Grace", session.clock.now(), "equal")
        with pytest.raises(NotVerified):
            session.take_word(theirs.replace("Grace", "Eve").encode())
        stranger = await state_verified(Vault("session"), data + b"x", "Grace", session.clock.now(), "equal")
        with pytest.raises(NotVerified, match="not exported here"):
            session.take_word(stranger.encode())
        assert [check.id for check in session.take_word(theirs.encode())] == sorted([DRIFT, VERIFY])
        assert await look(session) == (Status.PASS, Status.PASS)
        assert "Grace verified the handover" in session.findings[VERIFY].saw

        # A file that somebody wrote in is not compared; exported anew, it is.
        path.write_bytes(data + b"# and a word\n")
        assert (await look(session))[0] is Status.UNKNOWN
        assert session.signature_of(path, path.read_bytes()).outcome == "altered"
        again = await session.export()
        assert again.signed is not None
        assert not again.signed.made
        assert again.signed.words == exported.signed.words
        assert (await look(session))[0] is Status.PASS
    finally:
        await session.aclose()
        await practice.aclose()
    # What was said survives a restart.
    reopened = Session(workspace.open(practice.project.domain), Vault("session"), project=practice.project)
    try:
        assert len(reopened.exports) == 2
        assert [word.name for word in reopened.handed().words] == ["Grace"]
    finally:
        await reopened.aclose()


async def test_without_a_keyring_it_is_not_signed_and_an_old_signature_goes(tmp_path: Path) -> None:
    practice = await Practice.start(tmp_path / "practice", faults=())
    store = Workspace(tmp_path / "workspace").open(practice.project.domain, create=True)
    session = Session(store, Vault("session"), project=practice.project, secrets=practice.secrets)
    try:
        old = session.store.folder("exports") / "handover.toml.sig"
        old.parent.mkdir(parents=True, exist_ok=True)
        old.write_text("of an export before")
        exported = await session.export()
        assert exported.signed is None
        assert "not signed" in exported.unsigned
        assert not old.exists()
        path, data = session.last_handover()
        assert session.signature_of(path, data).outcome == "unsigned"
        await session.give_word("Grace", "equal")
        assert path.with_name("handover.toml.verified.toml").exists()
        assert (await look(session))[1] is Status.PASS
    finally:
        await session.aclose()
        await practice.aclose()
