"""A keyring that is absent, locked, dismissed, slow, null, lying or dying: the launch goes on, and says what is not
stored. One fake backend for each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import keyring.backends.fail
import keyring.backends.null
import keyring.errors
import pytest

from launchready_tui.model import Status
from launchready_tui.owners import Owner
from launchready_tui.secret import Secret
from launchready_tui.session import Session
from launchready_tui.vault import Vault, VaultProblem, Vaults
from launchready_tui.vault.backend import Store, is_unsafe, name_of
from launchready_tui.vault.look import VaultSight
from launchready_tui.vault.trouble import none, unsafe
from launchready_tui.workspace import Workspace
from tests.promises.canaries import files_under, seen
from tests.vault.fakes import Forgetting, Good, Hanging, Lying, Raising

NAME = "good.example"
OWNER = Owner("dns", "Cloudflare", "cnry-account", owner="Ada")
PHRASE = Secret("correct horse battery staple")


class Dying(Good):
    """Well when it is tried, and dead from the first value on that is meant."""

    def set_password(self, service: str, username: str, password: str) -> None:
        if not username.startswith("probe-"):
            raise ConnectionResetError("Connection reset by peer")
        super().set_password(service, username, password)


def absent() -> Store:
    raise none()


def null() -> Store:
    make: Callable[[], Store] = keyring.backends.null.Keyring
    store = make()
    assert is_unsafe(store)
    raise unsafe(name_of(store))


def plaintext() -> Store:
    raise unsafe("keyrings.alt.file.PlaintextKeyring")


def raising(error: Exception) -> Callable[[], Store]:
    return lambda: Raising(error)


FAILING: dict[str, tuple[Callable[[], Store], str, str]] = {
    "absent": (absent, "none", "no keyring that we can use"),
    "failing by itself": (raising(keyring.errors.NoKeyringError("x")), "none", "no keyring that we can use"),
    "locked": (raising(keyring.errors.KeyringLocked("x")), "locked", "stayed locked"),
    "not opened": (raising(keyring.errors.InitError("Failed to unlock")), "locked", "could not be opened"),
    "dismissed": (
        raising(keyring.errors.InitError("Prompt dismissed..")),
        "dismissed",
        "You closed the keyring's window",
    ),
    "null": (null, "unsafe", "keeps nothing or keeps it in plain text"),
    "plain text": (plaintext, "unsafe", "keeps nothing or keeps it in plain text"),
    "lying": (Lying, "lying", "gave back something else"),
    "forgetting": (Forgetting, "lying", "gave back something else"),
    "dead": (raising(BrokenPipeError()), "broken", "broke off"),
}


def wants(session: Session) -> str:
    return session.vault_wants


@asynccontextmanager
async def launch(root: Path, find: Callable[[], Store], limit: float = 5.0) -> AsyncIterator[Session]:
    vaults = Vaults(root)
    with Workspace(root).open(NAME, create=True) as store:
        session = Session(store, Vault(find=find, limit=limit, index=vaults.index), vaults=vaults)
        store.save_project(session.project)
        await session.prepare()
        yield session


@pytest.mark.parametrize("how", FAILING)
async def test_it_goes_on_and_says_what_is_not_stored(tmp_path: Path, how: str) -> None:
    find, kind, says = FAILING[how]
    async with launch(tmp_path, find) as session:
        assert session.vault_trouble is not None
        assert session.vault_trouble.problem == kind
        assert wants(session) == "choice"
        (note,) = session.notes
        assert says in note
        assert "Nothing is stored: names and tokens are kept for this sitting only." in note
        assert session.vault_say == note
        # What a person says counts in this sitting, and is nowhere else.
        await session.save_owner(OWNER)
        assert session.owners.get("dns") == OWNER
        assert session.vaults is not None
        assert session.vaults.index.read().entries == {}
        assert "owner-stored" not in {entry.kind for entry in session.store.journal.entries}
        assert seen(files_under(tmp_path), ["cnry-account"]) == []
        view = await VaultSight(session.vault).state()
        assert (view.kind, view.ok) == ("session", True)
        # And what somebody then chooses keeps it.
        await session.choose_vault("file", PHRASE)
        assert wants(session) == ""
        kept = await session.vault.get(f"{NAME}/owner/dns")
        assert kept is not None
        assert seen(files_under(tmp_path), ["cnry-account"]) == []
    async with launch(tmp_path, lambda: Vaults(tmp_path).file(PHRASE)) as again:
        assert again.owners.get("dns") == OWNER


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    store = Hanging()
    yield store
    store.answer.set()


async def test_slow(tmp_path: Path, hanging: Hanging) -> None:
    async with launch(tmp_path, lambda: hanging, limit=0.05) as session:
        assert session.vault_trouble is not None
        assert session.vault_trouble.problem == "slow"
        assert "did not answer within 0.05 seconds" in session.notes[0]
        assert session.vault_wants == "choice"
        await session.save_owner(OWNER)
        assert session.owners.get("dns") == OWNER


async def test_dying_in_the_middle(tmp_path: Path) -> None:
    store = Dying()
    async with launch(tmp_path, lambda: store) as session:
        assert session.vault_trouble is None
        with pytest.raises(VaultProblem) as caught:
            await session.save_owner(OWNER)
        assert caught.value.kind == "broken"
        checks = session.hold_owner(OWNER, caught.value)
        assert checks
        assert session.owners.get("dns") == OWNER
        assert "Not stored: DNS." in session.notes[-1]
        assert "for this sitting only" in session.notes[-1]
        assert session.vaults is not None
        assert session.vaults.index.read().entries == {}
        assert store.kept == {}
        assert seen(files_under(tmp_path), ["cnry-account"]) == []


async def test_what_no_vault_takes_is_not_held(tmp_path: Path) -> None:
    async with launch(tmp_path, Good) as session:
        long = Owner("dns", recovery="x" * 1_300)
        with pytest.raises(VaultProblem) as caught:
            await session.save_owner(long)
        with pytest.raises(VaultProblem):
            session.hold_owner(long, caught.value)
        assert session.owners.get("dns") == Owner("dns")


async def test_a_choice_that_does_not_work_changes_nothing(tmp_path: Path) -> None:
    async with launch(tmp_path, absent) as session:
        await session.save_owner(OWNER)
        for kind, phrase in (("keyring", None), ("file", Secret("easy"))):
            with pytest.raises(VaultProblem):
                await session.choose_vault(kind, phrase)  # type: ignore[arg-type]  # one of each
            assert session.vault.kind == "session"
            assert session.owners.get("dns") == OWNER
            assert Vaults(tmp_path).chosen is None


async def test_what_the_check_says_of_each() -> None:
    from launchready_tui.checks.handover.vault import judge_vault

    for find, expected in ((Good, Status.PASS), (null, Status.FAIL), (Lying, Status.UNKNOWN), (absent, Status.UNKNOWN)):
        finding = judge_vault(await VaultSight(Vault(find=find)).state())
        assert finding.status is expected, finding


async def test_an_export_is_held_against_all_that_the_vault_keeps(tmp_path: Path) -> None:
    """Another project's token, and the passphrase itself, are found where somebody put them into a note."""
    async with launch(tmp_path, absent) as session:
        await session.choose_vault("file", PHRASE)
        await session.vault.put("token/gandi/other.example", Secret("cnryq83hd73hdk39dk3"))
        values = await session.vault_values()
        assert Secret("cnryq83hd73hdk39dk3") in values
        assert PHRASE in values
        assert session.told(f"it opens with {PHRASE.reveal()}") == "it opens with [a secret removed]"
        session.write("action", {"id": "x", "what": "cnryq83hd73hdk39dk3", "who": "", "due": None, "done": False})
        assert any("kept in the vault" in hit for hit in (await session.export()).hits)
