"""Real servers from Debian on high loopback ports: found, started with a folder of their own, ended by their pid."""

from __future__ import annotations

import asyncio
import inspect
import os
import shutil
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

START_SECONDS = 15.0  # a server that takes longer on an idle machine is broken
STOP_SECONDS = 5.0
_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"])

Ready = int | tuple[str, int] | Callable[[], bool] | Callable[[], Awaitable[bool]]


def binary(name: str) -> str | None:
    """The full path of a program, looked for where servers live too; None where it is not installed."""
    return shutil.which(name, path=_PATH)


def require(*binaries: str) -> None:
    """Skip the test with the name of what is not installed; fail instead where LAUNCHREADY_REQUIRE_REAL=1."""
    missing = [name for name in binaries if binary(name) is None]
    if not missing:
        return
    said = f"{', '.join(missing)} not installed"
    if os.environ.get("LAUNCHREADY_REQUIRE_REAL") == "1":
        pytest.fail(said)
    pytest.skip(said)


def free_port(host: str = "127.0.0.1") -> int:
    """A port that is free for TCP and for UDP on `host` at this moment."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        with socket.socket(family, socket.SOCK_STREAM) as tcp, socket.socket(family, socket.SOCK_DGRAM) as udp:
            tcp.bind((host, 0))
            port = int(tcp.getsockname()[1])
            try:
                udp.bind((host, port))
            except OSError:
                continue
            return port


@dataclass(frozen=True, slots=True)
class Running:
    """A started server: its pid, and where what it printed is kept."""

    pid: int
    output: Path


async def _is_ready(ready: Ready) -> bool:
    if callable(ready):
        said = ready()
        return bool(await said) if inspect.isawaitable(said) else bool(said)
    host, port = ("127.0.0.1", ready) if isinstance(ready, int) else ready
    try:
        _, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    return True


@asynccontextmanager
async def running(
    argv: Sequence[str], *, ready: Ready, cwd: str | Path, env: dict[str, str] | None = None
) -> AsyncIterator[Running]:
    """Start `argv` in the folder `cwd`, wait until it is ready, and end it and its children afterwards.

    `ready` is a TCP port on 127.0.0.1, a (host, port), or a function that is asked until it says True. The program's
    name is looked up as `require` does. `env` is added to ours. Raises AssertionError with what the server printed when
    it ends early or is not ready in time.
    """
    program = binary(argv[0]) or argv[0]
    output = Path(cwd) / f"{Path(program).name}.output"
    with output.open("ab") as sink:
        process = await asyncio.create_subprocess_exec(
            program,
            *argv[1:],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            start_new_session=True,  # a process group of its own, so that its children end with it
        )
    try:
        try:
            async with asyncio.timeout(START_SECONDS):
                while not await _is_ready(ready):
                    if process.returncode is not None:
                        raise AssertionError(f"{program} ended with {process.returncode}: {output.read_text()[-4000:]}")
                    # Another program's readiness has no event of ours to wait for: ask again soon.
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"{program} was not ready: {output.read_text()[-4000:]}") from None
        yield Running(process.pid, output)
    finally:
        await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, how)
        except ProcessLookupError:
            pass  # it has ended, and so have its children
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
                return
        except TimeoutError:
            continue
