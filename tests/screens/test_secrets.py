"""The list of secrets by keys: what was found is written down, renewed, marked when somebody left; never a value."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from launchready_tui.model import Stage
from launchready_tui.secretlist import KeptSecret, Suggested
from screens.dialogs.confirm import ConfirmDialog
from screens.dialogs.left import LeftDialog
from screens.dialogs.secret import SecretDialog
from screens.dialogs.secrets import SecretsDialog
from screens.widgets.rows import Rows
from tests.promises.canaries import files_under, seen
from tests.screens.keeping import keeping
from tests.screens.pilot import app_of, opened, screen_text, until

FOUND = (Suggested("DATABASE_URL", "read in src/server.js"), Suggested("STRIPE_KEY", ".env", leaked=True))
SIZES = [(80, 24), (140, 40)]
TODAY = dt.datetime.now(dt.UTC).astimezone().date()


async def to_list(pilot: Pilot[None]) -> SecretsDialog:
    app_of(pilot).go(Stage.HANDOVER)
    await pilot.pause()
    await pilot.press("S")
    await until(pilot, lambda: isinstance(pilot.app.screen, SecretsDialog) and pilot.app.screen._listed)
    assert isinstance(pilot.app.screen, SecretsDialog)
    return pilot.app.screen


async def shows(pilot: Pilot[None], kind: type[object]) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, kind))
    await pilot.pause()


def fill(pilot: Pilot[None], **fields: str) -> None:
    for name, text in fields.items():
        pilot.app.screen.query_one(f"#{name}", Input).value = text


@pytest.mark.parametrize("size", SIZES)
async def test_what_was_found_is_written_down_and_renewed(tmp_path: Path, size: tuple[int, int]) -> None:
    with keeping(tmp_path, found=FOUND) as session:
        async with opened(session, size=size) as pilot:
            dialog = await to_list(pilot)
            await until(pilot, lambda: dialog.query_one(Rows).current == "found:DATABASE_URL")
            assert "Seen in read in src/server.js" in " ".join(screen_text(pilot).split()) or size[0] == 80
            assert dialog.query_one("#buttons").region.bottom < size[1]
            await pilot.press("enter")
            await shows(pilot, SecretDialog)
            assert pilot.app.screen.query_one("#system", Input).value == "Database"
            assert pilot.app.screen.query_one("#buttons").region.bottom < size[1]
            fill(pilot, location="Vercel, settings", owner="Ada", created="today", had="Ada, Sam")
            await pilot.press("ctrl+s")
            await until(pilot, lambda: session.secret_list.lists("DATABASE_URL"))
            await shows(pilot, SecretsDialog)
            await until(pilot, lambda: dialog.query_one(Rows).current == "found:STRIPE_KEY")
            await pilot.press("enter")
            await shows(pilot, SecretDialog)
            assert pilot.app.screen.query_one("#exposed", Input).value == TODAY.isoformat()
            fill(pilot, location="1Password", owner="Ada", created="2026-01-02")
            await pilot.press("ctrl+s")
            await shows(pilot, SecretsDialog)
            assert "renew" in screen_text(pilot)
            assert dialog.query_one(Rows).go("kept:STRIPE_KEY")
            await pilot.press("r")
            await shows(pilot, ConfirmDialog)
            pilot.app.screen.query_one("#yes").press()  # type: ignore[attr-defined]
            await until(pilot, lambda: not session._ledger.secrets["STRIPE_KEY"].seen_by_others)
            kept = session._ledger.secrets["STRIPE_KEY"]
            assert kept.rotated_on == TODAY
            assert kept.rotate_by is not None
            assert kept.rotate_by > TODAY
            # Sam left: the database's password is to be made new; the other one Sam never had.
            await shows(pilot, SecretsDialog)
            await pilot.press("l")
            await shows(pilot, LeftDialog)
            assert "Sam" in screen_text(pilot)
            fill(pilot, left="sam")
            await pilot.press("ctrl+s")
            await until(pilot, lambda: session._ledger.secrets["DATABASE_URL"].exposed == TODAY)
            assert session._ledger.secrets["STRIPE_KEY"].how != "sam left"
        again = type(session._ledger)(session._ledger.answers)
        for entry in session.store.journal.entries:
            again.add(entry.kind, entry.at, entry.data)
        assert again.secrets == session._ledger.secrets


async def test_a_value_is_refused_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    value = "sk_live_cnryQ83hd73hdk39dk3"
    with keeping(tmp_path) as session:
        async with opened(session) as pilot:
            await to_list(pilot)
            await pilot.press("plus")
            await shows(pilot, SecretDialog)
            fill(pilot, name="STRIPE_KEY", location=f"1Password {value}")
            await pilot.press("ctrl+s")
            await until(pilot, lambda: "looks like the secret itself" in " ".join(screen_text(pilot).split()))
            assert session.secret_list.kept == ()
            fill(pilot, location="1Password", created="2099-01-01")
            await pilot.press("ctrl+s")
            await until(pilot, lambda: "still to come" in " ".join(screen_text(pilot).split()))
            fill(pilot, created="soon")
            await pilot.press("ctrl+s")
            await until(pilot, lambda: "year-month-day" in screen_text(pilot))
            fill(pilot, created="today")
            await pilot.press("ctrl+s")
            await until(pilot, lambda: session.secret_list.lists("STRIPE_KEY"))
    assert seen(files_under(tmp_path), [value]) == []


async def test_one_is_renamed_and_taken_off(tmp_path: Path) -> None:
    with keeping(tmp_path) as session:
        session.keep_secret(KeptSecret("OLD_KEY", "Payments", "1Password", "Ada", TODAY, TODAY))
        async with opened(session) as pilot:
            await to_list(pilot)
            await pilot.press("enter")
            await shows(pilot, SecretDialog)
            fill(pilot, name="NEW_KEY")
            await pilot.press("ctrl+s")
            await until(pilot, lambda: [each.name for each in session.secret_list.kept] == ["NEW_KEY"])
            await shows(pilot, SecretsDialog)
            await pilot.press("x")
            await shows(pilot, ConfirmDialog)
            await pilot.press("escape")
            await shows(pilot, SecretsDialog)
            assert session.secret_list.lists("NEW_KEY")
            await pilot.press("x")
            await shows(pilot, ConfirmDialog)
            pilot.app.screen.query_one("#yes").press()  # type: ignore[attr-defined]
            await until(pilot, lambda: session.secret_list.kept == ())
            await shows(pilot, SecretsDialog)
            await pilot.press("z")
            await until(pilot, lambda: session.secret_list.none)
            assert "has no secrets" in screen_text(pilot)


async def test_hostile_names_are_shown_without_harm(tmp_path: Path) -> None:
    with keeping(tmp_path, found=(Suggested("A_KEY", "\x1b]0;x\x07[/]\u202e"),)) as session:
        session.keep_secret(KeptSecret("[bold]X_KEY\x1b[2J", "\u202e", "[/red]", "\x1b]52;c;eA==\x07", TODAY, TODAY))
        async with opened(session) as pilot:
            dialog = await to_list(pilot)
            dialog.query_one(Rows).go(next(row.id for row in dialog.query_one(Rows).rows if not row.heading))
            await pilot.pause()
            text = screen_text(pilot)
            assert "\x1b" not in text
            assert "\u202e" not in text
