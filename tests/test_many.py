"""`check --all` as a user meets it: a few projects at a time, each told when it is done, the worst status at last."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from launchready_tui import limits
from launchready_tui.project import Network, Project
from launchready_tui.workspace import Workspace
from tests.command import ROOT, launchready
from tests.many_world import many_world, names

QUICK = ("--only", "dns.apex.resolves", "--only", "dns.www.resolves")


def _entries(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["domain"]: each for each in document["projects"]}


async def test_every_project_is_looked_at_over_its_own_network(tmp_path: Path) -> None:
    domains = names(5)
    async with many_world(domains, tmp_path) as world:
        workspace = world.fill(tmp_path / "launchready", domains)
        workspace.archive(domains[4])
        ran = await launchready("check", "--all", "--json", home=tmp_path)
    assert ran.err == ""
    document = ran.document
    assert document["schema_version"] == 1
    assert document["stopped"] is False
    entries = _entries(document)
    assert set(entries) == set(domains[:4])
    for domain, entry in entries.items():
        found = {each["id"]: each["status"] for each in entry["findings"]}
        assert found["dns.apex.resolves"] == found["dns.www.resolves"] == "pass", domain
        assert found["edge.tls.valid"] == "pass"
        assert entry["problem"] == ""
        assert entry["status"] in (1, 3)  # nobody has answered who can sign in
    assert ran.status == document["status"] == min(entry["status"] for entry in entries.values())
    assert world.asked[domains[4]] == 0  # archived: not looked at
    for domain in domains[:4]:  # kept as any look is
        assert Workspace(tmp_path / "launchready").summary(domain).looked is not None


async def test_the_worst_status_counts_and_a_broken_project_is_told(tmp_path: Path) -> None:
    domains = names(2)
    async with many_world(domains, tmp_path) as world:
        workspace = world.fill(tmp_path / "launchready", domains)
        sound = await launchready("check", "--all", *QUICK, home=tmp_path)
        assert sound.status == 0
        assert "2 projects in 00:0" in sound.out
        assert "2 ready." in sound.out
        with workspace.open("gone.example", create=True) as store:
            store.save_project(Project("gone.example", network=Network(private=True, resolvers=(("127.0.0.1", 9),))))
        silent = await launchready("check", "--all", *QUICK, "--json", home=tmp_path)
        assert silent.status == 3
        with workspace.open("none.example", create=True) as store:
            store.save_project(Project("none.example", network=world.network(domains[0])))
        (tmp_path / "launchready" / "projects" / "gone.example" / "project.toml").write_text("domain = 3\n")
        worst = await launchready("check", "--all", *QUICK, "--json", home=tmp_path)
    assert worst.status == 1
    entries = _entries(worst.document)
    assert "cannot be read" in entries["gone.example"]["problem"]
    assert worst.document["counts"] == {"ready": 2, "not_ready": 1, "could_not_tell": 1}


async def test_lines_as_they_happen_name_their_domain(tmp_path: Path) -> None:
    domains = names(3)
    async with many_world(domains, tmp_path) as world:
        world.fill(tmp_path / "launchready", domains)
        ran = await launchready("check", "--all", "--stream", *QUICK, home=tmp_path)
    lines = [json.loads(line) for line in ran.out.splitlines()]
    assert [line["domain"] for line in lines if line["event"] == "project"] != []
    assert {line["domain"] for line in lines if line["event"] == "finished"} == set(domains)
    assert sum(line["event"] == "finished" for line in lines) == 6
    assert lines[-1] == {**lines[-1], "event": "done", "status": 0, "stopped": False}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--url", "login=https://x.example/"), "about one project"),
        (("--connect-to", "a:1:127.0.0.1:2"), "about one project"),
        (("good.example",), "take one"),
        ((), "no project to look at"),
        (("--only", "no.such"), "no check"),
    ],
)
async def test_wrong_usage_is_a_sentence(words: tuple[str, ...], sentence: str, tmp_path: Path) -> None:
    ran = await launchready("check", "--all", *words, home=tmp_path)
    assert ran.status == 2
    assert sentence in ran.err
    assert ran.out == ""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
async def test_stopped_it_answers_within_a_second_and_what_it_wrote_is_whole(tmp_path: Path) -> None:
    """One server never answers, so that the look of every project is in the middle of something."""

    class Silent(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            heard.set()

    heard = asyncio.Event()
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(Silent, ("127.0.0.1", 0))
    port = transport.get_extra_info("sockname")[1]
    workspace = Workspace(tmp_path / "launchready")
    for domain in names(12):
        with workspace.open(domain, create=True) as store:
            network = Network(private=True, resolvers=(("127.0.0.1", port),), dns_port=port, registries=False)
            store.save_project(Project(domain, network=network))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "launchready_tui", "check", "--all", "--json"),
        cwd=ROOT,
        env={**os.environ, "LAUNCHREADY_HOME": str(workspace.root)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(30):
            await heard.wait()
            began = time.perf_counter()
            process.send_signal(signal.SIGINT)
            out, err = await process.communicate()
        seconds = time.perf_counter() - began
    finally:
        transport.close()
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert seconds < limits.CANCEL_SECONDS + 0.5  # and the end of the interpreter
    assert process.returncode == 130
    assert b"Traceback" not in err
    assert json.loads(out)["stopped"] is True


async def test_projects_that_share_a_resolver_ask_it_as_politely_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two sessions of one pace at one resolver: so many a second together."""
    from launchready_tui.checks import all_checks
    from launchready_tui.session import Session
    from launchready_tui.sources.gate import Pace
    from launchready_tui.vault import Vault

    monkeypatch.setattr(limits, "PRIVATE_HOST_PER_SECOND", 20.0)
    moments: list[float] = []

    class Noting(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            moments.append(time.perf_counter())

    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(Noting, ("127.0.0.1", 0))
    port = transport.get_extra_info("sockname")[1]
    workspace, pace = Workspace(tmp_path), Pace()

    async def look(domain: str) -> None:
        network = Network(private=True, resolvers=(("127.0.0.1", port),), dns_port=port, registries=False)
        project = Project(domain, network=network)
        chosen = [check for check in all_checks() if check.id.startswith("dns.")]
        store = workspace.open(domain, create=True)
        session = Session(store, Vault(kind="session"), project=project, pace=pace)
        try:
            async with aclosing(session.look(chosen)) as events:
                async for _ in events:
                    if len(moments) >= 10:
                        return
        finally:
            await session.aclose()

    try:
        await asyncio.wait_for(asyncio.gather(*(look(domain) for domain in names(2))), 40)
    finally:
        transport.close()
    first = moments[:8]
    assert first[-1] - first[0] >= 6 / 20  # 8 questions at 20 a second: 0.35 s, one of them early at most
