"""The window: small, narrow, wide, resized; dark, light, without colour; masked; a crash; a signal."""

from __future__ import annotations

import os
import signal
import sys

import pytest
from textual.widgets import Static

from screens.app import LaunchReady
from screens.dialogs.plan import PlanDialog
from screens.widgets.small import TooSmall
from tests.screens.desk import FakeDesk, summaries
from tests.screens.fake import FakeSession
from tests.screens.pilot import opened, rows_of, said, screen_text, until

SIZES = [(60, 18), (80, 24), (100, 30), (140, 40)]


@pytest.mark.parametrize("size", SIZES)
async def test_every_stage_fits_every_size(size: tuple[int, int]) -> None:
    async with opened(FakeSession(), size=size) as pilot:
        for key in "1234567":
            await pilot.press(key)
            await pilot.pause()
            lines = screen_text(pilot).split("\n")
            assert len(lines) == size[1]
            assert "Not ready" in lines[0]
            assert "enter" in lines[-1]
            assert "Help" in lines[-1]
            assert any(line.find("Next (t):") >= 0 for line in lines)
            assert rows_of(pilot).size.height >= 4


@pytest.mark.parametrize("size", [(60, 18), (80, 24)])
@pytest.mark.parametrize("keys", ["f", "e", "h", "j", "k", "l", "d", "i", "m", "7 enter", "question_mark"])
async def test_the_buttons_of_every_dialog_are_in_sight(size: tuple[int, int], keys: str) -> None:
    async with opened(FakeSession(), size=size) as pilot:
        await pilot.press(*keys.split())
        await until(pilot, lambda: pilot.app.screen.query("#buttons"))
        await pilot.pause()
        bottom = pilot.app.screen.query_one("#buttons").region.bottom
        assert 0 < bottom < size[1]


async def test_too_small_says_so_and_growing_brings_all_back() -> None:
    async with opened(FakeSession(), size=(50, 16)) as pilot:
        assert "This window is too small" in screen_text(pilot)
        await pilot.press("f", "k")  # no key acts on what cannot be seen
        assert not isinstance(pilot.app.screen, PlanDialog)
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "This window" not in screen_text(pilot))
        assert not pilot.app.screen.query_one(TooSmall).display
        await pilot.press("f")
        await until(pilot, lambda: isinstance(pilot.app.screen, PlanDialog))


async def test_resizing_keeps_the_place() -> None:
    async with opened(FakeSession(), size=(140, 40)) as pilot:
        await pilot.press("down", "down")
        here = rows_of(pilot).current
        for size in ((80, 24), (60, 18), (120, 30)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert rows_of(pilot).current == here


async def test_dark_and_light() -> None:
    async with opened(FakeSession()) as pilot:
        before = pilot.app.theme
        await pilot.press("ctrl+t")
        assert pilot.app.theme != before
        assert not pilot.app.current_theme.dark
        await pilot.press("ctrl+t")
        assert pilot.app.theme == before


async def test_no_color_leaves_every_state_with_its_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened(FakeSession()) as pilot:
        assert pilot.app.no_color
        words = screen_text(pilot)
        for part in ("✗ HIGH", "! improve", "? unknown", "✓ sound", "· note", "▌✗"):
            assert part in words
        for strip in pilot.app.screen._compositor.render_strips():
            for segment in strip:
                color = segment.style.color if segment.style else None
                triplet = color.get_truecolor() if color and not color.is_default else None
                assert triplet is None or triplet.red == triplet.green == triplet.blue


async def test_masking_hides_in_every_screen_and_shows_again() -> None:
    async with opened(FakeSession(), size=(140, 40), presenter=False) as pilot:
        await pilot.press("down")
        await until(pilot, lambda: "hello@creatorhub.example" in screen_text(pilot))
        await pilot.press("f2")
        await until(pilot, lambda: "are hidden" in said(pilot))
        assert "hello@" not in screen_text(pilot)
        assert "93.184.215.14" not in screen_text(pilot)
        await pilot.press("7")
        await until(pilot, lambda: "Account" in screen_text(pilot))
        assert "ada@hub.example" not in screen_text(pilot)
        assert "ada-hub" not in screen_text(pilot)
        await pilot.press("f2")
        await until(pilot, lambda: "ada-hub" in screen_text(pilot))
        await pilot.press("1")
        await until(pilot, lambda: "hello@creatorhub.example" in screen_text(pilot))


async def test_a_presenter_starts_masked() -> None:
    async with opened(FakeSession(), size=(140, 40), presenter=True) as pilot:
        await pilot.press("7")
        await until(pilot, lambda: "Account" in screen_text(pilot))
        assert "ada-hub" not in screen_text(pilot)


async def test_a_fault_of_ours_leaves_kind_and_place_and_no_value(capsys: pytest.CaptureFixture[str]) -> None:
    secret = "sk_live_do_not_show"
    app = LaunchReady(FakeDesk(), session=FakeSession())

    def fault() -> None:
        held = secret
        raise ZeroDivisionError(held)

    async def run() -> None:
        async with app.run_test() as pilot:
            app.call_later(fault)
            await until(pilot, lambda: app.crash)

    with pytest.raises(ZeroDivisionError):
        await run()
    assert app.crash is not None
    assert app.crash.startswith("ZeroDivisionError at test_window.py:")
    assert secret not in app.crash
    assert secret not in "".join(capsys.readouterr())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_leaves_like_ctrl_q(number: int) -> None:
    before = signal.getsignal(number)
    async with opened(FakeSession()) as pilot:
        os.kill(os.getpid(), number)
        await until(pilot, lambda: not pilot.app.is_running)
        assert pilot.app.return_code == 0
    assert signal.getsignal(number) is before


async def test_the_palette_has_everything_that_applies() -> None:
    async with opened(FakeSession()) as pilot:
        await pilot.press("ctrl+p")
        await until(pilot, lambda: "Look at everything" in screen_text(pilot))
        await pilot.press(*"stage 6", "enter")
        await until(pilot, lambda: pilot.app.current_mode == "email")


async def test_the_palette_at_home_offers_no_stage() -> None:
    async with opened(desk=FakeDesk(*summaries())) as pilot:
        await pilot.press("ctrl+p")
        await until(pilot, lambda: "Mask for a shared screen" in screen_text(pilot))
        assert "Look at everything" not in screen_text(pilot)
        assert pilot.app.screen_stack[0].query(Static)
