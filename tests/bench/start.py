"""Start to first paint of the home screen, beside a minimal Textual app (goal 1.5); --help beside `import click` (2).

Each app runs in a pseudo-terminal of 140x40; the clock runs from before the fork to the arrival of the paint's last
words. The rounds of all are interleaved, so that a busy moment of the machine slows them alike; medians are compared.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from launchready_tui.project import Project
from launchready_tui.workspace import Workspace

ROUNDS = 9
LAUNCHES = 5  # on the home of a founder who was here before
MINIMAL = """
from textual.app import App
from textual.widgets import Static
class Minimal(App):
    def compose(self):
        yield Static("launchready")
Minimal().run()
"""


def first_paint(argv: list[str], marker: bytes, home: str) -> float:
    """Seconds from the start of a process until `marker` stands in what it sends to its terminal."""
    env = {**os.environ, "TERM": "xterm-256color", "LAUNCHREADY_HOME": home}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 140, 0, 0))
        os.execve(argv[0], argv, env)
    seen = b""
    try:
        while marker not in seen:
            ready, _, _ = select.select([terminal], [], [], 20)
            if not ready:
                raise TimeoutError(f"{argv} painted nothing")
            seen += os.read(terminal, 65_536)
        return time.perf_counter() - began
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)


def run(argv: list[str]) -> float:
    """Seconds that a process takes from start to end."""
    began = time.perf_counter()
    subprocess.run(argv, check=True, capture_output=True)
    return time.perf_counter() - began


def main() -> None:
    python = sys.executable
    wizard = [python, "-m", "launchready_tui"]
    with tempfile.TemporaryDirectory() as empty, tempfile.TemporaryDirectory() as full:
        for number in range(LAUNCHES):
            domain = f"launch{number}.example"
            with Workspace(Path(full)).open(domain, create=True) as store:
                store.save_project(Project(domain))
        timed: dict[str, Callable[[], float]] = {
            "minimal": partial(first_paint, [python, "-c", MINIMAL], b"launchready", empty),
            "empty": partial(first_paint, wizard, b"Practice", empty),
            "full": partial(first_paint, wizard, b"Practice", full),
            "click": partial(run, [python, "-c", "import click"]),
            "help": partial(run, [*wizard, "--help"]),
            "version": partial(run, [*wizard, "--version"]),
        }
        took: dict[str, list[float]] = {name: [] for name in timed}
        for number in range(ROUNDS + 1):
            for name, measure in timed.items():
                seconds = measure()
                if number:  # the first round fills the caches
                    took[name].append(seconds)
    ms = {name: statistics.median(times) * 1e3 for name, times in took.items()}
    print(f"first paint: minimal Textual app {ms['minimal']:.0f} ms, home {ms['empty']:.0f} ms", end=", ")
    print(f"ratio {ms['empty'] / ms['minimal']:.2f} (goal 1.5)", end="; ")
    print(f"with {LAUNCHES} launches {ms['full']:.0f} ms, ratio {ms['full'] / ms['minimal']:.2f}")
    print(
        f"import click {ms['click']:.0f} ms: --help {ms['help']:.0f} ms, ratio {ms['help'] / ms['click']:.2f}", end="; "
    )
    print(f"--version {ms['version']:.0f} ms, ratio {ms['version'] / ms['click']:.2f} (goal 2)")


if __name__ == "__main__":
    main()
