"""The shapes of what the DNS says, and their words. `sources.dns` is where others import them from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """`values` in presentation form: full names in lower case with the trailing dot, a TXT as its joined string.

    `name` is what was asked, without the trailing dot; `aliases` the CNAME targets passed on the way, in order, without
    trailing dots. `ttl` in seconds, the shortest on the way. `authoritative` is the AA bit.
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
    """The server answered that it cannot tell: `rcode` is SERVFAIL, REFUSED, NOTIMP, …

    REFERRAL is ours: it sent us on to other servers where it was asked for the answer itself.
    """

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
    """An answer that is not DNS, or not to our question; or a question that nobody can ask."""

    name: str
    type: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Secured:
    """What one resolver says when it is asked whether it checked the signatures (DNSSEC).

    `authentic` is its AD bit: it checked them, and they are right. `unchecked` is what it answers when told not to
    check, asked only where it failed; `reason` is what it says was wrong with them ("signature expired", RFC 8914).
    """

    answer: Answer
    authentic: bool = False
    unchecked: Answer | None = None
    reason: str = ""

    @property
    def refuses(self) -> bool:
        """True where it has the answer and will not give it, because the signatures are wrong."""
        failed = isinstance(self.answer, ServerFailed) and self.answer.rcode == "SERVFAIL"
        return failed and self.unchecked is not None and is_fact(self.unchecked)


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
    way = "".join(f"alias of {alias}, " for alias in answer.aliases) if isinstance(answer, Fact) else ""
    match answer:
        case Found():
            return f"{way}{', '.join(answer.values)} (TTL {answer.ttl})"
        case NoData():
            return f"{way}the name exists, no {answer.type} record"
        case NxDomain():
            return f"{way}no such name"
        case ServerFailed(rcode="REFERRAL"):
            return "it sent us to other servers"
        case ServerFailed():
            return f"it answered {answer.rcode}"
        case TimedOut(reason="no answer"):
            return f"no answer within {answer.seconds:g} s"
        case TimedOut():
            return answer.reason
        case Malformed():
            return f"an answer that cannot be used: {answer.reason or 'not DNS'}"


@dataclass(frozen=True, slots=True)
class NameServer:
    """One delegated server: its name and the addresses we found for it (empty: it has none)."""

    name: str
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Delegation:
    """What the parent zone says of `zone`: the answer with its NS set, who was asked, and the servers with addresses.

    `parent` is Found (values = NS names with trailing dot), NxDomain, NoData, or a "could not tell". `asked` names the
    parent's server; RESOLVERS where none could be asked and the project's resolvers answered in its place.
    """

    zone: str
    parent: Answer
    asked: str
    servers: tuple[NameServer, ...] = ()


RESOLVERS = "the resolvers, since no server of the parent zone could be asked"
