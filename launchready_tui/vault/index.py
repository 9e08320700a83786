"""The names of what is in the vault, and where this workspace keeps it: a keyring cannot list. Never a value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from launchready_tui import disk, limits, system
from launchready_tui.disk import WorkspaceProblem
from launchready_tui.text import clean

T = TypeVar("T")
Place = Literal["keyring", "file"]
INDEX_FILE = "vault.json"


class Entry(msgspec.Struct, frozen=True):
    """One name. `at` is when it was stored, `place` in which vault; `reach` is what a token was last seen to reach, as
    a sentence, and `reached` when."""

    at: dt.datetime
    place: Place
    reach: str = ""
    reached: dt.datetime | None = None


class Index(msgspec.Struct, frozen=True):
    """`chosen` is what somebody chose for this workspace, None where nobody did."""

    schema_version: int = disk.SCHEMA_VERSION
    chosen: Literal["keyring", "file", "session"] | None = None
    entries: dict[str, Entry] = {}


class VaultIndex:
    """The list on disk. Every change takes the lock, reads, and writes whole; raises WorkspaceProblem."""

    def __init__(self, root: Path) -> None:
        self.path = root / INDEX_FILE

    def read(self) -> Index:
        """What stands there; an index that cannot be read is an empty one, since it holds names alone."""
        return self._load()[0]

    def _load(self) -> tuple[Index, bool]:
        """What stands there, and whether it could be read."""
        try:
            data = disk.read_capped(self.path, limits.VAULT_INDEX_BYTES)
            found = msgspec.json.decode(data, type=Index)
            disk.check_version(found.schema_version, self.path)
        except (disk.WorkspaceFuture, FileNotFoundError) as error:
            if isinstance(error, FileNotFoundError):
                return Index(), True
            raise
        except (WorkspaceProblem, ValueError, RecursionError):
            return Index(), False
        entries = {clean(name, limit=400): _cleaned(entry) for name, entry in found.entries.items()}
        return msgspec.structs.replace(found, entries=entries), True

    def choose(self, kind: Literal["keyring", "file", "session"]) -> None:
        """Keep what was chosen for this workspace."""
        self._change(lambda found: msgspec.structs.replace(found, chosen=kind))

    def add(self, name: str, place: Place, at: dt.datetime) -> None:
        """A value was stored under this name."""
        self._change(lambda found: _with(found, name, Entry(at, place)))

    def drop(self, name: str) -> None:
        """Nothing is stored under this name any more."""
        if name in self.read().entries:
            self._change(lambda found: _without(found, name))

    def reached(self, name: str, say: str, at: dt.datetime) -> None:
        """What a token was just seen to reach."""
        known = self.read().entries.get(name)
        if known is not None:
            seen = msgspec.structs.replace(known, reach=clean(say), reached=at)
            self._change(lambda found: _with(found, name, seen))

    def _change(self, change: Callable[[Index], Index]) -> None:
        import filelock  # 5 ms; a window that only looks does without

        folder = self.path.parent
        try:
            if not folder.is_dir():
                system.private_folder(folder)
            lock = filelock.FileLock(folder / f"{INDEX_FILE}.lock", mode=system.PRIVATE_FILE, thread_local=False)
            with lock.acquire(timeout=limits.VAULT_LOCK_SECONDS):
                found, read = self._load()
                if not read:
                    system.replace(self.path, disk.set_aside(self.path, "damaged", dt.datetime.now(dt.UTC)))
                disk.write_private(self.path, msgspec.json.format(msgspec.json.encode(change(found)), indent=1))
        except filelock.Timeout:
            raise WorkspaceProblem(
                f"Another window is writing {disk.shown(self.path)}. Try again in a moment."
            ) from None
        except OSError as error:
            raise disk.problem(error, self.path) from error


def _with(found: Index, name: str, entry: Entry) -> Index:
    return msgspec.structs.replace(found, entries={**found.entries, name: entry})


def _without(found: Index, name: str) -> Index:
    kept = {each: entry for each, entry in found.entries.items() if each != name}
    return msgspec.structs.replace(found, entries=kept)


def _cleaned(entry: Entry) -> Entry:
    """As all text from a file; a time without a zone is taken as UTC."""
    at = entry.at if entry.at.tzinfo else entry.at.replace(tzinfo=dt.UTC)
    reached = entry.reached if entry.reached is None or entry.reached.tzinfo else entry.reached.replace(tzinfo=dt.UTC)
    return msgspec.structs.replace(entry, at=at, reached=reached, reach=clean(entry.reach))
