"""The record for reports about encrypted mail is added with one key, seen, and taken back, at a name server that takes
updates."""

from __future__ import annotations

from contextlib import aclosing
from pathlib import Path

from launchready_tui.model import Finding, Status
from launchready_tui.practice import DOMAIN
from launchready_tui.practice.startup import Practice
from launchready_tui.session import Session
from launchready_tui.vault import Vault
from launchready_tui.workspace import Workspace

CHECK, NAME = "email.transport.policy", f"_smtp._tls.{DOMAIN}"


async def look(session: Session) -> Finding:
    async with aclosing(session.look([session.check(CHECK)])) as events:
        async for _ in events:
            pass
    return session.findings[CHECK]


async def test_one_key_adds_it_and_takes_it_back(tmp_path: Path) -> None:
    practice = await Practice.start(tmp_path / "practice", faults=())
    store = Workspace(tmp_path / "workspace").open(DOMAIN, create=True)
    session = Session(store, Vault(kind="session"), project=practice.project, secrets=practice.secrets)
    try:
        assert (await look(session)).status is Status.INFO
        assert session.can_fix(CHECK)
        plan = await session.plan(CHECK)
        assert [(step.name, step.type, step.after.values) for step in plan.steps] == [
            (NAME, "TXT", (f"v=TLSRPTv1; rua=mailto:tls-reports@{DOMAIN}",))
        ]
        async with aclosing(session.apply(plan, "Ada")) as steps:
            async for step in steps:
                assert step.ok, step
        found = await look(session)
        assert (found.status, f"tls-reports@{DOMAIN}" in found.saw) == (Status.PASS, True), found
        async with aclosing(session.undo(session.changes[-1].number, "Ada")) as steps:
            async for step in steps:
                assert step.ok, step
        assert (await look(session)).status is Status.INFO
    finally:
        await session.aclose()
        await practice.aclose()
