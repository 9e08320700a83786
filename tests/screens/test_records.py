"""What is written down of the DNS stage, by keys and by mouse: purposes, the subdomain plan, the redirects."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from screens._stage import StageScreen
from screens.dialogs.copy import CopyScreen
from screens.dialogs.old import OldDialog
from screens.dialogs.purpose import PurposeDialog
from screens.dialogs.records import RecordsDialog
from screens.dialogs.subdomain import SubdomainDialog
from screens.widgets.rows import Rows
from tests.screens.launch import NAME
from tests.screens.pilot import app_of, opened, screen_text, until
from tests.screens.written import WrittenSession

SIZES = pytest.mark.parametrize("size", [(80, 24), (140, 40)])
PARTNER = (f"partner.{NAME}", "TXT")


async def records(pilot: Pilot[None]) -> RecordsDialog:
    """The page, opened from the DNS stage by its key, with the list there."""
    await pilot.press("2", "z")
    await until(pilot, lambda: isinstance(pilot.app.screen, RecordsDialog) and pilot.app.screen._listed)
    await pilot.pause()
    dialog = pilot.app.screen
    assert isinstance(dialog, RecordsDialog)
    return dialog


async def shows(pilot: Pilot[None], screen: type) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, screen))
    await pilot.pause()


def rows(pilot: Pilot[None]) -> Rows:
    return pilot.app.screen.query_one("#written", Rows)


def problem(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.query_one("#problem", Static).content)


@SIZES
async def test_the_first_record_that_nobody_explains_is_under_the_cursor_and_in_sight(size: tuple[int, int]) -> None:
    async with opened(WrittenSession(), size=size) as pilot:
        await records(pilot)
        await until(pilot, lambda: rows(pilot).current == f"beta.{NAME}/A")
        words = screen_text(pilot)
        assert "▸Records 4/6" in words
        assert "All records, from Cloudflare." in words
        assert "▌? A" in words
        assert "Nobody said yet what it is for." in words
        assert "at Google Workspace" in words


@SIZES
async def test_a_purpose_is_typed_kept_and_the_check_is_looked_at_again(size: tuple[int, int]) -> None:
    session = WrittenSession()
    async with opened(session, size=size) as pilot:
        await records(pilot)
        await until(pilot, lambda: rows(pilot).current == f"beta.{NAME}/A")
        looks = len(session.looks)
        await pilot.press("down", "enter")
        await shows(pilot, PurposeDialog)
        assert pilot.app.screen.query_one("#purpose", Input).value == ""
        await pilot.press(*"shop", "ctrl+s")
        assert "3 words or more" in problem(pilot)
        await pilot.press("space", *"in", "space", *"berlin", "ctrl+s")
        assert "Say who says so" in problem(pilot)
        await pilot.press(*"Ada", "ctrl+s")
        await shows(pilot, RecordsDialog)
        assert session.purposes[PARTNER].text == "shop in berlin"
        assert app_of(pilot).who == "Ada"
        assert rows(pilot).current == "/".join(PARTNER)
        assert "Records 5/6" in screen_text(pilot)
        assert "Ada says so." in screen_text(pilot)
        await until(pilot, lambda: len(session.looks) > looks)
        await pilot.press("escape")
        await shows(pilot, StageScreen)


async def test_what_is_certain_is_taken_and_nothing_else() -> None:
    session = WrittenSession()
    async with opened(session) as pilot:
        await records(pilot)
        await pilot.press("a")
        await until(pilot, lambda: len(session.purposes) == 4)
        assert PARTNER not in session.purposes
        assert (f"beta.{NAME}", "A") not in session.purposes


@SIZES
async def test_a_subdomain_is_decided(size: tuple[int, int]) -> None:
    session = WrittenSession()
    async with opened(session, size=size) as pilot:
        await records(pilot)
        await pilot.press("right")
        words = screen_text(pilot)
        assert "▸Subdomains 1, 1 to decide" in words
        assert "? decide" in words
        await pilot.press("enter")
        await shows(pilot, SubdomainDialog)
        await pilot.press("ctrl+s")
        assert "Choose one" in problem(pilot)
        await pilot.press("down", "enter", "tab", *"soon", "tab", *"Ada", "ctrl+s")
        await shows(pilot, RecordsDialog)
        (planned,) = session.subdomain_plan(())
        assert (planned.when, planned.why, planned.who) == ("later", "soon", "Ada")
        assert "Ada decided that." in screen_text(pilot)


@SIZES
async def test_every_redirect_has_its_line_to_copy(size: tuple[int, int]) -> None:
    async with opened(WrittenSession(), size=size) as pilot:
        await records(pilot)
        await pilot.press("left")
        words = screen_text(pilot)
        assert "▸Redirects 2/7" in words
        assert "✓ 301" in words
        assert f"✗ 200      https://www.{NAME}/" in words
        await pilot.press("down")
        assert f"curl -sI http://{NAME}/" in screen_text(pilot)
        await pilot.press("c")
        await shows(pilot, CopyScreen)
        assert f"curl -sI http://{NAME}/" in screen_text(pilot)


async def test_old_addresses_become_rows() -> None:
    session = WrittenSession()
    async with opened(session) as pilot:
        await records(pilot)
        await pilot.press("left", "o")
        await shows(pilot, OldDialog)
        await pilot.press(*"/blog", "space", *"/2023", "ctrl+s")
        await shows(pilot, RecordsDialog)
        assert session.project.old_paths == ("/blog", "/2023")
        assert f"https://{NAME}/2023" in [row.id for row in rows(pilot).rows]


async def test_the_mouse_turns_edits_and_closes() -> None:
    async with opened(WrittenSession(), size=(140, 40)) as pilot:
        await records(pilot)
        await pilot.click("#view-redirects")
        assert "▸Redirects" in screen_text(pilot)
        await pilot.click("#view-records")
        await pilot.click("#edit")
        await shows(pilot, PurposeDialog)
        await pilot.click("#cancel")
        await shows(pilot, RecordsDialog)
        await pilot.click("#cancel")
        await shows(pilot, StageScreen)


async def test_it_is_in_the_palette() -> None:
    async with opened(WrittenSession()) as pilot:
        await pilot.press("2", "ctrl+p")
        await pilot.pause()
        await pilot.press(*"subdomain plan")
        await until(pilot, lambda: "What each is for" in screen_text(pilot))
        await pilot.press("enter")
        await shows(pilot, RecordsDialog)


@SIZES
async def test_addresses_are_masked_and_nothing_from_outside_acts(size: tuple[int, int]) -> None:
    async with opened(WrittenSession(), size=size, presenter=True) as pilot:
        await records(pilot)
        words = ""
        for key in ("down", "down", "up", "right", "right", "down", "down", "down"):
            await pilot.press(key)
            words += screen_text(pilot)
        assert "93.184.215" not in words
        assert f"ada@{NAME}" not in words
        assert "\x1b]0" not in words
        assert "\u202e" not in words
        assert app_of(pilot).session is not None


async def test_a_list_that_cannot_be_read_is_said() -> None:
    async with opened(WrittenSession(silent=True)) as pilot:
        await pilot.press("2", "z")
        await shows(pilot, RecordsDialog)
        await until(pilot, lambda: "did not answer" in problem(pilot))
        await pilot.press("right", "right")
        assert "▸Redirects 2/7" in screen_text(pilot)


async def test_a_window_for_reading_keeps_nothing_and_says_so() -> None:
    session = WrittenSession(read_only=True)
    async with opened(session) as pilot:
        await records(pilot)
        await pilot.press("a")
        await until(pilot, lambda: "Another window" in problem(pilot))
        assert session.purposes == {}
