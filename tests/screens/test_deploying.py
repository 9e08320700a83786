"""The deploy stage by keys: a build with its log and its stop, the document written and taken back, the stopwatch."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from launchready_tui.model import Stage, Status
from launchready_tui.project import Network, Project
from launchready_tui.session import Session
from launchready_tui.vault import Vault
from launchready_tui.workspace import Workspace
from screens.dialogs.build import BuildDialog
from screens.dialogs.document import DocumentDialog
from screens.dialogs.plan import PlanDialog
from screens.dialogs.stopwatch import StopwatchDialog
from tests.cleanbuild.shop import alive, git, repository
from tests.screens.pilot import app_of, hints_of, opened, rows_of, screen_text, until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="builds of these tests are shell scripts")
BUILD, DOCUMENT, REHEARSAL = "deploy.build.clean", "deploy.doc.tenminute", "deploy.rollback.rehearsed"
NIX = '[phases.build]\ncmds = ["sh build.sh"]\n'
NETWORK = Network(resolvers=(("127.0.0.1", 9),), registries=False, private=True)  # nobody answers there, at once


@asynccontextmanager
async def at(
    tmp_path: Path, script: str = "echo built", check: str = BUILD, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Pilot[None], Session]]:
    """The wizard on the deploy stage, the cursor on a check that was looked at."""
    shop = tmp_path / "shop"
    if not shop.exists():
        repository(shop, script, {"nixpacks.toml": NIX, ".env.example": "NAME=made-up\n"})
    store = Workspace(tmp_path / "home").open("good.example", create=True)
    session = Session(store, Vault("session"), project=Project("good.example", repo=str(shop), network=NETWORK))
    wanted = [session.check(id) for id in (BUILD, DOCUMENT, REHEARSAL)]
    async for _ in session.look(wanted):
        pass
    try:
        async with opened(session, size=size) as pilot:
            app_of(pilot).go(Stage.DEPLOY, check)
            await until(pilot, lambda: rows_of(pilot).current == check)
            yield pilot, session
    finally:
        await session.aclose()


async def dialog(pilot: Pilot[None], kind: type) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, kind), tries=600)
    await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_a_build_by_keys(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at(tmp_path, "echo from $NAME; echo built", size=size) as (pilot, session):
        await until(pilot, lambda: hints_of(pilot).get("enter") == "Build it")
        await pilot.press("enter")
        await dialog(pilot, BuildDialog)
        shown = pilot.app.screen
        assert isinstance(shown, BuildDialog)
        await until(pilot, lambda: shown._order is not None)
        await pilot.pause()
        words = screen_text(pilot)
        assert "sh build.sh" in words
        assert "Variables from .env.example" in words
        assert "no sandbox" in words
        assert not (tmp_path / "shop" / "dist").exists()
        await pilot.press("enter")
        await until(pilot, lambda: shown.phase == "done", tries=2_000)
        await pilot.pause()
        words = screen_text(pilot)
        assert "✓ It builds from a fresh copy" in words
        assert "from made-up" in words
        await pilot.press("escape")
        await until(pilot, lambda: session.findings[BUILD].status is Status.PASS)
    again = Session(Workspace(tmp_path / "home").open("good.example"), Vault("session"))
    assert again.build_book.last is not None
    assert again.build_book.last.outcome == "passed"
    await again.aclose()


async def test_a_build_is_not_run_without_the_yes(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    async with at(tmp_path, f"touch {ran}") as (pilot, session):
        await pilot.press("B")
        await dialog(pilot, BuildDialog)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, BuildDialog))
        assert session.build_book.last is None
        assert not ran.exists()


async def test_the_commands_can_be_changed_and_are_kept(tmp_path: Path) -> None:
    async with at(tmp_path, "exit 7") as (pilot, session):
        await pilot.press("enter")
        await dialog(pilot, BuildDialog)
        shown = pilot.app.screen
        assert isinstance(shown, BuildDialog)
        await until(pilot, lambda: shown._order is not None)
        shown.query_one("#build", Input).value = "echo by hand"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: shown.phase == "done", tries=2_000)
        await pilot.press("escape")
        assert session.build_book.last is not None
        assert session.build_book.last.build == "echo by hand"
        await until(pilot, lambda: "by hand" in session.findings[BUILD].saw)


async def test_a_command_with_a_secret_is_not_run_and_not_kept(tmp_path: Path) -> None:
    secret = "_".join(("sk", "live", "4eC39HqLyjWDarjtT1zdp7dc"))
    async with at(tmp_path) as (pilot, _):
        await pilot.press("enter")
        await dialog(pilot, BuildDialog)
        shown = pilot.app.screen
        assert isinstance(shown, BuildDialog)
        await until(pilot, lambda: shown._order is not None)
        shown.query_one("#build", Input).value = f"KEY={secret} sh build.sh"
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert shown.phase == "ask"
        assert "holds a secret" in screen_text(pilot)
        await pilot.press("escape")
    (journal,) = (tmp_path / "home").rglob("journal.jsonl")
    assert secret not in journal.read_text()


async def test_stop_ends_it_within_a_second_and_keeps_nothing(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    async with at(tmp_path, f"echo $$ > {pid}; echo waiting; sleep 600") as (pilot, session):
        await pilot.press("enter")
        await dialog(pilot, BuildDialog)
        shown = pilot.app.screen
        assert isinstance(shown, BuildDialog)
        await until(pilot, lambda: shown._order is not None)
        await pilot.press("enter")
        await until(pilot, lambda: pid.exists() and pid.read_text().strip(), tries=1_000)
        await until(pilot, lambda: "waiting" in screen_text(pilot), tries=1_000)
        assert "Building: sh build.sh" in screen_text(pilot)
        began = time.monotonic()
        await pilot.press("s")
        await until(pilot, lambda: not alive(pid))
        assert time.monotonic() - began < 1
        await until(pilot, lambda: shown.phase == "stopped")
        await pilot.press("escape")
        assert session.build_book.last is None


async def test_a_missing_file_is_taken_into_git_and_taken_back(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop", "cat plans.json", {"nixpacks.toml": NIX})
    (shop / "plans.json").write_text("{}")
    async with at(tmp_path) as (pilot, session):
        await pilot.press("enter")
        await dialog(pilot, BuildDialog)
        shown = pilot.app.screen
        assert isinstance(shown, BuildDialog)
        await until(pilot, lambda: shown._order is not None)
        await pilot.press("enter")
        await until(pilot, lambda: shown.phase == "done", tries=2_000)
        assert "it asks for plans.json" in screen_text(pilot).replace("\n", " ") or "plans.json" in screen_text(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: hints_of(pilot).get("enter") == "Fix it")
        await pilot.press("enter")
        await dialog(pilot, PlanDialog)
        assert "+ plans.json   git tracks it" in screen_text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "plans.json" in git(shop, "ls-files"), tries=600)
        assert git(shop, "show", ":plans.json") == "{}"
        await until(pilot, lambda: "what is left is to commit it" in session.findings[BUILD].saw, tries=600)
        await pilot.press("u")
        await dialog(pilot, PlanDialog)
        await pilot.press("enter")
        await until(pilot, lambda: "plans.json" not in git(shop, "ls-files"), tries=600)
        assert (shop / "plans.json").exists()


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_the_document_is_changed_shown_written_and_taken_back(tmp_path: Path, size: tuple[int, int]) -> None:
    written = tmp_path / "shop" / "DEPLOY.md"
    async with at(tmp_path, check=DOCUMENT, size=size) as (pilot, session):
        await until(pilot, lambda: hints_of(pilot).get("enter") == "Write it")
        await pilot.press("enter")
        await dialog(pilot, DocumentDialog)
        area = pilot.app.screen.query_one("#text", TextArea)
        assert "# Deploy good.example" in area.text
        area.insert("Ask Ada first.\n\n", (2, 0))
        assert not written.exists()
        await pilot.press("ctrl+s")
        await dialog(pilot, PlanDialog)
        assert "DEPLOY.md" in screen_text(pilot)
        assert not written.exists()
        await pilot.press("enter")
        await until(pilot, lambda: session.findings[DOCUMENT].status is Status.WARN, tries=600)
        assert "Ask Ada first." in written.read_text()
        await until(pilot, lambda: hints_of(pilot).get("enter") == "Try it")
        await pilot.press("u")
        await dialog(pilot, PlanDialog)
        await pilot.press("enter")
        await until(pilot, lambda: not written.exists(), tries=600)


async def test_a_document_with_a_secret_is_not_written(tmp_path: Path) -> None:
    async with at(tmp_path, check=DOCUMENT) as (pilot, _):
        await pilot.press("D")
        await dialog(pilot, DocumentDialog)
        secret = "_".join(("sk", "live", "4eC39HqLyjWDarjtT1zdp7dc"))
        pilot.app.screen.query_one("#text", TextArea).insert(f"key: {secret}\n", (2, 0))
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert isinstance(pilot.app.screen, DocumentDialog)
        assert "holds a secret" in screen_text(pilot)
        assert not (tmp_path / "shop" / "DEPLOY.md").exists()


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_the_stopwatch(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at(tmp_path, check=REHEARSAL, size=size) as (pilot, session):
        await until(pilot, lambda: hints_of(pilot).get("enter") == "Rehearse it")
        await pilot.press("enter")
        await dialog(pilot, StopwatchDialog)
        shown = pilot.app.screen
        assert isinstance(shown, StopwatchDialog)
        assert "5 minutes is the bar" in screen_text(pilot)
        await pilot.press("s")
        assert shown.running
        assert shown._began is not None
        shown._began -= 250  # four minutes and ten seconds ago
        shown._show()
        await pilot.pause()
        assert "left of 5 minutes" in screen_text(pilot)
        await pilot.press("s")
        assert shown.query_one("#minutes", Input).value == "4:10"
        shown._began = time.monotonic() - 400
        shown.seconds = 0.0
        shown._show()
        await pilot.pause()
        assert "over the 5 minutes" in screen_text(pilot)
        shown._began = None
        shown.query_one("#told", Input).value = "vercel rollback"
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "Say who says so" in screen_text(pilot)
        shown.query_one("#who", Input).value = "Ada"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: session.findings[REHEARSAL].status is Status.PASS)
        assert "took 4.17 minutes" in session.findings[REHEARSAL].saw


async def test_without_a_try_nothing_is_kept(tmp_path: Path) -> None:
    async with at(tmp_path, check=REHEARSAL) as (pilot, session):
        await pilot.press("T")
        await dialog(pilot, StopwatchDialog)
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert "Start the clock, or type the minutes" in screen_text(pilot)
        await pilot.press("escape")
        assert session.answers.newest("rollback.rehearsal") is None


def test_no_temporary_folder_is_left(tmp_path: Path) -> None:
    import tempfile

    mine = [name for name in os.listdir(tempfile.gettempdir()) if name.startswith(f"launchready-build-{os.getpid()}-")]
    assert mine == []
