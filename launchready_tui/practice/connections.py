"""A TCP listener that bounds how many talk to it at a time and, when closed, ends all that it began."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

SHAKE_SECONDS = 10.0  # for a TLS handshake
GOODBYE_SECONDS = 2.0  # for what is still to be sent, and for a TLS goodbye


class Listener:
    """Runs `talk` for each connection, at most `most` of them; the next one is closed at once. `room` is the reader's
    limit in bytes. What the other side does wrong (it leaves, it is silent, it fails its handshake) ends its talk only.
    """

    def __init__(self, talk: Talk, *, most: int, room: int = 65_536, tls: ssl.SSLContext | None = None) -> None:
        self._talk, self._most, self._room, self._tls = talk, most, room, tls
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()

    async def start(self, host: str, port: int) -> int:
        """Listen and return the port. Raises OSError where the port is taken."""
        self._server = await asyncio.start_server(self._accept, host, port, limit=self._room)
        number: int = self._server.sockets[0].getsockname()[1]
        return number

    async def aclose(self) -> None:
        """Stop listening and end every connection."""
        if self._server is None:
            return
        self._server.close()
        talks = list(self._talks)
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
        await self._server.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None
        self._talks.add(talk)
        try:
            if len(self._talks) <= self._most:
                if self._tls is not None:  # here and not by start_server: then aclose() ends a half-made handshake too
                    await writer.start_tls(self._tls, ssl_handshake_timeout=SHAKE_SECONDS)
                await self._talk(reader, writer)
                writer.close()
                async with asyncio.timeout(GOODBYE_SECONDS):
                    await writer.wait_closed()
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            pass  # the other side left, or said nothing for too long: nothing is owed
        except asyncio.CancelledError:
            pass  # aclose() ends us, and before Python 3.12 asyncio reports a cancelled handler as an error
        finally:
            self._talks.discard(talk)
            writer.transport.abort()
