"""`launchready` as a process of its own: what it says, how it ends, how long it takes and how much memory it had."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launchready_tui.cli import check
from launchready_tui.options import LookOptions

ROOT = Path(__file__).parents[1]
# The peak is VmHWM, read at exit: getrusage's maximum is inherited from whoever started the process.
_PEAK = (
    "import atexit, os, runpy, sys\n"
    "def peak():\n"
    "    with open('/proc/self/status') as told, open(os.environ['PEAK_FILE'], 'w') as kept:\n"
    "        kept.write(told.read().split('VmHWM:')[1].split()[0])\n"
    "atexit.register(peak) if sys.platform == 'linux' else None\n"
    "sys.argv[0] = 'launchready'\n"
    "runpy.run_module('launchready_tui', run_name='__main__', alter_sys=True)\n"
)


@dataclass(frozen=True)
class Ran:
    """A run that has ended. `kilobytes` is its peak of resident memory, 0 where the system does not tell."""

    status: int
    out: str
    err: str
    seconds: float
    kilobytes: int

    @property
    def document(self) -> dict[str, Any]:
        """What stands on stdout, as the one JSON document that --json promises."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def findings(self) -> dict[str, dict[str, Any]]:
        return {each["id"]: each for each in self.document["findings"]}


async def launchready(*words: str, home: Path, stdin: bytes | None = None, limit: float = 120.0) -> Ran:
    """Run the command line with `words`; `home` holds its workspace and nothing of a real user's. Killed at `limit`
    seconds, which raises TimeoutError."""
    home.mkdir(parents=True, exist_ok=True)
    peak = home / "peak"
    peak.unlink(missing_ok=True)
    env = {**os.environ, "LAUNCHREADY_HOME": str(home / "launchready"), "PEAK_FILE": str(peak), "COLUMNS": "100"}
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _PEAK,
        *words,
        cwd=ROOT,
        env=env,
        stdin=asyncio.subprocess.DEVNULL if stdin is None else asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(limit):
            out, err = await process.communicate(stdin)
    except BaseException:
        process.kill()
        await process.wait()
        raise
    seconds = time.perf_counter() - began
    assert process.returncode is not None
    kilobytes = int(peak.read_text()) if peak.exists() else 0
    return Ran(process.returncode, out.decode("utf-8"), err.decode("utf-8"), seconds, kilobytes)


def look_options(words: list[str]) -> LookOptions:
    """The options that the words of a command line come to, read by the command line's own parser."""
    given = check.make_context("check", ["some.example", *words]).params
    for name in ("domain", "as_json", "stream", "list_only", "everything"):
        del given[name]
    return LookOptions(**given)
