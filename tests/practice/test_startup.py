from __future__ import annotations

import asyncio
import json
import shlex
import ssl
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import dns.asyncquery
import dns.message
import dns.rcode
import dns.tsig
import dns.update
import pytest

from launchready_tui import system
from launchready_tui.disk import WorkspaceProblem
from launchready_tui.model import Stage
from launchready_tui.practice import DOMAIN, pages
from launchready_tui.practice.faults import FAULTS, SOUND_SETTINGS
from launchready_tui.practice.startup import Practice

TOP = Path(__file__).parents[2]
WWW = f"www.{DOMAIN}"


@asynccontextmanager
async def running(folder: Path, **wanted: object) -> AsyncIterator[Practice]:
    practice = await Practice.start(folder, **wanted)  # type: ignore[arg-type]  # handed through as given
    try:
        yield practice
    finally:
        await practice.aclose()


async def look_up(practice: Practice, name: str, type: str) -> dns.message.Message:
    server, port = practice.project.network.resolvers[0]
    return await dns.asyncquery.udp(dns.message.make_query(name, type), server, 3, port)


async def add_www(practice: Practice) -> dns.rcode.Rcode:
    connection = practice.project.connections[0]
    secret = practice.secrets[connection["secret"]].reveal()
    update = dns.update.UpdateMessage(connection["zone"], keyring=dns.tsig.Key(connection["key"], secret))
    update.add("www", 60, "CNAME", f"{DOMAIN}.")
    answer = await dns.asyncquery.tcp(update, connection["server"], 3, int(connection["port"]))
    return answer.rcode()


def set_to(practice: Practice, settings: dict[str, str]) -> None:
    Path(practice.project.connections[1]["path"]).write_text(json.dumps(settings))


async def fetch(practice: Practice, host: str, path: str = "/") -> bytes:
    network = practice.project.network
    address, port = network.connect_to[host, 443]
    context = ssl.create_default_context(cafile=network.ca)
    async with asyncio.timeout(5):
        reader, writer = await asyncio.open_connection(address, port, ssl=context, server_hostname=host)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        out = await reader.read()
        writer.close()
    return out


async def test_it_starts_soon_and_leaves_nothing_running(tmp_path: Path) -> None:
    before = asyncio.all_tasks()
    began = time.perf_counter()
    async with running(tmp_path / "practice") as practice:
        assert time.perf_counter() - began < 2.0
        project = practice.project
        assert pages.MARKER.encode() in await fetch(practice, DOMAIN)
        answer = await look_up(practice, DOMAIN, "A")
        assert "127.0.0.1" in {record.address for record in answer.answer[0]}
        doors = {*project.network.connect_to.values(), *project.network.resolvers}
        half_open = [await asyncio.open_connection(*door) for door in doors]
    for reader, writer in half_open:
        async with asyncio.timeout(5):
            try:
                await reader.read()
            except ConnectionError:
                pass  # ended without a goodbye is ended too
        writer.close()
    for door in doors:
        with pytest.raises(OSError):
            await asyncio.open_connection(*door)
    await asyncio.sleep(0)  # the closed connections' last callbacks
    assert not {task for task in asyncio.all_tasks() - before if not task.done()}


async def test_it_listens_on_this_machine_alone(tmp_path: Path) -> None:
    async with running(tmp_path / "practice") as practice:
        network = practice.project.network
        addresses = {address for address, _ in (*network.connect_to.values(), *network.resolvers)}
    assert addresses == {"127.0.0.1"}


async def test_a_change_survives_a_kill_and_fresh_brings_the_fault_back(tmp_path: Path) -> None:
    folder = tmp_path / "practice"
    async with running(folder) as practice:
        assert (await look_up(practice, WWW, "A")).rcode() == dns.rcode.NXDOMAIN
        assert await add_www(practice) == dns.rcode.NOERROR
        set_to(practice, {"site.login": "up"})
        zone = (folder / f"{DOMAIN}.zone").read_text()  # as a kill at this moment would leave it
    assert f"{WWW}. 60 IN CNAME" in zone
    async with running(folder) as again:
        assert (await look_up(again, WWW, "A")).rcode() == dns.rcode.NOERROR
        assert (await fetch(again, DOMAIN, "/login")).startswith(b"HTTP/1.1 200")
        assert await add_www(again) == dns.rcode.NOERROR  # with the new start's key
    async with running(folder, fresh=True) as fresh:
        assert (await look_up(fresh, WWW, "A")).rcode() == dns.rcode.NXDOMAIN
        assert (await fetch(fresh, DOMAIN, "/login")).startswith(b"HTTP/1.1 500")


