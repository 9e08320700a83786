"""The founder's code folder, read without running anything from it: no hooks, no filters, no links out, bounded.

git is asked only what stands in the index (`ls-files`) and for ignore rules (`check-ignore`); neither runs a filter.
What a repository's own config could start along the way is switched off on the command line and in the environment.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from launchready_tui.project import Project
from launchready_tui.sources.git import NoGit, git, reason
from launchready_tui.sources.inside import read_inside
from launchready_tui.sources.lineage import Lineage, lineage
from launchready_tui.sources.once import Once

T = TypeVar("T")
Reader = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class NoRepo:
    """Could not read it, with a plain clause why ("the folder does not exist")."""

    say: str


@dataclass(frozen=True, slots=True)
class Tracked:
    """What git tracks: POSIX paths relative to the top, from the index. `top` is the work tree's absolute path."""

    top: str
    paths: tuple[str, ...]


class Repo:
    """The code folder of one project."""

    needs = "your code folder"

    def __init__(self, project: Project) -> None:
        """Raises ValueError where the project names no folder."""
        if not project.repo:
            raise ValueError("the project names no code folder")
        self._folder = os.path.abspath(os.path.expanduser(project.repo))
        self._index: Once[str, Tracked | NoRepo] = Once()
        self._heads: Once[str, str | NoRepo] = Once()
        self._rules: Once[tuple[str, ...], frozenset[str] | NoRepo] = Once()

    async def tracked(self) -> Tracked | NoRepo:
        """What stands in the index."""
        return await self._index.get("", self._list)

    async def head(self) -> str | NoRepo:
        """The commit that is checked out."""
        return await self._heads.get("", self._head)

    async def _head(self) -> str | NoRepo:
        tracked = await self.tracked()
        if isinstance(tracked, NoRepo):
            return tracked
        said = await git(tracked.top, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        if isinstance(said, NoGit):
            return NoRepo(said.say)
        return said.out.decode("ascii", "replace").strip() if not said.code else NoRepo("nothing is committed yet")

    async def lineage(self, commit: str) -> Lineage | NoRepo:
        """Where a commit (7 to 64 hexadecimal digits) stands towards the default branch."""
        tracked = await self.tracked()
        if isinstance(tracked, NoRepo):
            return tracked
        found = await lineage(tracked.top, commit)
        return NoRepo(found.say) if isinstance(found, NoGit) else found

    async def read(self, path: str, *, most: int = 1_000_000) -> str | None:
        """A work-tree file as text (UTF-8 with stand-ins); None when absent, a link out, or not a plain file.

        `path` is relative to the top, with slashes. Of a longer file the first `most` bytes are read.
        """
        tracked = await self.tracked()
        data = read_inside(tracked.top if isinstance(tracked, Tracked) else self._folder, path, most)
        return None if data is None else data.decode("utf-8", "replace")

    async def on_thread(self, work: Callable[[Reader], T], *, most: int) -> T | NoRepo:
        """Run work that reads many files, off the loop. It is handed a reader: path -> text of at most `most` bytes,
        None for what is absent, a link out, no plain file or binary. The caller sees to it that the work ends soon."""
        tracked = await self.tracked()
        if isinstance(tracked, NoRepo):
            return tracked

        def read(path: str) -> str | None:
            data = read_inside(tracked.top, path, most)
            return None if data is None or b"\0" in data[:8_000] else data.decode("utf-8", "replace")

        return await asyncio.to_thread(work, read)

    async def ignored(self, paths: tuple[str, ...]) -> frozenset[str] | NoRepo:
        """Those of `paths` that the repository's .gitignore files ignore."""
        return await self._rules.get(paths, lambda: self._check_ignore(paths))

    async def aclose(self) -> None:
        await self._index.aclose()
        await self._rules.aclose()
        await self._heads.aclose()

    async def _list(self) -> Tracked | NoRepo:
        trouble = _trouble(self._folder)
        if trouble:
            return NoRepo(trouble)
        said = await git(self._folder, "rev-parse", "--show-toplevel")
        if isinstance(said, NoGit):
            return NoRepo(said.say)
        top = os.fsdecode(said.out.removesuffix(b"\n"))
        if said.code or not top:
            return NoRepo(reason(said.err))
        if not _lies_around(top, self._folder):
            return NoRepo("its .git folder says that the files are somewhere else")
        said = await git(top, "ls-files", "-z", "--cached")
        if isinstance(said, NoGit):
            return NoRepo(said.say)
        if said.code:
            return NoRepo(reason(said.err))
        paths = dict.fromkeys(os.fsdecode(path) for path in said.out.split(b"\0") if path)
        return Tracked(top, tuple(paths))

    async def _check_ignore(self, paths: tuple[str, ...]) -> frozenset[str] | NoRepo:
        tracked = await self.tracked()
        if isinstance(tracked, NoRepo):
            return tracked
        asked = b"".join(os.fsencode(path) + b"\0" for path in paths if path and "\0" not in path)
        said = await git(tracked.top, "check-ignore", "--no-index", "-v", "-z", "--stdin", feed=asked)
        if isinstance(said, NoGit):
            return NoRepo(said.say)
        if said.code not in (0, 1):  # 1: none of them is ignored
            return NoRepo(reason(said.err))
        return _ignored_by_gitignore(said.out)


def _ignored_by_gitignore(out: bytes) -> frozenset[str]:
    """Read `check-ignore -v -z`: source, line, pattern, path. A local exclude file and a "!" rule do not count."""
    fields = [os.fsdecode(field) for field in out.split(b"\0")]
    return frozenset(
        path
        for source, _, pattern, path in zip(fields[::4], fields[1::4], fields[2::4], fields[3::4], strict=False)
        if source.rpartition("/")[2] == ".gitignore" and not pattern.startswith("!")
    )


def _trouble(folder: str) -> str:
    """Why a folder cannot be looked into; "" where it can."""
    if not os.path.lexists(folder):
        return "the folder does not exist"
    if not os.path.isdir(folder):
        return "it is a file and not a folder"
    if not os.access(folder, os.R_OK | os.X_OK):
        return "you have no permission to read the folder"
    return ""


def _lies_around(top: str, folder: str) -> bool:
    """True where `top` is the nearest folder that holds a .git (core.worktree in its config may point anywhere)."""
    at = os.path.realpath(folder)
    while not os.path.lexists(os.path.join(at, ".git")):
        above = os.path.dirname(at)
        if above == at:
            return False
        at = above
    return os.path.isdir(top) and os.path.samefile(at, top)
