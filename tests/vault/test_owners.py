"""Owners in the vault: one entry a system, none too long, nothing of them anywhere else."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from launchready_tui import limits
from launchready_tui.owners import SYSTEMS, Owner
from launchready_tui.secret import Secret
from launchready_tui.vault import Vault, VaultProblem
from launchready_tui.vault.owners import forget_owner, load_owners, owner_entry, save_owner
from tests.vault.fakes import Good, Lying

NAME = "good.example"
ADA = Owner(
    "registrar",
    provider="Namecheap",
    account="ada@good.example",
    page="https://namecheap.com/",
    owner="Ada",
    contact="+49 1",
    backup="Grace",
    backup_confirmed=True,
    second_factor=True,
    recovery="In the safe",
    proved=dt.date(2026, 11, 24),
)


async def test_owners_round_trip() -> None:
    store = Good()
    vault = Vault(find=lambda: store)
    absent = Owner("payments", absent=True)
    await save_owner(vault, NAME, ADA)
    await save_owner(vault, NAME, absent)
    await save_owner(vault, "other.example", Owner("registrar", owner="Eve"))
    assert await load_owners(vault, NAME, ("registrar", "payments", "dns")) == {"registrar": ADA, "payments": absent}
    assert sorted(name for _, name in store.kept) == [
        "good.example/owner/payments",
        "good.example/owner/registrar",
        "other.example/owner/registrar",
    ]
    await forget_owner(vault, NAME, "registrar")
    await forget_owner(vault, NAME, "registrar")
    assert await load_owners(vault, NAME, ("registrar", "payments")) == {"payments": absent}
    assert "Ada" not in json.dumps(list(store.kept.values()))


async def test_too_long_names_the_field() -> None:
    store = Good()
    vault = Vault(find=lambda: store)
    with pytest.raises(VaultProblem) as caught:
        await save_owner(vault, NAME, Owner("dns", owner="Ada", recovery="x" * 1_300))
    assert caught.value.kind == "refused"
    assert caught.value.sentence.startswith("DNS: the entry is ")
    assert caught.value.sentence.endswith("Shorten the place of the recovery codes (1,300 characters).")
    assert store.kept == {}


async def test_the_longest_entry_that_fits() -> None:
    vault = Vault(kind="session")
    room = limits.VAULT_ENTRY_CHARACTERS - len('{"system":"dns","recovery":""}')
    await save_owner(vault, NAME, Owner("dns", recovery="x" * room))
    with pytest.raises(VaultProblem):
        await save_owner(vault, NAME, Owner("dns", recovery="x" * (room + 1)))
    with pytest.raises(VaultProblem):
        await save_owner(vault, NAME, Owner("dns", recovery="😀" * (room // 2 + 1)))


async def test_a_system_that_is_not_ours() -> None:
    with pytest.raises(ValueError, match="not a system of ours"):
        await save_owner(Vault(kind="session"), NAME, Owner("coffee"))


@pytest.mark.parametrize(
    "kept", ["{", "[]", "5", '{"system":5}', '{"system":"hosting"}', "[" * 1_000, '{"system":"dns","proved":"x"}']
)
async def test_what_does_not_read_is_left_out(kept: str) -> None:
    vault = Vault(kind="session")
    await vault.put(owner_entry(NAME, "dns"), Secret(kept))
    await save_owner(vault, NAME, ADA)
    assert await load_owners(vault, NAME, ("dns", "registrar")) == {"registrar": ADA}


async def test_hostile_text_is_cleaned() -> None:
    vault = Vault(kind="session")
    await vault.put(owner_entry(NAME, "dns"), Secret(json.dumps({"system": "dns", "owner": "\x1b]0;x\x07\u202e"})))
    owner = (await load_owners(vault, NAME, ("dns",)))["dns"]
    assert owner.owner.isprintable()
    assert "\u202e" not in owner.owner


async def test_a_keyring_that_lies_about_an_owner() -> None:
    with pytest.raises(VaultProblem) as caught:
        await save_owner(Vault(find=Lying), NAME, ADA)
    assert caught.value.kind == "lying"
    assert "Ada" not in caught.value.sentence


def test_every_system_has_a_name_of_its_own() -> None:
    assert len({owner_entry(NAME, system) for system, _, _ in SYSTEMS}) == len(SYSTEMS)
