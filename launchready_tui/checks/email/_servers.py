"""The mail servers of a launch, as every check of them sees them: the MX set read once, each server greeted once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from launchready_tui import limits
from launchready_tui.model import Evidence, Finding, unknown
from launchready_tui.project import Project
from launchready_tui.sources.dial import is_ip
from launchready_tui.sources.dns import Answer, Dns, is_fact, tell, values
from launchready_tui.sources.smtp import Greeting, NoGreeting, Smtp
from launchready_tui.zone import mail_domain

Look = Greeting | NoGreeting


@dataclass(frozen=True, slots=True)
class Exchange:
    """One MX value: its preference and target, the target "" for the null MX."""

    value: str
    preference: str
    target: str


def exchanges(answer: Answer) -> tuple[Exchange, ...]:
    """The MX values of an answer, read; lowest preference first."""
    found: list[Exchange] = []
    for value in values(answer):
        preference, _, target = value.strip().partition(" ")
        found.append(Exchange(value, preference, target.strip().rstrip(".").lower()))
    return tuple(
        sorted(found, key=lambda each: (int(each.preference) if each.preference.isdigit() else 0, each.target))
    )


@dataclass(frozen=True, slots=True)
class Servers:
    """Where mail for `domain` goes. `answer` is what the DNS said."""

    domain: str
    answer: Answer
    exchanges: tuple[Exchange, ...]

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every server by name, each once, in the order in which senders try them."""
        return tuple(dict.fromkeys(each.target for each in self.exchanges if each.target and not is_ip(each.target)))

    @property
    def none_wanted(self) -> bool:
        """The domain says that it takes no mail (RFC 7505)."""
        return bool(self.exchanges) and not any(each.target for each in self.exchanges)

    @property
    def unclear(self) -> Finding | None:
        """What every check says where the MX set could not be read; None where it could."""
        if is_fact(self.answer):
            return None
        return unknown(
            f"We could not ask where mail for {self.domain} goes: {tell(self.answer)}.",
            needs="another look",
            evidence=[Evidence(f"MX {self.domain}", tell(self.answer))],
            subject=self.domain,
        )


async def mail_servers(project: Project, dns: Dns) -> Servers:
    """The MX set of the name in the launch's mail addresses."""
    domain = await mail_domain(dns, project.domain)
    answer = await dns.ask(domain, "MX")
    return Servers(domain, answer, exchanges(answer))


async def greeted(servers: Servers, smtp: Smtp) -> tuple[Look, ...]:
    """Each server as seen from here, the first few of many."""
    return tuple(await asyncio.gather(*(smtp.look(host) for host in servers.hosts[: limits.MX_LOOKED_AT])))


def told(look: Look) -> Evidence:
    """One line of evidence about one server."""
    if isinstance(look, NoGreeting):
        return Evidence(f"{look.host} port 25", look.say)
    tls = "STARTTLS offered" if look.starttls else "no STARTTLS"
    faults = ", ".join(look.verdict.faults) if look.verdict else look.trouble
    return Evidence(f"{look.host} port 25", f"{look.banner}; {tls}{f'; certificate: {faults}' if faults else ''}")


def weakness(look: Greeting) -> str:
    """What is wrong with a server's encryption, as a clause; only for one that offers it and has a fault."""
    if look.verdict is None:
        return look.trouble or "encryption could not be started when we tried"
    words = {
        "expired": "its certificate has expired",
        "not-yet-valid": "its certificate is not valid yet",
        "name-mismatch": f"its certificate does not name {look.host}",
        "self-signed": "it signed its certificate itself",
        "incomplete-chain": "its certificate's link to a trusted authority is missing",
        "untrusted": "its certificate comes from an authority that nobody knows",
        "weak-key": "its key is too short",
        "weak-signature": "its certificate is signed with an outdated method",
    }
    return words[look.verdict.faults[0]]
