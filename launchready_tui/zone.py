"""Where the records of a launch are kept, when the name that was typed is part of a larger one (app.good.example).

Such a name mostly has no zone and no mail of its own: its records stand in the zone above, its people write from there.
"""

from __future__ import annotations

import asyncio

from launchready_tui.domain import registrable
from launchready_tui.mail.spf import is_spf
from launchready_tui.sources.dns import Delegation, Dns, NoData, NxDomain, is_fact, values


def is_part(domain: str) -> bool:
    """True for a name below a registered one."""
    return registrable(domain) != domain


async def enclosing(dns: Dns, domain: str) -> Delegation:
    """The delegation of the zone that holds the domain's records: its own, or the nearest above it."""
    name, found = domain, await dns.delegation(domain)
    while isinstance(found.parent, NoData | NxDomain) and is_part(name):
        name = name.partition(".")[2]
        found = await dns.delegation(name)
    return found


async def mail_domain(dns: Dns, domain: str) -> str:
    """The name in the launch's mail addresses: the registered one, where a name below it has neither MX nor SPF."""
    if not is_part(domain):
        return domain
    mx, txt = await asyncio.gather(dns.ask(domain, "MX"), dns.ask(domain, "TXT"))
    own = bool(values(mx)) or any(is_spf(value) for value in values(txt))
    return domain if own or not (is_fact(mx) and is_fact(txt)) else registrable(domain)
