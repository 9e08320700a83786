"""Choosing where names and tokens are kept, by keys: a passphrase is nowhere but in the file's key."""

from __future__ import annotations

from pathlib import Path

import keyring
import keyring.core
import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Button, RadioSet

from launchready_tui.model import Stage
from launchready_tui.owners import Owner
from launchready_tui.secret import Secret
from launchready_tui.session import Session
from launchready_tui.vault import Vault, Vaults, VaultState
from launchready_tui.vault.owners import load_owners
from screens.dialogs.confirm import ConfirmDialog
from screens.dialogs.tokens import TokensDialog
from screens.dialogs.vault import VaultDialog
from screens.widgets.rows import Rows
from screens.widgets.token import TokenInput
from tests.promises.canaries import files_under, seen, words_of
from tests.screens.keeping import keeping
from tests.screens.launch import NAME
from tests.screens.pilot import app_of, opened, said, screen_text, until
from tests.screens.test_secrets import SIZES, shows
from tests.vault.fakes import Good

PHRASE = "cnry horse Battery 7staple"
TROUBLE = "This system has no keyring that we can use."


async def paste(pilot: Pilot[None], field: str, text: str) -> None:
    token = pilot.app.screen.query_one(field, TokenInput)
    token.focus()
    token.post_message(events.Paste(text))
    await until(pilot, lambda: token.value == text)


async def to_vault(pilot: Pilot[None]) -> None:
    app_of(pilot).go(Stage.HANDOVER)
    await pilot.pause()
    await pilot.app.run_action("vault")
    await shows(pilot, VaultDialog)


def place(session: Session) -> str:
    return session.vault.kind


def words(pilot: Pilot[None]) -> str:
    return " ".join(screen_text(pilot).replace("│", " ").split())


@pytest.mark.parametrize("size", SIZES)
async def test_an_encrypted_file_is_chosen_where_there_is_no_keyring(tmp_path: Path, size: tuple[int, int]) -> None:
    with keeping(tmp_path, trouble=TROUBLE) as session:
        async with opened(session, size=size) as pilot:
            await to_vault(pilot)
            assert "no keyring that we can use" in words(pilot)
            assert pilot.app.screen.query_one("#buttons").region.bottom < size[1]
            await paste(pilot, "#passphrase", "short")
            await paste(pilot, "#again", "short")
            await pilot.press("enter")
            await until(pilot, lambda: "longer" in words(pilot))
            await paste(pilot, "#passphrase", PHRASE)
            await paste(pilot, "#again", f"{PHRASE}s")
            await pilot.press("enter")
            await until(pilot, lambda: "not the same" in words(pilot))
            assert place(session) == "session"
            await paste(pilot, "#passphrase", PHRASE)
            await paste(pilot, "#again", PHRASE)
            shown = {"screen": screen_text(pilot).encode(), "svg": words_of(pilot.app.export_screenshot())}
            shown["held"] = repr(vars(pilot.app.screen)).encode() + repr(pilot.app.screen.tree).encode()
            await pilot.press("enter")
            await until(pilot, lambda: not isinstance(pilot.app.screen, VaultDialog), tries=1_500)
            assert "in the encrypted file" in said(pilot)
            assert place(session) == "file"
            assert session.vault_trouble is None
            # What this sitting knew is kept: the owner that was named before there was a place for it.
            kept = await load_owners(Vaults(tmp_path, "file", Secret(PHRASE)).open(), NAME, ("registrar",))
            assert kept["registrar"].owner == "Ada"
            assert Vaults(tmp_path).chosen == "file"
            shown["said"] = said(pilot).encode()
            assert seen(shown, [PHRASE]) == []
    assert seen(files_under(tmp_path), [PHRASE, "ada@hub.example"]) == []


async def test_a_wrong_passphrase_leaves_all_as_it_was_and_the_right_one_opens(tmp_path: Path) -> None:
    vaults = Vaults(tmp_path, "file", Secret(PHRASE))
    await vaults.open().put(f"{NAME}/owner/dns", Secret('{"system":"dns","owner":"Grace"}'))
    vaults.index.choose("file")
    with keeping(tmp_path, trouble=TROUBLE) as session:
        session.vault_trouble = VaultState("file", "", False, "It waits for its passphrase.", "waiting")
        before = (tmp_path / "vault.sealed").read_bytes()
        async with opened(session) as pilot:
            await shows(pilot, VaultDialog)  # by itself: this founder chose it before
            assert not pilot.app.screen.query("#again")
            await paste(pilot, "#passphrase", "not the right one")
            await pilot.press("enter")
            await until(pilot, lambda: "did not open" in words(pilot), tries=1_500)
            assert session.vault.kind == "session"
            assert (tmp_path / "vault.sealed").read_bytes() == before
            await paste(pilot, "#passphrase", PHRASE)
            await pilot.press("enter")
            await until(pilot, lambda: session.vault.kind == "file", tries=1_500)
            assert await session.vault.get(f"{NAME}/owner/dns") is not None


async def test_not_now_is_an_answer_and_is_asked_once(tmp_path: Path) -> None:
    with keeping(tmp_path, trouble=TROUBLE) as session:
        async with opened(session) as pilot:
            app = app_of(pilot)
            first = app.run_worker(app.ask_vault())
            await shows(pilot, VaultDialog)
            await pilot.press("escape")
            await first.wait()
            await app.ask_vault()  # no second time in this sitting
            assert not isinstance(app.screen, VaultDialog)
            assert session.vault.kind == "session"
            assert Vaults(tmp_path).chosen is None


