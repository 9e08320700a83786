"""Holds one build: starts its commands, counts what they start, ends all of it, and takes its folder away.

A program of its own, run by its path with the standard library alone, so that it outlives whoever started it: when its
input ends (the wizard stopped the build, or was killed), everything is ended and the folder goes. Orders come as JSON
lines on the input; what happens goes out as JSON lines on the error output; the normal output is the build's.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import selectors
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

_POLL = 0.02  # seconds between two looks at the input and at what ended
_COUNT = 0.2  # seconds between two counts of what runs
_ENDING = 5.0  # seconds until we give up ending what will not end, and say so
_LINUX = sys.platform.startswith("linux")
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER, prctl(2): what a build leaves behind becomes our child and not init's
_DUMPABLE = 4  # PR_SET_DUMPABLE 0: what a build starts cannot read our memory


def adopt() -> None:
    """Become the parent of all that a build's own parents leave behind, where the system can do that (Linux)."""
    if _LINUX:
        with contextlib.suppress(OSError, AttributeError):
            library = ctypes.CDLL(None)
            library.prctl(_SUBREAPER, 1, 0, 0, 0)
            library.prctl(_DUMPABLE, 0, 0, 0, 0)


def _table() -> dict[int, tuple[int, str, bool]]:
    """pid -> (its parent, its name, is it dead and only not fetched yet)."""
    found: dict[int, tuple[int, str, bool]] = {}
    if _LINUX:
        for name in os.listdir("/proc"):
            if not name.isdigit():
                continue
            try:
                with open(f"/proc/{name}/stat", "rb") as file:
                    text = file.read().decode("utf-8", "replace")
            except OSError:  # it ended meanwhile
                continue
            head, _, rest = text.rpartition(")")
            fields = rest.split()
            if len(fields) > 1:
                found[int(name)] = (int(fields[1]), head.partition("(")[2], fields[0] in "ZX")
    elif sys.platform != "win32":
        said = subprocess.run(["ps", "-axo", "pid=,ppid=,stat=,comm="], capture_output=True, check=False, text=True)
        for line in said.stdout.splitlines():
            fields = line.split(None, 3)
            if len(fields) == 4 and fields[0].isdigit() and fields[1].isdigit():
                found[int(fields[0])] = (int(fields[1]), os.path.basename(fields[3]), fields[2].startswith("Z"))
    return found


def _marked(mark: str, table: dict[int, tuple[int, str, bool]]) -> set[int]:
    """What carries our mark in its environment, wherever it hangs in the tree (Linux, processes of our own user)."""
    out: set[int] = set()
    if not _LINUX or not mark:
        return out
    needle = mark.encode()
    for pid in table:
        try:
            if os.stat(f"/proc/{pid}").st_uid != os.stat("/proc/self").st_uid:
                continue
            with open(f"/proc/{pid}/environ", "rb") as file:
                if needle in file.read():
                    out.add(pid)
        except OSError:
            continue
    return out


def running(root: int, mark: str = "") -> dict[int, str]:
    """What lives below `root`, and what carries the mark: pid -> name."""
    table = _table()
    children: dict[int, list[int]] = {}
    for pid, (parent, _, _) in table.items():
        children.setdefault(parent, []).append(pid)
    marked = _marked(mark, table)
    found, todo = set(marked), [root, *marked]
    while todo:
        for pid in children.get(todo.pop(), ()):
            if pid not in found:
                found.add(pid)
                todo.append(pid)
    found -= {root, os.getpid()}
    return {pid: table[pid][1] for pid in found if not table[pid][2]}


def _signal(pids: dict[int, str], name: str) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, getattr(signal, name))


def end_all(root: int, mark: str, fetch: Callable[[], object], group: int = 0) -> dict[int, str]:
    """End everything below `root`. Returns what could not be ended (a program that runs as somebody else)."""
    until = time.monotonic() + _ENDING
    while True:
        if group:
            _end_group(group)
        stopped: set[int] = set()
        left = running(root, mark)
        while set(left) - stopped and time.monotonic() < until:  # first hold all of them still: what forks would win
            _signal({pid: left[pid] for pid in set(left) - stopped}, "SIGSTOP")
            stopped |= set(left)
            left = running(root, mark)
        _signal(left, "SIGKILL")
        fetch()
        left = running(root, mark)
        if not left or time.monotonic() > until:
            return left
        time.sleep(_POLL / 4)


