"""A mail server: it greets, offers STARTTLS, and takes mail where it has an inbox. RFC 5321 as far as that goes, RFC
3207."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from launchready_tui.practice.connections import Listener

LINE_BYTES = 1_000  # a command line has at most 512 (RFC 5321 section 4.5.3.1.4)
MAIL_BYTES = 1_000_000  # of one message
IDLE_SECONDS = 10.0
COMMANDS = 50  # in one connection
CONNECTIONS = 50  # at a time
RECIPIENTS = 10  # of one message

_PATH = re.compile(rb"(?:FROM|TO):\s*<([^<>\s]*)>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message as it was handed over: by whom (`helo` is the name it gave, `peer` its address), from and to whom."""

    helo: str
    peer: str
    secure: bool
    sender: str
    recipients: tuple[str, ...]
    data: bytes


class Inbox(Protocol):
    """Where a mail server puts what it takes."""

    def takes(self, address: str) -> bool: ...

    async def keep(self, envelope: Envelope) -> None: ...


class MailServer:
    """`name` is its greeting; `tls` gives the context at each STARTTLS, so that a renewed certificate counts. Without
    an `inbox` it takes no mail."""

    def __init__(self, name: str, tls: Callable[[], ssl.SSLContext], inbox: Inbox | None = None) -> None:
        self._name, self._tls, self._inbox = name, tls, inbox
        self._listener = Listener(self._talk, most=CONNECTIONS)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen and return the port. Raises OSError where the port is taken."""
        return await self._listener.start(host, port)

    async def aclose(self) -> None:
        """Stop listening and end every connection."""
        await self._listener.aclose()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _Talk(self._name, self._tls, self._inbox, reader, writer).run()


class _Talk:
    """One connection. It keeps its own buffer, so that what was sent in the clear is never read as if encrypted."""

    def __init__(
        self,
        name: str,
        tls: Callable[[], ssl.SSLContext],
        inbox: Inbox | None,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._name, self._tls, self._inbox, self._reader, self._writer = name, tls, inbox, reader, writer
        self._buffer = b""
        self._secure = False
        self._helo = ""
        self._sender: str | None = None
        self._recipients: list[str] = []

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
            elif verb == b"DATA" and self._recipients and self._inbox is not None:
                if not await self._take(self._inbox):
                    return
            else:
                await self._say(*self._reply(verb, line))

    def _reply(self, verb: bytes, line: bytes) -> tuple[str, ...]:
        match verb:
            case b"EHLO":
                self._greeted(line)
                features = [] if self._secure else ["STARTTLS"]
                said = [self._name, f"SIZE {MAIL_BYTES}", *features, "8BITMIME"]
                return tuple(f"250{'-' if item is not said[-1] else ' '}{item}" for item in said)
            case b"HELO":
                self._greeted(line)
                return (f"250 {self._name}",)
            case b"NOOP":
                return ("250 OK",)
            case b"RSET":
                self._forget()
                return ("250 OK",)
            case b"MAIL" | b"RCPT" | b"DATA" if self._inbox is None:
                return ("550 this is the practice startup: it takes no mail",)
            case b"MAIL":
                return self._from(line)
            case b"RCPT":
                return self._to(line)
            case b"DATA":
                return ("503 say first from whom and to whom",)
            case _:
                return ("502 command not known",)

    def _greeted(self, line: bytes) -> None:
        self._forget()
        self._helo = line.partition(b" ")[2].strip().decode("ascii", "replace")[:255]

    def _forget(self) -> None:
        self._sender, self._recipients = None, []

    def _from(self, line: bytes) -> tuple[str, ...]:
        path = _PATH.search(line)
        if path is None or not self._helo:
            return ("501 say hello, then MAIL FROM:<address>",)
        self._sender, self._recipients = path[1].decode("ascii", "replace"), []
        return ("250 OK",)

    def _to(self, line: bytes) -> tuple[str, ...]:
        path = _PATH.search(line)
        if self._sender is None or path is None:
            return ("503 say first from whom",)
        address = path[1].decode("ascii", "replace").lower()
        if self._inbox is None or not self._inbox.takes(address):
            return ("550 no such inbox here",)
        if len(self._recipients) >= RECIPIENTS:
            return ("452 too many at once",)
        self._recipients.append(address)
        return ("250 OK",)

    async def _take(self, inbox: Inbox) -> bool:
        """Read a message and put it into the inbox; False where it never ends."""
        await self._say("354 go on, end with a dot")
        data = await self._message()
        if data is None:
            return False
        host = self._writer.get_extra_info("peername")[0]
        await inbox.keep(Envelope(self._helo, host, self._secure, self._sender or "", tuple(self._recipients), data))
        self._forget()
        await self._say("250 kept")
        return True

    async def _message(self) -> bytes | None:
        """The lines up to the dot, without the dots that stood before a line's own (RFC 5321 section 4.5.2)."""
        end, most = b"\r\n.\r\n", MAIL_BYTES + len(b"\r\n.\r\n")
        self._buffer = b"\r\n" + self._buffer
        async with asyncio.timeout(IDLE_SECONDS):
            while end not in self._buffer:
                more = await self._reader.read(65_536)
                if not more or len(self._buffer) > most:
                    return None
                self._buffer += more
        whole, _, self._buffer = self._buffer.partition(end)
        return (whole + b"\r\n").replace(b"\r\n..", b"\r\n.")[2:]

    async def _start_tls(self) -> None:
        await self._say("220 go ahead")
        self._buffer = b""
        self._helo = ""
        self._forget()  # what was said in the clear does not count (RFC 3207 section 4.2)
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
