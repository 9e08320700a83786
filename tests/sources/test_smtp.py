"""The SMTP source against real servers on loopback: aiosmtpd with STARTTLS, and servers that misbehave."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate

from launchready_tui import limits
from launchready_tui.project import Clock, Network, Project
from launchready_tui.sources.gate import Gate
from launchready_tui.sources.smtp import Greeting, NoGreeting, Smtp
from tests.certs import Authority, Leaf
from tests.world import CannedDns, found

HOST = "mail.good.example"
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def smtp(port: int, *, ca: str | None = None, private: bool = True, address: str = "127.0.0.1") -> Smtp:
    network = Network(private=private, ca=ca, connect_to={(HOST, 25): (address, port)})
    project = Project("good.example", network=network)
    return Smtp(project, CannedDns({}, {}, None), Gate(project), Clock())


@asynccontextmanager
async def served(talk: Talk) -> AsyncIterator[int]:
    """A server that talks as it is told, on a free port."""
    running: set[asyncio.Task[None]] = set()

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


class Heard:
    """aiosmtpd's handler: keeps what a client did on its way out."""

    def __init__(self) -> None:
        self.quit = asyncio.Event()

    async def handle_QUIT(self, server: SMTP, session: object, envelope: object) -> str:  # noqa: N802  aiosmtpd's name
        self.quit.set()
        return "221 Bye"


@asynccontextmanager
async def aiosmtpd(context: ssl.SSLContext | None) -> AsyncIterator[tuple[int, Heard]]:
    heard = Heard()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(heard, hostname=HOST, tls_context=context, loop=loop), "127.0.0.1", 0
    )
    try:
        yield server.sockets[0].getsockname()[1], heard
    finally:
        server.close()


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def _leaf(authority: Authority, kind: str) -> Leaf:
    if kind == "sound":
        return authority.leaf(HOST)
    if kind == "name-mismatch":
        return authority.leaf("other.example")
    if kind == "self-signed":
        return authority.leaf(HOST, self_signed=True)
    return authority.leaf(HOST, not_before=authority.at - dt.timedelta(100), not_after=authority.at - dt.timedelta(10))


@pytest.mark.parametrize("kind", ["sound", "name-mismatch", "self-signed", "expired"])
async def test_starttls_and_the_certificate(authority: Authority, tmp_path: Path, kind: str) -> None:
    context = authority.server_context(_leaf(authority, kind))
    async with aiosmtpd(context) as (port, heard):
        source = smtp(port, ca=authority.write(tmp_path / "ca.pem"))
        look = await source.look(f"{HOST.upper()}.")
        assert isinstance(look, Greeting), look
        assert look.starttls
        assert look.verdict is not None
        assert look.verdict.faults == (() if kind == "sound" else (kind,))
        assert look.verdict.leaf.sans == (("other.example",) if kind == "name-mismatch" else (HOST,))
        async with asyncio.timeout(5):
            await heard.quit.wait()
        assert await source.look(HOST) is look  # asked once a run
        await source.aclose()


async def test_no_starttls() -> None:
    async with aiosmtpd(None) as (port, heard):
        look = await smtp(port).look(HOST)
        assert isinstance(look, Greeting)
        assert not look.starttls
        assert look.verdict is None
        assert HOST in look.banner
        async with asyncio.timeout(5):
            await heard.quit.wait()


async def test_refused() -> None:
    async with served(lambda reader, writer: asyncio.sleep(0)) as port:
        pass  # the port was free a moment ago, and nothing listens on it now
    look = await smtp(port).look(HOST)
    assert isinstance(look, NoGreeting)
    assert look.kind == "refused"


async def test_private_addresses_are_left_alone() -> None:
    project = Project("good.example")
    source = Smtp(project, CannedDns({(HOST, "A"): found(HOST, "A", "127.0.0.1")}, {}, None), Gate(project), Clock())
    look = await source.look(HOST)
    assert isinstance(look, NoGreeting)
    assert look.kind == "policy"


async def test_no_address() -> None:
    project = Project("good.example")
    look = await Smtp(project, CannedDns({}, {}, None), Gate(project), Clock()).look(HOST)
    assert isinstance(look, NoGreeting)
    assert look.kind == "no-address"


# ---- servers that misbehave ----


async def _silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def _endless_line(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"2" * 65_536)
        await writer.drain()


async def _endless_greeting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"220-and another thing\r\n" * 500)
        await writer.drain()


async def _trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"2")
        await writer.drain()
        await asyncio.sleep(0.05)  # this is the server's misbehaviour, not a wait of the test


async def _ten_megabytes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    for _ in range(160):
        writer.write(b"220 " + b"x" * 65_532)
        await writer.drain()
    writer.write(b"\r\n")
    await reader.read()


async def _endless_ehlo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mail\r\n")
    await reader.readline()
    while True:
        writer.write(b"250-STARTTLS\r\n" * 500)
        await writer.drain()


