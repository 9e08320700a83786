"""A small repository whose build is a shell script, and what is left when a build has ended."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from contextlib import aclosing
from pathlib import Path

from launchready_tui.cleanbuild.model import Built, Caps, Order, Progress
from launchready_tui.cleanbuild.running import PREFIX, Build
from tests.world import NOW


def git(folder: Path, *words: str) -> str:
    told = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@good.example", "-c", "protocol.file.allow=always")
    said = subprocess.run(
        ["git", "-C", str(folder), *who, *words], env=os.environ | told, check=True, capture_output=True, text=True
    )
    return said.stdout.strip()


def repository(folder: Path, script: str, files: Mapping[str, str] | None = None) -> Path:
    """Committed: build.sh with `script`, and `files`."""
    folder.mkdir()
    for path, text in {"build.sh": script, **(files or {})}.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    git(folder, "init", "-q", "--template=")
    git(folder, "add", "--all")
    git(folder, "commit", "-q", "-m", "first")
    return folder


def order(shop: Path, **more: object) -> Order:
    return Order(**({"top": str(shop), "install": "", "build": "sh build.sh"} | more))  # type: ignore[arg-type]


async def built(shop: Path, under: Path, caps: Caps | None = None, **more: object) -> tuple[Built, list[Progress]]:
    """Run the build of a repository to its end; `under` is where its folder is made."""
    seen: list[Progress] = []
    async with aclosing(Build(order(shop, **more), NOW, caps, under=str(under)).run()) as events:
        async for event in events:
            if isinstance(event, Built):
                return event, seen
            seen.append(event)
    raise AssertionError("a build ends")


def left_on_disk(under: Path) -> list[str]:
    return [name for name in os.listdir(under) if name.startswith(PREFIX)]


def alive(pid_file: Path) -> bool:
    """Does the process that wrote its number there still run?"""
    pid = int(pid_file.read_text())
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
