"""A small HTTP/1.1 server (RFC 9112): bounded in size, time and number, with TLS or without."""

from __future__ import annotations

import asyncio
import email.utils
import http
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from launchready_tui.practice.connections import Listener

HEAD_BYTES = 16_384  # of a request: its line and headers
BODY_BYTES = 65_536  # of a request; kept where it is a form's, else read past
IDLE_SECONDS = 10.0
REQUESTS = 200  # on one connection
CONNECTIONS = 200  # at a time
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Request:
    """`host` in lower case without its port; `target` is path and query as sent; header names in lower case. `body` is
    kept where it is a form's (BODY_BYTES at most)."""

    method: str
    target: str
    host: str
    secure: bool
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


@dataclass(frozen=True, slots=True)
class Response:
    """Content-Length, Date and Connection are added when it is sent."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


class BadRequest(Exception):
    """What came is not a request that we serve; `status` says how it is answered."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class WebServer:
    """Answers every request with what `answer` returns. With `tls` it speaks https."""

    def __init__(self, answer: Callable[[Request], Response], tls: ssl.SSLContext | None = None) -> None:
        self._answer, self._secure = answer, tls is not None
        self._listener = Listener(self._talk, most=CONNECTIONS, room=HEAD_BYTES, tls=tls)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen and return the port. Raises OSError where the port is taken."""
        return await self._listener.start(host, port)

    async def aclose(self) -> None:
        """Stop listening and end every connection."""
        await self._listener.aclose()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(REQUESTS):
            async with asyncio.timeout(IDLE_SECONDS):
                try:
                    request = await _read(reader, secure=self._secure)
                    response, last = self._answer(request), request.headers.get("connection", "").lower() == "close"
                except BadRequest as bad:
                    request, response, last = None, Response(bad.status), True
                writer.write(_written(response, head=request is not None and request.method == "HEAD", last=last))
                await writer.drain()
            if last:
                return


async def _read(reader: asyncio.StreamReader, *, secure: bool) -> Request:
    """The next request. Raises BadRequest, and IncompleteReadError where the other side has left."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError:
        raise BadRequest(431) from None
    line, *rest = head[:-4].decode("latin-1").split("\r\n")
    words = line.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1.") or not words[1].startswith("/"):
        raise BadRequest(400)
    headers: dict[str, str] = {}
    for field in rest:
        name, colon, value = field.partition(":")
        if not colon or not name or name != name.strip():
            raise BadRequest(400)
        headers[name.lower()] = value.strip()
    body = await _read_body(reader, headers)
    host = headers.get("host", "").lower()
    if not host:
        raise BadRequest(400)
    if words[2] == "HTTP/1.0":
        headers["connection"] = "close"
    return Request(words[0], words[1], host.rpartition(":")[0] if ":" in host else host, secure, headers, body)


async def _read_body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if "transfer-encoding" in headers:
        raise BadRequest(411)
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        raise BadRequest(400)
    if len(length) > 9 or int(length) > BODY_BYTES:
        raise BadRequest(413)
    body = await reader.readexactly(int(length))
    return body if headers.get("content-type", "").partition(";")[0].strip() == _FORM else b""


def _written(response: Response, *, head: bool, last: bool) -> bytes:
    try:
        phrase = http.HTTPStatus(response.status).phrase
    except ValueError:
        phrase = "Other"
    lines = [f"HTTP/1.1 {response.status} {phrase}", f"Date: {email.utils.formatdate(usegmt=True)}"]
    lines += [f"{name}: {value}" for name, value in response.headers]
    if response.status != 304:  # RFC 9110 section 8.6: there it would have to be that of the whole
        lines.append(f"Content-Length: {len(response.body)}")
    if last:
        lines.append("Connection: close")
    body = b"" if head or response.status == 304 else response.body
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + body
