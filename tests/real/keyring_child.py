"""Runs inside a session bus of its own (test_keyring.py): says as JSON what the vault makes of the keyring there."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from launchready_tui.owners import Owner
from launchready_tui.secret import Secret
from launchready_tui.session import Session
from launchready_tui.vault import Vault, VaultProblem, Vaults
from launchready_tui.vault.backend import Store, system_store
from launchready_tui.vault.owners import load_owners, save_owner
from launchready_tui.workspace import Workspace

NAME = "good.example"
ENTRY = f"token/cloudflare/{NAME}"
# Looked for by test_keyring.py on the whole disk that the child had, in every form.
VALUES = ("cnry-ключ-Zx81k/Qw0Pms+1", "cnry-ключ-Zx81k/Qw0Pms+2", "cnry-äccount-Jd83kq", "cnry horse Battery 7stäple")


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


def _home() -> Path:
    return Path(sys.argv[2]).parent / "workspace"


async def whole(vault: Vault) -> dict[str, object]:
    """Store, read, list, rotate, remove, through a launch of a workspace as the wizard opens it."""
    vaults = Vaults(_home())
    with Workspace(_home()).open(NAME, create=True) as store:
        session = Session(store, vaults.open(), vaults=vaults)
        await session.prepare()
        said: dict[str, object] = {"trouble": session.vault_trouble is not None, "say": session.vault_say}
        for value in (VALUES[0], VALUES[1]):  # stored, and rotated
            await session.vault.put(ENTRY, Secret(value))
        await session.save_owner(Owner("dns", owner="Ada", account=VALUES[2]))
        said["read"] = await Vault().get(ENTRY) == Secret(VALUES[1])
        said["listed"] = [(token.name, token.where) for token in session.tokens()]
        said["index"] = sorted(vaults.index.read().entries)
        session.store.save_project(session.project)
        exported = await session.export()
        said["exported"] = (len(exported.paths) > 3, list(exported.hits))
        again = Session(store, vaults.open(), vaults=vaults)
        await again.prepare()
        said["owner"] = again.owners.get("dns").owner
        await session.remove_token(ENTRY)
        said["removed"] = await Vault().get(ENTRY) is None
        said["left"] = sorted(vaults.index.read().entries)
    return said


async def moved(vault: Vault) -> dict[str, object]:
    """From the keyring into the encrypted file and back: nothing is left behind where it was."""
    vaults, phrase = Vaults(_home()), Secret(VALUES[3])
    with Workspace(_home()).open(NAME, create=True) as store:
        session = Session(store, vaults.open(), vaults=vaults)
        await session.prepare()
        await session.vault.put(ENTRY, Secret(VALUES[0]))
        said: dict[str, object] = {"to the file": await session.choose_vault("file", phrase)}
        said["gone from the keyring"] = await Vault().get(ENTRY) is None
        said["in the file"] = await session.vault.get(ENTRY) == Secret(VALUES[0])
        said["back"] = await session.choose_vault("keyring")
        said["in the keyring"] = await Vault().get(ENTRY) == Secret(VALUES[0])
        said["gone from the file"] = await vaults.open("file", phrase).get(ENTRY) is None
    return said


def _daemon() -> int:
    """The process that answers for the Secret Service on this bus."""
    bus = ["--session", "--print-reply=literal", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"]
    asked = ["org.freedesktop.DBus.GetConnectionUnixProcessID", "string:org.freedesktop.secrets"]
    done = subprocess.run(["dbus-send", *bus, *asked], capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1])


class _KilledBetween:
    """The real keyring, whose daemon is killed between the writing and the reading back."""

    def __init__(self, real: Store) -> None:
        self._real = real

    def get_password(self, service: str, username: str) -> str | None:
        return self._real.get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._real.set_password(service, username, password)
        os.kill(_daemon(), signal.SIGKILL)

    def delete_password(self, service: str, username: str) -> None:
        self._real.delete_password(service, username)


async def killed(vault: Vault) -> dict[str, object]:
    """The daemon dies in the middle of storing: said, never taken for stored, and the sitting goes on."""
    await vault.put("token/before", Secret(VALUES[0]))
    dying = Vault(find=lambda: _KilledBetween(system_store()), limit=15)
    said: dict[str, object] = {}
    try:
        await dying.put("token/x", Secret(VALUES[1]))
        said["put"] = "stored"
    except VaultProblem as problem:
        said["put"], said["sentence"] = problem.kind, problem.sentence
    vaults = Vaults(_home())
    with Workspace(_home()).open(NAME, create=True) as store:
        session = Session(store, vaults.open(), vaults=vaults)
        await session.prepare()
        said["wants"], said["say"] = session.vault_wants, session.vault_say
        await session.save_owner(Owner("dns", owner="Ada"))  # for this sitting
        said["owner"], said["kept"] = session.owners.get("dns").owner, session.vault.kind
        said["listed"] = sorted(vaults.index.read().entries)
    return said


async def locked(vault: Vault) -> dict[str, object]:
    """The keyring is locked in the middle of a sitting, as by a screen saver."""
    import secretstorage

    await vault.put("token/x", Secret(VALUES[0]))
    connection = secretstorage.dbus_init()
    secretstorage.get_default_collection(connection).lock()
    connection.close()
    said: dict[str, object] = {}
    for name, call in (("get", vault.get("token/x")), ("put", vault.put("token/x", Secret(VALUES[1])))):
        try:
            await call
            said[name] = "done"
        except VaultProblem as problem:
            said[name] = problem.kind
    return said


if __name__ == "__main__":
    jobs = {"use": use, "refused": refused, "whole": whole, "moved": moved, "killed": killed, "locked": locked}
    job = jobs[sys.argv[1]]
    Path(sys.argv[2]).write_text(json.dumps(asyncio.run(job(Vault(limit=15)))))
