"""Files of ours: private, written whole or not at all, read with a cap, and one sentence when the disk says no."""

from __future__ import annotations

import datetime as dt
import errno
import os
import re
import tempfile
import tomllib
from pathlib import Path
from typing import BinaryIO

from launchready_tui import limits, system
from launchready_tui.saying import Problem
from launchready_tui.text import clean, plural

SCHEMA_VERSION = 1  # of workspace.toml, project.toml, findings.json, summary.json and the journal
_TEMPORARY = ".tmp"
# A key of very many parts costs the TOML parser quadratic time; no document of ours has more than a handful. The start
# is pinned to a boundary, so that the search itself stays linear.
_ENDLESS_KEY = re.compile(rb"""(?<![\w"'-])[\w"'-]+(?:[ \t]*\.[ \t]*[\w"'-]+){64}""")


class WorkspaceProblem(Problem):
    """Something about the files of ours that a person must know."""


class WorkspaceFuture(WorkspaceProblem):
    """Written by a newer version of this program; nothing was touched."""


def shown(path: Path) -> str:
    """A path as it can stand in a sentence."""
    return clean(str(path), limit=300)


def problem(error: OSError, path: Path, *, reading: bool = False) -> WorkspaceProblem:
    """The sentence for what the disk said about a path."""
    name, folder = shown(path), shown(path.parent)
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            say = (
                f"The disk is full, so {name} was not written; what was there is kept. Free some space, then try again."
            )
        case errno.EACCES | errno.EPERM if reading:
            say = f"You may not read {name}. Ask whoever owns it, or choose another folder with --workspace."
        case errno.EACCES | errno.EPERM:
            say = f"You may not write in {folder}. Give yourself that right, or choose another folder with --workspace."
        case errno.EROFS:
            say = f"{folder} is on a disk that can only be read. Choose another folder with --workspace."
        case errno.ENOTDIR | errno.EEXIST:
            file = next((shown(above) for above in (path, *path.parents) if above.is_file()), name)
            say = (
                f"A folder should be at {file}, but a file is in the way. Move it, or choose another with --workspace."
            )
        case errno.EISDIR:
            say = f"A file should be at {name}, but a folder is there. Move it away, then try again."
        case errno.ELOOP | errno.EINVAL:
            say = f"{name} is a link, a pipe or a device, so we left it alone. Move it away, then try again."
        case errno.ENOENT:
            say = f"{name} is not there any more. Was the folder moved? Open it again from where it is now."
        case _:
            verb = "read" if reading else "written"
            say = f"{name} could not be {verb}: the system says “{clean(error.strerror or type(error).__name__)}”."
    return WorkspaceProblem(say)


def write_private(path: Path, data: bytes) -> None:
    """Put `data` at `path`, private, whole or not at all, and lasting. Raises WorkspaceProblem.

    A temporary file in the same folder is written and synced, then renamed over the old one, then the folder is synced.
    """
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", suffix=_TEMPORARY, dir=path.parent)  # 0600
    except OSError as error:
        raise problem(error, path) from error
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            system.sync_file(file.fileno())
        system.replace(temporary, path)
        system.sync_folder(path.parent)
    except BaseException as error:
        temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise problem(error, path) from error
        raise


def sweep(folder: Path) -> None:
    """Remove what a killed process left half written. Only the holder of the folder's lock may call this."""
    for left in folder.glob(f".*{_TEMPORARY}"):
        try:
            left.unlink()
        except OSError:
            pass  # it is only in the way of tidiness


def read_capped(path: Path, most: int = limits.DOCUMENT_BYTES) -> bytes:
    """A plain file's bytes. Raises FileNotFoundError, and WorkspaceProblem for all else, more than `most` included."""
    try:
        with system.plain_file(path) as file:
            data = file.read(most + 1)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise problem(error, path, reading=True) from error
    if len(data) > most:
        raise WorkspaceProblem(f"{shown(path)} is larger than {plural(most, 'byte')}, so it is not a file of ours.")
    return data


def parse_toml(data: bytes) -> dict[str, object]:
    """TOML that somebody may have edited. Raises ValueError with a sentence; never slow, whatever is in it."""
    if len(data) > limits.DOCUMENT_BYTES:
        raise ValueError(f"It is larger than {plural(limits.DOCUMENT_BYTES, 'byte')}.")
    if _ENDLESS_KEY.search(data):
        raise ValueError("It holds a name with more than 64 dots.")
    try:
        return tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError(f"Byte {error.start + 1} is not UTF-8 text.") from error
    except RecursionError as error:
        raise ValueError("It is nested too deeply.") from error
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"at (line \d+, column \d+|end of document)", str(error))  # never the text itself
        raise ValueError(f"It is not valid TOML ({where[1] if where else 'no place known'}).") from error


def check_version(found: object, path: Path) -> None:
    """Raises WorkspaceFuture for a newer schema_version, ValueError with a sentence for one that is none."""
    if isinstance(found, bool) or not isinstance(found, int) or found < 1:
        raise ValueError("Its schema_version is missing or not a number.")
    if found > SCHEMA_VERSION:
        raise WorkspaceFuture(
            f"{shown(path)} was written by a newer launchready (format {clean(str(found), limit=20)}; this one knows "
            f"format {SCHEMA_VERSION}). Update launchready, then open it again. Nothing was changed."
        )


def set_aside(path: Path, word: str, at: dt.datetime) -> Path:
    """A free name beside `path` that says what happened and when: journal.torn-20261124T120000Z."""
    stem = path.with_suffix("")
    base = f"{stem.name}.{word}-{at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
    for number in range(1, 1_000):
        free = path.with_name(base if number == 1 else f"{base}-{number}")
        if not free.exists():
            return free
    raise WorkspaceProblem(f"{shown(path.parent)} holds too many copies named {base}. Move them away, then try again.")


def write_all(file: BinaryIO, data: bytes) -> None:
    """Write every byte to an unbuffered file, then sync it. Raises OSError."""
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]
    system.sync_file(file.fileno())
