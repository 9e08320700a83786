"""Raw servers on loopback for the web and TLS sources: a handler gets the request head and writes what it likes."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from launchready_tui.project import Network, Project
from launchready_tui.sources.dns import Answer
from launchready_tui.sources.gate import Gate
from launchready_tui.sources.web import Web
from tests.world import NAME, CannedDns

Talk = Callable[["Asked", asyncio.StreamWriter], Coroutine[object, object, None]]


@dataclass(frozen=True)
class Asked:
    """One request as it came: method, target and headers (names in lower case)."""

    method: str
    target: str
    headers: Mapping[str, str]

    @property
    def url(self) -> str:
        return f"{self.headers.get('host', '')}{self.target}"


@dataclass
class Server:
    """A running server, what it was asked, and how many connections are open now."""

    port: int
    asked: list[Asked] = field(default_factory=list)
    open: int = 0
    closed: asyncio.Event = field(default_factory=asyncio.Event)


async def read_head(reader: asyncio.StreamReader) -> Asked:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = lines[0].split(" ", 2)
    pairs = (line.partition(":") for line in lines[1:] if line)
    return Asked(method, target, {name.lower(): value.strip() for name, _, value in pairs})


async def _until_gone(talking: Coroutine[object, object, None], reader: asyncio.StreamReader) -> None:
    """Let the talk go on until it ends or the client hangs up."""
    tasks = [asyncio.create_task(talking), asyncio.create_task(_discard(reader))]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _discard(reader: asyncio.StreamReader) -> None:
    while await reader.read(65_536):
        pass


@asynccontextmanager
async def serving(talk: Talk, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    """A server that reads a request head, lets `talk` write, and closes. `closed` is set when no connection is open."""
    server = Server(0)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.open += 1
        server.closed.clear()
        try:
            asked = await read_head(reader)
            server.asked.append(asked)
            await _until_gone(talk(asked, writer), reader)
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass  # the client hung up, as many of these tests want
        finally:
            writer.close()
            server.open -= 1
            if not server.open:
                server.closed.set()

    listener = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()


def answer(status: str = "200 OK", body: bytes = b"hello", **headers: str) -> Talk:
    """A talk that sends one plain answer; `content_type="text/html"` is the header content-type."""
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return raw("\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + body)


def raw(data: bytes) -> Talk:
    async def talk(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return talk


def by_path(paths: Mapping[str, Talk]) -> Talk:
    """One talk a path; a path that is not there answers 404."""

    async def talk(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await paths.get(asked.target, answer("404 Not Found", b"no"))(asked, writer)

    return talk


def network(*hosts: str, http: int | None = None, https: int | None = None, ca: str | None = None) -> Network:
    """A private network on which each of `hosts` (good.example if none) is reached at these loopback ports."""
    to: dict[tuple[str, int], tuple[str, int]] = {}
    for host in hosts or (NAME,):
        if http is not None:
            to[host, 80] = ("127.0.0.1", http)
        if https is not None:
            to[host, 443] = ("127.0.0.1", https)
    return Network(private=True, connect_to=to, ca=ca)


@asynccontextmanager
async def browsing(where: Network, dns: Mapping[tuple[str, str], Answer] | None = None) -> AsyncIterator[Web]:
    """A Web on that network; `dns` is what the DNS says of hosts that are not mapped."""
    project = Project(NAME, network=where)
    web = Web(project, CannedDns(dns or {}, {}, None), Gate(project))
    try:
        yield web
    finally:
        await web.aclose()


@asynccontextmanager
async def visiting(
    talk: Talk, tls: ssl.SSLContext | None = None, ca: str | None = None, host: str = NAME
) -> AsyncIterator[tuple[Web, Server]]:
    """A Web and a server that answers for `host`: on port 443 with `tls`, otherwise on port 80."""
    async with serving(talk, tls) as server:
        port = server.port
        where = network(host, https=port, ca=ca) if tls is not None else network(host, http=port)
        async with browsing(where) as web:
            yield web, server
