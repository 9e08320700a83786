"""Which of keyring's backends we use. Everything here blocks, its imports included, and runs on Aside's thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from launchready_tui.text import clean
from launchready_tui.vault import trouble

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_NAMES = {
    "keyring.backends.SecretService": "Secret Service",
    "keyring.backends.libsecret": "Secret Service",
    "keyring.backends.kwallet": "KWallet",
    "keyring.backends.macOS": "macOS Keychain",
    "keyring.backends.Windows": "Windows Credential Manager",
}
# keyrings.alt keeps plain text or asks for a password on the terminal, which the wizard draws on; so does cryptfile.
_UNSAFE_MODULES = ("keyring.backends.null", "keyring.backends.fail", "keyrings.alt", "keyrings.cryptfile")


class Store(Protocol):
    """What we need of a backend."""

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


def name_of(store: Store) -> str:
    """A backend's name as a person knows it: "Secret Service", "macOS Keychain"."""
    kind = type(store)
    return _NAMES.get(kind.__module__) or clean(f"{kind.__module__}.{kind.__qualname__}", limit=120)


def system_store() -> Store:
    """The operating system's keyring. Raises VaultProblem: none, unsafe."""
    import keyring  # slow: it looks for every backend, and some talk to the desktop
    from keyring.backends import chainer, fail

    chosen: KeyringBackend = keyring.get_keyring()
    if isinstance(chosen, fail.Keyring):
        raise trouble.none()
    members: list[KeyringBackend] = [chosen]
    if isinstance(chosen, chainer.ChainerBackend):  # it would read from, and could write to, any of them
        members = list(chosen.backends)
    for member in members:
        if not is_unsafe(member):
            return member
    raise trouble.unsafe(name_of(members[0])) if members else trouble.none()


def is_unsafe(store: Store) -> bool:
    """Does this backend keep nothing, or keep it in plain text?"""
    for kind in type(store).__mro__:
        module = f"{kind.__module__}."
        if (
            any(module.startswith(f"{unsafe}.") for unsafe in _UNSAFE_MODULES)
            or "plaintext" in kind.__qualname__.lower()
        ):
            return True
    return False
