"""The verify dialog: nothing is asked before the yes, it can be stopped, and only a known key is green."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path

import pytest
from msgspec import structs
from textual.widgets import Button, Input, Static

from launchready_tui.checks import Check
from launchready_tui.disk import WorkspaceProblem
from launchready_tui.drift.facts import Facts
from launchready_tui.drift.look import Step
from launchready_tui.driftlook import ExportNote, Line, Result
from launchready_tui.handover.document import Answered, Baseline, Handover, Product, WaySeen
from launchready_tui.handover.signing import Verdict
from launchready_tui.handover.toml import to_toml
from launchready_tui.model import Severity
from screens.dialogs.verify import STYLES, VerifyDialog
from screens.widgets.rows import Rows
from tests.screens.fake import FakeSession
from tests.screens.pilot import app_of, opened, said, screen_text, until

SIZES = [(80, 24), (140, 40)]
AT = dt.datetime(2026, 11, 3, 9, 0, tzinfo=dt.UTC)
BASE = Baseline(
    taken_at=AT,
    answers=[Answered(name="good.example", type="MX", values=["10 mail.good.example."])],
    ways=[
        WaySeen(url="https://good.example/", kind="site", status=200, end="https://good.example/", end_status=200),
        WaySeen(url="https://pay.elsewhere.example/", kind="old", status=200, end="https://x/", end_status=200),
    ],
)
DATA = to_toml(structs.replace(Handover(product=Product(domain="good.example")), baseline=BASE)).encode()
WORDS = "grid duck problem valid cloth roof"
STRANGER = Verdict("unknown-key", f"By a key that you do not know: {WORDS}.", "Ada", AT, WORDS, "k")
FRIEND = Verdict("known", "It is as signed by Ada on 3 Nov 2026.", "Ada", AT, WORDS, "k", "Ada")
MX = Line(
    "drift", Severity.CRITICAL, "mail servers", "MX good.example", "Other \x1b[2J mail servers.", todo="Put it back."
)
CERT = Line("benign", Severity.LOW, "certificate", "good.example", "The certificate was renewed.")


class Handing(FakeSession):
    """An export in memory, and a comparison that waits until it is let go."""

    def __init__(self, *lines: Line, verdict: Verdict = STRANGER, none: bool = False) -> None:
        super().__init__()
        self.lines, self.verdict, self.none = lines, verdict, none
        self.go = asyncio.Event()
        self.compared = 0
        self.words: list[tuple[str, Result]] = []

    @property
    def exports(self) -> tuple[ExportNote, ...]:
        return () if self.none else (ExportNote(AT, "/tmp/handover", "a" * 64),)

    def last_handover(self) -> tuple[Path, bytes]:
        if self.none:
            raise WorkspaceProblem("Nothing was exported yet. x writes the handover.")
        return Path("/tmp/handover/handover.toml"), DATA

    def signature_of(self, path: Path, data: bytes) -> Verdict:
        return self.verdict

    def trust_key(self, verdict: Verdict) -> str:
        self.verdict = FRIEND
        return "The key of Ada is known from now on."

    async def compare_last(self, facts: Facts, step: Step | None = None) -> tuple[Line, ...]:
        self.compared += 1
        assert step is not None
        step("MX good.example")
        await self.go.wait()
        return self.lines

    async def give_word(self, who: str, result: Result) -> tuple[Check, ...]:
        self.words.append((who, result))
        return ()


def dialog_of(pilot: object) -> VerifyDialog:
    dialog = pilot.app.screen  # type: ignore[attr-defined]
    assert isinstance(dialog, VerifyDialog)
    return dialog


@pytest.mark.parametrize("size", SIZES)
async def test_hosts_then_a_yes_then_lines_then_a_name(size: tuple[int, int]) -> None:
    session = Handing(MX, CERT)
    async with opened(session, size=size) as pilot:
        await pilot.press("7", "y")
        await until(pilot, lambda: isinstance(pilot.app.screen, VerifyDialog))
        await until(pilot, lambda: "another's host        pay.elsewhere.example" in screen_text(pilot))
        text = screen_text(pilot)
        assert WORDS.split()[0] in text
        assert "Ask them" in text
        assert session.compared == 0
        await pilot.press("enter")
        await until(pilot, lambda: "1 of" in screen_text(pilot))
        session.go.set()
        dialog = dialog_of(pilot)
        await until(pilot, lambda: dialog.phase == "done")
        await pilot.pause()
        text = screen_text(pilot)
        assert "1 thing is not as the file says" in text
        assert "CRITICAL" in text
        assert "Put it back." in text
        assert "\x1b" not in text
        for widget in ("#sign", "#name", "#drift"):
            assert dialog.query_one(widget).region.height > 0
        await pilot.press(*"Grace", "ctrl+s")
        await until(pilot, lambda: session.words == [("Grace", "drift")])
        await until(pilot, lambda: not isinstance(pilot.app.screen, VerifyDialog))
        assert "Grace put their name to it" in said(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_escape_stops_the_look_and_not_the_dialog(size: tuple[int, int]) -> None:
    session = Handing(MX)
    async with opened(session, size=size) as pilot:
        await pilot.press("7", "y")
        await until(pilot, lambda: isinstance(pilot.app.screen, VerifyDialog))
        await pilot.press("enter")
        dialog = dialog_of(pilot)
        await until(pilot, lambda: session.compared == 1)
        await pilot.press("escape")
        await until(pilot, lambda: dialog.phase == "ask")
        assert "Stopped. Nothing was compared." in screen_text(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, VerifyDialog))
        assert session.words == []


async def test_only_a_known_key_is_green() -> None:
    assert [outcome for outcome, style in STYLES.items() if "success" in style] == ["known"]
    session = Handing(verdict=STRANGER)
    async with opened(session) as pilot:
        await pilot.press("7", "y")
        await until(pilot, lambda: isinstance(pilot.app.screen, VerifyDialog))
        dialog = dialog_of(pilot)
        trust = dialog.query_one("#trust", Button)
        assert trust.display
        trust.press()
        await until(pilot, lambda: not trust.display)
        assert "known from now on" in said(pilot)
        assert "✓ Signature" in str(dialog.query_one("#signature", Static).content)


async def test_nothing_exported_is_said() -> None:
    async with opened(Handing(none=True)) as pilot:
        await pilot.press("7", "y")
        await until(pilot, lambda: isinstance(pilot.app.screen, VerifyDialog))
        await until(pilot, lambda: "Nothing was exported yet" in screen_text(pilot))
        assert not dialog_of(pilot).query_one("#go").display
        await pilot.press("ctrl+s", "escape")
        assert app_of(pilot).session is not None


async def test_no_drift_and_a_missing_name() -> None:
    session = Handing()
    session.go.set()
    async with opened(session) as pilot:
        await pilot.press("7", "y")
        await until(pilot, lambda: isinstance(pilot.app.screen, VerifyDialog))
        await pilot.press("enter")
        dialog = dialog_of(pilot)
        await until(pilot, lambda: dialog.phase == "done")
        await pilot.pause()
        assert "are as they were" in screen_text(pilot)
        assert not dialog.query_one("#drift", Rows).display
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Whose name?" in screen_text(pilot))
        assert dialog.query_one("#name", Input).has_focus
        assert session.words == []
