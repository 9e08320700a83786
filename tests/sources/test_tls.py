"""The TLS source against real servers on loopback: what it sees, what it calls a fact, and that nothing stays open."""

from __future__ import annotations

import asyncio
import datetime as dt
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from launchready_tui import limits
from launchready_tui.project import Clock, Network, Project
from launchready_tui.sources import dns as d
from launchready_tui.sources.gate import Gate
from launchready_tui.sources.tls import Handshake, NoHandshake, Tls, sent_chain
from tests.certs import Authority
from tests.sources.serving import answer, network, serving
from tests.world import NAME, CannedDns, found

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@asynccontextmanager
async def looking(
    where: Network, at: dt.datetime | None = None, dns: dict[tuple[str, str], d.Answer] | None = None
) -> AsyncIterator[Tls]:
    project = Project(NAME, network=where)
    tls = Tls(project, CannedDns(dns or {}, {}, None), Gate(project), Clock(at))
    try:
        yield tls
    finally:
        await tls.aclose()


@asynccontextmanager
async def meeting(context: ssl.SSLContext, ca: str | None = None, at: dt.datetime | None = None) -> AsyncIterator[Tls]:
    """A Tls, and a server with that context that answers for good.example."""
    async with serving(answer(), context) as server, looking(network(https=server.port, ca=ca), at) as tls:
        yield tls


@asynccontextmanager
async def plain(serve: Serve) -> AsyncIterator[int]:
    listener = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listener:
        yield listener.sockets[0].getsockname()[1]


async def test_a_sound_server_is_looked_at_once(authority: Authority, tmp_path: Path) -> None:
    ca = authority.write(tmp_path / "ca.pem")
    async with meeting(authority.server_context(authority.leaf(NAME)), ca) as tls:
        first, second = await asyncio.gather(tls.look(NAME), tls.look(NAME.upper() + "."))
    assert isinstance(first, Handshake)
    assert first is second
    assert first.verdict.faults == ()
    assert (first.host, first.port, first.address) == (NAME, 443, "127.0.0.1")
    assert (first.protocol, first.alpn) == ("TLSv1.3", "http/1.1")
    assert first.verdict.chain == (NAME, "Test Root R1")


@pytest.mark.parametrize(
    ("names", "options", "faults"),
    [
        (("other.example",), {}, ("name-mismatch",)),
        ((NAME,), {"self_signed": True}, ("self-signed",)),
        ((NAME,), {"weak_key": True}, ("weak-key",)),
    ],
)
async def test_a_faulty_certificate_is_seen_as_it_was_sent(
    names: tuple[str, ...], options: dict[str, bool], faults: tuple[str, ...], authority: Authority, tmp_path: Path
) -> None:
    leaf = authority.leaf(*names, self_signed=options.get("self_signed", False), weak_key="weak_key" in options)
    where = authority.write(tmp_path / "ca.pem")
    async with meeting(authority.server_context(leaf), where) as tls:
        seen = await tls.look(NAME)
    assert isinstance(seen, Handshake), seen
    assert seen.verdict.faults == faults


async def test_an_incomplete_chain_names_what_is_missing(authority: Authority, tmp_path: Path) -> None:
    context = authority.server_context(authority.leaf(NAME), incomplete=True)
    async with meeting(context, authority.write(tmp_path / "ca.pem")) as tls:
        seen = await tls.look(NAME)
    assert isinstance(seen, Handshake)
    assert (seen.verdict.faults, seen.verdict.missing) == (("incomplete-chain",), "Test Root R1")


async def test_the_clock_decides(authority: Authority, tmp_path: Path) -> None:
    later = authority.at + dt.timedelta(days=365)
    async with meeting(
        authority.server_context(authority.leaf(NAME)), authority.write(tmp_path / "ca.pem"), later
    ) as tls:
        seen = await tls.look(NAME)
    assert isinstance(seen, Handshake)
    assert seen.verdict.faults == ("expired",)


async def test_escapes_in_a_certificate(authority: Authority) -> None:
    leaf = authority.leaf(NAME, self_signed=True, subject="\x1b]0;owned\x07")
    async with meeting(authority.server_context(leaf)) as tls:
        seen = await tls.look(NAME)
    assert isinstance(seen, Handshake)
    assert "\x1b" not in seen.verdict.leaf.subject + seen.verdict.leaf.issuer + "".join(seen.verdict.chain)


