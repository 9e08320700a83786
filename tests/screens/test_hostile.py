"""Promise 5: no text from outside acts. No escape, no markup, no click action, no crash."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from launchready_tui.model import Evidence, failed
from launchready_tui.session import Outcome
from screens._filter import Safe
from tests.screens.fake import FakeSession
from tests.screens.launch import make_finding
from tests.screens.pilot import app_of, opened, screen_text, stage_of, until

EVIL = (
    "\x1b]52;c;aGVsbG8=\x07\x1b[2J\x1b]0;title\x07 [@click=app.quit]x[/] [/] [bold [link=file:///etc/passwd]y[/link] "
    "\u202egnp.exe\u2066 \x9b31m \x00 \r\n {0} %s $x"
)


def evil_session() -> FakeSession:
    """Every word that can come from outside is hostile, cleaned by nobody but the screens where the model does not."""
    session = FakeSession(product=EVIL)
    for at, check in enumerate(session.checks):
        finding = make_finding(check, 1)
        finding = failed(EVIL, finding.fix or pytest.fail("it has one"), evidence=[Evidence(EVIL, EVIL)], subject=EVIL)
        object.__setattr__(finding, "saw", EVIL)  # as if cleaning had failed
        object.__setattr__(finding, "evidence", (Evidence("TXT", "x"),))
        object.__setattr__(finding.evidence[0], "text", EVIL)
        assert finding.fix is not None
        fix = replace(finding.fix, who=EVIL, page=EVIL)
        object.__setattr__(fix, "say", EVIL)
        object.__setattr__(fix, "copy", EVIL)
        object.__setattr__(finding, "fix", fix)
        session.outcomes[check.id] = Outcome(finding, dt.datetime.now(dt.UTC))
        session.found[check.id] = finding
        session.checks = tuple(
            replace(each, title=f"{EVIL} {at}") if each is check else each for each in session.checks
        )
    session.notes = (EVIL,)
    session.vault_say = EVIL
    session.project = replace(session.project, domain=EVIL, urls={"login": EVIL}, marker=EVIL)
    return session


def raw(text: str) -> bool:
    """Is there anything in a line that a terminal would act on, or that turns a line around?"""
    return any(ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 or char in "\u202e\u2066" for char in text)


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_hostile_text_on_every_screen(size: tuple[int, int]) -> None:
    async with opened(evil_session(), size=size) as pilot:
        for key in ("v", "f", "a", "c", "o", "e", "k", "l", "m", "d", "i", "question_mark", "7", "2", "0"):
            await pilot.press(key)
            await pilot.pause()
            lines = screen_text(pilot).split("\n")
            assert not any(raw(line) for line in lines), key
            assert pilot.app.is_running
            while len(pilot.app.screen_stack) > 1:
                pilot.app.screen_stack[-1].dismiss()
                await pilot.pause()
        assert app_of(pilot).crash is None


async def test_a_click_on_hostile_text_does_nothing() -> None:
    async with opened(evil_session(), size=(140, 40)) as pilot:
        for x in range(2, 138, 34):
            for y in (0, 10, 14):
                await pilot.click(offset=(x, y))
        assert pilot.app.is_running
        assert app_of(pilot).crash is None
        assert stage_of(pilot).session is not None


async def test_what_is_sent_to_the_terminal_holds_no_sequence_from_outside() -> None:
    async with opened(evil_session(), size=(140, 40)) as pilot:
        await pilot.press("v")
        await until(pilot, lambda: "gnp.exe" in screen_text(pilot))
        out = io.StringIO()
        console = pilot.app.console
        for strip in pilot.app.screen._compositor.render_strips():
            out.write(strip.render(console))
        sent = out.getvalue()
        assert "\x1b]" not in sent
        assert "\x1b[2J" not in sent
        assert "\x07" not in sent
        assert "\x9b" not in sent
        assert "\u202e" not in sent


def test_the_filter_drops_controls_links_and_control_segments_and_keeps_the_width() -> None:
    style = Style(link="file:///etc/passwd\x1b]0;x\x07", bold=True)
    line = [Segment("a\x1b]52;c;x\x07b\u202ec", style), Segment("\x1b[2J", None, [(1,)])]  # type: ignore[list-item]
    out = Safe().apply(line, Color(0, 0, 0))
    assert [segment.text for segment in out] == ["a]52;c;xbc"]
    assert out[0].style is not None
    assert out[0].style.link is None
    assert out[0].style.bold


def test_masking_hides_addresses_and_names_across_segments() -> None:
    line = [Segment("mail ada@hu"), Segment("b.example at 93.184.215.14, not 1.1.1.1; ada-"), Segment("hub")]
    text = "".join(
        segment.text for segment in Safe(masked=True, names=frozenset({"ada-hub"})).apply(line, Color(0, 0, 0))
    )
    assert "ada" not in text
    assert "93.184" not in text
    assert "1.1.1.1" in text
    assert len(text) == len("mail ada@hub.example at 93.184.215.14, not 1.1.1.1; ada-hub")
