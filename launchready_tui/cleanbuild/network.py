"""Cutting a build off the network: a network of its own with nothing in it (Linux, unshare of util-linux)."""

from __future__ import annotations

import asyncio
import platform
import shutil

_TRY_SECONDS = 5.0
_LINUX = platform.system() == "Linux"
# The first keeps the build's own user; the second is for a kernel or an unshare that does not know how.
_WAYS = (("--map-current-user", "--keep-caps"), ("--map-root-user",))
_LOOPBACK = 'ip link set lo up 2>/dev/null; exec "$@"'  # servers that a build starts for itself still answer it


async def cut() -> tuple[str, ...] | None:
    """What goes before a command so that it has no network but its own loopback; None where that cannot be had."""
    program = shutil.which("unshare")
    if not _LINUX or program is None:
        return None
    for way in _WAYS:
        prefix = (program, "--user", *way, "--net", "--")
        if await _works((*prefix, "true")):
            return (*prefix, "/bin/sh", "-c", _LOOPBACK, "sh")
    return None


def why_not() -> str:
    """Why it cannot be had, as a clause."""
    if not _LINUX:
        return "only Linux can do that for one program"
    if shutil.which("unshare") is None:
        return "the program unshare is not installed"
    return "the system does not allow a program to make a network of its own"


async def _works(command: tuple[str, ...]) -> bool:
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError:
        return False
    try:
        async with asyncio.timeout(_TRY_SECONDS):
            return await process.wait() == 0
    except TimeoutError:
        return False
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
