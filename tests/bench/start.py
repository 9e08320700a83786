"""Start to first paint, beside a minimal Textual app (goal 1.5); --help beside `import click` (goal 2)."""

from __future__ import annotations

import os
import pty
import select
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 7
MINIMAL = """
from textual.app import App
from textual.widgets import Static
class Minimal(App):
    def compose(self):
        yield Static("launchready")
Minimal().run()
"""


def first_paint(argv: list[str], marker: bytes) -> float:
    """Seconds from the start of a process until `marker` stands in what it sends to its terminal."""
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "TERM": "xterm-256color", "LAUNCHREADY_HOME": home, "COLUMNS": "140", "LINES": "40"}
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        began = time.perf_counter()
        pid, terminal = pty.fork()
        if pid == 0:
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
            os.kill(pid, 9)
            os.waitpid(pid, 0)
            os.close(terminal)


def run(argv: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(argv, check=True, capture_output=True)
    return time.perf_counter() - began


def main() -> None:
    python = sys.executable
    minimal, ours, bare, help_ = [], [], [], []
    for _ in range(ROUNDS):
        minimal.append(first_paint([python, "-c", MINIMAL], b"launchready"))
        ours.append(first_paint([python, "-m", "launchready_tui"], b"Practice"))
        bare.append(run([python, "-c", "import click"]))
        help_.append(run([python, "-m", "launchready_tui", "--help"]))
    a, b, c, d = (statistics.median(times) for times in (minimal, ours, bare, help_))
    print(f"first paint: minimal Textual app {a * 1e3:.0f} ms, wizard {b * 1e3:.0f} ms, ratio {b / a:.2f} (goal 1.5)")
    print(f"--help: import click {c * 1e3:.0f} ms, --help {d * 1e3:.0f} ms, ratio {d / c:.2f} (goal 2)")


if __name__ == "__main__":
    main()
