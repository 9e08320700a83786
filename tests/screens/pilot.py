"""The wizard without a terminal, for the tests of the screens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import cast

from textual.css.query import NoMatches
from textual.pilot import Pilot

from launchready_tui.session import Session
from screens._stage import StageScreen
from screens.app import LaunchReady
from screens.widgets.detail import Detail
from screens.widgets.keys import Keys
from screens.widgets.rows import Rows
from tests.screens.desk import FakeDesk


@asynccontextmanager
async def opened(
    session: Session | None = None,
    *,
    size: tuple[int, int] = (80, 24),
    desk: FakeDesk | None = None,
    presenter: bool = False,
) -> AsyncIterator[Pilot[None]]:
    """The wizard on a launch in memory, or at home."""
    app = LaunchReady(desk or FakeDesk(), session=session, presenter=presenter)
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        yield pilot


async def until(pilot: Pilot[None], condition: Callable[[], object], *, tries: int = 300) -> None:
    """Wait for the event, and fail where it does not come."""
    for _ in range(tries):
        try:
            if condition():
                return
        except NoMatches:  # the screen is still being put together
            pass
        await pilot.pause(0.01)
    raise AssertionError("it did not come")


def app_of(pilot: Pilot[None]) -> LaunchReady:
    return cast(LaunchReady, pilot.app)


def stage_of(pilot: Pilot[None]) -> StageScreen:
    """The stage at the bottom of what is shown."""
    return cast(StageScreen, pilot.app.screen_stack[0])


def rows_of(pilot: Pilot[None]) -> Rows:
    return stage_of(pilot).query_one("#checks", Rows)


def detail_of(pilot: Pilot[None]) -> str:
    """The words in the detail panel."""
    detail = stage_of(pilot).query_one(Detail)
    return detail.shown


def hints_of(pilot: Pilot[None]) -> dict[str, str]:
    """What the footer says: key -> what it does."""
    return {hint.key: hint.label for hint in stage_of(pilot).query_one(Keys).hints}


def screen_text(pilot: Pilot[None]) -> str:
    """Everything on the screen as it would be sent to a terminal, line by line."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in strips)


def said(pilot: Pilot[None]) -> str:
    """What the notifications say."""
    return "\n".join(note.message for note in pilot.app._notifications)
