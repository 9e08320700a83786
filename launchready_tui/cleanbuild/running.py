"""Runs a clean build and tells how it goes. All that it starts hangs at a keeper (`keeper.py`), which ends it.

The build gets the programs of this machine (PATH), a home and a temporary folder of its own, the variables of the
example file, CI=1, and nothing else of our environment. It is no sandbox: it runs as the founder, which is why the
command is shown and agreed to first.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import os
import secrets
import shutil
import sys
import time
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Any

from launchready_tui import limits
from launchready_tui.cleanbuild import network
from launchready_tui.cleanbuild.keeper import remove
from launchready_tui.cleanbuild.log import Log
from launchready_tui.cleanbuild.missing import missing_files
from launchready_tui.cleanbuild.model import Built, Caps, Missing, Order, Outcome, Phase, Progress
from launchready_tui.cleanbuild.reasons import away, first_program, of_machine
from launchready_tui.envscan import dotenv
from launchready_tui.leaks import redact
from launchready_tui.sources.git import NoGit, environment, git, reason, switched_off
from launchready_tui.sources.inside import read_inside
from launchready_tui.system import build_shell, is_ours, pid_alive
from launchready_tui.text import clean

PREFIX = "launchready-build-"
_CODE = "code"
_KEPT = ("PATH", "SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "PATHEXT", "PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMDATA")
_OURS = frozenset({"PATH", "HOME", "TMPDIR", "TEMP", "TMP", "CI", "LAUNCHREADY_BUILD", "LD_PRELOAD", "LD_LIBRARY_PATH"})


def build_environment(folder: str, variables: Mapping[str, str], mark: str) -> dict[str, str]:
    """The whole environment of a build: nothing of ours but where programs are."""
    home, temporary = os.path.join(folder, "home"), os.path.join(folder, "tmp")
    given = {name: value for name, value in variables.items() if name.upper() not in _OURS and "\0" not in value}
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    own = {"HOME": home, "TMPDIR": temporary, "TEMP": temporary, "TMP": temporary, "CI": "1", "NO_COLOR": "1"}
    if os.name == "nt":
        own |= {"USERPROFILE": home, "APPDATA": home, "LOCALAPPDATA": home}
    return {"LANG": "C.UTF-8", **given, **kept, **own, "LAUNCHREADY_BUILD": mark}


class _Stop(Exception):
    """We end it: `outcome` says why."""

    def __init__(self, outcome: Outcome, said: str = "") -> None:
        super().__init__(outcome)
        self.outcome, self.said = outcome, said


class Build:
    """One clean build, run once. `now` is the day that its result carries; `under` where its folder is made."""

    def __init__(self, order: Order, now: dt.datetime, caps: Caps | None = None, *, under: str = "") -> None:
        self._order, self._now, self._caps, self._under = order, now, caps or Caps(), under
        self._mark, end = secrets.token_hex(12), secrets.token_hex(16)
        self._log = Log(end.encode())
        self._setup = {
            "prefix": PREFIX,
            "under": under,
            "mark": f"LAUNCHREADY_BUILD={self._mark}",
            "end": end,
            "processes": self._caps.processes,
        }
        self._process: asyncio.subprocess.Process | None = None
        self._notes: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._over = asyncio.Event()
        self._seen = asyncio.Event()  # something is new
        self._began = time.monotonic()
        self._shown = 0.0
        self._phase: Phase = "copy"
        self._command = ""
        self._commit = ""
        self.folder = ""
        self._left: set[str] = set()
        self._stuck: set[str] = set()

    # ---- the whole ----
    async def run(self) -> AsyncGenerator[Progress | Built, None]:
        """Progress as it goes, and at last how it ended. Closing it ends all that the build started."""
        sweep(self._under)
        readers: list[asyncio.Task[None]] = []
        outcome: Outcome = "passed"
        code, said = 0, ""
        try:
            await self._start()
            readers = [asyncio.create_task(self._read_output()), asyncio.create_task(self._read_notes())]
            try:
                self.folder = str((await self._note())["folder"])
                async for progress in self._copy():
                    yield progress
                prefix = await self._network()
                variables = self._variables()
                for phase, command in self._order.commands:
                    self._phase, self._command = phase, command
                    self._program(command)
                    run = [*prefix, *build_shell(command)]
                    where = os.path.join(_CODE, *self._order.folder.split("/")) if self._order.folder else _CODE
                    own = build_environment(self.folder, variables, self._mark)
                    async for progress in self._one(run, where, own):
                        yield progress
                    code = self._code
                    if code:
                        outcome, said = self._why(code)
                        break
            except _Stop as stop:
                outcome, said = stop.outcome, stop.said
            missing: tuple[Missing, ...] = ()
            if outcome in ("failed", "hung"):
                missing = await missing_files(self._order, os.path.join(self.folder, _CODE), tuple(self._log.kept))
        finally:
            await self._close(readers)
        yield Built(
            outcome,
            self._now,
            self._commit,
            self._phase,
            self._order.install,
            self._order.build,
            time.monotonic() - self._began,
            code,
            self._log.lines,
            self._log.warnings,
            self._order.network,
            tuple(sorted(self._left)),
            tuple(sorted(self._stuck)),
            missing,
            self._log.tail(),
            redact(said),
            self._order.given,
        )

    async def _start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", str(Path(__file__).with_name("keeper.py"))),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment(os.environ),
            start_new_session=os.name == "posix",
        )
        await self._send(self._setup)

    async def _send(self, what: Mapping[str, object]) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(what).encode() + b"\n")
            await self._process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError) as error:
            raise _Stop("machine", "what holds the build ended by itself") from error

    async def _read_output(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        while data := await self._process.stdout.read(65_536):
            if self._log.bytes > self._caps.output or self._log.take(data):  # past the cap all is read and dropped
                self._over.set()
            self._seen.set()
        self._over.set()
        self._seen.set()

    async def _read_notes(self) -> None:
        assert self._process is not None
        assert self._process.stderr is not None
        while line := await self._process.stderr.readline():
            with contextlib.suppress(ValueError):
                note = json.loads(line)
                self._stuck.update(note.get("stuck", ()))
                self._notes.put_nowait(note)
                self._seen.set()
        self._notes.put_nowait({"lost": True})
        self._seen.set()

    async def _note(self) -> dict[str, Any]:
        note = await self._notes.get()
        if note.get("lost"):
            raise _Stop("machine", "what holds the build ended by itself")
        return note

    # ---- one command ----
    async def _one(self, run: list[str], where: str, own: Mapping[str, str]) -> AsyncGenerator[Progress, None]:
        """One command to its end; its status is in `_code`. Raises _Stop where we end it."""
        self._over.clear()
        await self._send({"run": run, "in": where, "env": dict(own)})
        many = False
        while True:
            now = time.monotonic()
            left = self._caps.seconds - (now - self._began)
            if left <= 0:
                quiet = round(now - self._log.last)
                raise _Stop("hung", f"nothing was written for the last {quiet:,} seconds" if quiet > 1 else "")
            if self._log.bytes > self._caps.output:
                raise _Stop("flooded")
            while not self._notes.empty():
                note = await self._note()
                many = many or "many" in note
                if "trouble" in note:
                    raise _Stop("machine", f"the command could not be started ({clean(str(note['trouble']))})")
                if "ended" in note:
                    await self._over.wait()
                    if many or self._log.bytes > self._caps.output:
                        raise _Stop("forked" if many else "flooded")
                    self._code = int(note["ended"])
                    if self._phase != "copy":
                        self._left.update(str(each) for each in note["left"])
                    return
            if now - self._shown >= limits.BUILD_SHOWN_SECONDS:
                self._shown = now
                yield self._progress()
            self._seen.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(left, 1.0)):
                    await self._seen.wait()
            # A build that writes without end would wake us for each piece: what is shown is shown ten times a second.
            await asyncio.sleep(max(0.0, self._shown + limits.BUILD_SHOWN_SECONDS / 2 - time.monotonic()))

    def _progress(self) -> Progress:
        seconds = time.monotonic() - self._began
        return Progress(self._phase, self._command, seconds, self._log.lines, self._log.warnings, self._log.tail())

    async def _copy(self) -> AsyncGenerator[Progress, None]:
        """The clone: what is committed, and nothing that the other side's config could start."""
        top, code = self._order.top, os.path.join(self.folder, _CODE)
        own = environment(os.environ) | {"GIT_ALLOW_PROTOCOL": "file"}
        program = shutil.which("git")
        if program is None:
            raise _Stop("uncopied", "git is not installed on this machine")
        protocols = ("-c", "protocol.allow=never", "-c", "protocol.file.allow=always")
        clone = ("clone", "--quiet", "--no-local", "--template=", "--no-recurse-submodules", "--single-branch")
        run = [program, *switched_off(), *protocols, *clone, "--", top, code]
        async for progress in self._one(run, ".", own):
            yield progress
        if self._code:
            raise _Stop("uncopied", reason("\n".join(self._log.kept)))
        head = await git(code, "rev-parse", "HEAD")
        if isinstance(head, NoGit) or head.code:
            raise _Stop("uncopied", "nothing is committed yet")
        self._commit = head.out.decode("ascii", "replace").strip()
        await git(code, "remote", "remove", "origin")  # a build that pushes finds no way back to the founder's folder
        inside = os.path.join(code, *self._order.folder.split("/"))
        if self._order.folder and not os.path.isdir(inside):
            raise _Stop("uncopied", f"the folder {clean(self._order.folder, limit=200)} is not committed")

    async def _network(self) -> tuple[str, ...]:
        if self._order.network:
            return ()
        prefix = await network.cut()
        if prefix is None:
            raise _Stop("uncut", network.why_not())
        return prefix

    def _variables(self) -> dict[str, str]:
        """What the example files hold, as they are committed."""
        found: dict[str, str] = {}
        for path in self._order.examples:
            data = read_inside(os.path.join(self.folder, _CODE), path, limits.ENV_FILE_BYTES)
            if data is not None:
                found |= dotenv.read(data.decode("utf-8", "replace"))
        return found

    def _program(self, command: str) -> None:
        """Stop where this machine lacks the program: that says nothing about the build."""
        name = first_program(command)
        if name and shutil.which(name) is None:
            raise _Stop("absent", name)

    def _why(self, code: int) -> tuple[Outcome, str]:
        """Whose fault a status is: the build's, or something that says nothing about it."""
        lines = list(self._log.kept)
        if code == 127 and (name := away(lines)) and shutil.which(name) is None:
            return "absent", name
        found = of_machine(lines, code)
        return found if found is not None else ("failed", "")

    # ---- the end ----
    async def _close(self, readers: list[asyncio.Task[None]]) -> None:
        """Let the keeper end everything and take the folder away; do it ourselves where it is gone."""
        process = self._process
        if process is not None:
            if process.stdin is not None:
                process.stdin.close()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(limits.BUILD_TIDY_SECONDS):
                    await asyncio.gather(*readers)
                    await process.wait()
        for reader in readers:
            reader.cancel()
        if self.folder and os.path.lexists(self.folder) and (process is None or process.returncode is not None):
            await asyncio.to_thread(remove, self.folder)  # ends by itself: nothing runs that could add to it


def sweep(under: str = "") -> None:
    """Take away what a build left whose keeper was killed with it: folders of ours, of a keeper that is no more."""
    import tempfile

    root = under or tempfile.gettempdir()
    with contextlib.suppress(OSError):
        for name in os.listdir(root):
            number = name.removeprefix(PREFIX).partition("-")[0]
            path = os.path.join(root, name)
            if not name.startswith(PREFIX) or not number.isdigit() or pid_alive(int(number)):
                continue
            with contextlib.suppress(OSError):
                if is_ours(path):
                    remove(path)
