"""The vault as the check sees it."""

from __future__ import annotations

from launchready_tui.vault.vault import Vault
from launchready_tui.vaultlook import VaultKind, VaultLook, VaultView

_SEEN: dict[str, VaultKind] = {"unsafe": "unsafe", "none": "unknown"}


class VaultSight(VaultLook):
    """A look at a vault: writes, reads back and deletes a test entry."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def state(self) -> VaultView:
        state = await self._vault.probe()
        kind: VaultKind = state.kind if state.problem is None else _SEEN.get(state.problem, state.kind)
        return VaultView(kind, state.backend, state.ok, state.say)
