"""What a server's certificate chain is, and what a browser makes of it (RFC 5280, RFC 9525)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from launchready_tui.project import Clock, Project
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.gate import Gate

Fault = Literal[
    "expired",
    "not-yet-valid",
    "name-mismatch",
    "self-signed",
    "incomplete-chain",
    "untrusted",
    "weak-key",
    "weak-signature",
]


@dataclass(frozen=True, slots=True)
class Certificate:
    """The leaf, read. Times are aware UTC; `sans` are the DNS names and IPs of the SAN; `key` is "rsa2048", "ecdsa256",
    "ed25519"; `signature` the hash ("sha256"); `issuer` the issuer's common name or organisation, cleaned."""

    subject: str
    issuer: str
    not_before: dt.datetime
    not_after: dt.datetime
    sans: tuple[str, ...]
    key: str
    signature: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a browser would say of a chain for a host at a moment. No faults means trusted.

    `missing` names the issuer that the server should have sent ("R11") where the chain is incomplete.
    """

    leaf: Certificate
    faults: tuple[Fault, ...]
    chain: tuple[str, ...] = ()
    missing: str = ""


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


def judge_chain(chain_pem: str, host: str, at: dt.datetime, roots_pem: str | None = None) -> Verdict:
    """Judge a PEM chain, leaf first, for `host` at `at`. `roots_pem` None means the system's trusted roots.

    Raises ValueError for a PEM that holds no certificate.
    """
    raise NotImplementedError


class Tls:
    """One look at each host and port in a run."""

    needs = "the network"

    def __init__(self, project: Project, dns: Dns, gate: Gate, clock: Clock) -> None:
        raise NotImplementedError

    async def look(self, host: str, port: int = 443) -> Handshake | NoHandshake:
        """Shake hands without verification for the chain as sent, judge it for `host` at the clock's time."""
        raise NotImplementedError

    async def aclose(self) -> None:
        raise NotImplementedError
