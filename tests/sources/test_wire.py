"""A socket read and written without layers: plain and secured, its ends, its manners in the loop, sessions gone on."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from launchready_tui.sources import trust
from launchready_tui.sources.dial import open_socket
from launchready_tui.sources.web import NoPage, Page
from launchready_tui.sources.wire import Wire
from tests.certs import Authority
from tests.sources.serving import Asked, answer, browsing, network, serving
from tests.world import NAME

Streams = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[object, object, None]]
LONG = b"0123456789abcdef" * 40_000


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@asynccontextmanager
async def wired(serve: Streams, tls: ssl.SSLContext | None = None) -> AsyncIterator[Wire]:
    """A wire to a server of streams."""
    ended = asyncio.Event()

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        except (ConnectionError, ssl.SSLError):
            pass  # the other side hung up
        finally:
            writer.close()
            ended.set()

    listener = await asyncio.start_server(served, "127.0.0.1", 0, ssl=tls)
    wire = Wire(await open_socket("127.0.0.1", listener.sockets[0].getsockname()[1]))
    try:
        async with listener:
            yield wire
            wire.close()
            await ended.wait()
    finally:
        wire.close()


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while part := await reader.read(65_536):
        writer.write(part)
        await writer.drain()


async def whole(wire: Wire, size: int) -> bytes:
    got = bytearray()
    while len(got) < size and (part := await wire.receive(16_384)):
        got += part
    return bytes(got)


@pytest.mark.parametrize("secured", [False, True], ids=["plain", "secured"])
async def test_what_is_sent_comes_whole(secured: bool, authority: Authority, tmp_path: Path) -> None:
    tls = authority.server_context(authority.leaf(NAME)) if secured else None
    async with wired(echo, tls) as wire:
        if secured:
            await wire.secure(trust.client_context(authority.write(tmp_path / "ca.pem")), NAME)
        sending = asyncio.create_task(whole(wire, len(LONG))) if not secured else None
        for at in range(0, len(LONG), 10_000):
            await wire.send(LONG[at : at + 10_000])
            if sending is None:
                assert await whole(wire, 10_000) == LONG[at : at + 10_000]
        if sending is not None:
            assert await sending == LONG


async def test_an_end_without_a_word_is_the_end(authority: Authority, tmp_path: Path) -> None:
    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        await writer.drain()
        writer.get_extra_info("socket").shutdown(socket.SHUT_RDWR)  # no close_notify

    async with wired(cut, authority.server_context(authority.leaf(NAME))) as wire:
        await wire.secure(trust.client_context(authority.write(tmp_path / "ca.pem")), NAME)
        assert await whole(wire, 100) == b"hello"


async def test_hanging_up_in_the_handshake_is_no_fault_of_the_certificate(authority: Authority, tmp_path: Path) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100_000)

    async with wired(hang_up) as wire:
        with pytest.raises(ConnectionAbortedError):
            await wire.secure(trust.client_context(authority.write(tmp_path / "ca.pem")), NAME)
        assert wire.session is None


async def test_a_flood_leaves_others_their_turn() -> None:
    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(40):
            writer.write(LONG)
            await writer.drain()

    turns, reading = 0, True

    async def count() -> None:
        nonlocal turns
        while reading:
            turns += 1
            await asyncio.sleep(0)

    async with wired(flood) as wire:
        counting = asyncio.create_task(count())
        size = len(await whole(wire, 40 * len(LONG)))
        reading = False
        await counting
    assert size == 40 * len(LONG)
    assert turns >= size / 100_000


# ---- sessions, as the web source uses them ----


async def test_a_second_connection_goes_on_from_the_first(authority: Authority, tmp_path: Path) -> None:
    reused: list[bool] = []

    async def talk(asked: Asked, writer: asyncio.StreamWriter) -> None:
        reused.append(writer.get_extra_info("ssl_object").session_reused)
        await answer()(asked, writer)

    async with serving(talk, authority.server_context(authority.leaf(NAME))) as server:
        where = network(https=server.port, ca=authority.write(tmp_path / "ca.pem"))
        for _ in range(2):  # a new look starts anew
            async with browsing(where) as web:
                for path in ("a", "b", "c"):
                    assert isinstance(await web.get(f"https://{NAME}/{path}"), Page)
    assert reused == [False, True, True] * 2


@asynccontextmanager
async def dropping(port: int, dropped: set[int]) -> AsyncIterator[tuple[int, list[int]]]:
    """A port before `port` that hangs up on connections of these numbers once they have said something."""
    seen: list[int] = []
    pumps: set[asyncio.Task[None]] = set()

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while part := await reader.read(65_536):
                writer.write(part)
        finally:
            writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(len(seen) + 1)
        if len(seen) in dropped:
            await reader.read(65_536)
            writer.close()
            return
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        for pair in ((reader, far_writer), (far_reader, writer)):
            pumps.add(asyncio.create_task(pump(*pair)))

    listener = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        async with listener:
            yield listener.sockets[0].getsockname()[1], seen
    finally:
        for task in pumps:
            task.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)


async def test_a_session_that_is_turned_down_says_nothing(authority: Authority, tmp_path: Path) -> None:
    ca = authority.write(tmp_path / "ca.pem")
    async with (
        serving(answer(), authority.server_context(authority.leaf(NAME))) as server,
        dropping(server.port, {2}) as (port, seen),
        browsing(network(https=port, ca=ca)) as web,
    ):
        assert isinstance(await web.get(f"https://{NAME}/a"), Page)
        assert isinstance(await web.get(f"https://{NAME}/b"), Page)
        assert seen == [1, 2, 3]


async def test_a_whole_handshake_that_breaks_is_not_tried_again(authority: Authority, tmp_path: Path) -> None:
    ca = authority.write(tmp_path / "ca.pem")
    async with (
        serving(answer(), authority.server_context(authority.leaf(NAME))) as server,
        dropping(server.port, {1}) as (port, seen),
        browsing(network(https=port, ca=ca)) as web,
    ):
        got = await web.get(f"https://{NAME}/a")
        assert isinstance(got, NoPage)
        assert (got.kind, got.fact) == ("broken", False)
        assert seen == [1]
