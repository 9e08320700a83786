"""Connecting the web host by keys: on the rows that it can answer, with its token tried first and never shown again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Button, Input

from launchready_tui.checks import REGISTRY
from launchready_tui.hosts import vercel
from launchready_tui.model import unknown
from launchready_tui.project import Network, Project
from launchready_tui.session import HostReach, Outcome, Session
from launchready_tui.vault import Vault
from launchready_tui.workspace import Workspace
from screens._words import now
from screens.dialogs.confirm import ConfirmDialog
from screens.dialogs.webhost import HostDialog, verdict
from screens.widgets.rows import Rows
from screens.widgets.token import TokenInput
from tests.fakes.host_server import TOKEN, Fault, HostServer
from tests.hosts.asked import CANARIES, DOMAIN, FAKES
from tests.screens.pilot import hints_of, opened, screen_text, until
from tests.screens.test_changing import SIZES, TRIES, press, quiet, shows

TARGET = "deploy.rollback.target"


@asynccontextmanager
async def launch(root: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Session, HostServer]]:
    """A launch with the one row, and Vercel's interface on loopback."""
    with FAKES["vercel"]() as fake:
        monkeypatch.setattr(vercel, "HOST", replace(vercel.HOST, base=fake.base))
        store = Workspace(root).open(DOMAIN, create=True)
        network = Network(resolvers=(("127.0.0.1", 1),), private=True, registries=False)
        store.save_project(Project(DOMAIN, network=network))
        session = Session(store, Vault(kind="session"))
        session.checks = (REGISTRY[TARGET],)
        session.outcomes[TARGET] = Outcome(
            unknown("We cannot see.", needs="your answer", question="rollback.target"), now()
        )
        try:
            yield session, fake
        finally:
            await session.aclose()


def dialog_of(pilot: Pilot[None]) -> HostDialog:
    assert isinstance(pilot.app.screen, HostDialog)
    return pilot.app.screen


def told(pilot: Pilot[None]) -> str:
    return " ".join(screen_text(pilot).replace("│", " ").split())


async def paste(pilot: Pilot[None], text: str) -> None:
    field = dialog_of(pilot).query_one(TokenInput)
    field.focus()
    await pilot.pause()
    field.post_message(events.Paste(text))
    await until(pilot, lambda: field.value)


@pytest.mark.parametrize("size", SIZES)
async def test_a_token_is_refused_then_taken_and_the_row_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    async with launch(tmp_path, monkeypatch) as (session, fake):
        async with opened(session, size=size) as pilot:
            await pilot.press("4")
            await until(pilot, lambda: "h" in hints_of(pilot), tries=TRIES)
            assert hints_of(pilot)["h"] == "Connect host"
            await pilot.press("h")
            await shows(pilot, HostDialog)
            assert dialog_of(pilot).query_one(Rows).rows[0].id == "vercel"
            await pilot.press("enter")  # to the field for the token
            await paste(pilot, "another-0123456789-token")
            assert "another-0123" not in screen_text(pilot)
            await pilot.press("enter")
            await until(pilot, lambda: "is not kept" in told(pilot), tries=TRIES)
            assert session.web_host is None
            await paste(pilot, TOKEN)
            await pilot.press("enter")
            await until(pilot, lambda: "3 variables of production" in told(pilot), tries=TRIES)
            assert dialog_of(pilot).query_one(TokenInput).value == ""
            assert dialog_of(pilot).query_one("#buttons").region.bottom < size[1]
            await pilot.press("escape")
            await until(pilot, lambda: "can be put live again" in session.outcomes[TARGET].finding.saw, tries=TRIES)
            await until(pilot, lambda: "h" not in hints_of(pilot), tries=TRIES)
            await pilot.press("h")
            await shows(pilot, HostDialog)
            assert "Vercel is connected" in told(pilot)
            await press(pilot, "#forget")
            await shows(pilot, ConfirmDialog)
            pilot.app.screen.query_one("#yes", Button).press()
            await shows(pilot, HostDialog)
            await until(pilot, lambda: "no longer connected" in told(pilot), tries=TRIES)
            assert session.web_host is None
            await pilot.press("escape")
            await quiet(pilot)
            shown = screen_text(pilot)
        assert not [text for text in (TOKEN, *CANARIES) if text in shown]
        assert fake.writes == []


async def test_escape_stops_a_try_at_a_host_that_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with launch(tmp_path, monkeypatch) as (session, fake), opened(session) as pilot:
        fake.faults = [Fault("hang")]
        await pilot.press("4", "h")
        await shows(pilot, HostDialog)
        await pilot.press("ctrl+s")
        assert "Paste the token first." in told(pilot)
        await paste(pilot, TOKEN)
        # A token for one host never goes to another.
        rows = dialog_of(pilot).query_one(Rows)
        assert rows.go("fly")
        await until(pilot, lambda: dialog_of(pilot).query_one(TokenInput).value == "", tries=TRIES)
        assert rows.go("vercel")
        await until(pilot, lambda: "vercel.com" in told(pilot), tries=TRIES)
        await paste(pilot, TOKEN)
        await pilot.press("enter")
        await until(pilot, fake.asked.is_set, tries=TRIES)
        assert "Escape stops" in told(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: "Stopped." in told(pilot), tries=TRIES)
        assert session.web_host is None
        fake.closing.set()
        await pilot.press("escape")


async def test_a_project_is_named_where_none_has_the_domain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with launch(tmp_path, monkeypatch) as (session, fake), opened(session) as pilot:
        fake.domain = "other.example"  # type: ignore[attr-defined]
        await pilot.press("4", "h")
        await shows(pilot, HostDialog)
        await paste(pilot, TOKEN)
        await pilot.press("enter")
        await until(pilot, lambda: "Say which one it is" in told(pilot), tries=TRIES)
        dialog_of(pilot).query_one("#project", Input).value = "maple-club"
        await paste(pilot, TOKEN)
        await pilot.press("enter")
        await until(pilot, lambda: session.web_host is not None, tries=TRIES)
        await until(pilot, lambda: "3 variables of production" in told(pilot), tries=TRIES)
        await pilot.press("escape")
        await quiet(pilot)


@pytest.mark.parametrize(
    ("reach", "sign"),
    [
        (HostReach(True, "It shows 3 variables."), "✓"),
        (HostReach(True, "It shows 3 variables.", missing=("No releases.",)), "!"),
        (HostReach(False, "It refused."), "✗"),
        (HostReach(None, "Several.", ("a", "b")), "?"),
        (HostReach(None, "It did not answer."), "?"),
    ],
)
def test_the_verdict_names_what_is_and_what_is_missing(reach: HostReach, sign: str) -> None:
    shown, said = verdict(reach, "Vercel")
    assert shown == sign
    assert reach.say in said
    assert all(each in said for each in reach.missing)
