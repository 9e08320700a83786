"""What the DNS says, asked at the project's resolvers and at the authoritative servers themselves.

An answer is one of Found, NoData, NxDomain (facts: a server that answered said so) or ServerFailed, TimedOut, Malformed
("could not tell"). RFC 1034, 1035, 2308.
"""

from __future__ import annotations

from dataclasses import dataclass

from launchready_tui.project import Project
from launchready_tui.sources.gate import Gate


@dataclass(frozen=True, slots=True)
class Found:
    """`values` in presentation form: full names in lower case with the trailing dot, a TXT as its joined string.

    `name` is what was asked, without the trailing dot; `aliases` the CNAME targets passed on the way, in order, without
    trailing dots. `ttl` in seconds. `authoritative` is the AA bit.
    """

    name: str
    type: str
    values: tuple[str, ...]
    ttl: int = 300
    aliases: tuple[str, ...] = ()
    authoritative: bool = False


@dataclass(frozen=True, slots=True)
class NoData:
    """The name exists, this type does not. `aliases` as in Found (a CNAME whose target has no such type)."""

    name: str
    type: str
    aliases: tuple[str, ...] = ()
    authoritative: bool = False


@dataclass(frozen=True, slots=True)
class NxDomain:
    """The name does not exist. With `aliases`, it is the last target that does not."""

    name: str
    type: str
    aliases: tuple[str, ...] = ()
    authoritative: bool = False


@dataclass(frozen=True, slots=True)
class ServerFailed:
    """The server answered that it cannot tell: `rcode` is SERVFAIL, REFUSED, NOTIMP, …"""

    name: str
    type: str
    rcode: str = "SERVFAIL"


@dataclass(frozen=True, slots=True)
class TimedOut:
    """No answer within `seconds`, or nothing listens there (`reason`)."""

    name: str
    type: str
    seconds: float = 0.0
    reason: str = "no answer"


@dataclass(frozen=True, slots=True)
class Malformed:
    """An answer that is not DNS, or not to our question."""

    name: str
    type: str
    reason: str = ""


Fact = Found | NoData | NxDomain
Answer = Found | NoData | NxDomain | ServerFailed | TimedOut | Malformed


def is_fact(answer: Answer) -> bool:
    """True where a server that answered said what there is; False where we could not tell."""
    return isinstance(answer, Fact)


def values(answer: Answer) -> tuple[str, ...]:
    """The values found, () for everything else."""
    return answer.values if isinstance(answer, Found) else ()


def tell(answer: Answer) -> str:
    """One plain clause for evidence: "192.0.2.1, 192.0.2.2 (TTL 300)", "no such name", "no answer within 4 s"."""
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class NameServer:
    """One delegated server: its name and the addresses we found for it (empty: it has none)."""

    name: str
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Delegation:
    """What the parent zone says of `zone`: the answer with its NS set, who was asked, and the servers with addresses.

    `parent` is Found (values = NS names with trailing dot), NxDomain, NoData, or a "could not tell".
    """

    zone: str
    parent: Answer
    asked: str
    servers: tuple[NameServer, ...] = ()


class Dns:
    """Asks and remembers: nobody asks the same question of the same server twice in a run."""

    needs = "the network"

    def __init__(self, project: Project, gate: Gate) -> None:
        raise NotImplementedError

    async def ask(self, name: str, type: str) -> Answer:
        """The first fact that the project's resolvers give, in their order; else the first "could not tell"."""
        raise NotImplementedError

    async def ask_each(self, name: str, type: str) -> dict[str, Answer]:
        """The same question at every resolver of the project, keyed "1.1.1.1"."""
        raise NotImplementedError

    async def ask_at(self, server: str, name: str, type: str, *, tcp: bool = False) -> Answer:
        """One question at one authoritative address (port: the project's dns_port), without recursion."""
        raise NotImplementedError

    async def addresses(self, name: str) -> tuple[str, ...]:
        """All A and AAAA values of a name, A first; () when there are none or we could not tell."""
        raise NotImplementedError

    async def delegation(self, zone: str) -> Delegation:
        """Ask the parent zone's servers who serves `zone`, and find the addresses of these servers."""
        raise NotImplementedError

    async def aclose(self) -> None:
        raise NotImplementedError
