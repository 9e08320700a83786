"""Which vault: the keyring, the encrypted file or this sitting only. Chosen by somebody, remembered for the workspace,
never slipped in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import get_args

from launchready_tui import limits
from launchready_tui.options import BadOption
from launchready_tui.secret import Secret
from launchready_tui.vault.backend import Store
from launchready_tui.vault.file import EncryptedFile, passphrase_problem
from launchready_tui.vault.index import VaultIndex
from launchready_tui.vault.trouble import VaultProblem
from launchready_tui.vault.vault import Vault, VaultPlace

FILE = "vault.sealed"
VARIABLE, PASSPHRASE = "LAUNCHREADY_VAULT", "LAUNCHREADY_VAULT_PASSPHRASE"
PLACES: tuple[VaultPlace, ...] = get_args(VaultPlace)
WHERE: dict[str, str] = {
    "keyring": "in your system's keyring",
    "file": "in the encrypted file",
    "session": "for this sitting only",
}


class Vaults:
    """The vaults of one workspace. `told` is what a command line said (--vault); LAUNCHREADY_VAULT counts after it,
    then what was chosen before. `passphrase` is one that was typed; LAUNCHREADY_VAULT_PASSPHRASE stands in for it.
    Raises BadOption for a word that is no vault."""

    def __init__(self, root: Path, told: str | None = None, passphrase: Secret | None = None) -> None:
        self.path = root / FILE
        self.index = VaultIndex(root)
        self.told = parse_place(told) or parse_place(os.environ.get(VARIABLE))
        self.passphrase = passphrase or _given()

    @property
    def chosen(self) -> VaultPlace | None:
        """What somebody chose, here or before; None where nobody did, and the keyring is tried."""
        return self.told or self.index.read().chosen

    @property
    def has_file(self) -> bool:
        return self.path.exists()

    @property
    def asks(self) -> bool:
        """Does the encrypted file wait for a passphrase that nobody has given yet?"""
        return self.chosen == "file" and not self.passphrase

    def open(self, kind: VaultPlace | None = None, passphrase: Secret | None = None) -> Vault:
        """A vault of a kind, of the chosen one by itself. Nothing is touched before its first call."""
        kind = kind or self.chosen or "keyring"
        if kind == "file":
            key = passphrase or self.passphrase
            return Vault("file", find=lambda: self.file(key), limit=limits.KEYRING_SECONDS, index=self.index)
        return Vault(kind, index=self.index)

    def file(self, passphrase: Secret | None) -> Store:
        """The encrypted file. Raises VaultProblem where a new one would open with a passphrase that is too easy."""
        if passphrase and not self.has_file and (problem := passphrase_problem(passphrase)):
            raise VaultProblem("refused", problem)
        return EncryptedFile(self.path, passphrase)

    async def renew(self, passphrase: Secret) -> None:
        """Seal the encrypted file, which must be open, with another passphrase. Raises VaultProblem."""
        held = self.passphrase
        vault = Vault("file", find=lambda: self.file(held))
        await vault.renew(passphrase)
        self.passphrase = passphrase

    def remember(self) -> None:
        """A file that a command line chose is found again without being named. Raises WorkspaceProblem."""
        if self.told == "file" and self.has_file and self.index.read().chosen is None:
            self.index.choose("file")


def parse_place(text: str | None) -> VaultPlace | None:
    """ "keyring", "file" or "session"; None for nothing. Raises BadOption."""
    word = (text or "").strip().lower()
    for place in PLACES:
        if word == place:
            return place
    if word:
        raise BadOption(f"A vault is one of {', '.join(PLACES)}; not {word[:40]!r}.")
    return None


def _given() -> Secret | None:
    told = os.environ.get(PASSPHRASE, "").strip()
    return Secret(told) if told else None
