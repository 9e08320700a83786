"""A stage by keys and by mouse: every key that the footer shows does what it says."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from launchready_tui.model import Stage
from screens._stage import StageScreen
from screens.dialogs.accept import AcceptDialog
from screens.dialogs.answer import AnswerDialog
from screens.dialogs.ask import AskDialog
from screens.dialogs.copy import CopyScreen
from screens.dialogs.help import HelpDialog
from screens.dialogs.map import MapDialog
from screens.dialogs.plan import PlanDialog
from screens.dialogs.risks import RisksDialog
from screens.dialogs.signals import SignalsDialog
from screens.widgets.keys import Keys
from screens.widgets.rail import Rail
from screens.widgets.rows import Rows
from tests.screens.fake import FakeSession
from tests.screens.pilot import app_of, detail_of, hints_of, opened, rows_of, said, screen_text, stage_of, until

FIXABLE = "audit.topic.check01"  # a failing check with records
STEPS = "audit.topic.check05"  # a failing check that a person repairs
UNKNOWN = "audit.topic.check04"
ASKS = "dns.topic.check10"  # waits for an answer


async def test_opens_on_the_next_best_thing() -> None:
    async with opened(FakeSession()) as pilot:
        assert rows_of(pilot).current == FIXABLE
        assert stage_of(pilot).STAGE is Stage.AUDIT
        assert "Next (t): make this sound" in screen_text(pilot)
        assert "Not ready: 9 high" in screen_text(pilot)


async def test_opens_where_it_was_left() -> None:
    session = FakeSession()
    session.shown = [Stage.EMAIL]
    async with opened(session) as pilot:
        assert stage_of(pilot).STAGE is Stage.EMAIL
        await pilot.press("3")
        assert session.shown[-1] is Stage.EDGE


async def test_says_what_we_saw_why_what_to_do_who_and_how_long() -> None:
    async with opened(FakeSession()) as pilot:
        words = detail_of(pilot)
        for part in ("has no address", "Why it matters", "What to do", "CNAME", "Who, how long", "About 6 min."):
            assert part in words


@pytest.mark.parametrize(
    ("key", "screen"),
    [
        ("f", PlanDialog),
        ("e", AskDialog),
        ("k", AcceptDialog),
        ("c", CopyScreen),
        ("o", CopyScreen),
        ("i", SignalsDialog),
        ("l", RisksDialog),
        ("m", MapDialog),
        ("question_mark", HelpDialog),
    ],
)
async def test_keys_open_what_they_say(key: str, screen: type) -> None:
    async with opened(FakeSession()) as pilot:
        await pilot.press(key)
        await until(pilot, lambda: isinstance(pilot.app.screen, screen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, StageScreen))
        assert rows_of(pilot).current == FIXABLE


async def test_enter_is_the_next_helpful_thing_for_each_row() -> None:
    async with opened(FakeSession()) as pilot:
        assert hints_of(pilot)["enter"] == "Fix it"
        app_of(pilot).go(Stage.AUDIT, UNKNOWN)
        await until(pilot, lambda: hints_of(pilot)["enter"] == "Look again")
        app_of(pilot).go(Stage.DNS, ASKS)
        await until(pilot, lambda: hints_of(pilot)["enter"] == "Answer")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, AnswerDialog))


async def test_the_footer_has_no_key_that_does_not_apply() -> None:
    async with opened(FakeSession()) as pilot:
        app_of(pilot).go(Stage.AUDIT, UNKNOWN)
        await until(pilot, lambda: hints_of(pilot)["enter"] == "Look again")
        shown = hints_of(pilot)
        assert not {"c", "o", "k", "u", "a", "s"} & set(shown)
        assert {"enter", "e", "v", "g", "n", "?"} <= set(shown)
        await pilot.press("c", "o", "k", "u", "f")
        await until(pilot, lambda: "no value to copy" in said(pilot))
        assert isinstance(pilot.app.screen, StageScreen)


async def test_evidence_comes_on_demand() -> None:
    async with opened(FakeSession()) as pilot:
        assert "NXDOMAIN" not in detail_of(pilot)
        await pilot.press("v")
        assert "NXDOMAIN" in detail_of(pilot)
        await pilot.press("v")
        assert "NXDOMAIN" not in detail_of(pilot)


async def test_look_again_at_one_row_and_at_the_stage_and_at_all() -> None:
    session = FakeSession()
    async with opened(session) as pilot:
        await pilot.press("r")
        await until(pilot, lambda: session.looks == [(FIXABLE,)])
        await pilot.press("R")
        await until(pilot, lambda: len(session.looks) == 2)
        assert session.looks[1] == tuple(check.id for check in session.stage_checks(Stage.AUDIT))
        await pilot.press("g")
        await until(pilot, lambda: len(session.looks) == 3)
        assert len(session.looks[2]) == 50


async def test_stages_by_key_number_and_rail() -> None:
    async with opened(FakeSession()) as pilot:
        for key, stage in (("n", Stage.DNS), ("p", Stage.AUDIT), ("p", Stage.HANDOVER), ("5", Stage.PERFORMANCE)):
            await pilot.press(key)
            assert stage_of(pilot).STAGE is stage
        await pilot.click(Rail, offset=(12, 0))
        await until(pilot, lambda: stage_of(pilot).STAGE is Stage.DNS)


async def test_a_click_on_a_row_and_on_the_footer() -> None:
    async with opened(FakeSession()) as pilot:
        rows = rows_of(pilot)
        await pilot.click(rows, offset=(20, 3))
        assert rows.current == rows.rows[3].id
        await pilot.click(rows, offset=(20, 0))
        await pilot.click(Keys, offset=(2, 0))  # enter Fix it
        await until(pilot, lambda: isinstance(pilot.app.screen, PlanDialog))


async def test_a_double_click_does_what_enter_does() -> None:
    async with opened(FakeSession()) as pilot:
        await pilot.click(Rows, offset=(20, 0), times=2)
        await until(pilot, lambda: isinstance(pilot.app.screen, PlanDialog))


async def test_the_filter_narrows_and_escape_brings_all_back() -> None:
    async with opened(FakeSession()) as pilot:
        every = len(rows_of(pilot).rows)
        await pilot.press("slash", *"unknown")
        await until(pilot, lambda: len(rows_of(pilot).rows) < every)
        assert {row.word for row in rows_of(pilot).rows} == {"unknown"}
        await pilot.press("enter")
        assert rows_of(pilot).has_focus
        await pilot.press("escape")
        assert len(rows_of(pilot).rows) == every
        assert not stage_of(pilot).query_one("#filter-line").display


async def test_a_filter_that_finds_nothing_says_so() -> None:
    async with opened(FakeSession()) as pilot:
        await pilot.press("slash", *"zzz")
        await until(pilot, lambda: not rows_of(pilot).rows)
        assert "No check fits the filter" in screen_text(pilot)
        assert stage_of(pilot).check() is None
        assert pilot.app.screen.query_one("#filter", Input).has_focus


async def test_rows_never_move_under_the_reader() -> None:
    session = FakeSession(looked=False)
    async with opened(session) as pilot:
        await until(pilot, lambda: len(session.outcomes) == 50 and not app_of(pilot).hub.looking)  # type: ignore[union-attr]  # a launch is open
        order = [row.id for row in rows_of(pilot).rows]
        assert order == [check.id for check in sorted(session.stage_checks(Stage.AUDIT), key=lambda c: c.severity.rank)]
        await until(pilot, lambda: {row.word for row in rows_of(pilot).rows} >= {"HIGH", "sound", "unknown"})
        assert [row.id for row in rows_of(pilot).rows] == order
        await pilot.press("w")
        assert [row.word for row in rows_of(pilot).rows][:2] == ["HIGH", "HIGH"]


async def test_home_and_back() -> None:
    async with opened(FakeSession()) as pilot:
        await pilot.press("3", "0")
        await until(pilot, lambda: pilot.app.current_mode == "home")
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.current_mode == "edge")
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.current_mode == "home")


async def test_t_goes_to_the_next_step() -> None:
    async with opened(FakeSession()) as pilot:
        await pilot.press("6", "t")
        await until(pilot, lambda: stage_of(pilot).STAGE is Stage.AUDIT and rows_of(pilot).current == FIXABLE)


async def test_deliverable_and_signals_are_seen_when_there_is_room() -> None:
    async with opened(FakeSession(), size=(140, 40)) as pilot:
        words = screen_text(pilot)
        assert "Leaves behind: a list of risks" in words
        assert words.count("could not tell: ") == 3
        assert "2 high" in words  # the rail has the state in words


async def test_a_read_only_launch_says_who_holds_it_and_changes_nothing() -> None:
    session = FakeSession(read_only=True)
    async with opened(session) as pilot:
        assert "Read only. The wizard in another window (process 4711)" in screen_text(pilot)
        assert hints_of(pilot)["enter"] != "Fix it"
        await pilot.press("e", *"Ada", "ctrl+s")
        await until(pilot, lambda: "Another window has this launch open" in said(pilot))
        assert session.asked == {}


@pytest.mark.parametrize("count", [0, 1, 130])
async def test_no_findings_and_many(count: int) -> None:
    async with opened(FakeSession(count)) as pilot:
        assert len(rows_of(pilot).rows) == len(stage_of(pilot).checks)
        for key in ("down", "end", "pageup", "home", "enter", "escape", "7", "n"):
            await pilot.press(key)
        assert app_of(pilot).crash is None


async def test_long_names_are_cut_with_a_sign_and_break_nothing() -> None:
    session = FakeSession(product="The longest product name that anybody ever gave to a small thing " * 3)
    async with opened(session, size=(60, 18)) as pilot:
        lines = screen_text(pilot).split("\n")
        assert "…" in lines[0]
        assert "Not ready: 9 high" in lines[0]
        assert all(len(line) <= 60 for line in lines)


async def test_a_look_that_finds_the_same_says_so() -> None:
    async with opened(FakeSession()) as pilot:
        await pilot.press("r")
        await until(pilot, lambda: "Looked again: it is as before." in said(pilot))
