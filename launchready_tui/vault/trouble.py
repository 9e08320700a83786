"""What can go wrong with a keyring, told apart, each in one sentence that says what to do."""

from __future__ import annotations

from typing import Literal

from launchready_tui.saying import Problem
from launchready_tui.text import clean

# none: no keyring here. unsafe: one that keeps nothing, or keeps it in plain text. dismissed: the person closed its
# window. locked: it stays locked. slow: no answer in time. lying: it gave back something else than it was given.
# broken: it fell over. refused: the value itself cannot be stored. Of the encrypted file: sealed, its passphrase is
# wrong or it is damaged; waiting, nobody typed its passphrase yet; busy, another window is writing it.
Kind = Literal[
    "none", "unsafe", "dismissed", "locked", "slow", "lying", "broken", "refused", "sealed", "waiting", "busy"
]


class VaultProblem(Problem):
    """A value was not stored, read or deleted. `kind` is one of Kind."""

    def __init__(self, kind: Kind, sentence: str) -> None:
        super().__init__(sentence)
        self.kind: Kind = kind


def slow(limit: float, *, file: bool = False) -> VaultProblem:
    if file:
        return VaultProblem(
            "slow",
            f"The encrypted file was not opened within {limit:g} seconds, so we could not tell. Is this computer very "
            f"busy? Try again.",
        )
    return VaultProblem(
        "slow",
        f"Your system's keyring did not answer within {limit:g} seconds, so we could not tell. It may "
        f"wait for its password in a window behind this one.",
    )


def none() -> VaultProblem:
    return VaultProblem(
        "none",
        "This system has no keyring that we can use. On Linux, install gnome-keyring or KWallet and sign in to the "
        "desktop; macOS and Windows have one by themselves.",
    )


def unsafe(backend: str) -> VaultProblem:
    return VaultProblem(
        "unsafe",
        f"The keyring that is set up here, {backend}, keeps nothing or keeps it in plain text, so we do not use it. "
        f"Remove it from keyring's settings (python -m keyring diagnose shows where they are).",
    )


def lying() -> VaultProblem:
    return VaultProblem(
        "lying",
        "The keyring took the value and then gave back something else, so it was not kept. Try again, or go on for "
        "this sitting only.",
    )


def waiting() -> VaultProblem:
    return VaultProblem("waiting", "The encrypted file is closed: it waits for its passphrase.")


def sealed() -> VaultProblem:
    """A wrong passphrase and a damaged file look alike, and so are said alike."""
    return VaultProblem(
        "sealed",
        "The encrypted file did not open: the passphrase is not the right one, or the file is damaged. Nothing in it "
        "was changed.",
    )


def of(error: Exception) -> VaultProblem:
    """The problem behind an exception of keyring or its backends. The exception's own text is never shown: it may hold
    a value."""
    names = {kind.__name__ for kind in type(error).__mro__}  # by name: importing keyring here could hold the screen
    if "NoKeyringError" in names:
        return none()
    if "PromptDismissedException" in names or "dismissed" in str(error).lower():
        return VaultProblem(
            "dismissed", "You closed the keyring's window, so nothing was stored. Try again when ready."
        )
    if names & {"KeyringLocked", "LockedException"}:
        return VaultProblem("locked", "Your system's keyring stayed locked. Unlock it, then try again.")
    if "InitError" in names:
        return VaultProblem("locked", "Your system's keyring could not be opened. Unlock it, then try again.")
    return VaultProblem(
        "broken",
        f"Your system's keyring broke off ({clean(type(error).__name__, limit=60)}). Try again, or go on for this "
        f"sitting only.",
    )
