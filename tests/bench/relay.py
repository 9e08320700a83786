"""A relay that delays each direction: TCP and UDP on loopback, standing before a server."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import cast


class Relay:
    """Listens on `host` and passes everything to `target` and back, each direction `delay` seconds late.

    A TCP connection is accepted by the kernel at once; what its handshake would take is added before the first bytes,
    so that an answer comes two round trips after the opening, and so does a greeting that nobody asked for.
    """

    def __init__(self, target: tuple[str, int], delay: float, host: str = "127.0.0.1") -> None:
        self._target, self._delay, self._host = target, delay, host
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, port: int = 0) -> int:
        self._tcp = await asyncio.start_server(self._accept, self._host, port)
        chosen: int = self._tcp.sockets[0].getsockname()[1]
        self._udp, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Udp(self._target, self._delay), (self._host, chosen)
        )
        return chosen

    async def aclose(self) -> None:
        self._tcp.close()
        self._udp.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _spawn(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, opened: float) -> None:
        task = asyncio.create_task(self._pump(reader, writer, opened))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        began = asyncio.get_running_loop().time()
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._target)
        except OSError:
            writer.close()
            return
        self._spawn(reader, far_writer, began + 2 * self._delay)  # SYN and SYN-ACK, then the client may speak
        self._spawn(far_reader, writer, began + 3 * self._delay)  # the server may when the client's ACK is there

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, opened: float) -> None:
        """Each chunk arrives `delay` after it came, whatever came before or comes after."""
        loop = asyncio.get_running_loop()
        due: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def read() -> None:
            while True:
                chunk = await reader.read(65_536)
                due.put_nowait((max(loop.time(), opened) + self._delay, chunk))
                if not chunk:
                    return

        reading = asyncio.create_task(read())
        try:
            with suppress(OSError):
                while True:
                    moment, chunk = await due.get()
                    await asyncio.sleep(max(0, moment - loop.time()))
                    if not chunk:
                        break
                    writer.write(chunk)
                    await writer.drain()
        finally:
            reading.cancel()
            writer.close()


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, target: tuple[str, int], delay: float) -> None:
        self._target, self._delay = target, delay
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._here = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        task = self._loop.create_task(self._forward(data, addr))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _forward(self, data: bytes, back: tuple[str, int]) -> None:
        await asyncio.sleep(self._delay)
        await self._loop.create_datagram_endpoint(lambda: _Back(self, back, data), remote_addr=self._target)

    def answer(self, data: bytes, back: tuple[str, int]) -> None:
        self._loop.call_later(self._delay, self._here.sendto, data, back)


class _Back(asyncio.DatagramProtocol):
    def __init__(self, front: _Udp, back: tuple[str, int], data: bytes) -> None:
        self._front, self._back, self._data = front, back, data

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)
        self._transport.sendto(self._data)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._front.answer(data, self._back)
        self._transport.close()

    def error_received(self, exc: Exception) -> None:
        self._transport.close()
