"""What a server's certificate chain is, and what a browser makes of it (RFC 5280, RFC 9525).

One handshake without verification, so that a faulty chain is seen as it was sent; `chains.py` judges it.
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Literal

from cryptography import x509

from launchready_tui import limits
from launchready_tui.project import Clock, Project
from launchready_tui.sources import handshakes, trust, urls
from launchready_tui.sources.certificates import Certificate, Fault, Verdict
from launchready_tui.sources.chains import judge, judge_chain
from launchready_tui.sources.dial import Unreachable, close_socket, dial, open_socket, routes
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.gate import BudgetSpent, Gate
from launchready_tui.sources.once import Once

__all__ = ["Certificate", "Fault", "Handshake", "NoHandshake", "Tls", "Verdict", "judge_chain", "sent_chain"]
_ENCODING_DER = 2  # the number that `_ssl.Certificate.public_bytes` takes for DER


@dataclass(frozen=True, slots=True)
class Handshake:
    """A TLS connection that came about: the verdict, the protocol ("TLSv1.3") and ALPN ("h2", "http/1.1" or "")."""

    host: str
    port: int
    address: str
    verdict: Verdict
    protocol: str = "TLSv1.3"
    alpn: str = ""


@dataclass(frozen=True, slots=True)
class NoHandshake:
    """kind as NoPage's: refused, tls (an alert or not TLS at all), no-address; timeout, broken, policy, budget."""

    host: str
    port: int
    kind: Literal["refused", "tls", "no-address", "timeout", "broken", "policy", "budget"]
    say: str
    fact: bool = False


class Tls:
    """One look at each host and port in a run."""

    needs = "the network"

    def __init__(self, project: Project, dns: Dns, gate: Gate, clock: Clock) -> None:
        self._project, self._dns, self._gate, self._clock = project, dns, gate, clock
        self._once: Once[tuple[str, int], Handshake | NoHandshake] = Once()

    async def look(self, host: str, port: int = 443) -> Handshake | NoHandshake:
        """Shake hands without verification for the chain as sent, judge it for `host` at the clock's time."""
        try:
            host = urls.ascii_host(host)
        except urls.BadUrl as bad:
            return NoHandshake(host, port, bad.kind, bad.say)
        return await self._once.get((host, port), partial(self._look, host, port))

    async def aclose(self) -> None:
        """Stop what still runs; no connection outlives its look."""
        await self._once.aclose()

    async def _look(self, host: str, port: int) -> Handshake | NoHandshake:
        no = partial(NoHandshake, host, port)
        try:
            async with asyncio.timeout(limits.WEB_SECONDS):
                found = await routes(self._project, self._dns, host, port)
        except TimeoutError:
            return no("no-address", f"could not be looked up within {limits.WEB_SECONDS:g} seconds")
        except (Unreachable, BudgetSpent) as error:
            return _unreached(host, port, error)
        try:
            async with self._gate.through(host):
                sock, address = await dial(found, open_socket, close_socket)
                async with asyncio.timeout(limits.TLS_SECONDS):
                    chain, protocol, alpn = await _shake_hands(sock, host)
                roots = trust.project_roots(self._project.network.ca)
                verdict = judge(chain, host, self._clock.now(), roots)
        except (Unreachable, BudgetSpent) as error:
            return _unreached(host, port, error)
        except TimeoutError:
            return no(
                "timeout", f"took our connection and did not finish securing it within {limits.TLS_SECONDS:g} seconds"
            )
        except ssl.SSLError as error:
            fault = handshakes.explain(error)
            if fault is not None:
                return no("tls", fault.say, fact=True)
            return no("broken", "broke off while we were securing the connection")
        except OSError:
            return no("broken", "broke off while we were securing the connection")
        except trust.BadTrust as bad:
            return no("broken", f"was not judged: {bad}")
        except ValueError:
            return no("broken", "sent a certificate that cannot be read")
        return Handshake(host, port, address, verdict, protocol, alpn)


def _unreached(host: str, port: int, error: Unreachable | BudgetSpent) -> NoHandshake:
    if isinstance(error, Unreachable):
        return NoHandshake(host, port, error.kind, error.say, error.fact)
    return NoHandshake(host, port, "budget", "was asked as often as we ask one host in a look")


@lru_cache(maxsize=1)
def unverified_context() -> ssl.SSLContext:
    """A client that takes any certificate, to look at it: nothing but the handshake is ever sent over it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["h2", "http/1.1"])
    try:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")  # a weak key must be seen to be told
    except ssl.SSLError:
        pass  # a build of OpenSSL without security levels has nothing to lower
    return context


async def _shake_hands(sock: Any, host: str) -> tuple[tuple[x509.Certificate, ...], str, str]:
    """Secure a connected socket and hang up. Gives the chain as sent, the protocol and the ALPN choice."""
    try:
        _, writer = await asyncio.open_connection(
            sock=sock,
            ssl=unverified_context(),
            server_hostname=host,
            ssl_handshake_timeout=10 * limits.TLS_SECONDS,  # never: our own deadline ends it, and is told from a break
            limit=limits.READ_BYTES,
        )
    except BaseException:
        sock.close()
        raise
    try:
        secured: ssl.SSLObject = writer.get_extra_info("ssl_object")
        return sent_chain(secured), secured.version() or "", secured.selected_alpn_protocol() or ""
    finally:
        writer.transport.abort()


def sent_chain(secured: ssl.SSLObject | ssl.SSLSocket) -> tuple[x509.Certificate, ...]:
    """The certificates that the other side really sent, leaf first. Raises ValueError where one cannot be read.

    Python 3.13 gives them; before, the same call exists one layer down and gives objects instead of bytes.
    """
    public = getattr(secured, "get_unverified_chain", None)
    below = getattr(getattr(secured, "_sslobj", None), "get_unverified_chain", None)
    ders: list[bytes] = []
    if public is not None:
        ders = list(public())
    elif below is not None:
        ders = [each if isinstance(each, bytes) else each.public_bytes(_ENCODING_DER) for each in below()]
    if not ders:
        leaf = secured.getpeercert(binary_form=True)
        ders = [leaf] if leaf else []
    if not ders:
        raise ValueError("the server sent no certificate")
    return trust.from_der(ders[: limits.TLS_CHAIN])
