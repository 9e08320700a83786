"""Connecting the DNS host: which, its token, what that may do; and nothing of a token is ever to be had again."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Button, Input, Static
from textual.widgets.input import Selection

from launchready_tui.fixes.place import Reach
from launchready_tui.fixes.providers import provider
from launchready_tui.session import Level
from screens.dialogs.confirm import ConfirmDialog
from screens.dialogs.connect import ConnectDialog, verdict
from screens.dialogs.copy import CopyScreen
from screens.dialogs.plan import PlanDialog
from screens.widgets.rows import Rows
from screens.widgets.token import TokenInput
from tests.promises.canaries import seen
from tests.screens.fake import FakeSession
from tests.screens.pilot import app_of, detail_of, hints_of, opened, said, screen_text, until
from tests.screens.test_changing import SIZES, TRIES, press, quiet, shows
from tests.screens.zoned import KEY, WWW, zoned
from tests.test_connecting import ANOTHER

TOKEN = "cnry-Kq72mTyped-Tok3n"


def dialog_of(pilot: Pilot[None]) -> ConnectDialog:
    assert isinstance(pilot.app.screen, ConnectDialog)
    return pilot.app.screen


def told(pilot: Pilot[None]) -> str:
    """What the screen says, without its frame and its line ends."""
    return " ".join(screen_text(pilot).replace("│", " ").split())


async def choose(pilot: Pilot[None], kind: str) -> None:
    rows = dialog_of(pilot).query_one(Rows)
    assert rows.go(kind)
    await until(pilot, lambda: rows.current == kind)
    await pilot.pause()


async def paste(pilot: Pilot[None], text: str) -> None:
    """As the terminal hands over what was pasted."""
    field = dialog_of(pilot).query_one(TokenInput)
    field.focus()
    await pilot.pause()
    field.post_message(events.Paste(text))
    await until(pilot, lambda: field.value)


@pytest.mark.parametrize("size", SIZES)
async def test_a_token_is_tried_refused_then_taken_and_then_f_writes(tmp_path: Path, size: tuple[int, int]) -> None:
    async with zoned(tmp_path) as world:
        session = world.session()
        async with opened(session, size=size) as pilot:
            await pilot.press("h")
            await shows(pilot, ConnectDialog)
            await choose(pilot, "rfc2136")
            await pilot.press("enter")  # to the first field that is empty
            for name, text in world.typed.items():
                dialog_of(pilot).query_one(f"#rfc2136-{name}", Input).value = text
            await paste(pilot, ANOTHER)
            assert ANOTHER not in screen_text(pilot)
            await pilot.press("enter")
            await until(pilot, lambda: "is not kept" in told(pilot), tries=TRIES)
            assert not session.project.connections
            assert session.stands(WWW).level is Level.SHOW
            assert dialog_of(pilot).query_one(TokenInput).value == ""
            await paste(pilot, KEY)
            await pilot.press("enter")
            await until(pilot, lambda: "It may write." in told(pilot), tries=TRIES)
            assert dialog_of(pilot).query_one(TokenInput).value == ""
            assert app_of(pilot).session is session
            assert session.project.connections[0]["kind"] == "rfc2136"
            bottom = dialog_of(pilot).query_one("#buttons").region.bottom
            assert bottom < size[1]
            await pilot.press("escape")
            await until(pilot, lambda: "Ready to apply" in detail_of(pilot))
            assert hints_of(pilot)["enter"] == "Fix it"
            assert "h" not in hints_of(pilot)
            await pilot.press("enter")
            await shows(pilot, PlanDialog)
            await pilot.press("escape")
            # Open again: it says what the token may do now, and takes it away when asked.
            await pilot.press("h")
            await shows(pilot, ConnectDialog)
            await until(pilot, lambda: "Connected, and it may write." in told(pilot), tries=TRIES)
            assert dialog_of(pilot).query_one(Rows).current == "rfc2136"
            await press(pilot, "#forget")
            await shows(pilot, ConfirmDialog)
            pilot.app.screen.query_one("#yes", Button).press()
            await shows(pilot, ConnectDialog)
            await until(pilot, lambda: "no longer connected" in told(pilot))
            assert session.connection is None
            await pilot.press("escape")
            await until(pilot, lambda: "Can show only" in detail_of(pilot))
            await quiet(pilot)
        await session.aclose()
        assert KEY.encode() not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


async def test_escape_stops_a_try_at_a_host_that_says_nothing(tmp_path: Path) -> None:
    met = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        met.set()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with zoned(tmp_path) as world:
        session = world.session()
        async with opened(session) as pilot:
            await pilot.press("h")
            await shows(pilot, ConnectDialog)
            await choose(pilot, "rfc2136")
            for name, text in (world.typed | {"port": f"{port}"}).items():
                dialog_of(pilot).query_one(f"#rfc2136-{name}", Input).value = text
            await paste(pilot, KEY)
            await pilot.press("enter")
            await until(pilot, met.is_set, tries=TRIES)
            assert "Escape stops" in told(pilot)
            assert not dialog_of(pilot).query_one("#try").display
            await pilot.press("escape")
            await until(pilot, lambda: "Stopped." in told(pilot))
            assert dialog_of(pilot).query_one("#try").display
            assert session.connection is None
            await pilot.press("escape")
            await until(pilot, lambda: not isinstance(pilot.app.screen, ConnectDialog))
        await session.aclose()
    server.close()


async def test_what_is_missing_is_asked_for_before_the_token_is_used() -> None:
    async with opened(FakeSession()) as pilot:
        await pilot.press("h")
        await shows(pilot, ConnectDialog)
        await choose(pilot, "rfc2136")
        await paste(pilot, TOKEN)
        await pilot.press("enter")
        assert "Say this too: Address of the primary name server." in told(pilot)
        assert dialog_of(pilot).query_one(TokenInput).value == TOKEN
        # A token for one host never goes to another.
        await choose(pilot, "cloudflare")
        assert dialog_of(pilot).query_one(TokenInput).value == ""
        await pilot.press("ctrl+s")
        assert "Paste the token first." in told(pilot)


async def test_the_recognised_host_comes_first_with_its_page_and_scopes() -> None:
    async with opened(FakeSession(), size=(140, 40)) as pilot:
        await pilot.press("h")
        await shows(pilot, ConnectDialog)
        assert dialog_of(pilot).query_one(Rows).rows[0].id == "cloudflare"
        assert "keeps your records, by what we saw" in told(pilot)
        one = provider("cloudflare")
        how = str(dialog_of(pilot).query_one("#how", Static).content)
        assert one.page in how
        assert all(scope in how for scope in one.scopes)
        await pilot.press("o")
        await shows(pilot, CopyScreen)
        assert one.page in screen_text(pilot)


async def test_a_host_that_we_cannot_write_to_is_said() -> None:
    class Elsewhere(FakeSession):
        async def dns_host(self) -> str:
            return "Namecheap"

    async with opened(Elsewhere()) as pilot:
        await pilot.press("h")
        await shows(pilot, ConnectDialog)
        assert "Namecheap keeps your records, and we cannot write there" in told(pilot)


@pytest.mark.parametrize("kind", ["cloudflare", "powerdns", "rfc2136"])
@pytest.mark.parametrize("size", [(60, 18), *SIZES])
async def test_the_buttons_stay_in_sight(kind: str, size: tuple[int, int]) -> None:
    async with opened(FakeSession(), size=size) as pilot:
        await pilot.press("h")
        await shows(pilot, ConnectDialog)
        await choose(pilot, kind)
        dialog_of(pilot).tell("!", "Cloudflare says that this token may read DNS, and not change it. " * 3)
        await pilot.pause()
        await pilot.pause()
        assert 0 < dialog_of(pilot).query_one("#buttons").region.bottom < size[1]


@pytest.mark.parametrize(
    ("reach", "sign", "words"),
    [
        (Reach(True, True, "It is so."), "✓", "It may write. It is so."),
        (Reach(True, False, "No Edit.", ("Zone, DNS, Edit",)), "!", "may only read"),
        (Reach(True, False, "No Edit.", ("Zone, DNS, Edit",)), "!", "What is missing: Zone, DNS, Edit."),
        (Reach(True, None, "Silence."), "?", "whether it may write, we could not tell"),
        (Reach(False, False, "401."), "✗", "Cloudflare refused the token, and it is not kept. 401."),
        (Reach(None, None, "No answer."), "?", "We could not tell what the token may do, and it is not kept."),
    ],
)
def test_what_a_token_may_do_in_words(reach: Reach, sign: str, words: str) -> None:
    said_sign, sentence = verdict(reach, "Cloudflare")
    assert said_sign == sign
    assert words in sentence


async def test_a_typed_token_cannot_be_taken_out_again() -> None:
    """No key, no mouse and no drag: pasting in works, and the clipboard stays as it was."""
    async with opened(FakeSession()) as pilot:
        await pilot.press("h")
        await shows(pilot, ConnectDialog)
        app, field = app_of(pilot), dialog_of(pilot).query_one(TokenInput)
        await paste(pilot, TOKEN)
        assert field.value == TOKEN
        shown = {"typed": screen_text(pilot).encode() + app.export_screenshot().encode()}
        marked = (["ctrl+shift+a"], ["home", "shift+end"], ["end", "shift+home"], ["ctrl+shift+left"])
        for way in marked:
            await pilot.press(*way)
            assert field.selection.is_empty
            await pilot.press("ctrl+x", "super+c", "ctrl+insert")
            field.action_copy()
            field.action_cut()
            assert app.clipboard == ""
            assert field.value == TOKEN
        field.selection = Selection(0, len(TOKEN))
        assert field.selected_text == ""
        await pilot.click(TokenInput, times=2)
        await pilot.mouse_down(TokenInput, offset=(1, 0))
        await pilot.hover(TokenInput, offset=(12, 0))
        await pilot.mouse_up(TokenInput, offset=(12, 0))
        assert field.selection.is_empty
        assert dialog_of(pilot).get_selected_text() in (None, "")
        app.screen.action_copy_text() if app.screen.get_selected_text() else None
        assert app.clipboard == ""
        shown["after all that"] = screen_text(pilot).encode() + said(pilot).encode()
        shown["what is held"] = repr(vars(dialog_of(pilot))).encode()
        assert seen(shown, [TOKEN]) == []


async def test_a_presenter_sees_no_address_of_a_connection(tmp_path: Path) -> None:
    async with zoned(tmp_path) as world:
        session = world.session()
        async with opened(session, size=(140, 40), presenter=True) as pilot:
            await pilot.press("h")
            await shows(pilot, ConnectDialog)
            await choose(pilot, "powerdns")
            dialog_of(pilot).query_one("#powerdns-server", Input).value = "http://192.168.7.9:8081"
            await pilot.pause()
            assert "192.168.7.9" not in screen_text(pilot)
            await pilot.press("f2")
            await until(pilot, lambda: "192.168.7.9" in screen_text(pilot))
        await session.aclose()
