"""A launch in memory whose journal, vaults and list of names are real, in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launchready_tui.ledger import fold
from launchready_tui.project import Clock, Project
from launchready_tui.secretlist import Suggested
from launchready_tui.vault import Vault, Vaults, VaultState
from launchready_tui.workspace import Workspace
from tests.screens.fake import FakeSession
from tests.screens.launch import NAME


class KeepingSession(FakeSession):
    """`trouble` is why the keyring keeps nothing; without it, what is kept goes to `vaults`' chosen one."""

    def __init__(self, root: Path, *, trouble: str = "", found: tuple[Suggested, ...] = ()) -> None:
        super().__init__()
        self.store = Workspace(root).open(NAME, create=True)
        self.clock = Clock()
        self._ledger = fold(self.store.journal.entries, self.clock)
        self._secrets = {}
        self.vaults = Vaults(root)
        self.vault = Vault("session") if trouble else self.vaults.open()
        if trouble:
            self.vault_trouble = VaultState("keyring", "", False, trouble, "none")
            self.vault_say = trouble
        self.looked_for = found
        self.project = Project(NAME, product="Creator Hub")

    async def suggested_secrets(self) -> tuple[Suggested, ...]:
        return tuple(each for each in self.looked_for if not self.secret_list.lists(each.name))

    async def load_owners(self) -> None:
        """The fake's owners stay."""

    async def load_tokens(self) -> None:
        """The fake has no place to connect to."""

    async def aclose(self) -> None:
        self.closed = True
        self.store.close()


@contextmanager
def keeping(root: Path, *, trouble: str = "", found: tuple[Suggested, ...] = ()) -> Iterator[KeepingSession]:
    session = KeepingSession(root, trouble=trouble, found=found)
    try:
        yield session
    finally:
        session.store.close()
