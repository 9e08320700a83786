"""Asks again for what a handover states, through the same sources as every check: same manners, same address policy."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from launchready_tui import limits
from launchready_tui.checks.dns._made_up import made_up
from launchready_tui.sources.dns import Answer, Delegation, Dns, Found, is_fact
from launchready_tui.sources.tls import Handshake, NoHandshake, Tls
from launchready_tui.sources.web import Chain, Web
from launchready_tui.zone import enclosing

T = TypeVar("T")
Key = tuple[str, str]  # (name, type)
Step = Callable[[str], None]  # told what was just answered


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked: record sets in their order, addresses to follow, hosts whose certificate is looked at."""

    domain: str
    sets: tuple[Key, ...] = ()
    urls: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    made_up: bool = True

    @property
    def count(self) -> int:
        """How many answers there will be."""
        return 1 + self.made_up + len(self.sets) + len(self.urls) + len(self.hosts)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was answered. `ttls` are as a server of the zone has them, `serial` is the zone's, "" where nobody said."""

    delegation: Delegation
    sets: Mapping[Key, Answer] = field(default_factory=dict)
    ttls: Mapping[Key, int] = field(default_factory=dict)
    serial: str = ""
    made_up: tuple[Answer, ...] = ()
    chains: Mapping[str, Chain] = field(default_factory=dict)
    shakes: Mapping[str, Handshake | NoHandshake] = field(default_factory=dict)


async def observe(questions: Questions, dns: Dns, web: Web, tls: Tls, step: Step | None = None) -> Seen:
    """Ask everything at once; the sources see to the manners. `step` is told of each answer by what was asked."""

    async def told(name: str, asking: Awaitable[T]) -> T:
        answer = await asking
        if step is not None:
            step(name)
        return answer

    async def each(keys: Iterable[T], name: Callable[[T], str], ask: Callable[[T], Awaitable[Answer]]) -> list[Answer]:
        return list(await asyncio.gather(*(told(name(key), ask(key)) for key in keys)))

    domain = questions.domain
    near, far = questions.sets[: limits.VERIFY_RESOLVED], questions.sets[limits.VERIFY_RESOLVED :]
    zone = asyncio.ensure_future(told(f"NS {domain}", enclosing(dns, domain)))

    async def at_zone(key: Key) -> Answer:
        """At one of the zone's own servers: a resolver is asked 200 times a look at most."""
        servers = _addresses(await zone)
        if not servers:
            return await dns.ask(*key)
        answer = await dns.ask_at(servers[hash(key) % len(servers)], *key)
        return answer if is_fact(answer) else await dns.ask(*key)

    work = (
        each(near, _key_name, lambda key: dns.ask(*key)),
        each(far, _key_name, at_zone),
        _times(dns, zone, near[: limits.VERIFY_TTLS]),
        asyncio.gather(*(told(f"GET {url}", web.follow(url)) for url in questions.urls)),
        asyncio.gather(*(told(f"TLS {host}", tls.look(host)) for host in questions.hosts)),
        told("made-up names", made_up(dns, domain)) if questions.made_up else _nothing(),
    )
    try:
        answers, later, times, chains, shakes, invented = await asyncio.gather(*work)
        return Seen(
            await zone,
            dict(zip((*near, *far), (*answers, *later), strict=True)),
            times[1],
            times[0],
            tuple(invented),
            dict(zip(questions.urls, chains, strict=True)),
            dict(zip(questions.hosts, shakes, strict=True)),
        )
    finally:
        zone.cancel()


async def _nothing() -> tuple[Answer, ...]:
    return ()


def _key_name(key: Key) -> str:
    return f"{key[1]} {key[0]}"


def _addresses(delegation: Delegation) -> list[str]:
    return [server.addresses[0] for server in delegation.servers if server.addresses]


async def _times(dns: Dns, zone: Awaitable[Delegation], keys: Iterable[Key]) -> tuple[str, dict[Key, int]]:
    """The zone's serial and the TTLs of its sets, from the first of its servers that answers for it."""
    delegation = await zone
    for address in _addresses(delegation):
        soa = await dns.ask_at(address, delegation.zone, "SOA")
        if not isinstance(soa, Found) or not soa.authoritative or len(soa.values[0].split()) < 3:
            continue
        inside = [key for key in keys if key[0] == delegation.zone or key[0].endswith(f".{delegation.zone}")]
        answers = await asyncio.gather(*(dns.ask_at(address, *key) for key in inside))
        found = {
            key: answer.ttl
            for key, answer in zip(inside, answers, strict=True)
            if isinstance(answer, Found) and answer.authoritative and not answer.aliases
        }
        return soa.values[0].split()[2], found
    return "", {}
