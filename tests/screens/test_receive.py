"""The dialog that asks about somebody else's handover: everything is said first, and a no stores nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec import structs
from textual.pilot import Pilot

from launchready_tui.disk import WorkspaceProblem
from launchready_tui.handover.document import Handover
from launchready_tui.handover.export import build
from launchready_tui.handover.receiving import Received, plan
from launchready_tui.handover.signing import Outcome, Verdict
from launchready_tui.options import LookOptions
from launchready_tui.session import Session
from launchready_tui.workspace import Workspace
from screens import opening
from screens.app import LaunchReady
from screens.dialogs.receive import ReceiveDialog
from screens.widgets.tick import Tick
from tests.handover.worlds import facts
from tests.screens.desk import FakeDesk
from tests.screens.pilot import said, screen_text, until
from tests.world import NOW

WHOLE = build(facts(who="Ada"))


class Known(Workspace):
    """A workspace that holds one launch, or none."""

    def __init__(self, *domains: str) -> None:
        super().__init__(Path("/nowhere"))
        self._domains = domains

    def has(self, domain: str) -> bool:
        return domain in self._domains


class ReceivingDesk(FakeDesk):
    """Keeps what it was told to make."""

    def __init__(self, *known: str) -> None:
        super().__init__()
        self.workspace = Known(*known)
        self.asked: list[tuple[str, bool, bool]] = []
        self.refuse = ""

    async def receive(self, received: Received, *, keep_owners: bool, replace: bool = False) -> Session:
        if self.refuse:
            raise WorkspaceProblem(self.refuse)
        self.asked.append((received.project.domain, keep_owners, replace))
        return self._make()


@asynccontextmanager
async def asked(
    desk: ReceivingDesk, handover: Handover = WHOLE, verdict: Verdict | None = None, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Pilot[None]]:
    app = LaunchReady(desk)
    app.received = plan(handover, verdict or Verdict("unsigned", "It is not signed."), NOW)
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, ReceiveDialog))
        await pilot.pause()
        yield pilot


async def test_it_says_whose_it_is_and_what_would_be_stored() -> None:
    async with asked(ReceivingDesk(), size=(140, 40)) as pilot:
        words = " ".join(screen_text(pilot).split())
        for part in (
            "handover of Good Club (good.example), from Ada, written on 24 Nov 2026.",
            "It said then: Not ready: 1 high",
            "? It is not signed.",
            "the launch good.example with 3 addresses, 1 subdomain",
            "In your keyring, where you say so: who holds",
            "1 risk that somebody else took on",
            "A look then asks good.example, www.good.example and api.good.example.",
        ):
            assert part in words, part


async def test_a_yes_makes_the_launch_and_opens_it() -> None:
    desk = ReceivingDesk()
    async with asked(desk) as pilot:
        assert pilot.app.screen.query_one("#owners", Tick).value
        await pilot.press("ctrl+s")
        await until(pilot, lambda: pilot.app.current_mode == "audit")
        assert desk.asked == [("good.example", True, False)]


async def test_who_holds_what_stays_out_of_the_keyring_where_the_tick_is_taken_away() -> None:
    desk = ReceivingDesk()
    async with asked(desk) as pilot:
        await pilot.press("space", "ctrl+s")
        await until(pilot, lambda: desk.asked)
        assert desk.asked == [("good.example", False, False)]


async def test_a_no_stores_nothing() -> None:
    desk = ReceivingDesk()
    async with asked(desk) as pilot:
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, ReceiveDialog))
        assert desk.asked == []
        assert pilot.app.current_mode == "home" or not desk.made


async def test_a_launch_that_is_there_wants_its_own_tick() -> None:
    desk = ReceivingDesk("good.example")
    async with asked(desk) as pilot:
        assert "one of your launches already" in " ".join(screen_text(pilot).split())
        assert not pilot.app.screen.query_one("#owners", Tick).value
        await pilot.press("ctrl+s")
        assert isinstance(pilot.app.screen, ReceiveDialog)
        assert "Tick that its addresses" in " ".join(screen_text(pilot).split())
        await pilot.press("space", "ctrl+s")
        await until(pilot, lambda: desk.asked)
        assert desk.asked == [("good.example", False, True)]


async def test_what_the_disk_refuses_is_said() -> None:
    desk = ReceivingDesk()
    desk.refuse = "The disk is full."
    async with asked(desk) as pilot:
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "The disk is full." in said(pilot))


@pytest.mark.parametrize(
    ("outcome", "mark"), [("known", "✓"), ("unknown-key", "?"), ("altered", "✗"), ("unsigned", "?"), ("malformed", "✗")]
)
async def test_only_a_known_key_is_a_tick(outcome: Outcome, mark: str) -> None:
    async with asked(ReceivingDesk(), verdict=Verdict(outcome, "What it is worth.")) as pilot:
        assert f"{mark} What it is worth." in screen_text(pilot)


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_hostile_words_stay_words(size: tuple[int, int]) -> None:
    hostile = "[@click=app.quit]x[/]\x1b]52;c;eA==\x07\u202e"
    product = structs.replace(WHOLE.product, name=hostile, handed_over_by=hostile, standing=hostile)
    systems = [structs.replace(each, label=hostile, system=hostile, owner=hostile) for each in WHOLE.systems[:2]]
    handover = structs.replace(WHOLE, product=product, systems=systems)
    async with asked(ReceivingDesk(), handover, size=size) as pilot:
        words = screen_text(pilot)
        assert "[@click=app.quit]" in words
        assert "\x1b" not in words
        assert "\u202e" not in words


def test_a_file_that_is_no_handover_ends_before_the_screen_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(opening, "_no_terminal", lambda: None)
    options = LookOptions(workspace=str(tmp_path / "work"))
    (tmp_path / "newer.toml").write_text("schema_version = 99\n[product]\ndomain = 'good.example'\n")
    for name, says in (("none.toml", "There is no file"), ("newer.toml", "written by a newer launchready")):
        assert opening.open_project(str(tmp_path / name), options) == 2
        assert says in capsys.readouterr().err
    assert not (tmp_path / "work").exists()
