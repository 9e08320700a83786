"""`launchready vault` and `launchready tokens`: where names and tokens are kept, and which tokens there are. Here too:
the passphrase of the encrypted file, typed unseen at a terminal."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from launchready_tui.changing import opened
from launchready_tui.headless import told
from launchready_tui.options import BadOption
from launchready_tui.render import wrap
from launchready_tui.saying import say_problem
from launchready_tui.session.keeping import Token, tokens_of
from launchready_tui.text import clean, day, plural
from launchready_tui.unlocking import new_passphrase, unlock
from launchready_tui.vault import VaultPlace, VaultProblem, Vaults
from launchready_tui.vault.choice import VARIABLE, WHERE
from launchready_tui.workspace import Workspace


def run_vault(place: VaultPlace | None, project: str | None, workspace: str | None, *, renew: bool) -> int:
    """Say where names and tokens are kept, keep them elsewhere from now on, or give the encrypted file another
    passphrase. Exit status 1 where that was not done."""
    with told():
        try:
            if renew:
                return asyncio.run(_renew(Path(workspace) if workspace else None))
            if place is None:
                return asyncio.run(_show(Path(workspace) if workspace else None))
            return asyncio.run(_choose(place, project, workspace))
        except VaultProblem as problem:
            say_problem(problem.sentence)
            return 1


async def _show(root: Path | None) -> int:
    vaults = Vaults(Workspace(root).root)
    unlock(vaults)
    state = await vaults.open().probe()
    print(state.say)
    if vaults.chosen is None:
        print(
            f"Nobody chose. `launchready vault file` keeps them in an encrypted file; {VARIABLE} says so to a machine."
        )
    names = vaults.index.read().entries
    print(f"{plural(len(names), 'name')} on the list; `launchready tokens` shows the tokens among them.")
    return 0 if state.ok else 1


async def _choose(place: VaultPlace, project: str | None, workspace: str | None) -> int:
    """Through an open project where there is one, so that its own go with it."""
    root = Path(workspace) if workspace else None
    found = Workspace(root)
    usable = [one.domain for one in found.projects() if not one.problem and one.archived is None]
    if not usable and not project:
        vaults = Vaults(found.root, place)
        unlock(vaults)
        state = await vaults.open(place).probe()
        if not state.ok:
            raise VaultProblem(state.problem or "broken", state.say)
        vaults.index.choose(place)
        print(f"From now on, names and tokens are kept {WHERE[place]}.")
        return 0
    async with opened(project or usable[0], workspace) as session:
        if session.vaults is None:
            raise VaultProblem("refused", "The practice startup keeps everything for this sitting only.")
        target = Vaults(session.vaults.path.parent, place, session.vaults.passphrase)
        unlock(target)
        print(await session.choose_vault(place, target.passphrase))
        for note in session.notes:
            say_problem(note)
    return 0


async def _renew(root: Path | None) -> int:
    """The encrypted file, sealed with another passphrase."""
    vaults = Vaults(Workspace(root).root, "file")
    if not vaults.has_file:
        raise BadOption("There is no encrypted file here. `launchready vault file` makes one.")
    unlock(vaults)
    state = await vaults.open("file").probe()
    if not state.ok:
        raise VaultProblem(state.problem or "broken", state.say)
    await vaults.renew(new_passphrase())
    print("The encrypted file opens with the new passphrase from now on. The old one is of no use any more.")
    return 0


# ---- tokens ----


def run_tokens(project: str | None, workspace: str | None, *, remove: str, test: bool, as_json: bool) -> int:
    """Every token by name: of the workspace and of the environment. Exit status 1 where one could not be removed."""
    with told():
        try:
            return asyncio.run(_tokens(project, workspace, remove=remove, test=test, as_json=as_json))
        except VaultProblem as problem:
            say_problem(problem.sentence)
            return 1


async def _tokens(project: str | None, workspace: str | None, *, remove: str, test: bool, as_json: bool) -> int:
    found = Workspace(Path(workspace) if workspace else None)
    vaults = Vaults(found.root)
    if remove:
        said = await _remove(found, vaults, remove, workspace)
        say_problem(said)
    if test:
        async with opened(project, workspace) as session:
            reach = await session.check_reach()
            if reach is None:
                say_problem("No DNS host is connected, so there is no token to try.")
            else:
                say_problem(reach.say)
                for each in reach.missing:
                    say_problem(f"  missing: {each}")
    listed = tokens_of(vaults, [name for _, name in _in_use(found)])
    if as_json:
        print(json.dumps(tokens_document(listed), ensure_ascii=True, indent=1))
    else:
        width = max(40, min(shutil.get_terminal_size((100, 24)).columns, 120))
        print("\n".join(line for token in listed for line in token_lines(token, width)) or "No token is kept here.")
    return 0


def _in_use(found: Workspace) -> Iterator[tuple[str, str]]:
    """(project, name of a token) for every connection of the workspace."""
    from launchready_tui.disk import WorkspaceProblem

    for one in found.projects():
        try:
            with found.open(one.domain) as store:
                project = store.project
        except WorkspaceProblem:
            continue  # home says what is wrong with it
        for connection in project.connections:
            if connection.get("secret"):
                yield one.domain, connection["secret"]


async def _remove(found: Workspace, vaults: Vaults, name: str, workspace: str | None) -> str:
    """Delete a token wherever it is, with the connections that need it. Raises BadOption, VaultProblem."""
    users = [domain for domain, used in _in_use(found) if used == name]
    known = {token.name: token for token in tokens_of(vaults, [name] if users else [])}
    if name not in known:
        raise BadOption(f"There is no token {clean(name, limit=80)}. `launchready tokens` lists them all.")
    if not known[name].kept:
        raise BadOption(f"{clean(name, limit=80)} stands in the environment of this command; take it out there.")
    said = ""
    for domain in dict.fromkeys(users):
        async with opened(domain, workspace) as session:
            said = await session.remove_token(name)
    if said:
        return said
    unlock(vaults)
    await vaults.open().delete(name)
    return (
        f"{clean(name, limit=200)} is deleted here. At the provider it stays valid until you delete it there as well."
    )


def tokens_document(tokens: tuple[Token, ...]) -> dict[str, object]:
    """The list for a script; no value is in it."""
    return {
        "schema_version": 1,
        "tokens": [
            {
                "name": each.name,
                "provider": each.provider,
                "zone": each.zone,
                "where": each.where,
                "stored": _time(each.at),
                "reach": each.reach,
                "reached": _time(each.reached),
                "connected": each.used,
            }
            for each in tokens
        ],
    }


def _time(at: dt.datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def token_lines(token: Token, width: int) -> Iterator[str]:
    """One token, for a person."""
    zone = f" for {token.zone}" if token.zone else ""
    stored = f", stored {day(token.at)}" if token.at else ""
    used = "" if token.used or not token.kept else ", no connection uses it"
    yield from wrap(f"{token.name}: {token.provider}{zone}, {token.where}{stored}{used}", width, "  ")
    if token.reach and token.reached:
        yield from wrap(f"  {day(token.reached)}: {token.reach}", width, "    ")
