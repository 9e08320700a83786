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
from launchready_tui.sources.certificates import key_hash
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
    was not offered or could not be started; `trouble` is then why, as a clause. `key_sha256` is the hash of the
    certificate's public key (SPKI), as DANE names it (RFC 6698 section 2.1.2)."""

    host: str
    address: str
    banner: str
    starttls: bool
    verdict: Verdict | None = None
    trouble: str = ""
    key_sha256: str = ""


@dataclass(frozen=True, slots=True)
class NoGreeting:
    """refused: nothing listens (a fact where it is not port 25 from a home line: treat as could not tell)."""

    host: str
    kind: Literal["refused", "no-address", "timeout", "broken", "policy", "budget"]
    say: str


@dataclass(frozen=True, slots=True)
class _Secured:
    """What came of STARTTLS: a verdict, or why there is none."""

    verdict: Verdict | None = None
    trouble: str = ""
    key_sha256: str = ""


Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class _Broken(Exception):
    """What came back is not SMTP, or ends the talk."""


async def _open(address: str, port: int) -> Streams:
    return await asyncio.open_connection(address, port, limit=limits.SMTP_LINE_BYTES)


async def _close(streams: Streams) -> None:
    streams[1].transport.abort()


class _Talk:
    """One connection's commands and replies. It keeps its own buffer, so that what was sent in the clear behind the
    answer to STARTTLS is seen, and never read as if it were encrypted (RFC 3207 section 4.2, CVE-2011-0411)."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._heard = b""

    @property
    def more(self) -> bool:
        """Did the server send more than the reply that was read?"""
        return bool(self._heard)

    async def reply(self) -> tuple[int, list[str]]:
        """One reply: its code and its lines (RFC 5321 section 4.2). Raises _Broken for anything else."""
        lines: list[str] = []
        for _ in range(limits.SMTP_LINES):
            raw = await self._line()
            found = _REPLY.match(raw.rstrip(b"\r\n"))
            if found is None:
                raise _Broken(f"answered something that is not mail: “{clean(raw.rstrip(), limit=60)}”")
            lines.append(clean(found[3], limit=200))
            if found[2] != b"-":
                return int(found[1]), lines
        raise _Broken("sent a greeting without an end")

    async def say(self, line: str) -> tuple[int, list[str]]:
        self._writer.write(line.encode("ascii") + b"\r\n")
        await self._writer.drain()
        return await self.reply()

    async def _line(self) -> bytes:
        while b"\n" not in self._heard:
            if len(self._heard) > limits.SMTP_LINE_BYTES:
                raise _Broken("sent a line without an end")
            more = await self._reader.read(limits.SMTP_LINE_BYTES)
            if not more:
                raise _Broken("closed the connection")
            self._heard += more
        line, _, self._heard = self._heard.partition(b"\n")
        if len(line) > limits.SMTP_LINE_BYTES:
            raise _Broken("sent a line without an end")
        return line


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
        talk = _Talk(reader, writer)
        try:
            code, lines = await talk.reply()
            if code != 220:
                return NoGreeting(host, "broken", f"does not want to talk to us: {code} {clean(lines[0], limit=80)}")
            banner = lines[0]
            code, words = await talk.say(f"EHLO {_own_name(writer)}")
            if 400 <= code < 500:
                return NoGreeting(host, "broken", f"answered {code} {clean(words[0], limit=80)}")
            offered = code == 250 and any(word.split()[:1] == ["STARTTLS"] for word in map(str.upper, words[1:]))
            if not offered:
                polite = True
                return Greeting(host, address, banner, starttls=False)
            secured = await self._start_tls(host, talk, writer)
            polite = secured.verdict is not None
            return Greeting(
                host,
                address,
                banner,
                starttls=True,
                verdict=secured.verdict,
                trouble=secured.trouble,
                key_sha256=secured.key_sha256,
            )
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

    async def _start_tls(self, host: str, talk: _Talk, writer: asyncio.StreamWriter) -> _Secured:
        """Start TLS without verification, and judge the chain as sent."""
        code, lines = await talk.say("STARTTLS")
        if code != 220:
            return _Secured(trouble=f"it answered {code} {clean(lines[0], limit=80)} when we started encryption")
        if talk.more:
            return _Secured(trouble="it sent more in the clear when encryption was to start, as an attacker would")
        try:
            await writer.start_tls(_any_certificate(), server_hostname=host)
            chain = sent_chain(writer.get_extra_info("ssl_object"))
            if not chain:
                return _Secured(trouble="it showed no certificate")
            verdict = judge(chain, host, self._clock.now(), project_roots(self._project.network.ca))
            return _Secured(verdict, key_sha256=key_hash(chain[0]))
        except (ssl.SSLError, ConnectionError, ValueError):
            # An alert or a closed connection instead of a handshake, or a certificate nobody can read.
            return _Secured(trouble="encryption could not be started when we tried")


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
            await reader.read(limits.SMTP_LINE_BYTES)
    except (OSError, TimeoutError):
        pass  # we have seen what we came for