@pytest.mark.parametrize(
    ("number", "say"),
    [(40, "turned down"), (70, "only old encryption"), (112, "no site of this name"), (80, "turned down")],
)
async def test_an_alert_is_a_fact(number: int, say: str) -> None:
    async def alert(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1_000)
        writer.write(bytes([0x15, 3, 3, 0, 2, 2, number]))
        writer.close()

    async with plain(alert) as port, looking(network(https=port)) as tls:
        seen = await tls.look(NAME)
    assert isinstance(seen, NoHandshake)
    assert (seen.kind, seen.fact) == ("tls", True)
    assert say in seen.say


async def no_tls(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    writer.close()


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1)
    writer.transport.abort()


async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while await reader.read(1_000):
        pass
    writer.close()


async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A handshake record that never ends: 16 KB of a ServerHello that says it is 16 MB long."""
    try:
        writer.write(b"\x16\x03\x03\x40\x00\x02\xff\xff\xff" + bytes(16_380))
        while True:
            writer.write(b"\x16\x03\x03\x40\x00" + bytes(16_384))
            await writer.drain()
    except ConnectionError:
        writer.close()


@pytest.mark.parametrize(
    ("serve", "kind", "fact"),
    [(no_tls, "tls", True), (hang_up, "broken", False), (mute, "timeout", False), (flood, "tls", True)],
)
async def test_what_is_no_tls(serve: Serve, kind: str, fact: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TLS_SECONDS", 0.4)
    monkeypatch.setattr(limits, "CONNECT_SECONDS", 0.4)
    async with plain(serve) as port, looking(network(https=port)) as tls:
        began = time.perf_counter()
        seen = await tls.look(NAME)
        assert time.perf_counter() - began < 2
    assert isinstance(seen, NoHandshake), seen
    assert (seen.kind, seen.fact) == (kind, fact)


async def test_refused_and_nowhere() -> None:
    async with plain(mute) as port:
        pass
    async with looking(network(https=port)) as tls:
        seen = await tls.look(NAME)
        gone = await tls.look("nowhere.example")
        bad = await tls.look("not a host")
    assert isinstance(seen, NoHandshake)
    assert (seen.kind, seen.fact) == ("refused", True)
    assert isinstance(gone, NoHandshake)
    assert (gone.kind, gone.fact) == ("no-address", True)
    assert isinstance(bad, NoHandshake)
    assert (bad.kind, bad.fact) == ("broken", False)


async def test_private_addresses_are_left_alone() -> None:
    async with looking(Network(), dns={(NAME, "A"): found(NAME, "A", "127.0.0.1")}) as tls:
        seen = await tls.look(NAME)
    assert isinstance(seen, NoHandshake)
    assert (seen.kind, seen.fact) == ("policy", False)


async def test_closing_hangs_up(monkeypatch: pytest.MonkeyPatch) -> None:
    arrived, gone = asyncio.Event(), asyncio.Event()

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrived.set()
        await mute(reader, writer)
        gone.set()

    async with plain(hold) as port:
        async with looking(network(https=port)) as tls:
            waiter = asyncio.create_task(tls.look(NAME))
            async with asyncio.timeout(5):
                await arrived.wait()
            waiter.cancel()
        async with asyncio.timeout(5):
            await gone.wait()


class _Below:
    """Python 3.11 and 3.12: the chain is one layer down and made of objects."""

    def __init__(self, ders: list[bytes]) -> None:
        self._ders = ders

    def get_unverified_chain(self) -> list[object]:
        return [type("Sent", (), {"public_bytes": lambda self, encoding, der=der: der})() for der in self._ders]


class _Secured:
    def __init__(self, ders: list[bytes], how: str) -> None:
        self._sslobj = _Below(ders) if how == "below" else None
        self._ders = ders
        if how == "public":
            self.get_unverified_chain = lambda: ders

    def getpeercert(self, binary_form: bool) -> bytes | None:
        return self._ders[0] if self._ders else None


@pytest.mark.parametrize(("how", "length"), [("public", 2), ("below", 2), ("neither", 1)])
def test_the_chain_is_found_in_every_python(how: str, length: int, authority: Authority) -> None:
    leaf = authority.leaf(NAME)
    ders = [each.public_bytes(serialization.Encoding.DER) for each in (leaf.certificate, *leaf.links)]
    assert sent_chain(_Secured(ders, how)) == (leaf.certificate, *leaf.links)[:length]  # type: ignore[arg-type]  # stand-ins
    with pytest.raises(ValueError, match="no certificate"):
        sent_chain(_Secured([], how))  # type: ignore[arg-type]  # a stand-in for an SSLObject
