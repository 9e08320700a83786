"""The work tree: plain files that git tracks or neither tracks nor ignores, within caps that are said."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field

from launchready_tui import limits
from launchready_tui.sources.git import switched_off
from launchready_tui.system import open_inside


@dataclass(slots=True)
class Counted:
    """What a pass went over: texts read, those with no text in them, those too long to be read whole, those left."""

    read: int = 0
    binary: int = 0
    long: int = 0
    left: int = 0
    bytes: int = 0
    shallow: bool = False  # a history whose older commits are not there


@dataclass(frozen=True, slots=True)
class Blob:
    """One text and where it is. `id` tells equal contents, "" where git has not told."""

    path: str
    text: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of a work tree; `tracked` says which of them git tracks."""

    top: str
    tracked: frozenset[str]
    paths: tuple[str, ...] = field(repr=False)


class Unreadable(Exception):
    """A folder or a history that cannot be read; str() is a plain clause why."""


def as_text(data: bytes) -> str | None:
    """Bytes as text, None where they are no text. UTF-16 is read where its mark says so."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in data[: limits.SECRETS_SNIFF_BYTES]:
        return None
    return data.decode("utf-8", "replace")


def listed(top: str, environment: dict[str, str]) -> Tree:
    """The files of a work tree. Raises Unreadable."""
    tracked = _names(top, environment, "--cached")
    loose = _names(top, environment, "--others", "--exclude-standard")
    return Tree(top, frozenset(tracked), tuple(dict.fromkeys([*tracked, *loose])))


def _names(top: str, environment: dict[str, str], *which: str) -> list[str]:
    command = ("git", "-C", top, *switched_off(), "ls-files", "-z", *which)
    try:
        said = subprocess.run(
            command,
            capture_output=True,
            env=environment,
            timeout=limits.GIT_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unreadable(f"git did not list its files ({type(error).__name__})") from error
    if said.returncode:
        raise Unreadable("git did not list its files")
    return [os.fsdecode(name) for name in said.stdout.split(b"\0") if name]


def _plain(top: str, path: str, most: int) -> bytes | None:
    """A plain file's start; None for a link (what it leads to inside stands in the list itself) and all else."""
    parts = path.split("/")
    if not all(parts) or any(part in (".", "..") for part in parts) or parts[0].casefold() == ".git":
        return None
    try:
        handle = open_inside(top, parts)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as file:
        return file.read(most) if stat.S_ISREG(os.fstat(handle).st_mode) else None


def blobs(tree: Tree, counted: Counted) -> Iterator[Blob]:
    """Each file of the tree as text. Links out, FIFOs, sockets and devices are passed over ."""
    for at, path in enumerate(tree.paths):
        if at >= limits.SECRETS_FILES or counted.bytes >= limits.SECRETS_BYTES:
            counted.left = len(tree.paths) - at
            return
        data = _plain(tree.top, path, limits.SECRETS_FILE_BYTES + 1)
        if data is None:
            continue
        text = as_text(data[: limits.SECRETS_FILE_BYTES])
        if text is None:
            counted.binary += 1
            continue
        counted.long += len(data) > limits.SECRETS_FILE_BYTES
        counted.read += 1
        counted.bytes += len(data)
        yield Blob(path, text)
