"""Runs inside a session bus of its own (test_keyring.py): says as JSON what the vault makes of the keyring there."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from launchready_tui.owners import Owner
from launchready_tui.secret import Secret
from launchready_tui.vault import Vault, VaultProblem
from launchready_tui.vault.owners import load_owners, save_owner

NAME = "good.example"


async def use(vault: Vault) -> dict[str, object]:
    """What a sitting does: probe, a token, an owner with text of another script; and the same from a second vault."""
    state = await vault.probe()
    said: dict[str, object] = {"ok": state.ok, "backend": state.backend, "problem": state.problem, "say": state.say}
    if not state.ok:
        return said
    await vault.put("token/x", Secret("ключ-1"))
    await vault.put("token/x", Secret("ключ-2"))
    await save_owner(vault, NAME, Owner("dns", owner="Åda 😀", recovery="x" * 1_100))
    other = Vault()
    token = await other.get("token/x")
    owners = await load_owners(other, NAME, ("dns", "hosting"))
    said["token"] = token is not None and token == Secret("ключ-2")
    said["owners"] = {system: owner.owner for system, owner in owners.items()}
    await other.delete("token/x")
    said["gone"] = await vault.get("token/x") is None
    return said


async def refused(vault: Vault) -> dict[str, object]:
    state = await vault.probe()
    try:
        await vault.put("token/x", Secret("x"))
    except VaultProblem as problem:
        return {"ok": state.ok, "problem": state.problem, "put": problem.kind, "say": state.say}
    return {"ok": state.ok, "problem": state.problem, "put": "stored", "say": state.say}


if __name__ == "__main__":
    job = {"use": use, "refused": refused}[sys.argv[1]]
    Path(sys.argv[2]).write_text(json.dumps(asyncio.run(job(Vault(limit=15)))))
