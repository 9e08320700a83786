"""The page of the six automations, by keys on the practice startup: one on, taken back, all on, a word of one's own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from launchready_tui.automations import NAMES, State
from launchready_tui.desk import Desk
from launchready_tui.model import Stage, Status
from launchready_tui.workspace import Workspace
from screens.app import LaunchReady
from screens.dialogs.answer import AnswerDialog
from screens.dialogs.automations import AutomationsDialog
from screens.dialogs.plan import PlanDialog
from screens.widgets.rows import Rows
from tests.founder import Founder
from tests.screens.pilot import screen_text

SIZES = [(80, 24), (140, 40)]


@asynccontextmanager
async def at_the_page(root: Path, size: tuple[int, int]) -> AsyncIterator[tuple[Founder, AutomationsDialog, Path]]:
    desk = Desk(Workspace(root))
    session = await desk.practice()
    app = LaunchReady(desk, session=session)
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            await pilot.pause()
            founder = Founder(pilot)
            await founder.until(lambda: app.hub is not None and app.hub.looking)
            await founder.press("s")
            await founder.quiet()
            await founder.to_stage(Stage.DEPLOY)
            await founder.press("A")
            await founder.until(lambda: isinstance(founder.dialog, AutomationsDialog))
            dialog = founder.dialog
            assert isinstance(dialog, AutomationsDialog)
            await founder.until(lambda: len(dialog.listed) == len(NAMES))
            yield founder, dialog, Path(str(session.project.repo))
    finally:
        await desk.aclose()


async def go(founder: Founder, dialog: AutomationsDialog, name: str) -> None:
    rows = dialog.query_one("#automations", Rows)
    steps = NAMES.index(name) - NAMES.index(rows.current or NAMES[0])
    await founder.press(*(["down"] * steps if steps > 0 else ["up"] * -steps))
    assert rows.current == name


async def say_yes(founder: Founder, dialog: AutomationsDialog) -> str:
    await founder.until(lambda: isinstance(founder.dialog, PlanDialog))
    shown = screen_text(founder.pilot)
    await founder.press("enter")
    await founder.until(lambda: founder.dialog is dialog)
    await founder.quiet()
    return shown


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
async def test_one_on_and_taken_back_then_all_by_one_key(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_the_page(tmp_path, size) as (founder, dialog, repo):
        session = founder.session
        assert "0 of 6 are on" in screen_text(founder.pilot)
        for name in NAMES:  # each says what it costs and how it ends, within the window
            await go(founder, dialog, name)
            for part in ("Costs", "Take back"):
                assert part in screen_text(founder.pilot), name
        file = repo / ".github/workflows/launchready-smoke.yml"
        await go(founder, dialog, "smoke")
        await founder.press("enter")
        shown = await say_yes(founder, dialog)
        assert "launchready-smoke.yml" in shown
        await founder.until(lambda: dialog.listed["smoke"].state is State.ON)
        assert file.read_text().startswith("# launchready: smoke")
        await founder.until(lambda: session.outcomes["deploy.smoke.auto"].finding.status is Status.PASS)
        assert "commit and push it" in session.outcomes["deploy.smoke.auto"].finding.saw

        await founder.press("u")
        await say_yes(founder, dialog)
        await founder.until(lambda: dialog.listed["smoke"].state is State.OFF)
        assert not file.exists()

        await founder.press("a")
        await say_yes(founder, dialog)
        await founder.until(lambda: all(dialog.listed[name].state is State.ON for name in NAMES if name != "logs"))
        assert len(list((repo / ".github/workflows").iterdir())) == 5
        assert len(session.changes) == 2, "all of them are one change, and one undo takes it back"
        await founder.press("enter")
        await founder.until(lambda: "It is on." in screen_text(founder.pilot))


@pytest.mark.slow
async def test_what_a_person_does_is_answered(tmp_path: Path) -> None:
    async with at_the_page(tmp_path, (80, 24)) as (founder, dialog, _):
        await go(founder, dialog, "logs")
        assert "By hand" in screen_text(founder.pilot)
        await founder.press("enter")
        await founder.until(lambda: isinstance(founder.dialog, AnswerDialog))
        answering = founder.dialog
        assert isinstance(answering, AnswerDialog)
        await founder.answer(answering)
        await founder.until(lambda: founder.dialog is dialog)
        await founder.until(lambda: dialog.listed["logs"].state is State.ELSEWHERE)
        assert "1 of 6 are on" in screen_text(founder.pilot)
