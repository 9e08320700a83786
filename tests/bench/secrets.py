"""A scan of the planted repository, its history of 500 commits included: at most 2 s for each 1,000 files.

The ratio is to what git alone takes to hand over the same contents once (a copy, the list of its objects, and all of
them through `cat-file --batch`): a machine that is busy slows both. The start of the process that looks is counted.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from launchready_tui.project import Project
from launchready_tui.secretscan import kingfisher
from launchready_tui.secretscan.source import Scanned, SecretScan
from launchready_tui.secretscan.worker import OWN
from launchready_tui.sources.repo import Repo
from tests.secrets_planted.keys import Planted, plant

ROUNDS = 5
GOAL = 2.0  # seconds for 1,000 files with a history of 500 commits


def by_git(planted: Planted, folder: Path) -> float:
    """Seconds that git alone takes."""
    began = time.perf_counter()
    copy = str(folder / f"copy-{time.monotonic_ns()}")
    subprocess.run(["git", "clone", "-q", "--mirror", "--no-local", str(planted.folder), copy], check=True)
    named = subprocess.run(
        ["git", "-C", copy, "rev-list", "--objects", "--all"], check=True, capture_output=True
    ).stdout
    ids = b"\n".join(line.split(b" ")[0] for line in named.splitlines()) + b"\n"
    subprocess.run(["git", "-C", copy, "cat-file", "--batch"], input=ids, check=True, capture_output=True)
    return time.perf_counter() - began


async def by_us(planted: Planted, engine: str) -> float:
    """Seconds for the work tree and the history, from the start of the process to both answers."""
    repo, scan = Repo(Project("good.example", repo=str(planted.folder))), SecretScan(engine=engine)
    began = time.perf_counter()
    try:
        parts = (await scan.worktree(repo), await scan.history(repo))
        took = time.perf_counter() - began
    finally:
        await scan.aclose()
        await repo.aclose()
    assert all(isinstance(part, Scanned) for part in parts)
    return took


def main() -> None:
    engines = {OWN: OWN, **({kingfisher.NAME: ""} if kingfisher.installed() else {})}
    with tempfile.TemporaryDirectory() as folder:
        planted = plant(Path(folder) / "tidebook")
        took: dict[str, list[float]] = {"git": [], **{name: [] for name in engines}}
        for number in range(ROUNDS + 1):
            seconds = {"git": by_git(planted, Path(folder))}
            seconds |= {name: asyncio.run(by_us(planted, engine)) for name, engine in engines.items()}
            if number:  # the first round warms the disk, and compiles the other engine's rules
                for name, value in seconds.items():
                    took[name].append(value)
        git = statistics.median(took["git"])
        print(f"{planted.files} files, {planted.commits} commits; git alone {git:.2f} s")
        for name in engines:
            value = statistics.median(took[name])
            each = value * 1000 / planted.files
            print(
                f"  {name}: {value:.2f} s, {each:.2f} s for 1,000 files (goal {GOAL}); ratio to git {value / git:.1f}"
            )


if __name__ == "__main__":
    main()
