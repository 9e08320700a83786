"""Builds a git history with `git fast-import`: the same steps give the same commits."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

_START = 1_704_103_200
_HOUR = 3600
_WHO = "Mara Lind <mara@tidebook.example>"


def git(folder: Path, *words: str, given: bytes | None = None) -> bytes:
    """Run git without anyone's own settings. Raises CalledProcessError where git refuses."""
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return subprocess.run(("git", *words), cwd=folder, env=env, input=given, check=True, capture_output=True).stdout


class History:
    """Commits written one after the other, kept in memory until `store`."""

    def __init__(self) -> None:
        self._stream = bytearray()
        self._count = 0

    def commit(
        self,
        ref: str,
        message: str,
        changes: Sequence[tuple[str, bytes | None]],
        *,
        parents: Sequence[int] = (),
        moves: Sequence[tuple[str, str]] = (),
    ) -> int:
        """Add a commit and return its mark. A change with None takes the file away; moves come before the changes."""
        self._count += 1
        when = f"{_WHO} {_START + self._count * _HOUR} +0000"
        words = message.encode()
        self._stream += f"commit {ref}\nmark :{self._count}\nauthor {when}\ncommitter {when}\n".encode()
        self._stream += b"data %d\n%s\n" % (len(words), words)
        for at, parent in enumerate(parents):
            self._stream += f"{'merge' if at else 'from'} :{parent}\n".encode()
        for old, new in moves:
            self._stream += f"R {old} {new}\n".encode()
        for path, content in changes:
            if content is None:
                self._stream += f"D {path}\n".encode()
            else:
                self._stream += f"M 100644 inline {path}\n".encode() + b"data %d\n%s\n" % (len(content), content)
        return self._count

    def store(self, folder: Path, *, forget: Sequence[str]) -> dict[int, str]:
        """Write the repository to a folder, check out main, drop the named refs; the commit of each mark."""
        folder.mkdir(parents=True, exist_ok=True)
        git(folder, "init", "-q", "-b", "main", "--template=")
        marks = folder / ".git" / "planted-marks"
        git(folder, "fast-import", "--quiet", f"--export-marks={marks}", given=bytes(self._stream) + b"done\n")
        for ref in forget:
            git(folder, "update-ref", "-d", ref)
        git(folder, "reset", "-q", "--hard", "main")
        pairs = [line.split() for line in marks.read_text().splitlines()]
        marks.unlink()
        return {int(mark[1:]): commit for mark, commit in pairs}
