"""A mail server that greets, offers STARTTLS and takes no mail: RFC 5321 as far as a look at it goes, RFC 3207."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable

from launchready_tui.practice.connections import Listener

LINE_BYTES = 1_000  # a command line has at most 512 (RFC 5321 section 4.5.3.1.4)
IDLE_SECONDS = 10.0
COMMANDS = 50  # in one connection
CONNECTIONS = 50  # at a time


class MailServer:
    """`name` is its greeting; `tls` gives the context at each STARTTLS, so that a renewed certificate counts."""

    def __init__(self, name: str, tls: Callable[[], ssl.SSLContext]) -> None:
        self._name, self._tls = name, tls
        self._listener = Listener(self._talk, most=CONNECTIONS)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen and return the port. Raises OSError where the port is taken."""
        return await self._listener.start(host, port)

    async def aclose(self) -> None:
        """Stop listening and end every connection."""
        await self._listener.aclose()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _Talk(self._name, self._tls, reader, writer).run()


class _Talk:
    """One connection. It keeps its own buffer, so that what was sent in the clear is never read as if encrypted."""

    def __init__(
        self,
        name: str,
        tls: Callable[[], ssl.SSLContext],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._name, self._tls, self._reader, self._writer = name, tls, reader, writer
        self._buffer = b""
        self._secure = False

    async def run(self) -> None:
        await self._say(f"220 {self._name} ESMTP practice")
        for _ in range(COMMANDS):
            line = await self._line()
            if line is None:
                return
            verb = line.split(None, 1)[0].upper() if line.split() else b""
            if verb == b"QUIT":
                await self._say(f"221 {self._name} closing")
                return
            if verb == b"STARTTLS" and not self._secure:
                await self._start_tls()
            else:
                await self._say(*self._reply(verb))

    def _reply(self, verb: bytes) -> tuple[str, ...]:
        match verb:
            case b"EHLO":
                features = [] if self._secure else ["STARTTLS"]
                said = [self._name, "SIZE 1000000", *features, "8BITMIME"]
                return tuple(f"250{'-' if item is not said[-1] else ' '}{item}" for item in said)
            case b"HELO":
                return (f"250 {self._name}",)
            case b"NOOP" | b"RSET":
                return ("250 OK",)
            case b"MAIL" | b"RCPT" | b"DATA":
                return ("550 this is the practice startup: it takes no mail",)
            case _:
                return ("502 command not known",)

    async def _start_tls(self) -> None:
        await self._say("220 go ahead")
        self._buffer = b""
        async with asyncio.timeout(IDLE_SECONDS):
            await self._writer.start_tls(self._tls())
        self._secure = True

    async def _say(self, *lines: str) -> None:
        self._writer.write("".join(f"{line}\r\n" for line in lines).encode())
        async with asyncio.timeout(IDLE_SECONDS):
            await self._writer.drain()

    async def _line(self) -> bytes | None:
        """The next command; None where the other side left or sends a line that never ends."""
        async with asyncio.timeout(IDLE_SECONDS):
            while b"\n" not in self._buffer:
                more = await self._reader.read(LINE_BYTES)
                if not more or len(self._buffer) > LINE_BYTES:
                    return None
                self._buffer += more
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.strip()