CHANGED_AND_WAITING = """
import asyncio, pathlib, sys
from launchready_tui.practice.startup import Practice
from tests.practice.test_startup import add_www

async def main():
    practice = await Practice.start(pathlib.Path(sys.argv[1]))
    print(int(await add_www(practice)), flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_a_killed_process_loses_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "practice"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", CHANGED_AND_WAITING, str(folder)), cwd=TOP, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(30):
            assert (await process.stdout.readline()).strip() == b"0"
    finally:
        process.kill()
        await process.wait()
    async with running(folder) as again:
        assert (await look_up(again, WWW, "A")).rcode() == dns.rcode.NOERROR


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that asks a process to end")
async def test_served_alone_it_prints_its_command_and_ends_when_told(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "launchready_tui", "demo", "--serve", "--workspace", str(tmp_path)),
        cwd=TOP,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(30):
            words = shlex.split((await process.stdout.readline()).decode())
            server, _, port = words[words.index("--resolver") + 1].rpartition(":")
            question = dns.message.make_query(DOMAIN, "A")
            assert (await dns.asyncquery.udp(question, server, 3, int(port))).answer
            process.terminate()
            assert await process.wait() == 0
        with pytest.raises(OSError):
            await asyncio.open_connection(server, int(port))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_both_name_servers_see_a_change(tmp_path: Path) -> None:
    async with running(tmp_path / "practice") as practice:
        await add_www(practice)
        port = practice.project.network.dns_port
        for address in system.loopback_addresses(2):
            answer = await dns.asyncquery.udp(dns.message.make_query(WWW, "CNAME"), address, 3, port)
            assert answer.answer, address


async def test_the_zone_above_delegates(tmp_path: Path) -> None:
    if len(system.loopback_addresses(3)) < 3:
        pytest.skip("this system has one loopback address")
    async with running(tmp_path / "practice") as practice:
        port = practice.project.network.dns_port
        registry = (await look_up(practice, "example", "NS")).answer[0][0].target
        address = (await look_up(practice, str(registry), "A")).answer[0][0].address
        answer = await dns.asyncquery.udp(dns.message.make_query(DOMAIN, "NS"), address, 3, port)
    assert not answer.answer
    assert {str(each.target) for each in answer.authority[0]} == {f"ns1.{DOMAIN}.", f"ns2.{DOMAIN}."}
    assert len(answer.additional) == 2


async def test_a_renewed_certificate_is_served_at_once(tmp_path: Path) -> None:
    async with running(tmp_path / "practice") as practice:
        days = []
        for settings in ({}, {"certificate.renew": "on"}):
            set_to(practice, settings)
            address, port = practice.project.network.connect_to[DOMAIN, 443]
            context = ssl.create_default_context(cafile=practice.project.network.ca)
            _, writer = await asyncio.open_connection(address, port, ssl=context, server_hostname=DOMAIN)
            ends = ssl.cert_time_to_seconds(writer.get_extra_info("peercert")["notAfter"])
            days.append(round((ends - time.time()) / 86_400))
            writer.transport.abort()
    assert days == [5, 89]


async def test_a_damaged_zone_is_begun_anew_and_it_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "practice"
    async with running(folder):
        pass
    (folder / f"{DOMAIN}.zone").write_text("not a zone (")
    (folder / "practice.json").write_text("{")
    async with running(folder) as practice:
        assert practice.notes == (
            "The practice startup's records were damaged on disk, so they are as on the first day.",
        )
        assert practice.faults == FAULTS
        assert (await look_up(practice, DOMAIN, "A")).answer


async def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(ValueError, match="holds something else"):
        await Practice.start(tmp_path, fresh=True)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
    with pytest.raises(ValueError, match="no such fault"):
        await Practice.start(tmp_path / "other", faults=["typo"])


async def test_who_does_not_speak_tls_is_let_go_quietly(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with running(tmp_path / "practice") as practice:
        door = practice.project.network.connect_to[DOMAIN, 443]
        for said in (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\x00\x05hello", b""):
            reader, writer = await asyncio.open_connection(*door)
            writer.write(said)
            writer.write_eof()
            async with asyncio.timeout(5):
                try:
                    await reader.read()
                except ConnectionError:
                    pass  # let go is what was asked for
            writer.close()
        assert pages.MARKER.encode() in await fetch(practice, DOMAIN)
    assert not [record for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")]


async def test_a_second_window_is_told_to_wait(tmp_path: Path) -> None:
    folder = tmp_path / "practice"
    async with running(folder) as practice:
        with pytest.raises(WorkspaceProblem, match="open in another window"):
            await Practice.start(folder, fresh=True)
        assert pages.MARKER.encode() in await fetch(practice, DOMAIN)
    async with running(folder):
        pass


async def test_the_command_line_names_everything_once(tmp_path: Path) -> None:
    async with running(tmp_path / "a folder with blanks") as practice:
        words = shlex.split(practice.command())
        network = practice.project.network
    assert words[:3] == ["launchready", "check", DOMAIN]
    given = [(words[i], words[i + 1]) for i in range(4, len(words), 2)]
    assert ("--ca", network.ca) in given
    assert ("--dns-port", str(network.dns_port)) in given
    assert sum(option == "--connect-to" for option, _ in given) == len(network.connect_to)
    assert len(given) == len(set(given))


def test_at_least_twenty_faults_over_all_stages() -> None:
    assert len(FAULTS) >= 20
    assert {fault.stage for fault in FAULTS} == set(Stage)
    assert len({fault.id for fault in FAULTS}) == len(FAULTS)
    assert {fault.how for fault in FAULTS if fault.heals == "setting"} == set(SOUND_SETTINGS)


def test_the_judges_do_not_load_it() -> None:
    code = (
        "import sys, launchready_tui.look, launchready_tui.fixes.cycle; "
        "print([name for name in sys.modules if 'practice' in name])"
    )
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert out.stdout.strip() == "[]"
