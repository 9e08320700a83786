"""The vault: owners and tokens in the operating system's keyring, or in memory for one sitting, never in plain text."""

from __future__ import annotations

from launchready_tui.vault.trouble import VaultProblem
from launchready_tui.vault.vault import Vault, VaultState, token_entry

__all__ = ["Vault", "VaultProblem", "VaultState", "token_entry"]
