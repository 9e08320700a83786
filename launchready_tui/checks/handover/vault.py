"""Owners and tokens are kept in the operating system's keyring, or not at all; never in a plain file."""

from __future__ import annotations

from launchready_tui.checks import check
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, unknown, warned
from launchready_tui.vaultlook import VaultLook, VaultView

_STEPS = (
    "On macOS and Windows a keyring is there by itself: unlock it and look again. On Linux install gnome-keyring or "
    "KWallet, sign in to your desktop once, and look again."
)


def judge_vault(view: VaultView) -> Finding:
    """The rule: a real keyring that gives back what it was given. Pure."""
    backend = view.backend or "the keyring"
    evidence = [Evidence("keyring", view.say or backend)]
    if view.kind == "keyring" and view.ok:
        return passed(
            f"{view.backend or 'The keyring'} keeps what it is given: a test entry was written, read back, deleted.",
            evidence=evidence,
            facts=[("vault", backend)],
        )
    if view.kind == "keyring":
        return unknown(
            f"We could not tell whether {backend} keeps what we store. {view.say}".strip(),
            needs="another look",
            evidence=evidence,
        )
    if view.kind == "unsafe":
        return failed(
            f"This computer's keyring is set to {backend}, which does not keep passwords safely.",
            Fix("steps", f"Switch to a real keyring. {_STEPS}", minutes=15, who="Whoever set up this computer"),
            evidence=evidence,
        )
    if view.kind == "encrypted-file" and not view.ok:
        return unknown(
            f"We could not tell whether the encrypted file keeps what we store. {view.say}".strip(),
            needs="the passphrase of the encrypted file",
            evidence=evidence,
        )
    if view.kind in ("encrypted-file", "session"):
        file = view.kind == "encrypted-file"
        kept = (
            "Names and tokens are kept in an encrypted file, not in a keyring. Whoever knows its passphrase opens it."
            if file
            else "No keyring is in use here: names and tokens are kept only until the wizard closes."
        )
        other = "" if file else " Or keep them in an encrypted file: launchready vault file, or enter on this row."
        return warned(
            kept,
            Fix("steps", f"{_STEPS}{other}", minutes=15, who="Whoever set up this computer"),
            evidence=evidence,
            facts=[("vault", view.kind)],
        )
    return unknown(
        f"The keyring did not tell us what it is. {view.say}".strip(), needs="another look", evidence=evidence
    )


@check(
    "handover.vault.keyring",
    severity=Severity.HIGH,
    title="Names and tokens are kept in the keyring",
    why="In a text file, anyone with your disk could read them; kept nowhere, they have to be typed again.",
    minutes=10,
)
async def vault_keyring(vault: VaultLook) -> Finding:
    return judge_vault(await vault.state())
