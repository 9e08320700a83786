"""Promises 2, 3 and 10 where a person meets them: the dialog of a plan, the mouse alone, the keyboard, no colour."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.content import Content
from textual.widgets import Button, Static

from launchready_tui.desk import Desk
from launchready_tui.fixes.model import ChangeState, Plan, State, Step
from launchready_tui.model import Stage, Status
from launchready_tui.workspace import Workspace
from screens.app import LaunchReady
from screens.dialogs.plan import PlanDialog
from screens.widgets.rail import Rail
from screens.widgets.rows import Rows
from tests.founder import Founder
from tests.screens.pilot import rows_of, said, screen_text, stage_of
from tests.terminal import wizard

HTTPS = "edge.https.forced"


@asynccontextmanager
async def practising(root: Path, size: tuple[int, int] = (140, 40)) -> AsyncIterator[Founder]:
    """The practice startup, looked at once, in the wizard."""
    desk = Desk(Workspace(root))
    app = LaunchReady(desk, session=await desk.practice())
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            founder = Founder(pilot)
            await founder.until(lambda: len(founder.session.outcomes) == len(founder.session.checks))
            await founder.quiet()
            yield founder
    finally:
        await desk.aclose()


def settings_of(founder: Founder) -> Path:
    return next(Path(one["path"]) for one in founder.session.project.connections if one["kind"] == "settings-file")


@pytest.mark.slow
async def test_what_moved_while_the_plan_was_shown_is_not_written(tmp_path: Path) -> None:
    """The dialog is open; somebody else changes the very thing; the yes that comes then changes nothing."""
    async with practising(tmp_path) as founder:
        await founder.to_stage(Stage.EDGE)
        await founder.down_to(HTTPS)
        await founder.press("f")
        await founder.until(lambda: isinstance(founder.dialog, PlanDialog))
        path = settings_of(founder)
        held = json.loads(path.read_text("utf-8"))
        moved = {**held, "https.redirect": "302"}
        path.write_text(json.dumps(moved), encoding="utf-8")
        await founder.press("enter")
        await founder.until(lambda: "no longer what the plan showed" in said(founder.pilot))
        await founder.quiet()
        assert json.loads(path.read_text("utf-8")) == moved
        assert founder.session.changes == ()
        assert "change-intended" not in [entry.kind for entry in founder.session.store.journal.entries]
        # The next plan starts from what is there now.
        await founder.press("f")
        await founder.until(lambda: isinstance(founder.dialog, PlanDialog))
        assert "302" in screen_text(founder.pilot)
        await founder.press("enter")
        await founder.quiet()
        assert founder.session.findings[HTTPS].status is Status.PASS


@pytest.mark.slow
@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_with_the_mouse_alone(tmp_path: Path, size: tuple[int, int]) -> None:
    """To a stage, to a row, a fix, its undo: nothing but clicks on what is shown."""
    async with practising(tmp_path, size) as founder:
        pilot = founder.pilot

        async def to_edge() -> None:
            if size[0] < 100:  # the rail is a line there, and its stages are still places to click on
                assert stage_of(pilot).query_one(Rail).display
            rail = stage_of(pilot).query_one(Rail)
            for y in range(rail.size.height):
                for x in range(0, rail.size.width, 3):
                    await pilot.click(Rail, offset=(x, y))
                    if stage_of(pilot).STAGE is Stage.EDGE:
                        return

        async def click_row(times: int) -> None:
            rows = rows_of(pilot)
            at = next(number for number, row in enumerate(rows.rows) if row.id == HTTPS)
            rows.scroll_to(y=max(0, at - 2), animate=False)
            await pilot.pause()
            for y in range(rows.size.height):
                await pilot.click(Rows, offset=(5, y))
                if rows.current == HTTPS:
                    break
            assert rows.current == HTTPS
            if times > 1:
                await pilot.click(Rows, offset=(5, y), times=times)

        async def press_button() -> None:
            await founder.until(
                lambda: isinstance(founder.dialog, PlanDialog) and pilot.app.screen.query_one("#apply", Button)
            )
            await pilot.pause()
            await pilot.click("#apply")
            await founder.until(lambda: not isinstance(founder.dialog, PlanDialog))
            await founder.quiet()

        await to_edge()
        assert stage_of(pilot).STAGE is Stage.EDGE
        await click_row(2)
        await press_button()
        assert founder.session.findings[HTTPS].status is Status.PASS
        await click_row(1)
        words = screen_text(pilot).split("\n")
        y = len(words) - 1 - next(n for n, line in enumerate(reversed(words)) if "Undo" in line)
        await pilot.click(offset=(words[y].index("Undo") + 1, y))
        await press_button()
        assert founder.session.findings[HTTPS].status is Status.FAIL
        assert founder.session.changes[0].state is ChangeState.UNDONE


@pytest.mark.slow
def test_no_color_sends_no_colour_and_every_state_has_its_sign(tmp_path: Path) -> None:
    with wizard(tmp_path, "demo", env={"NO_COLOR": "1"}) as terminal:
        terminal.until(lambda: "✗".encode() in terminal.output and b"CRITICAL" in terminal.output, "the rows")
        terminal.press("2", "3")
        terminal.send(b"\x11")
        terminal.until(terminal.ended, "the end")
        assert terminal.status == 0
    colours = set(re.findall(rb"[34]8;2;(\d+;\d+;\d+)|[34]8;5;\d+|\x1b\[(?:3[1-6]|4[1-6])m", terminal.output))
    grey = {each for each in colours if len(set(each.split(b";"))) == 1}
    assert colours - grey - {b""} == set()
    for word in (b"unknown", b"sound"):
        assert word in terminal.output


def test_the_dialog_shows_every_line_of_the_plan() -> None:
    """Markup in a value stays text, and no line is left out."""
    step = Step("records", "a.example", "TXT", State(("[/]", "b")), State(("b", "[@click=app.quit]c")))
    plan = Plan("x", "x", "y", (step,))
    diff = next(part for part in PlanDialog(plan).body() if part.id == "diff")
    assert isinstance(diff, Static)
    assert isinstance(diff.content, Content)
    assert diff.content.plain.split("\n") == [f"{sign} {text}" for sign, text in plan.lines()]
