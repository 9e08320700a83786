"""Handing one message over by SMTP (RFC 5321), with TLS where it is offered (RFC 3207)."""

from __future__ import annotations

import asyncio
import ssl

SECONDS = 10.0
_LINE_BYTES = 2_000


class NotTaken(Exception):
    """The other side refused the message; str() is what it said."""


async def hand_over(
    where: tuple[str, int], host: str, helo: str, sender: str, recipient: str, mail: bytes, tls: ssl.SSLContext
) -> None:
    """Deliver `mail` to the server `host` at `where`. Raises NotTaken, and OSError where nobody answers in time."""
    reader, writer = await asyncio.open_connection(*where)
    try:
        async with asyncio.timeout(SECONDS):
            await _expect(reader, 220)
            features = await _say(reader, writer, f"EHLO {helo}", 250)
            if any(line[4:].upper() == "STARTTLS" for line in features):
                await _say(reader, writer, "STARTTLS", 220)
                await writer.start_tls(tls, server_hostname=host)
                await _say(reader, writer, f"EHLO {helo}", 250)
            await _say(reader, writer, f"MAIL FROM:<{sender}>", 250)
            await _say(reader, writer, f"RCPT TO:<{recipient}>", 250)
            await _say(reader, writer, "DATA", 354)
            lines = mail.replace(b"\r\n.", b"\r\n..")
            writer.write(lines + (b"" if lines.endswith(b"\r\n") else b"\r\n"))
            await _say(reader, writer, ".", 250)
            await _say(reader, writer, "QUIT", 221)
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise OSError(f"{host} ended the talk") from error
    finally:
        writer.transport.abort()


async def _say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: str, code: int) -> list[str]:
    writer.write(f"{line}\r\n".encode())
    await writer.drain()
    return await _expect(reader, code)


async def _expect(reader: asyncio.StreamReader, code: int) -> list[str]:
    """A reply, all its lines."""
    lines: list[str] = []
    while not lines or lines[-1][3:4] == "-":
        line = await reader.readuntil(b"\n")
        if len(line) > _LINE_BYTES:
            raise NotTaken("a line without end")
        lines.append(line.decode("ascii", "replace").strip())
    if not lines[-1].startswith(str(code)):
        raise NotTaken(lines[-1])
    return lines