def _end_group(group: int) -> None:
    """End a group of processes; on Windows, which has none, a process with its children."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(group)], capture_output=True, check=False)
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


def remove(folder: str) -> None:
    """Take a folder away, read-only parts of it (a module cache) too."""

    def open_up(act: Callable[[str], object], path: str, _: object) -> None:
        for each in (os.path.dirname(path), path):
            with contextlib.suppress(OSError):
                if not os.path.islink(each):
                    os.chmod(each, stat.S_IRWXU)
        with contextlib.suppress(OSError):
            act(path)

    for _ in range(3):
        shutil.rmtree(folder, onerror=open_up)
        if not os.path.lexists(folder):
            return


class Keeper:
    """One build's life."""

    def __init__(self, setup: dict[str, Any]) -> None:
        self.folder = tempfile.mkdtemp(prefix=f"{setup['prefix']}{os.getpid()}-", dir=setup["under"] or None)
        self._mark, self._most = str(setup["mark"]), int(setup["processes"])
        self._end = str(setup["end"]).encode()
        self._child: subprocess.Popen[bytes] | None = None
        self._codes: dict[int, int] = {}
        self._counted = 0.0
        for name in ("home", "tmp"):
            os.mkdir(os.path.join(self.folder, name), 0o700)
        self.tell({"folder": self.folder})

    def tell(self, said: dict[str, object]) -> None:
        with contextlib.suppress(OSError):
            os.write(2, json.dumps(said).encode() + b"\n")

    def fetch(self) -> None:
        """Take note of everything that ended."""
        if sys.platform != "win32":
            while True:
                try:
                    pid, status = os.waitpid(-1, os.WNOHANG)
                except ChildProcessError:
                    break
                if pid == 0:
                    break
                self._codes[pid] = os.waitstatus_to_exitcode(status)

    def start(self, order: dict[str, Any]) -> None:
        try:
            self._child = subprocess.Popen(
                order["run"],
                cwd=os.path.join(self.folder, order["in"]),
                env=order["env"],
                stdin=subprocess.DEVNULL,
                stdout=1,
                stderr=1,
                start_new_session=os.name == "posix",
            )
        except OSError as error:
            self.tell({"trouble": f"{error.strerror or type(error).__name__}"})
            self.close_output()

    def look(self) -> None:
        """Has the command ended? Does too much run?"""
        child = self._child
        if child is None:
            return
        self.fetch()
        code = child.poll() if sys.platform == "win32" else self._codes.get(child.pid)
        if code is None:
            if time.monotonic() - self._counted > _COUNT:
                self._counted = time.monotonic()
                if len(running(os.getpid())) > self._most:
                    self.tell({"many": self._most})
                    end_all(os.getpid(), self._mark, self.fetch, child.pid)
            return
        left = running(os.getpid(), self._mark)
        stuck = end_all(os.getpid(), self._mark, self.fetch, child.pid)
        self._child, self._codes = None, {}
        child.returncode = code
        self.tell({"ended": code, "left": sorted(set(left.values())), "stuck": sorted(set(stuck.values()))})
        self.close_output()

    def close_output(self) -> None:
        """The mark after which nothing of the command comes any more."""
        with contextlib.suppress(OSError):
            data = b"\n" + self._end + b"\n"
            while data:
                data = data[os.write(1, data) :]

    def run(self) -> None:
        """Until the input ends."""
        rest = b""
        with selectors.DefaultSelector() as selector:
            selector.register(0, selectors.EVENT_READ)
            while True:
                if selector.select(_POLL if self._child is not None else None):
                    data = os.read(0, 65_536)
                    if not data:
                        return
                    *lines, rest = (rest + data).split(b"\n")
                    for line in lines:
                        self.start(json.loads(line))
                self.look()

    def close(self) -> None:
        os.chdir(tempfile.gettempdir())
        group = self._child.pid if self._child is not None else 0
        stuck = end_all(os.getpid(), self._mark, self.fetch, group)
        self.tell({"gone": True, "stuck": sorted(set(stuck.values()))})
        remove(self.folder)


def main() -> None:
    """Read the setup from the first line of the input, then orders."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGPIPE"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    adopt()
    first = b""
    while not first.endswith(b"\n"):
        byte = os.read(0, 1)
        if not byte:
            return
        first += byte
    keeper = Keeper(json.loads(first))
    try:
        keeper.run()
    finally:
        keeper.close()


if __name__ == "__main__":
    main()
