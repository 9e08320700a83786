"""One question to one server, asked once in a run: remembered, counted, and held back where nobody answers."""

from __future__ import annotations

import ipaddress
from collections import Counter
from typing import Literal

from launchready_tui import limits
from launchready_tui.project import Project
from launchready_tui.sources._dns_transport import NoReply, Question, Reply, over_tcp, over_udp
from launchready_tui.sources._dns_wire import to_name, to_type
from launchready_tui.sources.address import is_public
from launchready_tui.sources.gate import BudgetSpent, Gate
from launchready_tui.sources.once import Once

Where = tuple[str, int]
# What is asked of a resolver beside the question: to say whether the signatures are right (DO, RFC 4035 section 3.2.1;
# with the AD bit instead, a server that only sends back what it got would seem to have checked), or not to check (CD).
Checking = Literal["", "DO", "CD"]
_NOT_PUBLIC = NoReply("kept", "its address is not public")


class Asker:
    """Asks and remembers replies as they came. `seconds` and `try_seconds` as Dns has them."""

    def __init__(self, project: Project, gate: Gate, seconds: float, try_seconds: float) -> None:
        self._network = project.network
        self._gate = gate
        self._seconds, self._try_seconds = seconds, try_seconds
        self._replies: Once[tuple[str, int, str, str, bool, Checking], Reply] = Once()
        self._asked: list[tuple[str, str, str, bool]] = []
        self._unanswered: Counter[tuple[str, int, bool]] = Counter()
        self._answering: set[tuple[str, int, bool]] = set()

    @property
    def asked(self) -> tuple[tuple[str, str, str, bool], ...]:
        """Every question sent, in order: (server, name, type, over TCP); a type asked with a flag is "SOA +DO"."""
        return tuple(self._asked)

    def silent(self, where: Where) -> bool:
        """True where a question to this server went unanswered over UDP and none was answered."""
        door = (*where, False)
        return bool(self._unanswered[door]) and door not in self._answering

    async def reply(self, where: Where, name: str, type: str, *, tcp: bool = False, checking: Checking = "") -> Reply:
        """The reply of one server, asked once; over TCP when it does not fit UDP."""
        server, port = where
        reply = await self._replies.get(
            (server, port, name, type, tcp, checking),
            lambda: self._exchange(where, name, type, tcp=tcp, checking=checking),
        )
        if isinstance(reply, NoReply) and reply.kind == "truncated":
            longer = await self.reply(where, name, type, tcp=True, checking=checking)
            # Its TCP door is shut, so the answer that was cut short is all there will be: no fact.
            return reply if isinstance(longer, NoReply) and longer.kind != "broken" else longer
        return reply

    async def authoritative(self, server: str, name: str, type: str, *, tcp: bool = False) -> Reply:
        """The reply of a name server at this address, on the project's port for them."""
        try:
            server = str(ipaddress.ip_address(server))
        except ValueError:
            return NoReply("kept", "it is not an address")
        where = (server, self._network.dns_port)
        if not self._network.private and where not in self._network.resolvers and not is_public(server):
            return _NOT_PUBLIC
        return await self.reply(where, name, type, tcp=tcp)

    async def _exchange(self, where: Where, name: str, type: str, *, tcp: bool, checking: Checking) -> Reply:
        server, port = where
        door = (server, port, tcp)
        # A server that is both resolver and authoritative gets one question for both, so recursion is always wanted.
        question = Question(
            to_name(name),
            to_type(type),
            server,
            port,
            where in self._network.resolvers,
            unchecked=checking == "CD",
            signatures=checking == "DO",
        )
        try:
            async with self._gate.through(server):
                if self._unanswered[door] >= limits.DNS_SILENT and door not in self._answering:
                    return NoReply("kept", f"no answer to {self._unanswered[door]} questions before this one")
                said = f"{type} +{checking}" if checking else type
                self._asked.append((server if port == 53 else f"{server}:{port}", name, said, tcp))
                if tcp:
                    reply = await over_tcp(question, seconds=self._seconds)
                else:
                    reply = await over_udp(question, seconds=self._seconds, try_seconds=self._try_seconds)
        except BudgetSpent as spent:
            return NoReply("kept", str(spent))
        if isinstance(reply, NoReply) and reply.kind == "silent":
            self._unanswered[door] += 1
        else:
            self._answering.add(door)
        return reply

    async def aclose(self) -> None:
        """Stop what still runs."""
        await self._replies.aclose()
