"""Every version of every file that a repository's refs reach, read from a bare copy of ours.

The copy is made with `git clone --no-local`, so that the other side's own transport hands objects over and nothing of
its config comes along; contents come from `git cat-file --batch`, which runs no filter. Merge commits, tags and
branches that were never merged are in it.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from launchready_tui import limits
from launchready_tui.secretscan.tree import Blob, Counted, Unreadable, as_text
from launchready_tui.sources.git import reason, switched_off


@dataclass(frozen=True, slots=True)
class First:
    """Where a content first came in: the commit, its day as git says it (YYYY-MM-DD), and the path there."""

    commit: str
    day: str
    path: str


@dataclass(frozen=True, slots=True)
class Object:
    id: str
    path: str
    size: int


class History:
    """A bare copy in `folder` (which must be empty) of the repository at `top`."""

    def __init__(self, top: str, folder: str, environment: dict[str, str]) -> None:
        self._top, self._folder = top, folder
        self._environment = environment | {"GIT_NO_REPLACE_OBJECTS": "1"}  # objects are what they are

    def copy(self) -> None:
        """Make the copy. Raises Unreadable with its reason."""
        self._refuse_what_lies_elsewhere()
        # --mirror: notes, stashes and every other ref too. "file" is the one protocol that a copy of a folder needs.
        arguments = ("clone", "--quiet", "--mirror", "--no-local", "--template=", "--no-recurse-submodules")
        said = self._run(
            "git",
            *switched_off(),
            *("-c", "protocol.allow=never", "-c", "protocol.file.allow=always"),
            *arguments,
            "--",
            self._top,
            self._folder,
            seconds=limits.SECRETS_COPY_SECONDS,
            settings={"GIT_ALLOW_PROTOCOL": "file"},
        )
        if said.returncode and b"warning: You appear to have cloned an empty repository" not in said.stderr:
            raise Unreadable(reason(said.stderr.decode("utf-8", "replace")))

    def _refuse_what_lies_elsewhere(self) -> None:
        """Objects in another folder are not ours to read: a repository may name any. And a history that a file of this
        machine rewrites is not the one that everybody else has."""
        for name, why in _ELSEWHERE:
            said = self._run(
                *("git", "-C", self._top, *switched_off(), "rev-parse", "--git-path", name), seconds=limits.GIT_SECONDS
            )
            if said.returncode:
                raise Unreadable(reason(said.stderr.decode("utf-8", "replace")))
            if os.path.lexists(os.path.join(self._top, os.fsdecode(said.stdout.removesuffix(b"\n")))):
                raise Unreadable(f"{why} ({name})")

    @property
    def shallow(self) -> bool:
        """Is this a copy whose older commits were left behind?"""
        return os.path.lexists(os.path.join(self._folder, "shallow"))

    def objects(self) -> list[Object]:
        """Every distinct content, the newest commits' first."""
        paths = self._lines("rev-list", "--objects", "--all")
        named = dict(line.partition(b" ")[::2] for line in paths)
        sizes = self._git(
            "cat-file", "--batch-check=%(objecttype) %(objectsize) %(objectname)", feed=b"\n".join(named) + b"\n"
        )
        found = []
        for line in sizes.split(b"\n"):
            kind, _, rest = line.partition(b" ")
            size, _, name = rest.partition(b" ")
            if kind in (b"blob", b"commit", b"tag") and size.isdigit():
                path = os.fsdecode(named.get(name, b"")) if kind == b"blob" else MESSAGE
                found.append(Object(name.decode("ascii"), path, int(size)))
        return found

    def blobs(self, objects: Iterable[Object], counted: Counted) -> Iterator[Blob]:
        """The texts among them, up to limits.SECRETS_BYTES together."""
        wanted: list[Object] = []
        spent = 0
        for one in objects:
            if spent + min(one.size, limits.SECRETS_FILE_BYTES) > limits.SECRETS_BYTES:
                counted.left += 1
                continue
            spent += min(one.size, limits.SECRETS_FILE_BYTES)
            wanted.append(one)
        counted.bytes = spent
        small = [one for one in wanted if one.size <= limits.SECRETS_FILE_BYTES]
        for one, data in self._contents(small):
            text = as_text(data)
            if text is None:
                counted.binary += 1
                continue
            counted.read += 1
            yield Blob(one.path, text, one.id)
        for one in wanted:
            if one.size > limits.SECRETS_FILE_BYTES:
                text = as_text(self._start_of(one.id))
                if text is None:
                    counted.binary += 1
                    continue
                counted.long += 1
                counted.read += 1
                yield Blob(one.path, text, one.id)

    def firsts(self, ids: frozenset[str]) -> dict[str, First]:
        """Where each of these contents first came in."""
        found: dict[str, First] = {}
        commit = day = ""
        out = self._git(
            *(
                "log",
                "--all",
                "--topo-order",
                "--reverse",
                "--raw",
                "--no-abbrev",
                "--no-renames",
                "-m",
                "--root",
                "-z",
            ),
            *("--no-textconv", "--no-ext-diff", "--format=%x00commit %H %cs"),
        )
        fields = out.split(b"\0")
        for at, entry in enumerate(fields):
            entry = entry.lstrip(b"\n")
            if entry.startswith(b"commit "):
                commit, day = entry.decode("ascii", "replace").split()[1:3]
                if commit in ids:
                    found.setdefault(commit, First(commit, day, MESSAGE))
            elif entry.startswith(b":"):
                name = entry.split(b" ")[3].decode("ascii", "replace")
                if name in ids and name not in found and at + 1 < len(fields):
                    found[name] = First(commit, day, os.fsdecode(fields[at + 1]))
        return found

    def _contents(self, objects: list[Object]) -> Iterator[tuple[Object, bytes]]:
        with self._started("cat-file", "--batch") as process:
            assert process.stdout is not None
            at = 0
            while at < len(objects):  # in turns, so that neither side waits with a full pipe
                part = objects[at : at + _AT_ONCE]
                self._ask(process, part)
                for one in part:
                    header = process.stdout.readline().split(b" ")
                    if len(header) < 3:
                        continue
                    data = _exactly(process.stdout, int(header[2]))
                    process.stdout.read(1)
                    yield one, data
                at += _AT_ONCE

    def _ask(self, process: subprocess.Popen[bytes], part: list[Object]) -> None:
        assert process.stdin is not None
        process.stdin.write("".join(f"{one.id}\n" for one in part).encode("ascii"))
        process.stdin.flush()

    def _start_of(self, id: str) -> bytes:
        """The start of a content that is too long to be read whole: git is ended before it unpacks the rest."""
        with self._started("cat-file", "blob", id) as process:
            assert process.stdout is not None
            start = process.stdout.read(limits.SECRETS_SNIFF_BYTES)
            if as_text(start) is None:
                return start
            return start + process.stdout.read(limits.SECRETS_FILE_BYTES - len(start))

    @contextmanager
    def _started(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        process = subprocess.Popen(
            ("git", "-C", self._folder, *switched_off(), *_STREAM, "--git-dir", self._folder, *arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self._environment,
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def _lines(self, *arguments: str) -> list[bytes]:
        return [line for line in self._git(*arguments).split(b"\n") if line]

    def _git(self, *arguments: str, feed: bytes = b"") -> bytes:
        command = ("git", "-C", self._folder, *switched_off(), "--git-dir", self._folder, *arguments)
        said = self._run(*command, seconds=limits.SECRETS_COPY_SECONDS, feed=feed)
        if said.returncode:
            raise Unreadable(reason(said.stderr.decode("utf-8", "replace")))
        return said.stdout

    def _run(
        self, *command: str, seconds: float, feed: bytes = b"", settings: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(
                command,
                input=feed,
                capture_output=True,
                env=self._environment | (settings or {}),
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Unreadable(f"git did not answer within {seconds:.0f} seconds") from error
        except OSError as error:
            raise Unreadable("git could not be started") from error


_ELSEWHERE = (
    ("objects/info/alternates", "a part of its history lies in another folder"),
    ("objects/info/http-alternates", "a part of its history lies on another machine"),
    ("info/grafts", "its history is rewritten on this machine"),
)
MESSAGE = "(the message of a commit)"
_STREAM = ("-c", "core.bigFileThreshold=4m")  # longer contents come piece by piece and not through memory
_AT_ONCE = 200  # names that we ask for at a time: less than a pipe holds


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise Unreadable("git stopped in the middle of a file")
    return data
