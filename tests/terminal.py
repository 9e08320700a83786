"""The wizard in a real terminal: a child process under a pty, keys in, the raw bytes out."""

from __future__ import annotations

import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SECONDS = 60.0  # to wait for an event; a busy machine starts Python slowly


class Terminal:
    """A child under a pty. `output` is all that it sent."""

    def __init__(
        self, argv: list[str], *, columns: int = 80, rows: int = 24, env: dict[str, str] | None = None
    ) -> None:
        self.output = b""
        self.status: int | None = None
        here, there = pty.openpty()
        termios.tcsetwinsize(there, (rows, columns))
        self.before = termios.tcgetattr(there)
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            for descriptor in (0, 1, 2):
                os.dup2(there, descriptor)
            os.close(here)
            import fcntl

            fcntl.ioctl(0, termios.TIOCSCTTY, struct.pack("i", 0))
            kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
            os.execve(argv[0], argv, {**kept, "TERM": "xterm-256color", **(env or {})})
        self._here, self._there = here, there

    def read(self) -> None:
        """Take what is there, so that the child is never held up."""
        while select.select([self._here], [], [], 0.02)[0]:
            try:
                chunk = os.read(self._here, 65_536)
            except OSError:
                return
            if not chunk:
                return
            self.output += chunk

    def until(self, condition: Callable[[], object], what: str) -> None:
        end = time.monotonic() + SECONDS
        while not condition():
            self.read()
            if time.monotonic() > end:
                raise AssertionError(f"{what} did not come; the last of the screen: {self.output[-400:]!r}")

    def press(self, *keys: str) -> None:
        """One after another, as a person does: each is drawn before the next."""
        for each in keys:
            self.send(each.encode())
            select.select([self._here], [], [], 1.0)
            self.quiet()

    def quiet(self, seconds: float = 0.2) -> None:
        """Until nothing was drawn for a while; shorter than a cursor takes to blink."""
        self.read()
        while select.select([self._here], [], [], seconds)[0]:
            self.read()

    def send(self, keys: bytes) -> None:
        os.write(self._here, keys)

    def ended(self) -> bool:
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status is not None

    def restored(self) -> bool:
        """The terminal's settings are as they were, and the other screen was left."""
        return termios.tcgetattr(self._there) == self.before and b"\x1b[?1049l" in self.output

    def kill(self) -> None:
        if not self.ended():
            os.kill(self.pid, signal.SIGKILL)
            while not self.ended():
                self.read()

    def close(self) -> None:
        self.kill()
        os.close(self._here)
        os.close(self._there)


@contextmanager
def wizard(
    workspace: Path, *words: str, columns: int = 80, rows: int = 24, env: dict[str, str] | None = None
) -> Iterator[Terminal]:
    """`launchready …` with its workspace in a folder of the test."""
    argv = [sys.executable, "-m", "launchready_tui", *words]
    terminal = Terminal(argv, columns=columns, rows=rows, env={"LAUNCHREADY_HOME": str(workspace), **(env or {})})
    try:
        yield terminal
    finally:
        terminal.close()
