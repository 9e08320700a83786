"""What the DNS says, asked at the project's resolvers and at the authoritative servers themselves.

An answer is one of Found, NoData, NxDomain (facts: a server that answered said so) or ServerFailed, TimedOut, Malformed
("could not tell"). RFC 1034, 1035, 2308.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from launchready_tui import limits
from launchready_tui.project import Project
from launchready_tui.sources._dns_answers import (
    RESOLVERS,
    Answer,
    Delegation,
    Fact,
    Found,
    Malformed,
    NameServer,
    NoData,
    NxDomain,
    Secured,
    ServerFailed,
    TimedOut,
    is_fact,
    tell,
    values,
)
from launchready_tui.sources._dns_asker import Asker, Where
from launchready_tui.sources._dns_transport import NoReply, Reply
from launchready_tui.sources._dns_wire import (
    BadQuestion,
    Onward,
    extended,
    glue,
    is_authentic,
    read,
    read_delegation,
    shown,
    to_name,
    to_type,
)
from launchready_tui.sources._race import race
from launchready_tui.sources.address import is_public
from launchready_tui.sources.gate import Gate
from launchready_tui.sources.once import Once

__all__ = [
    "RESOLVERS",
    "Answer",
    "Delegation",
    "Dns",
    "Fact",
    "Found",
    "Malformed",
    "NameServer",
    "NoData",
    "NxDomain",
    "Secured",
    "ServerFailed",
    "TimedOut",
    "is_fact",
    "tell",
    "values",
]

_PARENTS_ASKED = 4  # servers of the parent zone tried before the resolvers must do


class Dns:
    """Asks and remembers: nobody asks the same question of the same server twice in a run.

    `seconds` is how long one question to one server may take, `try_seconds` one UDP try of it.
    """

    needs = "the network"

    def __init__(
        self,
        project: Project,
        gate: Gate,
        *,
        seconds: float = limits.DNS_SECONDS,
        try_seconds: float = limits.DNS_TRY_SECONDS,
    ) -> None:
        self._network = project.network
        self._asker = Asker(project, gate, seconds, try_seconds)
        self._told: Once[tuple[str, str], Answer] = Once()
        self._delegations: Once[str, Delegation] = Once()
        self._made_up = secrets.token_hex(6)

    async def ask(self, name: str, type: str) -> Answer:
        """The first fact that the project's resolvers give, in their order; else the first "could not tell".

        A resolver that takes longer than limits.DNS_HEDGE_SECONDS is not waited for alone: the next is asked too.
        """
        try:
            name, type = _normal(name, type)
        except BadQuestion as bad:
            return Malformed(name, type, str(bad))
        return await self._told.get((name, type), lambda: self._hedged(name, type))

    async def ask_each(self, name: str, type: str) -> dict[str, Answer]:
        """The same question at every resolver of the project, keyed "1.1.1.1" ("127.0.0.1:5301" where two share it)."""
        keys = self._resolver_keys()
        try:
            name, type = _normal(name, type)
        except BadQuestion as bad:
            return {key: Malformed(name, type, str(bad)) for key in keys}
        answers = await asyncio.gather(*(self._at_resolver(where, name, type) for where in self._network.resolvers))
        return dict(zip(keys, answers, strict=True))

    async def ask_secured(self, name: str, type: str) -> dict[str, Secured]:
        """The same question at every resolver, keyed as ask_each has it, with whether each checked the signatures (AD,
        RFC 4035 section 3.2.3). Where one fails, it is asked once more not to check them (CD, RFC 4035 section 3.2.2).
        """
        keys = self._resolver_keys()
        try:
            name, type = _normal(name, type)
        except BadQuestion as bad:
            return {key: Secured(Malformed(name, type, str(bad))) for key in keys}
        answers = await asyncio.gather(*(self._secured(where, name, type) for where in self._network.resolvers))
        return dict(zip(keys, answers, strict=True))

    @property
    def made_up(self) -> tuple[str, str]:
        """Two labels that nobody has a record for; new in each run, so that no resolver remembers them."""
        return f"nobody-{self._made_up}", f"made-up-{self._made_up[::-1]}"

    async def ask_at(self, server: str, name: str, type: str, *, tcp: bool = False) -> Answer:
        """One question at one authoritative address (port: the project's dns_port), without recursion.

        Where its answer is an alias that leads out of its zones, the project's resolvers say where that ends.
        """
        try:
            name, type = _normal(name, type)
        except BadQuestion as bad:
            return Malformed(name, type, str(bad))
        reply = await self._asker.authoritative(server, name, type, tcp=tcp)
        said = _read(reply, name, type)
        if isinstance(said, Onward):
            return _joined(said, await self.ask(said.aliases[-1], type), name)
        return said

    async def addresses(self, name: str) -> tuple[str, ...]:
        """All A and AAAA values of a name, A first; () when there are none or we could not tell."""
        four, six = await asyncio.gather(self.ask(name, "A"), self.ask(name, "AAAA"))
        return (*values(four), *values(six))

    async def delegation(self, zone: str) -> Delegation:
        """Ask the parent zone's servers who serves `zone`, and find the addresses of these servers.

        Where no server of the parent zone can be asked, the resolvers' NS set stands in, and `asked` says so.
        """
        try:
            zone, _ = _normal(zone, "NS")
        except BadQuestion as bad:
            return Delegation(zone, Malformed(zone, "NS", str(bad)), "nobody")
        return await self._delegations.get(zone, lambda: self._delegated(zone))

    @property
    def asked(self) -> tuple[tuple[str, str, str, bool], ...]:
        """Every question sent so far, in order: (server, name, type, over TCP). A try again is the same question."""
        return self._asker.asked

    def needed_tcp(self, name: str, type: str) -> bool:
        """True where a resolver's answer to this did not fit one UDP packet, so that it was fetched over TCP."""
        return any(tcp and (asked, kind) == (name, type) for _, asked, kind, tcp in self._asker.asked)

    async def aclose(self) -> None:
        """Stop what still runs."""
        await self._delegations.aclose()
        await self._told.aclose()
        await self._asker.aclose()

    # ---- the resolvers ----

    async def _at_resolver(self, where: Where, name: str, type: str) -> Answer:
        """One resolver's answer; an alias that its reply does not finish is asked further, at the same resolver."""
        said = _read(await self._asker.reply(where, name, type), name, type)
        passed = {name}
        while isinstance(said, Onward):
            target = said.aliases[-1]
            if target in passed or len(said.aliases) > limits.DNS_ALIASES:
                return Malformed(name, type, "CNAME loop")
            passed |= {*said.aliases}
            more = _read(await self._asker.reply(where, target, type), target, type)
            said = _lengthened(said, more) if isinstance(more, Onward) else _joined(said, more, name)
        return said

    async def _secured(self, where: Where, name: str, type: str) -> Secured:
        reply = await self._asker.reply(where, name, type, checking="DO")
        said = _ended(_read(reply, name, type), name, type)
        if not isinstance(said, ServerFailed) or isinstance(reply, NoReply):
            return Secured(said, not isinstance(reply, NoReply) and is_authentic(reply))
        free = await self._asker.reply(where, name, type, checking="CD")
        return Secured(said, False, _ended(_read(free, name, type), name, type), extended(reply))

    def _resolver_keys(self) -> list[str]:
        shared = Counter(address for address, _ in self._network.resolvers)
        return [f"{address}:{port}" if shared[address] > 1 else address for address, port in self._network.resolvers]

    async def _hedged(self, name: str, type: str) -> Answer:
        resolvers = self._network.resolvers

        def patience(number: int) -> float:
            return 0.0 if self._asker.silent(resolvers[number]) else limits.DNS_HEDGE_SECONDS

        tries = [partial(self._at_resolver, where, name, type) for where in resolvers]
        answers = await race(tries, is_fact, patience)
        return answers[0] if answers else TimedOut(name, type, 0.0, "no resolver was named")

    # ---- the parent zone ----

    async def _delegated(self, zone: str) -> Delegation:
        # The resolvers' view is nearly always the parent's too: having it ready saves two round trips.
        expected = asyncio.create_task(self._expected(zone))
        try:
            tries = [
                partial(self._at_parent, name, address, zone) for name, address in await self._parent_servers(zone)
            ]
            for told, who, handed in await race(
                tries, lambda said: is_fact(said[0]), lambda _: limits.DNS_HEDGE_SECONDS
            ):
                if is_fact(told):
                    return Delegation(zone, told, who, await self._servers(told, handed))
            told = await self.ask(zone, "NS")
            return Delegation(zone, told, RESOLVERS, await self._servers(told, {}))
        finally:
            expected.cancel()

    async def _at_parent(self, name: str, address: str, zone: str) -> tuple[Answer, str, Mapping[str, tuple[str, ...]]]:
        reply = await self._asker.authoritative(address, zone, "NS")
        if isinstance(reply, NoReply):
            return reply.answer(zone, "NS"), name, {}
        return read_delegation(reply, zone), f"{name} ({address})", glue(reply)

    async def _expected(self, zone: str) -> None:
        found = await self.ask(zone, "NS")
        await asyncio.gather(*(self.addresses(name) for name in values(found)))

    async def _parent_servers(self, zone: str) -> list[tuple[str, str]]:
        """A few servers of the zone above, as (name, address): the nearest name above that has an NS set of its own."""
        above = to_name(zone)
        while above.labels != (b"",):
            above = above.parent()
            found = await self.ask(shown(above), "NS")
            if isinstance(found, Found) and not found.aliases:
                names = [name.rstrip(".") or "." for name in found.values[:_PARENTS_ASKED]]
                fours = await asyncio.gather(*(self.ask(name, "A") for name in names))
                found_at = [(name, *values(four)[:1]) for name, four in zip(names, fours, strict=True)]
                return [(at[0], at[1]) for at in found_at if len(at) == 2 and self._answers_here(at[1])]
            if not is_fact(found):
                break
        return []

    def _answers_here(self, address: str) -> bool:
        """False for a public server where the founder's own network has its servers on another port."""
        return self._network.dns_port == 53 or not is_public(address)

    async def _servers(self, parent: Answer, handed: Mapping[str, tuple[str, ...]]) -> tuple[NameServer, ...]:
        async def one(value: str) -> NameServer:
            name = value.rstrip(".")
            inside = name == parent.name or name.endswith(f".{parent.name}")
            known = handed.get(name, ())
            if inside and known:
                return NameServer(name, known)
            return NameServer(name, await self.addresses(name) or known)

        return tuple(await asyncio.gather(*(one(value) for value in values(parent))))


def _normal(name: str, type: str) -> tuple[str, str]:
    """(name, type) as the memory keys them: lower case without the trailing dot, upper case. Raises BadQuestion."""
    to_type(type)
    return shown(to_name(name)), type.upper()


def _read(reply: Reply, name: str, type: str) -> Answer | Onward:
    return reply.answer(name, type) if isinstance(reply, NoReply) else read(reply, name, type)


def _ended(said: Answer | Onward, name: str, type: str) -> Answer:
    """An alias alone, where only this very name is of interest."""
    return NoData(name, type, said.aliases) if isinstance(said, Onward) else said


def _lengthened(onward: Onward, more: Onward) -> Onward:
    return Onward((*onward.aliases, *more.aliases), min(onward.ttl, more.ttl), onward.authoritative)


def _joined(onward: Onward, end: Answer, name: str) -> Answer:
    """Where an alias's way ends, as the answer to its beginning."""
    if isinstance(end, Found):
        end = replace(end, ttl=min(onward.ttl, end.ttl))
    if isinstance(end, Fact):
        aliases = (*onward.aliases, *end.aliases)
        return replace(end, name=name, aliases=aliases, authoritative=onward.authoritative)
    return replace(end, name=name)
