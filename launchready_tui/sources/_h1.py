"""HTTP/1.1 as far as a measurement needs it: one GET at a time on a connection that is kept, timed to the first byte.

Not a client for pages: bodies are counted and thrown away, redirects and cookies are not looked at (RFC 9112).
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass

from launchready_tui import limits
from launchready_tui.sources.web import USER_AGENT


class NotHttp(Exception):
    """The answer is not HTTP/1, or has no end that we wait for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`first_byte_at` is the loop's time; `keep`: the connection can take another request."""

    status: int
    first_byte_at: float
    keep: bool


def request(path: str, host: str) -> bytes:
    """A GET as bytes. `path` and `host` come from a URL that urls.normal() gave."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"host: {host}",
        f"user-agent: {USER_AGENT}",
        "accept: */*",
        "accept-encoding: gzip, br, zstd",
    ]
    return "\r\n".join([*lines, "", ""]).encode("ascii", "replace")


class Connection:
    """One TCP or TLS connection. `connect_ms` and `tls_ms` are how long it took to open."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connect_ms: float, tls_ms: float
    ) -> None:
        self._reader, self._writer = reader, writer
        self.connect_ms, self.tls_ms = connect_ms, tls_ms

    @classmethod
    async def open(cls, address: str, port: int, host: str, context: ssl.SSLContext | None) -> Connection:
        """Raises OSError (ssl.SSLError is one) where it does not come about."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        reader, writer = await asyncio.open_connection(address, port, limit=limits.READ_BYTES)
        connected = loop.time()
        if context is not None:
            try:
                await writer.start_tls(context, server_hostname=host)
            except BaseException:  # a cancel as well: nothing stays open
                writer.transport.abort()
                raise
        return cls(reader, writer, (connected - began) * 1000, (loop.time() - connected) * 1000)

    @property
    def alive(self) -> bool:
        return not self._reader.at_eof() and not self._writer.is_closing()

    def abort(self) -> None:
        self._writer.transport.abort()

    async def ask(self, sent: bytes) -> Answer:
        """Send one request and read its answer to the end. Raises NotHttp and OSError."""
        self._writer.write(sent)
        await self._writer.drain()
        try:
            first = await self._reader.readexactly(1)
            at = asyncio.get_running_loop().time()
            status, headers = await self._head(first)
            while status in (100, 102, 103):
                status, headers = await self._head(b"")
            ends = await self._body(status, headers)
        except asyncio.IncompleteReadError:
            raise NotHttp("closed the connection before its answer was complete") from None
        except ValueError:
            raise NotHttp("sent something that is not HTTP") from None
        closing = "close" in headers.get("connection", "").lower()
        return Answer(status, at, keep=ends and not closing)

    async def _head(self, first: bytes) -> tuple[int, dict[str, str]]:
        line = first + await self._line()
        parts = line.split(None, 2)
        if len(parts) < 2 or not parts[0].startswith(b"HTTP/1.") or not parts[1].isdigit() or len(parts[1]) != 3:
            raise NotHttp("sent something that is not HTTP")
        headers: dict[str, str] = {} if parts[0] != b"HTTP/1.0" else {"connection": "close"}
        size = 0
        while line := await self._line():
            size += len(line)
            if size > limits.HEADER_BYTES:
                raise NotHttp("sent more headers than a browser reads")
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        return int(parts[1]), headers

    async def _line(self) -> bytes:
        line = await self._reader.readline()
        if not line.endswith(b"\n"):
            raise NotHttp("closed the connection before its answer was complete")
        return line.rstrip(b"\r\n")

    async def _body(self, status: int, headers: dict[str, str]) -> bool:
        """Read the body away; True where its end was marked, so that the connection can be kept."""
        if status in (204, 304):
            return True
        if "chunked" in headers.get("transfer-encoding", "").lower():
            left = limits.BODY_BYTES
            while size := int((await self._line()).partition(b";")[0].strip() or b"x", 16):
                left -= size
                if size < 0 or left < 0:
                    return False  # enough was measured; the rest is left, and the connection with it
                await self._skip(size)
                await self._line()
            while await self._line():
                pass  # trailers
            return True
        if "content-length" in headers:
            length = int(headers["content-length"])
            if length < 0:
                raise NotHttp("sent something that is not HTTP")
            await self._skip(min(length, limits.BODY_BYTES))
            return length <= limits.BODY_BYTES
        read = 0
        while read < limits.BODY_BYTES and (part := await self._reader.read(limits.READ_BYTES)):
            read += len(part)
        return False

    async def _skip(self, size: int) -> None:
        while size > 0:
            part = await self._reader.read(min(size, limits.READ_BYTES))
            if not part:
                raise NotHttp("closed the connection before its answer was complete")
            size -= len(part)
