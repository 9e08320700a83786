"""git, asked without running anything from the repository: hooks, filters, monitors and the user's settings are off."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass

from launchready_tui import limits
from launchready_tui.system import kill_group
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
_FILTERS = 100  # drivers that a repository's config may name; more is no repository that we write to
_TIDY_SECONDS = 0.3  # a git that is ended has so long to take its lock files with it


@dataclass(frozen=True, slots=True)
class NoGit:
    """git could not be asked, with a plain clause why ("git is not installed on this machine")."""

    say: str


@dataclass(frozen=True, slots=True)
class Said:
    """How a git command ended."""

    code: int
    out: bytes
    err: str


class _TooMuch(Exception):
    """A child says more than we keep."""


def switched_off() -> tuple[str, ...]:
    """The options that come before every git command of ours."""
    return _SWITCHED_OFF


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


async def git_write(folder: str, *arguments: str) -> Said | NoGit:
    """One git command that writes the index. Writing compares files that are as new as the index with their blobs, and
    for that git runs the filters that the repository's config names: so each of them is switched off by its name."""
    said = await git(folder, "config", "-z", "--name-only", "--get-regexp", r"^filter\..")
    if isinstance(said, NoGit):
        return said
    if said.code not in (0, 1):  # 1: there is none
        return NoGit(reason(said.err))
    drivers = sorted({os.fsdecode(key).rpartition(".")[0] for key in said.out.split(b"\0") if key})
    if len(drivers) > _FILTERS:
        return NoGit("its config names too many filters")
    off = [(f"{driver}.{name}", "") for driver in drivers for name in ("clean", "smudge", "process")]
    off += [(f"{driver}.required", "false") for driver in drivers]
    settings = {"GIT_CONFIG_COUNT": str(len(off))}  # these win over every file, as -c does, whatever a name holds
    for number, (key, value) in enumerate(off):
        settings |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return await git(folder, *arguments, settings=settings)


async def git(
    folder: str, *arguments: str, feed: bytes = b"", settings: Mapping[str, str] | None = None
) -> Said | NoGit:
    """One git command in a folder, ended by its deadline, its output bounded. Only commands that run no filter.

    `settings` are further variables of its environment.
    """
    program = shutil.which("git")
    if program is None:
        return NoGit("git is not installed on this machine")
    try:
        async with asyncio.timeout(limits.GIT_SECONDS):
            return await _run((program, "-C", folder, *_SWITCHED_OFF, *arguments), feed, settings or {})
    except TimeoutError:
        return NoGit(f"git did not answer within {limits.GIT_SECONDS:.0f} seconds")
    except OSError as error:
        return NoGit(f"git could not be started ({clean(error.strerror or type(error).__name__)})")


async def _run(command: tuple[str, ...], feed: bytes, settings: Mapping[str, str]) -> Said | NoGit:
    """Run git to its end, its output bounded; it is killed with all its children when we are cancelled."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**environment(os.environ), **settings},
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
        return Said(await process.wait(), out.result(), err.result().decode("utf-8", "replace"))
    except ExceptionGroup as errors:
        if errors.split(_TooMuch)[1] is not None:
            raise
        return NoGit(f"git's answer is longer than {limits.GIT_BYTES // 1_000_000} MB")
    finally:
        if process.returncode is None:
            await _end(process, process.stdout, process.stderr)


async def _end(process: asyncio.subprocess.Process, out: asyncio.StreamReader, err: asyncio.StreamReader) -> None:
    """Ask it to end, which takes the index's lock away, and soon kill it. Returns when it is gone."""
    # asyncio sees the end of a child only once its pipes are read to theirs.
    gone = asyncio.gather(_discard(out), _discard(err), process.wait())
    try:
        kill_group(process, gently=True)
        await asyncio.wait([gone], timeout=_TIDY_SECONDS)
    finally:
        kill_group(process)
        await gone


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


def reason(err: str) -> str:
    """What git complained about, as a plain clause."""
    if "bare repository" in err or "must be run in a work tree" in err:
        return "it is a bare repository: it holds the history, not the files"
    if "dubious ownership" in err:
        return "it belongs to another user of this machine, so git refuses to read it"
    if "not a git repository" in err:
        return "the folder is not under git"
    line = next((line for line in err.splitlines() if line.strip()), "no reason given")
    return f"git could not read it ({clean(line.removeprefix('fatal: '), limit=160)})"
