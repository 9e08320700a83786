"""A kill -9 at every line of the journal, and right after the place took a change, ends the same.

A real process makes the change and is killed; the launch is opened anew on what is on disk. Whatever the moment: going
on makes what was wanted and nothing twice, and taking back makes what was there before.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dns.name
import dns.tsig
import dns.versioned
import dns.zone
import pytest

from launchready_tui.practice.nameserver import Nameserver
from launchready_tui.project import Network, Project
from launchready_tui.workspace import Workspace
from tests.fakes.cloudflare import TOKEN, Cloudflare
from tests.fakes.cloudflare import Zone as Kept
from tests.fixes.killed_child import DOMAIN, SECRETS, Launch
from tests.fixes.test_cycle import KEY
from tests.fixes.test_cycle import TEXT as ZONE_TEXT

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")]

TEXT = ZONE_TEXT + "gone 300 IN AAAA 2606:2800:21f::1\n"
Connection = dict[str, str]


@dataclass
class Ground:
    """A place outside of the process that changes it. `state` is all that it holds; `committed` is called right after
    it took a change, before it answers."""

    what: str
    connections: tuple[Connection, ...]
    state: Callable[[], Any]
    secret: str = ""
    repo: str | None = None
    committed: Callable[[], None] = lambda: None
    network: Network = field(default_factory=Network)


@asynccontextmanager
async def name_server(folder: Path) -> AsyncIterator[Ground]:
    origin = dns.name.from_text(DOMAIN)
    zone = dns.zone.from_text(TEXT, origin, relativize=False, zone_factory=dns.versioned.Zone)
    key = dns.name.from_text("test-key")
    ground: Ground
    server = Nameserver(
        {origin: zone}, {key: dns.tsig.Key(key, KEY, dns.tsig.HMAC_SHA256)}, lambda zone: ground.committed()
    )
    port = await server.start()

    def held() -> dict[tuple[str, str], tuple[int, list[str]]]:
        return {
            (name.to_text(), held.rdtype.name): (held.ttl, sorted(rdata.to_text() for rdata in held))
            for name, held in server.zones[origin].iterate_rdatasets()
            if held.rdtype.name != "SOA"
        }

    given = {"kind": "rfc2136", "server": "127.0.0.1", "port": str(port), "zone": DOMAIN, "key": "test-key"}
    ground = Ground("records", ({**given, "secret": "token"},), held, KEY)
    try:
        yield ground
    finally:
        await server.aclose()


class _Cloudflare(Cloudflare):
    ground: Ground

    def batch(self, zone: Kept, body: Any) -> dict[str, list[dict[str, Any]]]:
        done = super().batch(zone, body)
        self.ground.committed()
        return done


@asynccontextmanager
async def cloudflare(folder: Path) -> AsyncIterator[Ground]:
    fake = _Cloudflare(DOMAIN)
    with fake:
        fake.add("A", "@", "93.184.215.14")
        for text in ("v=spf1 -all", "verify=1"):
            fake.add("TXT", "@", text, comment="ours")
        fake.add("A", "old", "93.184.215.15", proxied=True, ttl=1)
        fake.add("AAAA", "gone", "2606:2800:21f::1")
        given = {"kind": "cloudflare", "api": fake.api, "zone": DOMAIN, "secret": "token"}
        fake.ground = Ground("records", (given,), fake.shown, TOKEN, network=Network(private=True))
        yield fake.ground


@asynccontextmanager
async def settings(folder: Path) -> AsyncIterator[Ground]:
    path = folder / "settings.json"
    path.write_text('{"https.redirect": "off", "kept": [1, true]}')
    yield Ground("setting", ({"kind": "settings-file", "path": str(path)},), lambda: json.loads(path.read_text()))


@asynccontextmanager
async def code(folder: Path) -> AsyncIterator[Ground]:
    """One step after the other: it can be cut off between any two."""
    repo = folder / "code"
    repo.mkdir()
    (repo / ".env").write_text("A=1\n")
    (repo / ".gitignore").write_text("dist\n")
    for args in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", "-C", str(repo), *args], check=True)

    def held() -> tuple[list[str], dict[str, str]]:
        tracked = subprocess.check_output(["git", "-C", str(repo), "ls-files", "--stage"], text=True).splitlines()
        return tracked, {path.name: path.read_text() for path in repo.iterdir() if path.is_file()}

    yield Ground("file", (), held, repo=str(repo))


GROUNDS: dict[str, Callable[[Path], AbstractAsyncContextManager[Ground]]] = {
    "name server": name_server,
    "cloudflare": cloudflare,
    "settings": settings,
    "code": code,
}


@asynccontextmanager
async def fresh(name: str, folder: Path) -> AsyncIterator[tuple[Ground, Path]]:
    """The place as it was at first, and a workspace whose project is connected to it."""
    folder.mkdir()
    async with GROUNDS[name](folder) as ground:
        root = folder / "home"
        with Workspace(root).open(DOMAIN, create=True) as store:
            store.save_project(
                Project(DOMAIN, repo=ground.repo, connections=ground.connections, network=ground.network)
            )
        yield ground, root


async def child(ground: Ground, root: Path, do: str, stop: int = 0, *, at_commit: bool = False) -> int:
    """A process that changes the place; its exit code."""
    given = json.dumps({"root": str(root), "do": do, "stop": stop, "what": ground.what})
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fixes.killed_child", given, env={**os.environ, SECRETS: ground.secret}
    )
    if at_commit:
        ground.committed = lambda: os.kill(process.pid, signal.SIGKILL)
    async with asyncio.timeout(60):
        code = await process.wait()
    ground.committed = lambda: None
    return code


@asynccontextmanager
async def reopened(ground: Ground, root: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Launch]:
    """The next session: it settles what was cut off, as every opening does."""
    monkeypatch.setenv(SECRETS, ground.secret)
    with Workspace(root).open(DOMAIN) as store:
        assert not store.read_only  # a dead holder holds nothing
        launch = Launch(store)
        await launch.cycle.settle()
        yield launch


async def lines_of(name: str, folder: Path, *deeds: str) -> int:
    """How many lines the last of these deeds writes where nobody kills it."""
    async with fresh(name, folder) as (ground, root):
        counts = [0]
        for deed in deeds:
            assert await child(ground, root, deed) == 0
            with Workspace(root).open(DOMAIN) as store:
                counts.append(len(store.journal.entries))
        return counts[-1] - counts[-2]


@pytest.mark.parametrize("name", GROUNDS)
async def test_killed_at_every_line_of_a_change(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = []
    lines = await lines_of(name, tmp_path / "whole", "apply")
    assert lines >= 2
    for stop in range(1, lines + 1):
        for going_on in (True, False):
            async with fresh(name, tmp_path / f"{stop}-{going_on}") as (ground, root):
                before = ground.state()
                assert await child(ground, root, "apply", stop) == -signal.SIGKILL
                async with reopened(ground, root, monkeypatch) as launch:
                    if going_on:
                        await launch.apply(ground.what)
                        ends.append(ground.state())
                        assert ends[-1] != before
                    await launch.undo()
                    assert launch.left() == []
                assert ground.state() == before, (stop, going_on)
    assert all(end == ends[0] for end in ends)


@pytest.mark.parametrize("name", GROUNDS)
async def test_killed_at_every_line_of_an_undo(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = await lines_of(name, tmp_path / "whole", "apply", "undo")
    assert lines >= 2
    for stop in range(1, lines + 1):
        async with fresh(name, tmp_path / str(stop)) as (ground, root):
            before = ground.state()
            assert await child(ground, root, "apply") == 0
            assert ground.state() != before
            assert await child(ground, root, "undo", stop) == -signal.SIGKILL
            async with reopened(ground, root, monkeypatch) as launch:
                await launch.undo()
                assert launch.left() == []
            assert ground.state() == before, stop


@pytest.mark.parametrize("name", ["name server", "cloudflare"])
async def test_killed_when_the_place_took_it_and_had_not_answered(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with fresh(name, tmp_path / "change") as (ground, root):
        before = ground.state()
        assert await child(ground, root, "apply", at_commit=True) == -signal.SIGKILL
        made = ground.state()
        assert made != before
        async with reopened(ground, root, monkeypatch) as launch:
            assert "had been made when we were stopped" in launch.cycle.changes[0].say
            await launch.apply(ground.what)
            assert ground.state() == made  # and nothing twice
            assert len(launch.cycle.changes) == 1
        assert await child(ground, root, "undo", at_commit=True) == -signal.SIGKILL
        assert ground.state() == before
        async with reopened(ground, root, monkeypatch) as launch:
            assert "had been taken back when we were stopped" in launch.cycle.changes[0].say
            assert launch.left() == []
        assert ground.state() == before
