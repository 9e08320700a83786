"""Home: the launches and how they stand, a new one from what is typed, the practice startup."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from launchready_tui.disk import WorkspaceProblem
from launchready_tui.session import Session
from launchready_tui.workspace import Summary
from screens.dialogs.addresses import AddressesDialog
from screens.dialogs.new import NewDialog
from tests.screens.desk import FakeDesk, summaries
from tests.screens.launch import NAME
from tests.screens.pilot import app_of, opened, said, screen_text, stage_of, until


def type_in(pilot: Pilot[None], id: str, text: str) -> None:
    pilot.app.screen.query_one(f"#{id}", Input).value = text


async def test_lists_the_launches_with_their_state_and_what_is_next() -> None:
    async with opened(desk=FakeDesk(*summaries()), size=(140, 40)) as pilot:
        words = screen_text(pilot)
        for part in ("creatorhub.example", "Not ready: 2 critical, 3 high", "looked 10 min ago", "next: point www"):
            assert part in words
        for part in ("münchen.example", "Ready", "made by a newer launchready", "A new launch", "Practice startup"):
            assert part in words


async def test_opens_a_launch_and_home_comes_back_to_it() -> None:
    desk = FakeDesk(*summaries())
    async with opened(desk=desk) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.current_mode == "audit")
        await pilot.press("0")
        await until(pilot, lambda: pilot.app.current_mode == "home")
        await pilot.press("home", "enter")
        await until(pilot, lambda: pilot.app.current_mode == "audit")
        assert len(desk.made) == 1


async def test_opening_another_closes_the_first() -> None:
    desk = FakeDesk(*summaries())
    async with opened(desk=desk) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.current_mode == "audit")
        await pilot.press("4", "0")
        await until(pilot, lambda: pilot.app.current_mode == "home")
        await pilot.press("home", "down", "enter")
        await until(pilot, lambda: len(desk.made) == 2 and pilot.app.current_mode == "audit")
        assert desk.made[0].closed
        assert app_of(pilot).session is desk.made[1]
        await pilot.press("2", "3")
        assert stage_of(pilot).session is desk.made[1]


async def test_the_first_time_the_practice_startup_is_offered_first() -> None:
    desk = FakeDesk()
    async with opened(desk=desk) as pilot:
        assert "start here if you are new" in screen_text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.current_mode == "audit")
        assert desk.made[0].practice
        await until(pilot, lambda: len(desk.made[0].outcomes) == 50)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("creatorhub.example", "✓ creatorhub.example"),
        ("https://creatorhub.example/login", "we took its host"),
        ("münchen.example", "✓ münchen.example, written xn--mnchen-3ya.example"),
        ("no domain", "- "),
        ("192.0.2.7", "- "),
        ("a" * 300 + ".example", "- "),
        ("[@click=app.quit]x[/]", "- "),
    ],
)
async def test_a_domain_is_read_as_it_is_typed(text: str, shown: str) -> None:
    async with opened(desk=FakeDesk()) as pilot:
        await pilot.press("plus")
        await until(pilot, lambda: isinstance(pilot.app.screen, NewDialog))
        type_in(pilot, "domain", text)
        await until(pilot, lambda: shown in screen_text(pilot))


async def test_a_new_launch_asks_for_its_addresses_before_it_looks() -> None:
    desk = FakeDesk()
    async with opened(desk=desk) as pilot:
        await pilot.press("plus")
        await until(pilot, lambda: isinstance(pilot.app.screen, NewDialog))
        type_in(pilot, "domain", "https://creatorhub.example/x")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, AddressesDialog))
        assert desk.typed == [(NAME, None)]
        assert desk.made[0].looks == []
        await pilot.press("escape")
        await until(pilot, lambda: len(desk.made[0].outcomes) == 50)
        assert len(desk.made[0].looks) == 1


async def test_nonsense_and_a_missing_folder_are_said_in_the_dialog(tmp_path: Path) -> None:
    desk = FakeDesk()
    async with opened(desk=desk) as pilot:
        await pilot.press("plus")
        await until(pilot, lambda: isinstance(pilot.app.screen, NewDialog))
        await pilot.press("enter")
        await until(pilot, lambda: "Type your domain" in screen_text(pilot))
        type_in(pilot, "domain", "good.example")
        type_in(pilot, "repo", str(tmp_path / "nowhere"))
        await pilot.press("enter")
        await until(pilot, lambda: "That folder is not there" in screen_text(pilot))
        assert desk.made == []


async def test_a_workspace_that_cannot_be_read_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = FakeDesk()

    def broken(*, archived: bool = False) -> Iterator[Summary]:
        raise WorkspaceProblem("The folder of your launches cannot be read.")

    monkeypatch.setattr(desk, "reading", broken)
    async with opened(desk=desk) as pilot:
        await until(pilot, lambda: "cannot be read" in said(pilot))
        assert "Practice startup" in screen_text(pilot)


async def test_a_launch_that_does_not_open_is_said_and_home_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = FakeDesk(*summaries())

    async def broken(domain: str) -> Session:
        raise WorkspaceProblem("Its file was made by a newer launchready.")

    monkeypatch.setattr(desk, "open", broken)
    async with opened(desk=desk) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: "made by a newer launchready" in said(pilot))
        assert pilot.app.current_mode == "home"