async def _http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    await reader.read()


async def _hangs_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    return


async def _unwelcome(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"554 \x1b[31mno \xff\xfe service for you\r\n")
    await reader.read()


async def _no_nul(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x00\x00\x00\x16\x03\x01\r\n")
    await reader.read()


def _after_ehlo(*replies: bytes) -> Talk:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail\r\n")
        for reply in replies:
            await reader.readline()
            writer.write(reply)
        await reader.read()

    return talk


async def _no_handshake(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 mail\r\n")
    for reply in (b"250-mail\r\n250 starttls\r\n", b"220 go ahead\r\n"):
        await reader.readline()
        writer.write(reply)
    await reader.read(1)  # the first byte of the client's hello
    writer.write(b"not a handshake at all\r\n")
    await reader.read()


@pytest.mark.parametrize(
    ("talk", "kind", "says"),
    [
        (_silence, "timeout", "did not finish"),
        (_endless_line, "broken", "without an end"),
        (_endless_greeting, "broken", "without an end"),
        (_endless_ehlo, "broken", "without an end"),
        (_ten_megabytes, "broken", "without an end"),
        (_trickle, "timeout", "did not finish"),
        (_http, "broken", "not mail"),
        (_hangs_up, "broken", ""),
        (_unwelcome, "broken", "554"),
        (_no_nul, "broken", "not mail"),
        (_after_ehlo(b"421 busy\r\n"), "broken", "421"),
        (_after_ehlo(b"250-mail\r\n250 STARTTLS\r\n"), "timeout", "did not finish"),
    ],
    ids=lambda v: getattr(v, "__name__", None),
)
async def test_a_server_that_misbehaves(talk: Talk, kind: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SMTP_SECONDS", 0.6)
    loop = asyncio.get_running_loop()
    async with served(talk) as port:
        began = loop.time()
        look = await smtp(port).look(HOST)
        assert loop.time() - began < 3
    assert isinstance(look, NoGreeting), look
    assert look.kind == kind
    assert says in look.say
    assert "\x1b" not in look.say


@pytest.mark.parametrize(
    ("talk", "says"),
    [
        (_after_ehlo(b"250-mail\r\n250 STARTTLS\r\n", b"454 not \x1b[2J now\r\n"), "454 not"),
        (_no_handshake, "could not be started"),
        (_after_ehlo(b"250-mail\r\n250 STARTTLS\r\n", b"220 go ahead\r\n250 OK\r\n"), "in the clear"),
        (_after_ehlo(b"250-mail\r\n250 STARTTLS\r\n", b"220 go ahead\r\n\x16\x03\x01"), "in the clear"),
    ],
    ids=["not now", "no handshake", "commands behind STARTTLS", "bytes behind STARTTLS"],
)
async def test_tls_offered_and_not_to_be_had(talk: Talk, says: str) -> None:
    async with served(talk) as port:
        look = await smtp(port).look(HOST)
    assert isinstance(look, Greeting), look
    assert look.starttls
    assert look.verdict is None
    assert says in look.trouble
    assert "\x1b" not in look.trouble


async def test_replies_that_come_byte_by_byte_or_all_at_once() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for reply in (b"220-mail\r\n220 hello\r\n", b"250-mail\r\n250-SIZE 1\r\n250 8BITMIME\r\n"):
            for number in range(len(reply)):
                writer.write(reply[number : number + 1])
                await writer.drain()
            await reader.readline()

    async with served(talk) as port:
        look = await smtp(port).look(HOST)
    assert isinstance(look, Greeting), look
    assert (look.banner, look.starttls) == ("mail", False)


async def test_the_key_is_hashed_as_dane_names_it(authority: Authority, tmp_path: Path) -> None:
    leaf = authority.leaf(HOST)
    async with aiosmtpd(authority.server_context(leaf)) as (port, _):
        look = await smtp(port, ca=authority.write(tmp_path / "ca.pem")).look(HOST)
    assert isinstance(look, Greeting)
    key = load_pem_x509_certificate(leaf.chain_pem.encode()).public_key()
    raw = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert look.key_sha256 == hashlib.sha256(raw).hexdigest()


async def test_a_server_that_knows_only_helo() -> None:
    async with served(_after_ehlo(b"502 what is EHLO\r\n", b"221 bye\r\n")) as port:
        look = await smtp(port).look(HOST)
    assert isinstance(look, Greeting)
    assert not look.starttls


async def test_stopping_ends_the_look_at_once() -> None:
    arrived = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrived.set()
        await reader.read()

    async with served(talk) as port:
        source = smtp(port)
        task = asyncio.create_task(source.look(HOST))
        await arrived.wait()
        async with asyncio.timeout(limits.CANCEL_SECONDS):
            await source.aclose()
            await asyncio.gather(task, return_exceptions=True)
        assert task.done()
