"""The scan as the checks ask for it: a process of its own for each look, one request after the other."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from launchready_tui.secretscan.packing import pack
from launchready_tui.secretscan.report import Found
from launchready_tui.sources.git import environment
from launchready_tui.sources.once import Once
from launchready_tui.sources.repo import NoRepo, Repo
from launchready_tui.system import kill_group

_LINE = 16_000_000  # bytes of one answer of the worker: 2,000 hits take a tenth
_SMALL = 100_000  # characters that are looked through here, by our own rules: starting a process takes longer; ours
_GIVEN = 40_000_000  # characters of texts that one look hands over
_PACKAGE = Path(__file__).parent.parent.parent
_FROM = (
    "import sys",
    "sys.path.insert(0, sys.argv[1])",
    "from launchready_tui.secretscan.worker import main",
    "main()",
)


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a pass found. `engine` is the one that ran; `read` texts were read, `left` not, past the caps; `long` ones
    were read to a cap (limits.SECRETS_FILE_BYTES); `cut`: there are more hits than we keep;
    `shallow`: older commits are not in this copy."""

    engine: str
    found: tuple[Found, ...] = ()
    read: int = 0
    left: int = 0
    long: int = 0
    cut: bool = False
    shallow: bool = False


@dataclass(slots=True)
class ScanKey:
    """The key of the fingerprints, and what the last scan found under it, for the list of hits. Never shown."""

    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    last: dict[str, Scanned] = field(default_factory=dict)


class SecretScan:
    """Scans the code folder, its history, or texts. Nothing is started before something is asked."""

    needs = "your code folder"

    def __init__(self, key: ScanKey | None = None, *, engine: str = "") -> None:
        """`engine`: "" for the best that is installed, or worker.OWN."""
        self._key = key or ScanKey()
        self._engine = engine
        self._once: Once[str, Scanned | NoRepo] = Once()
        self._turn, self._running = asyncio.Lock(), asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None
        self._folder = ""

    async def worktree(self, repo: Repo) -> Scanned | NoRepo:
        """What stands in the files that git tracks, and in those that it neither tracks nor ignores."""
        return await self._once.get("worktree", lambda: self._of_repo("worktree", repo))

    async def history(self, repo: Repo) -> Scanned | NoRepo:
        """What stands in any version of any file that a ref reaches."""
        return await self._once.get("history", lambda: self._of_repo("history", repo))

    async def texts(self, texts: Iterable[tuple[str, str]]) -> Scanned | NoRepo:
        """What stands in these texts, each with its path or address."""
        given: list[dict[str, str]] = []
        size = 0
        for path, text in texts:
            size += len(text)
            if size > _GIVEN:
                return NoRepo("there is too much to read")
            given.append({"path": path, "text": text})
        if size <= _SMALL:
            return await asyncio.to_thread(self._look_here, given)  # ends by itself, soon
        packed = await asyncio.to_thread(lambda: [{**one, "text": pack(one["text"])} for one in given])
        return await self._ask("texts", {"packed": packed})

    async def started(self) -> int:
        """Wait until a process looks; returns its id."""
        await self._running.wait()
        return self._process.pid if self._process is not None else 0

    async def aclose(self) -> None:
        await self._once.aclose()
        await self._end()

    def _look_here(self, given: list[dict[str, str]]) -> Scanned | NoRepo:
        from launchready_tui.secretscan.worker import OWN, Worker

        worker = Worker({"folder": "", "key": self._key.key.hex(), "engine": OWN, "cache": ""})
        return scanned_of(worker.answer({"part": "texts", "texts": given}))

    async def _of_repo(self, part: str, repo: Repo) -> Scanned | NoRepo:
        tracked = await repo.tracked()
        if isinstance(tracked, NoRepo):
            return tracked
        said = await self._ask(part, {"top": tracked.top})
        if isinstance(said, Scanned):
            self._key.last[part] = said
        return said

    async def _ask(self, part: str, asked: dict[str, Any]) -> Scanned | NoRepo:
        async with self._turn:
            try:
                process = await self._started()
                assert process.stdin is not None
                assert process.stdout is not None
                process.stdin.write(json.dumps({"part": part, **asked}).encode() + b"\n")
                await process.stdin.drain()
                line = await process.stdout.readline()
            except (OSError, ValueError) as error:
                return NoRepo(f"the scan could not be run ({type(error).__name__})")
            except asyncio.CancelledError:
                await self._end()  # its answer would be taken for the next one's
                raise
        if not line:
            await self._end()
            return NoRepo("the scan ended before it was through")
        return scanned_of(json.loads(line))

    async def _started(self) -> asyncio.subprocess.Process:
        if self._process is not None and self._process.returncode is None:
            return self._process
        import tempfile  # 5 ms that only a scan needs

        self._folder = tempfile.mkdtemp(prefix="launchready-scan-")
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-c", "; ".join(_FROM), str(_PACKAGE)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment(os.environ),
            limit=_LINE,
            start_new_session=os.name == "posix",
            cwd=self._folder,
        )
        self._running.set()
        assert self._process.stdin is not None
        setup = {"folder": self._folder, "key": self._key.key.hex(), "engine": self._engine, "cache": _cache()}
        self._process.stdin.write(json.dumps(setup).encode() + b"\n")
        return self._process

    async def _end(self) -> None:
        """End the process with all its children, and take its copy away."""
        process, self._process = self._process, None
        folder, self._folder = self._folder, ""
        if process is not None and process.returncode is None:
            kill_group(process)
            if process.stdin is not None:
                process.stdin.close()
            while process.stdout is not None and await process.stdout.read(65_536):
                pass
            await process.wait()
        if folder:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)  # ends by itself: files of ours only


def _cache() -> str:
    """Where the other engine keeps its rules compiled: our own folder, which nobody else may write."""
    import platformdirs

    return str(Path(platformdirs.user_cache_dir("launchready")) / "scan")


def scanned_of(said: dict[str, Any]) -> Scanned | NoRepo:
    """The worker's answer, read."""
    if said.get("unreadable"):
        return NoRepo(str(said["unreadable"]))
    counted = said["counted"]
    return Scanned(
        said["engine"],
        tuple(Found(**one) for one in said["found"]),
        counted["read"],
        counted["left"],
        counted["long"],
        bool(said["cut"]),
        counted["shallow"],
    )
