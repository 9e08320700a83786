"""Promise 4 where tokens are kept in the encrypted file, by the real command line: no value is on the disk, in what it
says, or in the arguments of any process."""

from __future__ import annotations

import asyncio
import gzip
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from launchready_tui.project import Network, Project
from launchready_tui.workspace import Workspace
from tests.promises.canaries import files_under, seen
from tests.screens.zoned import KEY, ZONE, Zoned, zoned

PHRASE = "cnry-Pq73 hörse/Battery+stäple=9"
SHOWN = "cnry-Sv48 löose/Window+lätch=5"  # put into an argument on purpose; the other test must not meet it
ROOT = Path(__file__).parents[2]


class Watcher:
    """Reads the command line of every process of ours while it runs, as any user of the machine may."""

    def __init__(self) -> None:
        self.lines: dict[str, bytes] = {}
        self._stop = asyncio.Event()

    async def run(self) -> None:
        while not self._stop.is_set():
            self.look()
            try:
                async with asyncio.timeout(0.01):
                    await self._stop.wait()
            except TimeoutError:
                continue

    def look(self) -> None:
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                said = path.read_bytes()
            except OSError:
                continue  # it has ended
            if b"launchready" in said:
                self.lines[f"{path} {len(said)}"] = said

    def stop(self) -> None:
        self._stop.set()


@asynccontextmanager
async def watching() -> AsyncIterator[Watcher]:
    watcher = Watcher()
    task = asyncio.create_task(watcher.run())
    try:
        yield watcher
    finally:
        watcher.stop()
        await task


async def command(home: Path, *words: str, stdin: str = "", passphrase: str | None = PHRASE) -> tuple[int, bytes]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LAUNCHREADY_")}
    env = {**kept, "LAUNCHREADY_HOME": str(home)}
    if passphrase is not None:
        env["LAUNCHREADY_VAULT_PASSPHRASE"] = passphrase
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "launchready_tui",
        *words,
        cwd=ROOT,
        env=env,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate(stdin.encode())
    assert process.returncode is not None
    return process.returncode, out


def connecting(world: Zoned) -> list[str]:
    pairs = [word for name, value in world.typed.items() for word in ("--set", f"{name}={value}")]
    return ["connect", "rfc2136", "--project", ZONE, *pairs]


def known(home: Path, world: Zoned) -> None:
    with Workspace(home).open(ZONE, create=True) as store:
        resolvers = (("127.0.0.1", world.resolver_port),)
        store.save_project(
            Project(ZONE, network=Network(resolvers=resolvers, dns_port=world.port, private=True, registries=False))
        )


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
async def test_a_token_in_the_encrypted_file_is_nowhere_in_plain_text(tmp_path: Path) -> None:
    home, said = tmp_path / "home", dict[str, bytes]()
    async with zoned(tmp_path / "unused") as world, watching() as watcher:
        home.mkdir()
        known(home, world)

        async def run(name: str, *words: str, stdin: str = "", passphrase: str | None = PHRASE) -> int:
            status, said[name] = await command(home, *words, stdin=stdin, passphrase=passphrase)
            return status

        assert await run("connect", *connecting(world), "--vault", "file", stdin=f"{KEY}\n") == 0, said["connect"]
        assert b"takes our changes" in said["connect"]
        assert await run("again", *connecting(world), stdin=f"{KEY}\n") == 0  # rotated: the file is remembered
        assert await run("tokens", "tokens", "--json") == 0
        assert f"token/rfc2136/{ZONE}".encode() in said["tokens"]
        assert await run("test", "tokens", "--test", "--project", ZONE) == 0
        assert await run("vault", "vault") == 0
        assert b"encrypted file" in said["vault"]
        assert await run("changes", "changes", "--project", ZONE) == 0
        # Without its passphrase, and with another one, it says so, goes on, and nothing in it is changed.
        before = (home / "vault.sealed").read_bytes()
        assert await run("closed", "connect", "--project", ZONE, passphrase=None) == 0
        assert b"waits for its passphrase" in said["closed"]
        assert b"kept for this sitting only" in said["closed"]
        assert await run("wrong", "connect", "--project", ZONE, passphrase="cnry another passphrase") == 0
        assert b"did not open" in said["wrong"]
        assert (home / "vault.sealed").read_bytes() == before
        assert await run("export", "export", "--project", ZONE, "--to", str(tmp_path / "out")) in (0, 2)
        kept = files_under(home) | files_under(tmp_path / "out")
        assert {Path(name).name for name in kept} >= {"vault.sealed", "vault.json", "journal.jsonl", "project.toml"}
        assert seen(kept, [KEY, PHRASE]) == []
        assert await run("remove", "tokens", "--remove", f"token/rfc2136/{ZONE}") == 0
        assert b"deleted here" in said["remove"]
        assert await run("gone", "tokens", "--json") == 0
        assert ZONE.encode() not in said["gone"]
        assert seen(files_under(home), [KEY, PHRASE]) == []
    assert len(watcher.lines) >= 8
    assert seen(watcher.lines, [KEY, PHRASE]) == []
    assert seen(said, [KEY, PHRASE]) == []


async def test_the_watcher_and_the_search_find_what_they_look_for(tmp_path: Path) -> None:
    (tmp_path / "packed").write_bytes(gzip.compress(f"x {SHOWN}".encode()))
    assert seen(files_under(tmp_path), [SHOWN])
    if sys.platform == "linux":
        watcher = Watcher()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", "import sys; sys.stdin.read()", f"launchready {SHOWN}", stdin=asyncio.subprocess.PIPE
        )
        watcher.look()
        assert seen(watcher.lines, [SHOWN])
        await process.communicate(b"")
