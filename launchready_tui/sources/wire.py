"""A connected socket, plain or secured. Reading and writing wait for the network and for nothing else.

Layers of streams would each take turns of the event loop for every part of a request; a look has a hundred of them.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from launchready_tui import limits

T = TypeVar("T")


class Wire:
    """Owns a connected, non-blocking socket. One task reads or writes at a time; `close` may be called twice.

    Raises OSError (ssl.SSLError is one) for what goes wrong on the way.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock, self._loop = sock, asyncio.get_running_loop()
        self._secured: ssl.SSLObject | None = None
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._in_a_row = 0
        self._agreed = False

    async def receive(self, most: int) -> bytes:
        """At most so many bytes, b"" at the end. That the end was not announced (RFC 8446 section 6.1) is no fault:
        many servers just hang up."""
        if self._secured is None:
            return await self._receive(most)
        try:
            return await self._through(partial(self._secured.read, most))
        except ssl.SSLError as error:
            if _hung_up(error):
                return b""
            raise

    async def send(self, data: bytes) -> None:
        if self._secured is None:
            await self._loop.sock_sendall(self._sock, data)
        elif data:
            await self._through(partial(self._secured.write, data))

    async def secure(self, context: ssl.SSLContext, host: str, session: ssl.SSLSession | None = None) -> None:
        """Shake hands for `host`, an A-label or an address, going on with a `session` of the same context and host.

        A server that hangs up meanwhile is a ConnectionError.
        """
        self._secured = context.wrap_bio(
            self._incoming, self._outgoing, server_hostname=host.encode("ascii"), session=session
        )
        try:
            await self._through(self._secured.do_handshake)
        except ssl.SSLError as error:
            if _hung_up(error):
                raise ConnectionAbortedError("hung up in the middle of the handshake") from None
            raise
        self._agreed = True

    @property
    def session(self) -> ssl.SSLSession | None:
        """What the server gave to go on with later, once an answer was read."""
        session = self._secured.session if self._secured is not None and self._agreed else None
        return session if session is not None and session.has_ticket else None

    def close(self) -> None:
        self._sock.close()

    async def _through(self, act: Callable[[], T]) -> T:
        """Do something on the secured side, carrying what it wants to send and to receive."""
        while True:
            try:
                done = act()
            except ssl.SSLWantReadError:
                await self._flush()
                part = await self._receive(limits.READ_BYTES)
                if part:
                    self._incoming.write(part)
                else:
                    self._incoming.write_eof()
            else:
                await self._flush()
                return done

    async def _flush(self) -> None:
        if self._outgoing.pending:
            await self._loop.sock_sendall(self._sock, self._outgoing.read())

    async def _receive(self, most: int) -> bytes:
        part = await self._loop.sock_recv(self._sock, most)
        # What has arrived already is read without a turn of the loop: a flood must leave the others theirs.
        self._in_a_row += len(part)
        if self._in_a_row > 4 * limits.READ_BYTES:
            self._in_a_row = 0
            await asyncio.sleep(0)
        return part


def _hung_up(error: ssl.SSLError) -> bool:
    """Did the connection end without a word? OpenSSL says so in more than one way."""
    return isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError)) or "UNEXPECTED_EOF" in str(error)
