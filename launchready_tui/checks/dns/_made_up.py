"""Names that nobody made: what a zone answers for them is what its wildcard answers (RFC 4592)."""

from __future__ import annotations

import asyncio

from launchready_tui.sources.dns import Answer, Dns, Fact, Found, NoData, NxDomain, values


async def made_up(dns: Dns, zone: str) -> tuple[Answer, Answer]:
    """What two made-up names under `zone` come to, as address() has it."""
    first, second = dns.made_up
    one, other = await asyncio.gather(address(dns, f"{first}.{zone}"), address(dns, f"{second}.{zone}"))
    return one, other


async def address(dns: Dns, name: str) -> Answer:
    """The A answer of a name; its AAAA answer where it exists and has no other address."""
    four = await dns.ask(name, "A")
    return await dns.ask(name, "AAAA") if isinstance(four, NoData) else four


def stands(answer: Answer) -> bool:
    """True where there is a record: an address, or an alias whose target is gone."""
    return isinstance(answer, Found) or (isinstance(answer, NxDomain) and bool(answer.aliases))


def alike(answer: Answer, other: Answer) -> bool:
    """True where both lead to the same place: a wildcard's addresses may turn, so one in common is enough."""
    if not (isinstance(answer, Fact) and isinstance(other, Fact)):
        return False
    return bool({*answer.aliases, *values(answer)} & {*other.aliases, *values(other)})
