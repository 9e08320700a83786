"""The keys that somebody trusts, by name: one small file in the workspace, known-keys.toml."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from launchready_tui import disk, limits, system
from launchready_tui.handover.signing import KnownKey, Verdict, name, unpacked
from launchready_tui.saying import Problem
from launchready_tui.text import day

FILE = "known-keys.toml"


class KeyProblem(Problem):
    """A key that is not taken on. `sentence` says why and what to do."""


def read_keys(root: Path) -> tuple[KnownKey, ...]:
    """The keys of a workspace; () where none was trusted yet. Raises WorkspaceProblem for a file that cannot be read:
    a list that is damaged must not make a known key look unknown without a word."""
    path = root / FILE
    try:
        table = disk.parse_toml(disk.read_capped(path))
    except FileNotFoundError:
        return ()
    except ValueError as error:
        raise disk.WorkspaceProblem(
            f"{disk.shown(path)} cannot be read. {error} Move it away to start anew."
        ) from error
    listed = table.get("key")
    return tuple(found for each in (listed if isinstance(listed, list) else []) if (found := _key(each)) is not None)


def _key(entry: object) -> KnownKey | None:
    if not isinstance(entry, dict):
        return None
    called, key, since = entry.get("name"), entry.get("key"), entry.get("since")
    if not isinstance(called, str) or not isinstance(key, str) or unpacked(key, 32) is None:
        return None
    return KnownKey(name(called), key, since if type(since) is dt.date else None)


def trust(root: Path, verdict: Verdict, today: dt.date) -> str:
    """Remember the key of a valid signature under its signer's name. Returns a sentence about what was done.

    Raises KeyProblem for a signature that does not hold and for a name that is known with another key, WorkspaceProblem
    where the disk says no.
    """
    if not verdict.valid:
        raise KeyProblem(f"There is no key to remember. {verdict.say}")
    known = read_keys(root)
    for each in known:
        if each.key == verdict.key:
            return f"The key of {each.name} is known already."
        if each.name.casefold() == verdict.by.casefold():
            since = f" since {day(each.since)}" if each.since else ""
            raise KeyProblem(
                f"You know {each.name}{since} by another key: {each.words}. This one is {verdict.words}. A new machine "
                f"has a new key, and so has an impostor: ask {each.name}. If it is theirs, take the old one out of "
                f"{disk.shown(root / FILE)} and trust this one then."
            )
    if len(known) >= limits.KNOWN_KEYS:
        raise KeyProblem(f"{limits.KNOWN_KEYS} keys are known already. Take those out that are no longer needed.")
    _write(root, (*known, KnownKey(verdict.by, verdict.key, today)))
    return f"The key of {verdict.by} is known from now on: {verdict.words}."


def _write(root: Path, keys: tuple[KnownKey, ...]) -> None:
    import tomli_w

    rows = [{"name": each.name, "key": each.key, **({"since": each.since} if each.since else {})} for each in keys]
    head = "# Keys that you trust: whose each is, and since when. Take one out to trust it no more.\n"
    try:
        if not root.is_dir():
            system.private_folder(root)
    except OSError as error:
        raise disk.problem(error, root) from error
    disk.write_private(root / FILE, (head + tomli_w.dumps({"key": rows}, multiline_strings=False)).encode())
