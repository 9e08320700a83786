"""The passphrase of the encrypted file, typed unseen at a terminal. Nothing asks where there is none."""

from __future__ import annotations

import getpass
import sys

from launchready_tui.options import BadOption
from launchready_tui.saying import say_problem
from launchready_tui.secret import Secret
from launchready_tui.vault import Vaults
from launchready_tui.vault.choice import PASSPHRASE
from launchready_tui.vault.file import passphrase_problem

_TRIES = 3


def unlock(vaults: Vaults) -> None:
    """Ask for the passphrase, where the encrypted file was chosen and nobody gave it. Raises BadOption where a new file
    gets none."""
    if not vaults.asks or not sys.stdin.isatty():
        return
    if vaults.has_file:
        typed = getpass.getpass("Passphrase of the encrypted file (it is not shown): ").strip()
        vaults.passphrase = Secret(typed) if typed else None
    else:
        say_problem("The encrypted file is new. Nobody can open it without its passphrase, and nobody can reset it.")
        vaults.passphrase = new_passphrase()


def new_passphrase() -> Secret:
    """A new one, typed twice. Raises BadOption after three tries, or where there is no terminal."""
    if not sys.stdin.isatty():
        raise BadOption(f"There is no terminal to type a new passphrase at. Set {PASSPHRASE}.")
    for _ in range(_TRIES):
        typed = Secret(getpass.getpass("A new passphrase (it is not shown): ").strip())
        problem = passphrase_problem(typed) or passphrase_problem(
            typed, Secret(getpass.getpass("The same again: ").strip())
        )
        if not problem:
            return typed
        say_problem(problem)
    raise BadOption("No passphrase was set, so nothing was changed.")
