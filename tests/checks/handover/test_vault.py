"""Where names and tokens are kept."""

from __future__ import annotations

import pytest

from launchready_tui.model import Status
from launchready_tui.vaultlook import VaultLook, VaultView
from tests.world import Row, World, hold


class CannedVault(VaultLook):
    def __init__(self, view: VaultView) -> None:
        self._view = view

    async def state(self) -> VaultView:
        return self._view


def world(view: VaultView) -> World:
    return World(more=(CannedVault(view),))


TABLE: dict[str, list[Row]] = {
    "handover.vault.keyring": [
        Row("a real keyring", world(VaultView("keyring", "macOS Keychain", True)), Status.PASS, "macOS Keychain keeps"),
        Row("encrypted file", world(VaultView("encrypted-file", "file", True)), Status.WARN, "encrypted file"),
        Row("session only", world(VaultView("session", "memory", True)), Status.WARN, "until the wizard closes"),
        Row("plain text", world(VaultView("unsafe", "the plaintext backend", True)), Status.FAIL, "plaintext backend"),
        Row(
            "locked",
            world(VaultView("keyring", "GNOME Keyring", False, "It is locked.")),
            Status.UNKNOWN,
            "It is locked.",
        ),
        Row("no answer", world(VaultView("unknown", say="It did not answer within 20 seconds.")), Status.UNKNOWN),
        Row("no vault here", World(), Status.UNKNOWN, "the keyring"),
        Row(
            "hostile backend",
            world(VaultView("unsafe", "\x1b]52;c;eA==\x07[/]\u202e", False, "\x1b[2J")),
            Status.FAIL,
            hostile=True,
        ),
    ]
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)
