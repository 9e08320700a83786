"""The founder's code folder, read without running anything from it: no hooks, no filters, no links out, bounded.

git is asked only what stands in the index (`ls-files`) and for ignore rules (`check-ignore`); neither runs a filter.
What a repository's own config could start along the way is switched off on the command line and in the environment.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import Mapping
from dataclasses import dataclass

from launchready_tui import limits
from launchready_tui.project import Project
from launchready_tui.sources.inside import read_inside
from launchready_tui.sources.once import Once
from launchready_tui.text import clean

# Later -c wins over the repository's own config. fsmonitor and hooks are programs it may name; an embedded bare
# repository is one that somebody committed; an excludes file elsewhere is not shared with the team.
_SWITCHED_OFF = (
    "--no-pager",
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", f"core.excludesFile={os.devnull}"),
    *("-c", "safe.bareRepository=explicit"),
)
_KEPT = ("PATH", "SYSTEMROOT", "SYSTEMDRIVE", "TEMP", "TMP", "TMPDIR")
_STDERR_BYTES = 20_000


@dataclass(frozen=True, slots=True)
class NoRepo:
    """Could not read it, with a plain clause why ("the folder does not exist")."""

    say: str


@dataclass(frozen=True, slots=True)
class Tracked:
    """What git tracks: POSIX paths relative to the top, from the index. `top` is the work tree's absolute path."""

    top: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """How a git command ended."""

    code: int
    out: bytes
    err: str


class _TooMuch(Exception):
    """A child says more than we keep."""


def environment(kept: Mapping[str, str]) -> dict[str, str]:
    """The whole environment of a git of ours: nothing of the user's git settings, no prompt, no network, no locks."""
    return {name: kept[name] for name in _KEPT if name in kept} | {
        "LC_ALL": "C",
        "HOME": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        # A partial clone fetches what it lacks, and a remote's address can name a program: no protocol is allowed.
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
    }


class Repo:
    """The code folder of one project."""

    needs = "your code folder"

    def __init__(self, project: Project) -> None:
        """Raises ValueError where the project names no folder."""
        if not project.repo:
            raise ValueError("the project names no code folder")
        self._folder = os.path.abspath(os.path.expanduser(project.repo))
        self._index: Once[str, Tracked | NoRepo] = Once()
        self._rules: Once[tuple[str, ...], frozenset[str] | NoRepo] = Once()

    async def tracked(self) -> Tracked | NoRepo:
        """What stands in the index."""
        return await self._index.get("", self._list)

    async def read(self, path: str, *, most: int = 1_000_000) -> str | None:
        """A work-tree file as text (UTF-8 with stand-ins); None when absent, a link out, or not a plain file.

        `path` is relative to the top, with slashes. Of a longer file the first `most` bytes are read.
        """
        tracked = await self.tracked()
        data = read_inside(tracked.top if isinstance(tracked, Tracked) else self._folder, path, most)
        return None if data is None else data.decode("utf-8", "replace")

    async def ignored(self, paths: tuple[str, ...]) -> frozenset[str] | NoRepo:
        """Those of `paths` that the repository's .gitignore files ignore."""
        return await self._rules.get(paths, lambda: self._check_ignore(paths))

    async def aclose(self) -> None:
        await self._index.aclose()
        await self._rules.aclose()

    async def _list(self) -> Tracked | NoRepo:
        trouble = _trouble(self._folder)
        if trouble:
            return NoRepo(trouble)
        said = await self._git(self._folder, "rev-parse", "--show-toplevel")
        if isinstance(said, NoRepo):
            return said
        top = os.fsdecode(said.out.removesuffix(b"\n"))
        if said.code or not top:
            return NoRepo(_reason(said.err))
        if not _lies_around(top, self._folder):
            return NoRepo("its .git folder says that the files are somewhere else")
        said = await self._git(top, "ls-files", "-z", "--cached")
        if isinstance(said, NoRepo):
            return said
        if said.code:
            return NoRepo(_reason(said.err))
        paths = dict.fromkeys(os.fsdecode(path) for path in said.out.split(b"\0") if path)
        return Tracked(top, tuple(paths))

    async def _check_ignore(self, paths: tuple[str, ...]) -> frozenset[str] | NoRepo:
        tracked = await self.tracked()
        if isinstance(tracked, NoRepo):
            return tracked
        asked = b"".join(os.fsencode(path) + b"\0" for path in paths if path and "\0" not in path)
        said = await self._git(tracked.top, "check-ignore", "--no-index", "-v", "-z", "--stdin", feed=asked)
        if isinstance(said, NoRepo):
            return said
        if said.code not in (0, 1):  # 1: none of them is ignored
            return NoRepo(_reason(said.err))
        return _ignored_by_gitignore(said.out)

    async def _git(self, folder: str, *arguments: str, feed: bytes = b"") -> _Said | NoRepo:
        git = shutil.which("git")
        if git is None:
            return NoRepo("git is not installed on this machine")
        try:
            async with asyncio.timeout(limits.GIT_SECONDS):
                return await _run((git, "-C", folder, *_SWITCHED_OFF, *arguments), feed)
        except TimeoutError:
            return NoRepo(f"git did not answer within {limits.GIT_SECONDS:.0f} seconds")
        except OSError as error:
            return NoRepo(f"git could not be started ({clean(error.strerror or type(error).__name__)})")


async def _run(command: tuple[str, ...], feed: bytes) -> _Said | NoRepo:
    """Run git to its end, its output bounded; it is killed with all its children when we are cancelled."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment(os.environ),
        start_new_session=os.name == "posix",
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_feed(process.stdin, feed))
            out = group.create_task(_drain(process.stdout, limits.GIT_BYTES))
            err = group.create_task(_drain(process.stderr, _STDERR_BYTES))
        return _Said(await process.wait(), out.result(), err.result().decode("utf-8", "replace"))
    except ExceptionGroup as errors:
        if errors.split(_TooMuch)[1] is not None:
            raise
        return NoRepo(f"git's answer is longer than {limits.GIT_BYTES // 1_000_000} MB")
    finally:
        if process.returncode is None:
            _kill(process)
            # asyncio sees the end of a child only once its pipes are read to theirs.
            await asyncio.gather(_discard(process.stdout), _discard(process.stderr))
            await process.wait()


async def _feed(pipe: asyncio.StreamWriter, data: bytes) -> None:
    try:
        pipe.write(data)
        await pipe.drain()
    except (BrokenPipeError, ConnectionResetError):  # git ended first; its exit code says why
        pass
    finally:
        pipe.close()


async def _drain(pipe: asyncio.StreamReader, most: int) -> bytes:
    """All that comes. Raises _TooMuch past `most` bytes."""
    kept = bytearray()
    while chunk := await pipe.read(65_536):
        kept += chunk
        if len(kept) > most:
            raise _TooMuch
    return bytes(kept)


async def _discard(pipe: asyncio.StreamReader) -> None:
    while await pipe.read(65_536):
        pass


def _kill(process: asyncio.subprocess.Process) -> None:
    try:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except ProcessLookupError:  # it ended by itself in between
        pass


def _reason(err: str) -> str:
    """What git complained about, as a plain clause."""
    if "bare repository" in err or "must be run in a work tree" in err:
        return "it is a bare repository: it holds the history, not the files"
    if "dubious ownership" in err:
        return "it belongs to another user of this machine, so git refuses to read it"
    if "not a git repository" in err:
        return "the folder is not under git"
    line = next((line for line in err.splitlines() if line.strip()), "no reason given")
    return f"git could not read it ({clean(line.removeprefix('fatal: '), limit=160)})"


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