async def test_this_sitting_only_is_a_choice(tmp_path: Path) -> None:
    with keeping(tmp_path, trouble=TROUBLE) as session:
        async with opened(session) as pilot:
            await to_vault(pilot)
            choice = pilot.app.screen.query_one(RadioSet)
            choice.focus()
            await pilot.press("down", "down", "enter")
            await until(pilot, lambda: not pilot.app.screen.query_one("#file").display)
            pilot.app.screen.query_one("#save", Button).press()
            await until(pilot, lambda: session.vault_trouble is None)
            assert session.vault_wants == ""
            assert Vaults(tmp_path).chosen == "session"
            assert not (tmp_path / "vault.sealed").exists()


async def test_what_the_keyring_has_moves_to_the_file(tmp_path: Path) -> None:
    store, kept = Good(), keyring.core._keyring_backend
    keyring.set_keyring(store)
    try:
        with keeping(tmp_path) as session:
            await session.vault.put("token/cloudflare/other.example", Secret("cnry-value"))
            await session.vault.put("other.example/owner/dns", Secret('{"system":"dns","owner":"Eve"}'))
            await session.choose_vault("file", Secret(PHRASE))
            assert store.kept == {}
            entries = Vaults(tmp_path).index.read().entries
            assert {name: entry.place for name, entry in entries.items()} == {
                "token/cloudflare/other.example": "file",
                "other.example/owner/dns": "file",
                f"{NAME}/owner/registrar": "file",
            }
            assert await session.vault.get("token/cloudflare/other.example") == Secret("cnry-value")
            # And back.
            await session.choose_vault("keyring")
            assert len(store.kept) == 3
            assert await Vaults(tmp_path, "file", Secret(PHRASE)).open().get("other.example/owner/dns") is None
            # For this sitting only: what is stored stays stored, and that is said.
            assert "stay where they were" in await session.choose_vault("session")
            assert len(store.kept) == 3
    finally:
        keyring.core._keyring_backend = kept


async def test_the_practice_startup_has_no_choice(tmp_path: Path) -> None:
    with keeping(tmp_path) as session:
        session.vaults, session.vault = None, Vault("session")
        async with opened(session) as pilot:
            await to_vault(pilot)
            assert "for this sitting only" in words(pilot)
            await pilot.press("ctrl+s")
            await pilot.press("escape")
            await until(pilot, lambda: not isinstance(pilot.app.screen, VaultDialog))


@pytest.mark.parametrize("size", SIZES)
async def test_tokens_are_listed_by_name_and_removed(
    tmp_path: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAUNCHREADY_TOKEN_GANDI", "cnry-from-the-environment")
    vaults = Vaults(tmp_path, "file", Secret(PHRASE))
    await vaults.open().put("token/cloudflare/creatorhub.example", Secret("cnry-kept-value"))
    vaults.index.choose("file")
    with keeping(tmp_path) as session:
        session.vault = vaults.open()
        await session.vault.reached("token/cloudflare/creatorhub.example", "It may write.")
        async with opened(session, size=size) as pilot:
            app_of(pilot).go(Stage.HANDOVER)
            await pilot.pause()
            await pilot.app.run_action("tokens")
            await shows(pilot, TokensDialog)
            assert "cloudflare for creatorhub.example" in words(pilot)
            assert "It may write." in words(pilot)
            assert "cnry-" not in screen_text(pilot)
            rows = pilot.app.screen.query_one(Rows)
            assert rows.go("LAUNCHREADY_TOKEN_GANDI")
            await pilot.press("x")
            await until(pilot, lambda: "take it out there" in words(pilot))
            rows.go("token/cloudflare/creatorhub.example")
            await pilot.press("x")
            await shows(pilot, ConfirmDialog)
            pilot.app.screen.query_one("#yes", Button).press()
            await shows(pilot, TokensDialog)
            await until(pilot, lambda: "is deleted here" in words(pilot), tries=1_500)
            assert await vaults.open().get("token/cloudflare/creatorhub.example") is None
            assert Vaults(tmp_path).index.read().entries == {}
            await pilot.press("r")
            await until(pilot, lambda: "No DNS host is connected" in words(pilot))


async def test_an_owner_is_asked_where_to_be_kept_first(tmp_path: Path) -> None:
    """Enter on an account, save: where there is no keyring, the wizard asks where before it keeps anything."""
    with keeping(tmp_path, trouble=TROUBLE) as session:
        session.owner_saved = []  # type: ignore[attr-defined]

        async def save_owner(owner: Owner, who: str = "") -> tuple[()]:
            session.owner_saved.append((owner.system, session.vault.kind))  # type: ignore[attr-defined]
            return ()

        session.save_owner = save_owner  # type: ignore[method-assign]
        async with opened(session) as pilot:
            app_of(pilot).go(Stage.HANDOVER)
            await pilot.pause()
            app_of(pilot).action_owners()
            await pilot.press("enter")
            await until(pilot, lambda: pilot.app.screen.query("#owner"))
            await pilot.press("ctrl+s")
            await shows(pilot, VaultDialog)
            assert session.owner_saved == []  # type: ignore[attr-defined]
            await pilot.press("escape")
            await until(pilot, lambda: session.owner_saved)  # type: ignore[attr-defined]
