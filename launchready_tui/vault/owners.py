"""Owners in the vault: one small entry a system, since a keyring cannot list. The index of names is the journal's."""

from __future__ import annotations

from dataclasses import fields

import msgspec

from launchready_tui import limits
from launchready_tui.owners import SYSTEMS, Owner
from launchready_tui.secret import Secret
from launchready_tui.stored import decode_owner, encode_owner
from launchready_tui.vault.trouble import VaultProblem
from launchready_tui.vault.vault import Vault

_FIELDS = {
    "provider": "provider",
    "account": "account name",
    "page": "sign-in page",
    "owner": "owner's name",
    "contact": "owner's contact",
    "backup": "backup owner's name",
    "backup_contact": "backup owner's contact",
    "recovery": "place of the recovery codes",
    "proved_by": "name of who signed in",
    "login_mail": "login mail",
    "recovery_mail": "recovery mail",
}


async def load_owners(vault: Vault, domain: str, index: tuple[str, ...]) -> dict[str, Owner]:
    """The owners of the systems in `index`, by system. One that is not there, or that does not read, is left out.

    Raises VaultProblem where the vault cannot be read.
    """
    found: dict[str, Owner] = {}
    for system in index:
        kept = await vault.get(owner_entry(domain, system))
        if kept is None:
            continue
        try:
            owner = decode_owner(msgspec.json.decode(kept.reveal()))
        except (ValueError, RecursionError):  # msgspec.DecodeError is a ValueError
            continue
        if owner.system == system:
            found[system] = owner
    return found


async def save_owner(vault: Vault, domain: str, owner: Owner) -> None:
    """Store one owner, read back and compared. Raises VaultProblem; one that names the longest field where it is too
    long, ValueError for a system that is not one of SYSTEMS."""
    if owner.system not in {system for system, _, _ in SYSTEMS}:
        raise ValueError(f"{owner.system!r} is not a system of ours")
    text = msgspec.json.encode(encode_owner(owner)).decode()
    over = len(text.encode("utf-16-le")) // 2 - limits.VAULT_ENTRY_CHARACTERS
    if over > 0:
        texts = {one.name: str(getattr(owner, one.name)) for one in fields(Owner) if one.name in _FIELDS}
        longest = max(texts, key=lambda name: len(texts[name]))
        label = next(label for system, label, _ in SYSTEMS if system == owner.system)
        raise VaultProblem(
            "refused",
            f"{label}: the entry is {over:,} characters too long for the keyring. Shorten the {_FIELDS[longest]} "
            f"({len(texts[longest]):,} characters).",
        )
    await vault.put(owner_entry(domain, owner.system), Secret(text))


async def forget_owner(vault: Vault, domain: str, system: str) -> None:
    """Delete what is kept of one system's owner. Raises VaultProblem."""
    await vault.delete(owner_entry(domain, system))


def owner_entry(domain: str, system: str) -> str:
    """The name under which a system's owner is stored."""
    return f"{domain}/owner/{system}"
