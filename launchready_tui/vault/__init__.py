"""The vault: owners and tokens in the operating system's keyring, in an encrypted file where somebody chose that, or in
memory for one sitting; never in plain text."""

from __future__ import annotations

from launchready_tui.vault.choice import Vaults
from launchready_tui.vault.trouble import VaultProblem
from launchready_tui.vault.vault import Vault, VaultPlace, VaultState, token_entry

__all__ = ["Vault", "VaultPlace", "VaultProblem", "VaultState", "Vaults", "token_entry"]
