"""What a mail server says as seen from here: greeting, EHLO, STARTTLS and its certificate (RFC 5321, RFC 3207)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from launchready_tui.project import Clock, Project
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.gate import Gate
from launchready_tui.sources.tls import Verdict


@dataclass(frozen=True, slots=True)
class Greeting:
    """A mail server that spoke. `starttls`: is it offered; `verdict`: its certificate for the MX name."""

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


class Smtp:
    """One look at each mail server in a run, on port 25 (or where --connect-to says)."""

    needs = "the network"

    def __init__(self, project: Project, dns: Dns, gate: Gate, clock: Clock) -> None:
        raise NotImplementedError

    async def look(self, host: str) -> Greeting | NoGreeting:
        raise NotImplementedError

    async def aclose(self) -> None:
        raise NotImplementedError
