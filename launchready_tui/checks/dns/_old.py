"""Where each address of a host leads, and which of them are not the site's any more."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from launchready_tui import known, limits
from launchready_tui.checks.dns._places import Shape, shape, told
from launchready_tui.checks.dns._words import Keeper
from launchready_tui.model import Fix, RecordSet
from launchready_tui.project import Project
from launchready_tui.sources.address import is_public
from launchready_tui.sources.dns import Answer, Dns, Fact, values
from launchready_tui.sources.web import NoPage, Page, Reply, Web
from launchready_tui.targets import targets
from launchready_tui.text import listed


@dataclass(frozen=True, slots=True)
class Looked:
    """One host: its addresses, and what was answered where. One reply may stand for all of them."""

    host: str
    answer: Answer
    replies: tuple[tuple[str, Reply], ...] = ()

    @property
    def addresses(self) -> frozenset[str]:
        return frozenset(values(self.answer))

    @property
    def alias(self) -> bool:
        return isinstance(self.answer, Fact) and bool(self.answer.aliases)


@dataclass(frozen=True, slots=True)
class Old:
    """An address that is not the site's any more; `whole` where no address of its host shows the site."""

    host: str
    address: str
    said: str
    status: int = 0
    whole: bool = False


async def look(host: str, dns: Dns, web: Web) -> Looked:
    """Ask a host at each of its addresses; once where that is one, one network's, or an alias's (whose keeper
    answers for all)."""
    four, six = await asyncio.gather(dns.ask(host, "A"), dns.ask(host, "AAAA"))
    answer = four if values(four) or not values(six) else six
    addresses = values(answer)[: limits.DIAL_ADDRESSES]
    if not addresses:
        return Looked(host, answer)
    if len(addresses) == 1 or (isinstance(answer, Fact) and answer.aliases) or one_network(addresses):
        return Looked(host, answer, ((addresses[0], await _either(host, web)),))
    replies = await asyncio.gather(*(web.get_at(f"https://{host}/", address) for address in addresses))
    if all(isinstance(reply, NoPage) and reply.kind == "refused" for reply in replies):  # no https yet
        replies = await asyncio.gather(*(web.get_at(f"http://{host}/", address) for address in addresses))
    return Looked(host, answer, tuple(zip(addresses, replies, strict=True)))


async def _either(host: str, web: Web) -> Reply:
    """What a host answers over https; over http where nobody takes https there, as where a registrar only forwards."""
    reply = await web.get(f"https://{host}/")
    if isinstance(reply, NoPage) and reply.kind in ("refused", "timeout"):
        plain = await web.get(f"http://{host}/")
        return plain if isinstance(plain, Page) else reply
    return reply


def one_network(addresses: tuple[str, ...]) -> bool:
    """Are all of them one known network's, or what one platform asks for? Then its own machines answer alike."""
    names = {known.cdn(None, addresses=(address,)) for address in addresses}
    if len(names) == 1 and names != {""}:
        return True
    kinds = [("AAAA" if ":" in address else "A", address) for address in addresses]
    return any(all(target.accepts(type, address) for type, address in kinds) for target in targets())


def _is_site(seen: Shape, title: str | None, ours: frozenset[str]) -> bool:
    if seen.kind == "on":
        return seen.to in ours
    return seen.kind == "page" and (title is None or seen.title == title)


def old_addresses(looked: list[Looked], title: str | None, ours: frozenset[str]) -> tuple[list[Old], list[str]]:
    """The addresses that are not the site's any more, and clauses about those that we could not judge.

    `title` is the home page's (None where it was not seen), `ours` the hosts of the site.
    """
    old: list[Old] = []
    unclear: list[str] = []
    shapes = {each.host: [(address, reply, shape(reply)) for address, reply in each.replies] for each in looked}
    current = {host: [place for place in places if _is_site(place[2], title, ours)] for host, places in shapes.items()}
    for each in looked:
        places, here = shapes[each.host], current[each.host]
        others = [place for place in places if place not in here]
        silent = [place for place in others if _silent(place[0], place[1], place[2])]
        unclear += [f"{each.host} at {address} {told(reply)}" for address, reply, _ in silent]
        elsewhere = any(
            current[other.host] and not other.addresses & each.addresses for other in looked if other.host != each.host
        )
        for address, reply, seen in others:
            if (address, reply, seen) in silent or not (here or elsewhere):
                continue
            # What a whole host answers instead of the site is other checks' business, but for these two.
            if here or seen.kind == "refused" or (seen.kind == "page" and title is not None):
                old.append(Old(each.host, address, _says(address, reply, seen), seen.status, whole=not here))
    return old, unclear


def _silent(address: str, reply: Reply, seen: Shape) -> bool:
    inside = isinstance(reply, NoPage) and reply.kind == "policy" and not is_public(address)
    return seen.kind == "unclear" and not inside


def _says(address: str, reply: Reply, seen: Shape) -> str:
    if isinstance(reply, NoPage):
        return "only works inside a private network" if reply.kind == "policy" else told(reply)
    if seen.kind == "page":
        return f"shows another page (“{seen.title}”)" if seen.title else "shows another page"
    return f"answers {seen.words}"


def differ(looked: list[Looked]) -> str:
    """Where no home page tells which one is right: the sentence of two addresses of one host with different pages."""
    for each in looked:
        titles = {address: shape(reply).title for address, reply in each.replies if shape(reply).kind == "page"}
        if len(set(titles.values())) > 1:
            return f"{each.host} shows different pages: {listed([f'“{t}” at {a}' for a, t in titles.items()])}."
    return ""


def site_at(looked: list[Looked], old: list[Old]) -> str:
    gone = {each.host for each in old if each.whole}
    return listed([f"{each.host} at {listed(sorted(each.addresses))}" for each in looked if each.host not in gone])


def address_fix(project: Project, old: list[Old], looked: list[Looked], kept: Keeper) -> Fix:
    """Take the old addresses out of their set; point a host that is old as a whole to where the site is."""
    sets: list[RecordSet] = []
    steps: list[str] = []
    by_host = {each.host: each for each in looked}
    for host in dict.fromkeys(each.host for each in old):
        here, gone = by_host[host], [each for each in old if each.host == host]
        addresses = listed([each.address for each in gone])
        if not gone[0].whole:
            rest = tuple(value for value in values(here.answer) if value not in {each.address for each in gone})
            steps.append(f"delete the {here.answer.type} record of {host} with {addresses}")
            if not any(each.status >= 500 for each in gone):  # a server in trouble may be the site's after all
                sets.append(RecordSet(host, here.answer.type, rest))
        elif host == project.www:
            steps.append(f"change {host} to a CNAME with the value {project.domain}")
            own = () if here.alias else (RecordSet(host, "A", ()), RecordSet(host, "AAAA", ()))
            sets += [*own, RecordSet(host, "CNAME", (f"{project.domain}.",))]
        else:
            steps.append(
                f"put the records for {host} that your web host's page for domains shows, instead of {addresses}"
            )
    repair = any(each.status >= 500 for each in old)
    also = " If that server is yours still, repair it instead." if repair else ""
    return Fix(
        "records" if sets and not repair else "steps",
        f"Do this {kept.at}: {listed(steps)}.{also} It takes up to 30 minutes to spread.",
        minutes=10,
        who=kept.who,
        records=() if repair else tuple(sets),
    )
