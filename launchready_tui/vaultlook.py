"""Where owners and tokens are kept, seen by the check that asks whether that is safe. `vault/` does the keeping."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Literal

from launchready_tui.text import clean

# "keyring": the operating system's own. "encrypted-file" and "session": chosen instead, said plainly. "unsafe": the
# backend stores in plain text or nowhere (keyring's fail, null and plaintext backends). "unknown": it did not answer.
VaultKind = Literal["keyring", "encrypted-file", "session", "unsafe", "unknown"]


@dataclass(frozen=True, slots=True)
class VaultView:
    """`backend` is its name ("macOS Keychain"), `ok` whether a test entry was written, read back and deleted, `say`
    one sentence about what was seen."""

    kind: VaultKind
    backend: str = ""
    ok: bool = False
    say: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "backend", clean(self.backend, limit=120))
        object.__setattr__(self, "say", clean(self.say))


class VaultLook(ABC):
    """A look at the vault."""

    needs = "the keyring"

    @abstractmethod
    async def state(self) -> VaultView:
        """Write, read back and delete a test entry, and say how that went. Never raises."""
