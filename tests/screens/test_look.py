"""Looking: it streams, it goes on while stages are changed, it stops within a second, and so does leaving."""

from __future__ import annotations

import asyncio
import time

from launchready_tui import limits
from launchready_tui.model import Stage
from tests.screens.fake import FakeSession
from tests.screens.pilot import app_of, hints_of, opened, rows_of, screen_text, stage_of, until


async def test_the_first_opening_looks_at_everything_by_itself() -> None:
    session = FakeSession(looked=False)
    async with opened(session) as pilot:
        await until(pilot, lambda: len(session.outcomes) == 50)
        assert [len(look) for look in session.looks] == [50]
        await pilot.press("2", "3", "1")
        assert [len(look) for look in session.looks] == [50]


async def test_what_was_looked_at_before_is_not_looked_at_again_by_itself() -> None:
    session = FakeSession(looked=True)
    async with opened(session) as pilot:
        await pilot.press("2")
        assert session.looks == []


async def test_every_check_is_in_its_place_while_nothing_is_known() -> None:
    session = FakeSession(looked=False)
    session.gate = asyncio.Event()
    async with opened(session) as pilot:
        await until(pilot, lambda: [row.word for row in rows_of(pilot).rows] == ["looking"] * 8)
        assert "Looking …" in screen_text(pilot)
        assert hints_of(pilot)["s"] == "Stop"
        session.gate.set()
        await until(pilot, lambda: "looking" not in {row.word for row in rows_of(pilot).rows})


async def test_a_look_goes_on_while_stages_are_changed() -> None:
    session = FakeSession(looked=False)
    session.gate = asyncio.Event()
    async with opened(session) as pilot:
        await pilot.press("6")
        session.gate.set()
        await until(pilot, lambda: len(session.outcomes) == 50)
        await until(pilot, lambda: "looking" not in {row.word for row in rows_of(pilot).rows})
        assert stage_of(pilot).STAGE is Stage.EMAIL


async def test_stop_answers_within_a_second() -> None:
    session = FakeSession(looked=False)
    session.gate = asyncio.Event()
    async with opened(session) as pilot:
        hub = app_of(pilot).hub
        assert hub is not None
        await until(pilot, lambda: hub.looking)
        began = time.monotonic()
        await pilot.press("s")
        await until(pilot, lambda: not hub.looking)
        assert time.monotonic() - began < limits.CANCEL_SECONDS
        await until(pilot, lambda: {row.word for row in rows_of(pilot).rows} == {"not yet"})


async def test_leaving_while_looking_answers_within_a_second() -> None:
    session = FakeSession(looked=False)
    session.gate = asyncio.Event()
    async with opened(session) as pilot:
        hub = app_of(pilot).hub
        assert hub is not None
        await until(pilot, lambda: hub.looking)
        began = time.monotonic()
        await pilot.press("ctrl+q")
        await until(pilot, lambda: not pilot.app.is_running)
        assert time.monotonic() - began < limits.CANCEL_SECONDS
        assert pilot.app.return_code == 0


async def test_keys_answer_while_a_hundred_and_thirty_checks_stream() -> None:
    session = FakeSession(130, looked=False, pace=0.002)
    async with opened(session) as pilot:
        await pilot.press("down", "down", "3", "down", "1")
        assert stage_of(pilot).STAGE is Stage.AUDIT
        await until(pilot, lambda: len(session.outcomes) == 130)
        assert app_of(pilot).crash is None


async def test_a_stopped_look_can_be_started_again() -> None:
    session = FakeSession(looked=False)
    session.gate = asyncio.Event()
    async with opened(session) as pilot:
        hub = app_of(pilot).hub
        assert hub is not None
        await until(pilot, lambda: hub.looking)
        await pilot.press("s")
        await until(pilot, lambda: not hub.looking)
        session.gate.set()
        await pilot.press("g")
        await until(pilot, lambda: len(session.outcomes) == 50)
