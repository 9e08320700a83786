"""A real look at a hostile launch, and what the wizard shows of it: every row of every stage, the map, the risks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from textual.pilot import Pilot

from launchready_tui.model import Stage
from launchready_tui.options import apply
from launchready_tui.project import Project
from launchready_tui.session import Session
from launchready_tui.vault import Vault
from launchready_tui.workspace import Workspace
from screens.app import LaunchReady
from tests.command import look_options
from tests.hostile_world import DOMAIN, hostile
from tests.screens.desk import FakeDesk
from tests.screens.pilot import app_of, detail_of, rows_of, screen_text, stage_of, until
from tests.screens.test_hostile import raw
from tests.test_hostile_check import ADDRESSES


@asynccontextmanager
async def looked(trick: str, folder: Path) -> AsyncIterator[Session]:
    """A project in a workspace, after one look at everything."""
    async with hostile(trick, folder) as place:
        store = Workspace(folder / "home").open(DOMAIN, create=True)
        project = apply(Project(DOMAIN), look_options([*place.options, *ADDRESSES]))
        session = Session(store, Vault(kind="session"), project=project)
        async with aclosing(session.look()) as events:
            async for _ in events:
                pass
        try:
            yield session
        finally:
            await session.aclose()


def harmless(pilot: Pilot[None], where: str) -> None:
    assert pilot.app.is_running, where
    assert not any(raw(line) for line in screen_text(pilot).split("\n")), where


def _at(pilot: Pilot[None], stage: Stage) -> bool:
    return stage_of(pilot).STAGE is stage


async def close(pilot: Pilot[None]) -> None:
    while len(pilot.app.screen_stack) > 1:
        pilot.app.screen_stack[-1].dismiss()
        await pilot.pause()


@pytest.mark.slow
@pytest.mark.parametrize("trick", ["text", "places"])
async def test_every_row_of_every_stage(trick: str, tmp_path: Path) -> None:
    async with looked(trick, tmp_path) as session:
        app = LaunchReady(FakeDesk(), session=session)
        seen = ""
        async with app.run_test(size=(120, 40), notifications=True) as pilot:
            await pilot.pause()
            for stage in Stage:
                await pilot.press(str(stage.number))
                await until(pilot, partial(_at, pilot, stage))
                await pilot.press("home", "v")
                for check in session.stage_checks(stage):
                    await pilot.pause()
                    harmless(pilot, check.id)
                    seen += detail_of(pilot)
                    await pilot.press("down")
                assert rows_of(pilot).current
            for key in ("l", "m", "i", "d", "question_mark", "0"):
                await pilot.press(key)
                await pilot.pause()
                harmless(pilot, key)
                await close(pilot)
            assert app_of(pilot).crash is None
        assert "[@click=app.quit]" in seen  # it stands there as text


async def test_asking_and_accepting_hostile_findings_and_exporting_them(tmp_path: Path) -> None:
    """What leaves the wizard (a message, the risk list, the handover) is as harmless as the screen."""
    async with looked("text", tmp_path) as session:
        bad = [id for id, finding in session.findings.items() if finding.status == "fail"]
        assert bad
        for id in bad:
            session.ask_someone(id, "Ada")
        exported = await session.export(tmp_path / "out")
        assert exported.hits == ()
        folder = session.store.folder("messages")
        files = [*exported.paths, *folder.iterdir()]
        assert len(files) > len(bad)
        for path in files:
            if path.is_file():
                assert not any(raw(line) for line in path.read_text("utf-8").split("\n")), path
