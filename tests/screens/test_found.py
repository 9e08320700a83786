"""The keys that a scan found, by keys: made new on a day, no key at all, taken back. Values never show."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from launchready_tui.model import Stage
from launchready_tui.project import Project
from launchready_tui.secretmarks import SecretMarks
from launchready_tui.secretscan.report import Found
from launchready_tui.secretscan.source import Scanned
from launchready_tui.sources.repo import NoRepo
from screens.dialogs.found import FoundDialog, MarkDialog
from screens.widgets.rows import Rows
from tests.screens.keeping import KeepingSession, keeping
from tests.screens.launch import NAME
from tests.screens.pilot import app_of, opened, screen_text, until

SIZES = [(80, 24), (140, 40)]
TODAY = dt.datetime.now(dt.UTC).astimezone().date()
STRIPE = Found("stripe-key", "Stripe key", "secret", "src/pay.js", 3, "a1" * 16, "sk_live_… (32 characters)")
OLD = replace(
    STRIPE, rule="aws-access-key", name="AWS access key", print="b2" * 16, commit="3fa2c1b7d9", day="2026-03-03"
)
MAYBE = replace(STRIPE, rule="jwt", name="signed token (JWT)", what="debatable", print="c3" * 16)
SEEN = replace(STRIPE, rule="stripe-public", name="Stripe publishable key", what="public", print="d4" * 16)


def told(session: KeepingSession, tree: tuple[Found, ...] = (STRIPE, MAYBE, SEEN)) -> None:
    """What the last look left for the list."""
    session.project = Project(NAME, repo="/nowhere")
    session.scan_key.last.update(
        {"worktree": Scanned("own rules", tree, 12), "history": Scanned("own rules", (OLD,), 40)}
    )


async def to_list(pilot: Pilot[None]) -> Rows:
    app_of(pilot).go(Stage.AUDIT)
    await pilot.pause()
    await pilot.press("K")
    await until(pilot, lambda: isinstance(pilot.app.screen, FoundDialog))
    rows = pilot.app.screen.query_one(Rows)
    await until(pilot, lambda: rows.rows)
    await pilot.pause()
    return rows


async def answer(pilot: Pilot[None], key: str, typed: str | None) -> None:
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, MarkDialog))
    if typed is not None:
        pilot.app.screen.query_one("#mark", Input).value = typed
    await pilot.press("ctrl+s")
    await until(pilot, lambda: isinstance(pilot.app.screen, FoundDialog))
    await pilot.pause()


@pytest.mark.parametrize("size", SIZES)
async def test_each_key_is_marked_and_the_mark_is_taken_back(tmp_path: Path, size: tuple[int, int]) -> None:
    with keeping(tmp_path, trouble="no keyring") as session:
        told(session)
        async with opened(session, size=size) as pilot:
            rows = await to_list(pilot)
            assert {each.id for each in rows.rows} == {STRIPE.print, OLD.print, MAYBE.print}
            shown = " ".join(screen_text(pilot).split())
            assert "open" in shown
            assert "Stripe publishable key" not in shown
            assert pilot.app.screen.query_one("#buttons").region.bottom < size[1]
            assert rows.go(OLD.print)
            await answer(pilot, "r", None)
            mark = session.secret_marks.of(OLD)
            assert mark is not None
            assert (mark.state, mark.day) == ("rotated", TODAY)
            assert rows.go(STRIPE.print)
            await answer(pilot, "n", "a made-up value of a test")
            mark = session.secret_marks.of(STRIPE)
            assert mark is not None
            assert (mark.state, mark.reason) == ("false-alarm", "a made-up value of a test")
            assert "made new" in screen_text(pilot)
            assert rows.go(STRIPE.print)
            await pilot.press("u")
            await until(pilot, lambda: session.secret_marks.open(STRIPE))
        kept = type(session._ledger)(session._ledger.answers)
        for entry in session.store.journal.entries:
            kept.add(entry.kind, entry.at, entry.data)
        again = SecretMarks(kept.marks)
        assert again.open(STRIPE)
        assert not again.open(OLD)
        # Another sitting's fingerprints differ without a keyring: in the history the place tells.
        assert not again.open(replace(OLD, print="e5" * 16))
        assert again.open(replace(STRIPE, print="e5" * 16))


async def test_what_cannot_be_is_said_and_nothing_is_kept(tmp_path: Path) -> None:
    with keeping(tmp_path, trouble="no keyring") as session:
        told(session)
        async with opened(session, size=(140, 40)) as pilot:
            rows = await to_list(pilot)
            assert rows.go(OLD.print)
            await answer(pilot, "r", "yesterday")
            assert "Write the day as year-month-day" in screen_text(pilot)
            await answer(pilot, "r", "2026-03-02")
            assert "came into your history on 2026-03-03" in screen_text(pilot)
            await answer(pilot, "r", (TODAY + dt.timedelta(days=9)).isoformat())
            assert "still to come" in screen_text(pilot)
            await pilot.press("u")
            await pilot.pause()
            assert "Nothing was said of this key yet" in screen_text(pilot)
        assert not session._ledger.marks


async def test_a_secret_typed_as_the_reason_is_taken_out(tmp_path: Path) -> None:
    value = "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc"
    with keeping(tmp_path, trouble="no keyring") as session:
        told(session)
        await session.mark_false(STRIPE, f"it is {value}", "Ada")
        assert value not in str([entry.data for entry in session.store.journal.entries])


async def test_the_key_of_the_fingerprints_is_in_the_vault_from_the_first_mark_on(tmp_path: Path) -> None:
    with keeping(tmp_path, trouble="no keyring") as session:
        told(session)
        await session.mark_rotated(STRIPE, TODAY, "Ada")
        assert await session.vault.get(f"scan-key/{NAME}") is None  # a vault for this sitting keeps none


async def test_no_folder_and_an_unreadable_one_are_said(tmp_path: Path) -> None:
    with keeping(tmp_path, trouble="no keyring") as session:
        session.project = Project(NAME)
        async with opened(session, size=(140, 40)) as pilot:
            app_of(pilot).go(Stage.AUDIT)
            await pilot.pause()
            await pilot.press("K")
            await until(pilot, lambda: isinstance(pilot.app.screen, FoundDialog))
            await until(pilot, lambda: "There is no code folder to read" in screen_text(pilot))
            await pilot.press("r")
            await until(pilot, lambda: "Go to a key in the list first" in screen_text(pilot))
        session.project = Project(NAME, repo=str(tmp_path / "nowhere"))
        parts, _ = await session.found_keys()
        assert all(isinstance(part, NoRepo) for part in parts.values())
