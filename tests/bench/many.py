"""`check --all` over 200 launches on loopback: the time of each as a ratio to a launch alone, and memory that is flat.

The servers live in a process of their own, and so does every look; the interpreter's start is not counted. The looks
share this machine with the servers, so that what is gained by looking at several at once is small here: over a real
network each mostly waits. Memory is what the process has resident when entry 20 was told, and when entry 200 was.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from tests.many_world import Many, many_world, names

LAUNCHES, EARLY = 200, 20
ALONE = 5  # launches that are looked at alone; the median counts
RATIO, GROWTH = 1.1, 1.15  # goals: no launch costs more among many, and memory grows by less than a seventh


class Took(NamedTuple):
    """A run: its seconds, its entries by how they ended, and kilobytes resident at entry EARLY and at the last."""

    seconds: float
    counts: dict[str, int]
    early: int
    late: int


@contextmanager
def served(domains: Sequence[str], folder: Path) -> Iterator[Many]:
    """Sound launches in a process of their own."""
    spawning = multiprocessing.get_context("spawn")
    here, there = spawning.Pipe()
    process = spawning.Process(target=_serve, args=(there, domains, folder), daemon=True)
    process.start()
    there.close()
    try:
        yield here.recv()
    finally:
        here.close()  # which ends the servers
        process.join(10)
        process.kill()


def _serve(pipe: Connection, domains: Sequence[str], folder: Path) -> None:
    asyncio.run(_serving(pipe, domains, folder))


async def _serving(pipe: Connection, domains: Sequence[str], folder: Path) -> None:
    ended = asyncio.Event()
    async with many_world(domains, folder) as world:
        pipe.send(world)
        asyncio.get_running_loop().add_reader(pipe.fileno(), ended.set)
        await ended.wait()


def _resident(pid: int) -> int:
    """Kilobytes; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1].split()[0])
    except (OSError, IndexError):
        return 0


def look_at_all(root: Path) -> Took:
    """`launchready check --all --json` over a workspace; the document is read line by line and let go."""
    env = {**os.environ, "LAUNCHREADY_HOME": str(root), "LAUNCHREADY_VAULT": "session"}
    argv = [sys.executable, "-m", "launchready_tui", "check", "--all", "--json"]
    process = subprocess.Popen(argv, env=env, stdout=subprocess.PIPE)
    assert process.stdout is not None
    entries = early = late = 0
    last = b""
    for line in process.stdout:
        last = line
        if line.startswith(b'{"domain"'):
            entries += 1
            if entries == EARLY:
                early = _resident(process.pid)
            late = _resident(process.pid) or late
    process.wait()
    tail: dict[str, Any] = json.loads(b"{" + last.partition(b"], ")[2])
    return Took(tail["seconds"], tail["counts"], early, late)


def main() -> None:
    domains = names(LAUNCHES)
    with tempfile.TemporaryDirectory() as folder, served(domains, Path(folder)) as world:
        alone: list[float] = []
        for number in range(ALONE):
            root = Path(folder) / f"alone{number}"
            world.fill(root, domains[number : number + 1])
            alone.append(look_at_all(root).seconds)
        one = sorted(alone)[ALONE // 2]
        world.fill(Path(folder) / "all", domains)
        took = look_at_all(Path(folder) / "all")
    each = took.seconds / LAUNCHES
    print(f"a launch alone {one * 1e3:.0f} ms; {LAUNCHES} in {took.seconds:.0f} s, {each * 1e3:.0f} ms each", end=", ")
    print(
        f"ratio {each / one:.2f} (goal {RATIO}); {took.counts['could_not_tell'] + took.counts['not_ready']} not ready"
    )
    if took.early:
        growth = took.late / took.early
        print(
            f"resident after {EARLY} launches {took.early / 1e3:.0f} MB, after {LAUNCHES} {took.late / 1e3:.0f} MB",
            end=", ",
        )
        print(f"ratio {growth:.2f} (goal {GROWTH})")


if __name__ == "__main__":
    main()
