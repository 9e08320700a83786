"""The founder's messages on disk: whole, private files in the project's folder, named by what they hold.

A name is the kind and the start of the content's SHA-256: the same message is kept once. The journal gets the name and
never the content. Where there are more than limits.MESSAGES_KEPT, the oldest of the same kind makes room.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from launchready_tui import disk, limits, system
from launchready_tui.disk import WorkspaceProblem
from launchready_tui.mail.dkim_verify import signers
from launchready_tui.mail.message import BadMessage, read
from launchready_tui.proofs import KINDS, Kind, StoredMessage
from launchready_tui.store import ProjectStore
from launchready_tui.text import clean
from launchready_tui.unsaved import UnsavedStore

_FOLDER = "messages"
_NAME = re.compile(r"(reset|invite|other)-[0-9a-f]{16}\.eml")
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("reset", re.compile(r"\b(password|passwort|passcode|reset|forgot)", re.IGNORECASE)),
    ("invite", re.compile(r"\b(invit\w*|einladung|join|welcome|confirm\w*|verify)", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The messages that a look is handed, the newest first."""

    stored: tuple[StoredMessage, ...]


def kind_of(subject: str) -> Kind:
    """What a message is by the words of its subject; "other" where these do not tell."""
    return next((kind for kind, words in _KINDS if words.search(subject[:300])), "other")


def content_name(data: bytes) -> str:
    """What a message's name ends in, whatever kind it was taken for."""
    return f"{hashlib.sha256(data).hexdigest()[:16]}.eml"


def listed(store: ProjectStore | UnsavedStore) -> tuple[StoredMessage, ...]:
    """The messages on file, the one that was added last first. What is no message of ours is left out."""
    if isinstance(store, UnsavedStore):
        return ()
    folder = store.path / _FOLDER
    found: list[tuple[float, StoredMessage]] = []
    try:
        paths = [path for path in folder.iterdir() if _NAME.fullmatch(path.name)]
    except OSError:
        return ()  # none was added yet, or it is not ours to read: nothing is on file
    for path in paths:
        try:
            added = path.lstat().st_mtime
        except OSError:
            continue  # another window took it off just now
        found.append((added, _stored(path)))
    return tuple(one for _, one in sorted(found, key=lambda pair: pair[0], reverse=True))


def keep(store: ProjectStore | UnsavedStore, data: bytes, kind: Kind | None = None) -> StoredMessage:
    """Put a message on file; without a `kind`, its subject tells. The same message again is the same file.

    Raises BadMessage for what is none, WorkspaceProblem where the disk says no or the project is open elsewhere.
    """
    _may_write(store)
    message = read(data)
    kind = kind or kind_of(message.subject)
    path = store.folder(_FOLDER) / f"{kind}-{content_name(data)}"
    if path.is_file():
        return _stored(path)
    disk.write_private(path, data)
    store.journal.append("message-kept", {"name": path.name, "kind": kind})
    for other in KINDS:  # the same message, taken for something else before
        if other != kind and path.with_name(f"{other}-{content_name(data)}").is_file():
            remove(store, f"{other}-{content_name(data)}")
    _make_room(store, kind, path.name)
    return _stored(path)


def remove(store: ProjectStore | UnsavedStore, name: str) -> None:
    """Delete our copy of a message. Raises WorkspaceProblem, also where there is none of that name."""
    _may_write(store)
    if not _NAME.fullmatch(name) or name not in {one.name for one in listed(store)}:
        raise WorkspaceProblem(f"There is no message {clean(name, limit=80)} on file.")
    path = store.folder(_FOLDER) / name
    store.journal.append("message-removed", {"name": name})
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise disk.problem(error, path) from error


def given(path: Path, kind: Kind | None = None) -> StoredMessage:
    """A message that a command line names (`--eml`), read and not kept. Raises BadMessage, WorkspaceProblem."""
    path = path.resolve()
    message = read(contents(path))
    return StoredMessage(str(path), kind or kind_of(message.subject), path, signers(message))


def contents(path: Path) -> bytes:
    """The bytes of a message file. Raises BadMessage for one that is too large, WorkspaceProblem for all else."""
    try:
        with system.plain_file(path) as file:
            data = file.read(limits.MESSAGE_BYTES + 1)
    except FileNotFoundError:
        raise WorkspaceProblem(f"There is no file {disk.shown(path)}.") from None
    except OSError as error:
        raise disk.problem(error, path, reading=True) from error
    if len(data) > limits.MESSAGE_BYTES:
        raise BadMessage(f"That file is larger than the {limits.MESSAGE_BYTES // 1_000_000} MB that we read.")
    return data


def _may_write(store: ProjectStore | UnsavedStore) -> None:
    if store.read_only:
        raise WorkspaceProblem(store.holder)


def _make_room(store: ProjectStore | UnsavedStore, kind: Kind, but: str) -> None:
    here = listed(store)
    if len(here) <= limits.MESSAGES_KEPT:
        return
    others = [one for one in here if one.name != but]
    oldest = next((one for one in reversed(others) if one.kind == kind), others[-1])
    remove(store, oldest.name)


def _stored(path: Path) -> StoredMessage:
    kind = next(kind for kind in KINDS if path.name.startswith(f"{kind}-"))
    return StoredMessage(path.name, kind, path, _signers(path))


@lru_cache(maxsize=256)
def _signers(path: Path) -> tuple[tuple[str, str], ...]:
    """Who signed a file of ours; its name is its content's, so that it is read once."""
    try:
        with system.plain_file(path) as file:
            return signers(read(file.read(limits.MESSAGE_HEADER_BYTES)))
    except (OSError, BadMessage):
        return ()  # damaged or gone: its proof says so
