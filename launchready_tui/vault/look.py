"""The vault as the check sees it."""

from __future__ import annotations

from launchready_tui.vault.vault import Vault, VaultPlace
from launchready_tui.vaultlook import VaultKind, VaultLook, VaultView

_SEEN: dict[str, VaultKind] = {"unsafe": "unsafe", "none": "unknown"}
_KINDS: dict[VaultPlace, VaultKind] = {"keyring": "keyring", "file": "encrypted-file", "session": "session"}


class VaultSight(VaultLook):
    """A look at a vault: writes, reads back and deletes a test entry."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def state(self) -> VaultView:
        state = await self._vault.probe()
        seen = _KINDS[state.kind]
        kind = seen if state.problem is None else _SEEN.get(state.problem, seen)
        return VaultView(kind, state.backend, state.ok, state.say)
