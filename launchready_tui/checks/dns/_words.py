"""Words and small judgements that the checks of this stage share. Pure, but for asking who keeps the records."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from launchready_tui.domain import registrable
from launchready_tui.known import dns_host
from launchready_tui.model import Evidence
from launchready_tui.project import Project
from launchready_tui.sources.address import is_public
from launchready_tui.sources.dns import Answer, Dns, NoData, NxDomain, is_fact, tell, values
from launchready_tui.sources.web import Chain, NoPage, Page, Reply, Web
from launchready_tui.zone import is_part

LOOK = "another look"
FOREVER = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who keeps the DNS records: `at` reads on in a sentence ("at Namecheap"), `who` is who can change them."""

    at: str = "where your DNS records are kept"
    who: str = "Whoever can change the DNS records"


async def keeper(project: Project, dns: Dns) -> Keeper:
    """By the domain's name servers; in general words where they are not known to us."""
    name = dns_host(values(await dns.ask(registrable(project.domain), "NS")))
    return Keeper(f"at {name}", f"Whoever can sign in at {name}") if name else Keeper()


Standing = Literal["good", "private", "none", "unclear"]


def standing(answers: Iterable[Answer], *, private: bool) -> Standing:
    """What the A and AAAA answers of one server come to. Only facts are "none" or "private"."""
    answers = tuple(answers)
    addresses = [value for answer in answers for value in values(answer)]
    if any(private or is_public(address) for address in addresses):
        return "good"
    if not all(is_fact(answer) for answer in answers):
        return "unclear"
    return "private" if addresses else "none"


def says_none(answers: Iterable[Answer]) -> str:
    """How a server said that there is no address: the clause of the A answer ("it does not exist")."""
    first = next(iter(answers))
    if isinstance(first, NxDomain):
        return f"{first.aliases[-1]}, where it points, does not exist" if first.aliases else "it does not exist"
    if isinstance(first, NoData) and first.aliases:
        return f"{first.aliases[-1]}, where it points, has no address"
    return "it has no address"


def heard(name: str, answers: Iterable[Answer], of: str) -> tuple[Evidence, ...]:
    return tuple(Evidence(f"{answer.type} {name} at {of}", tell(answer)) for answer in answers)


def is_web_fact(reply: Reply) -> bool:
    """True where the answer, or its absence, is something that was seen; False where we could not tell."""
    return isinstance(reply, Page) or reply.fact or reply.kind in ("refused", "tls")


def host_of(url: str) -> str:
    """A URL's host with its port where that is not the usual one; "" for no URL."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    name = (parts.hostname or "").rstrip(".")
    return name if port in (None, usual) else f"{name}:{port}"


def variants(project: Project) -> tuple[str, ...]:
    """The four addresses that a visitor may type for the home page; nobody types www before a part of a larger name."""
    hosts = (project.domain,) if is_part(project.domain) else (project.domain, project.www)
    return tuple(f"{scheme}://{host}/" for host in hosts for scheme in ("https", "http"))


async def follow_all(web: Web, urls: Iterable[str]) -> dict[str, Chain]:
    """Every URL followed, side by side."""
    urls = tuple(urls)
    return dict(zip(urls, await asyncio.gather(*(web.follow(url) for url in urls)), strict=True))


async def canonical_host(project: Project, web: Web) -> str:
    """The host on which the home page ends; the apex where it ends nowhere, or there is no home page.

    Where it sends visitors to another site for a moment only (a sign-in service), the last host before that.
    """
    home = project.url("home")
    if not home:
        return project.domain
    chain = await web.follow(home)
    if chain.end != "ok" or not isinstance(chain.last, Page):
        return project.domain
    host = host_of(home)
    for hop in chain.hops:
        if isinstance(hop, Page) and hop.is_redirect and hop.location:
            to = host_of(hop.location)
            ours = to == project.domain or to.endswith(f".{project.domain}")
            if not ours and hop.status not in FOREVER:
                break
            host = to
    return host or project.domain


def walked(chain: Chain) -> str:
    """A chain as evidence: "301 → https://good.example/, 200"."""
    said: list[str] = []
    for hop in chain.hops:
        if isinstance(hop, NoPage):
            said.append(f"{hop.say}{f' ({hop.reason})' if hop.reason else ''}")
        elif 300 <= hop.status < 400:
            said.append(f"{hop.status} → {hop.location or 'nowhere'}")
        else:
            said.append(str(hop.status))
    return ", ".join(said) + {"loop": ", and round again", "too-long": ", and further"}.get(chain.end, "")


def evidence_of(chains: dict[str, Chain]) -> tuple[Evidence, ...]:
    return tuple(Evidence(f"GET {url}", walked(chain)) for url, chain in chains.items())
