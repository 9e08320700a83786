"""What a mail server says as seen from here: greeting, EHLO, STARTTLS and its certificate (RFC 5321, RFC 3207)."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import ssl
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from launchready_tui import limits
from launchready_tui.project import Clock, Project
from launchready_tui.sources.chains import judge
from launchready_tui.sources.dial import Unreachable, dial, routes
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.gate import BudgetSpent, Gate
from launchready_tui.sources.once import Once
from launchready_tui.sources.tls import Verdict, sent_chain
from launchready_tui.sources.trust import BadTrust, project_roots
from launchready_tui.text import clean

PORT = 25
_REPLY = re.compile(rb"([2-5][0-9]{2})([ -]?)(.*)\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Greeting:
    """A mail server that spoke. `starttls`: is it offered; `verdict`: its certificate for the MX name, None where TLS
    was not offered or could not be started."""

    host: str
    address: str
    banner: str
    starttls: bool
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class NoGreeting:
    """refused: nothing listens (a fact where it is not port 25 from a home line: treat as could not tell)."""

    host: str
    kind: Literal["refused", "no-address", "timeout", "broken", "policy", "budget"]
    say: str


Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class _Broken(Exception):
    """What came back is not SMTP, or ends the talk."""


async def _open(address: str, port: int) -> Streams:
    return await asyncio.open_connection(address, port, limit=limits.SMTP_LINE_BYTES)


async def _close(streams: Streams) -> None:
    streams[1].transport.abort()


async def _reply(reader: asyncio.StreamReader) -> tuple[int, list[str]]:
    """One reply: its code and its lines (RFC 5321 section 4.2). Raises _Broken for anything else."""
    lines: list[str] = []
    for _ in range(limits.SMTP_LINES):
        try:
            raw = await reader.readline()
        except ValueError:
            raise _Broken("sent a line without an end") from None
        if not raw.endswith(b"\n"):
            raise _Broken("closed the connection")
        found = _REPLY.match(raw.rstrip(b"\r\n"))
        if found is None:
            raise _Broken(f"answered something that is not mail: “{clean(raw.rstrip(), limit=60)}”")
        lines.append(clean(found[3], limit=200))
        if found[2] != b"-":
            return int(found[1]), lines
    raise _Broken("sent a greeting without an end")


async def _say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: str) -> tuple[int, list[str]]:
    writer.write(line.encode("ascii") + b"\r\n")
    await writer.drain()
    return await _reply(reader)


def _own_name(writer: asyncio.StreamWriter) -> str:
    """What we call ourselves in EHLO: our own address as a literal, since we have no name (RFC 5321 section 4.1.3)."""
    try:
        own = ipaddress.ip_address(str(writer.get_extra_info("sockname")[0]).partition("%")[0])
    except (ValueError, TypeError):
        return "[127.0.0.1]"
    return f"[IPv6:{own}]" if own.version == 6 else f"[{own}]"


class Smtp:
    """One look at each mail server in a run, on port 25 (or where --connect-to says)."""

    needs = "the network"

    def __init__(self, project: Project, dns: Dns, gate: Gate, clock: Clock) -> None:
        self._project, self._dns, self._gate, self._clock = project, dns, gate, clock
        self._looks: Once[str, Greeting | NoGreeting] = Once()
        self._leaving: set[asyncio.Task[None]] = set()

    async def look(self, host: str) -> Greeting | NoGreeting:
        """Greet `host` and start TLS where it is offered. Ends within limits.SMTP_SECONDS; never raises for what
        servers do."""
        host = host.rstrip(".").lower()
        return await self._looks.get(host, lambda: self._look(host))

    async def aclose(self) -> None:
        await self._looks.aclose()
        leaving = list(self._leaving)
        for task in leaving:
            task.cancel()
        await asyncio.gather(*leaving, return_exceptions=True)

    async def _look(self, host: str) -> Greeting | NoGreeting:
        seconds = limits.SMTP_SECONDS
        try:
            async with asyncio.timeout(seconds):
                places = await routes(self._project, self._dns, host, PORT)
            async with self._gate.through(host), asyncio.timeout(seconds):
                (reader, writer), address = await dial(places, _open, _close)
                return await self._talk(host, address, reader, writer)
        except BudgetSpent as spent:
            return NoGreeting(host, "budget", str(spent))
        except BadTrust as bad:
            return NoGreeting(host, "broken", f"was not judged: {bad}")
        except Unreachable as away:
            return NoGreeting(host, away.kind, away.say)
        except TimeoutError:
            return NoGreeting(host, "timeout", f"did not finish its greeting within {seconds:.0f} seconds")

    async def _talk(
        self, host: str, address: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> Greeting | NoGreeting:
        polite = False
        try:
            code, lines = await _reply(reader)
            if code != 220:
                return NoGreeting(host, "broken", f"does not want to talk to us: {code} {clean(lines[0], limit=80)}")
            banner = lines[0]
            code, words = await _say(reader, writer, f"EHLO {_own_name(writer)}")
            if 400 <= code < 500:
                return NoGreeting(host, "broken", f"answered {code} {clean(words[0], limit=80)}")
            offered = code == 250 and any(word.split()[:1] == ["STARTTLS"] for word in map(str.upper, words[1:]))
            if not offered:
                polite = True
                return Greeting(host, address, banner, starttls=False)
            verdict = await self._start_tls(host, reader, writer)
            polite = verdict is not None
            return Greeting(host, address, banner, starttls=True, verdict=verdict)
        except _Broken as broken:
            return NoGreeting(host, "broken", str(broken))
        except (ConnectionError, ssl.SSLError, OSError) as error:
            return NoGreeting(host, "broken", f"broke off ({type(error).__name__})")
        finally:
            if polite:
                self._leave(reader, writer)
            else:
                writer.transport.abort()  # whatever the server still sends: we are done, and wait for nothing

    def _leave(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Say goodbye as RFC 5321 section 4.1.1.10 asks; what we saw does not wait for the answer."""
        writer.write(b"QUIT\r\n")
        task = asyncio.create_task(_left(reader))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)
        task.add_done_callback(lambda _: writer.transport.abort())

    async def _start_tls(self, host: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Verdict | None:
        """Start TLS without verification, judge the chain as sent; None where TLS does not come about."""
        code, _ = await _say(reader, writer, "STARTTLS")
        if code != 220:
            return None
        try:
            await writer.start_tls(_any_certificate(), server_hostname=host)
            chain = sent_chain(writer.get_extra_info("ssl_object"))
            verdict = judge(chain, host, self._clock.now(), project_roots(self._project.network.ca)) if chain else None
        except (ssl.SSLError, ConnectionError, ValueError):
            return None  # an alert or a closed connection instead of a handshake, or a certificate nobody can read
        return verdict


@lru_cache(maxsize=1)
def _any_certificate() -> ssl.SSLContext:
    """A client that takes any certificate, to judge it as it was sent: no mail ever goes over it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")  # a weak key must be seen to be told
    except ssl.SSLError:
        pass  # a build of OpenSSL without security levels has nothing to lower
    return context


async def _left(reader: asyncio.StreamReader) -> None:
    """Wait a moment for the server's goodbye. What happens on the way out does not change what we saw."""
    try:
        async with asyncio.timeout(1.0):
            await _reply(reader)
    except (_Broken, OSError, TimeoutError):
        pass  # we have seen what we came for
