"""Has a changed record arrived? One judgement, used while a change is watched and by the check of changes.

Three verdicts that are never mixed up: "wrong" (a server that serves the zone answers something else, or a resolver
says what never stood there), "wait" (right there, a resolver still holds the old answer), "done". "unknown" where
nobody who could tell answered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from launchready_tui import known
from launchready_tui.sources.dns import Answer, Delegation, Dns, Found, is_fact, values
from launchready_tui.zone import enclosing

Word = Literal["right", "wrong", "silent", "old answer"]
_WORST: tuple[Word, ...] = ("right", "silent", "old answer", "wrong")
Verdict = Literal["wrong", "wait", "done", "unknown"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What should be live: no `values` means nothing should. `shielded`: a shield answers for it, and `bare` is what
    stood there without one. `by_hand`: a person makes it, so nobody told us of a shield; `new`: nothing stood there.
    `olds` is all that stood there before, as far as is known; None where that is not known,
    and whatever is not right counts as old."""

    name: str
    type: str
    values: tuple[str, ...]
    shielded: bool = False
    olds: tuple[tuple[str, ...], ...] | None = None
    bare: tuple[str, ...] = ()
    by_hand: bool = False
    new: bool = False

    @property
    def asked(self) -> str:
        """The type that shows it: who stands before an alias answers with addresses, and knows no CNAME there."""
        return "A" if self.shielded and self.type == "CNAME" else self.type

    def fits(self, answer: Answer) -> bool:
        """Facts only. An address behind an alias is the alias's record, not this name's."""
        if self.shielded:  # what is behind shows in no answer; taken away there, it may be answered as before
            return not self.values or (isinstance(answer, Found) and set(values(answer)) != set(self.bare))
        if self.type != "CNAME" and isinstance(answer, Found) and answer.aliases:
            return not self.values
        return sorted(_plain(self.type, values(answer))) == sorted(_plain(self.type, self.values))

    def stood_there(self, answer: Answer) -> bool:
        """Could a resolver hold this from before, or from the middle of the change: some old values, some new ones?"""
        if self.olds is None:
            return True
        aliased = self.type != "CNAME" and isinstance(answer, Found) and answer.aliases
        said = set() if aliased else set(_plain(self.type, values(answer)))
        known = {text for each in (self.values, self.bare, *self.olds) for text in _plain(self.type, each)}
        return said <= known if said else () in self.olds


def _plain(type: str, texts: Iterable[str]) -> list[str]:
    """Names in DNS have no case (RFC 4343); what a TXT or a CAA says has."""
    return [text if type in ("TXT", "CAA") else text.lower() for text in texts]


_FLAT = ("A", "AAAA", "CNAME")


def in_view(wanted: Iterable[Wanted], zone: str, among: Iterable[Wanted] = ()) -> tuple[Wanted, ...]:
    """`wanted` as the world can see it; `among` are further sets that are known to stand.

    An alias at the top of a zone cannot be answered as one (RFC 1034 section 3.6.2), so its keeper answers with
    addresses, as a shield does; that another address was taken away beside it does not show.
    """
    wanted = tuple(wanted)

    def flat(one: Wanted) -> bool:
        return bool(one.values) and one.type in _FLAT and (one.shielded or (one.type == "CNAME" and one.name == zone))

    names = {one.name for one in (*wanted, *among) if flat(one)}
    return tuple(
        replace(one, shielded=True)
        if flat(one) or (one.name in names and one.type in _FLAT and not one.values)
        else one
        for one in wanted
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """How some records look from the world. `servers` are the zone's own, `resolvers` the others, each with a word.
    `veil` names the shield that answers in the place of a record, so that nobody can tell from outside."""

    servers: tuple[tuple[str, Word], ...]
    resolvers: tuple[tuple[str, Word], ...]
    veil: str = ""

    def of(self, word: Word) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for name, said in (*self.servers, *self.resolvers) if said == word))

    @property
    def verdict(self) -> Verdict:
        words = {word for _, word in self.servers}
        if "wrong" in words:
            return "wrong"
        if "right" not in words:
            return "unknown"
        if not self.resolvers:
            return "done"
        words = {word for _, word in self.resolvers}
        if "wrong" in words or "old answer" in words:
            return "wrong" if "wrong" in words else "wait"
        return "done" if any(word == "right" for _, word in self.resolvers) else "unknown"


async def _at_server(dns: Dns, address: str, wanted: Iterable[Wanted]) -> Word:
    """One authoritative server in a word: the worst of its answers; silence only where nothing is wrong."""
    answers = await asyncio.gather(*(dns.ask_at(address, one.name, one.asked) for one in wanted))
    facts = [is_fact(answer) and getattr(answer, "authoritative", False) for answer in answers]
    if any(fact and not one.fits(answer) for fact, one, answer in zip(facts, wanted, answers, strict=True)):
        return "wrong"
    return "right" if all(facts) else "silent"


async def _at_resolvers(dns: Dns, wanted: Iterable[Wanted]) -> tuple[tuple[str, Word], ...]:
    words: dict[str, Word] = {}
    for one, told in zip(wanted, await asyncio.gather(*(dns.ask_each(w.name, w.asked) for w in wanted)), strict=True):
        for resolver, answer in told.items():
            word: Word = "silent" if not is_fact(answer) else "right" if one.fits(answer) else "wrong"
            word = "old answer" if word == "wrong" and one.stood_there(answer) else word
            words[resolver] = max(word, words.get(resolver, "right"), key=_WORST.index)
    return tuple(words.items())


async def _handed_on(dns: Dns, wanted: Wanted) -> tuple[str, Word]:
    """The NS set of a name that is handed to other servers: the zone's servers only refer to these."""
    told = (await dns.delegation(wanted.name)).parent
    word: Word = "silent" if not is_fact(told) else "right" if wanted.fits(told) else "wrong"
    return f"NS {wanted.name}", word


_SHIELD = "Cloudflare"  # the one DNS host that switches a shield on for a new record by itself ("Proxy status")


async def _veiled(dns: Dns, delegation: Delegation, wanted: Iterable[Wanted]) -> frozenset[str]:
    """The names, of those that a person changes, for which the DNS host's own shield answers."""
    names = sorted({one.name for one in wanted if one.by_hand and one.type in _FLAT})
    if not names or known.dns_host(server.name for server in delegation.servers) != _SHIELD:
        return frozenset()
    places = [address for server in delegation.servers for address in server.addresses]
    told = await asyncio.gather(*(_first_fact(dns, places, name) for name in names))
    return frozenset(name for name, addresses in zip(names, told, strict=True) if known.cdn(None, addresses) == _SHIELD)


async def _first_fact(dns: Dns, places: Iterable[str], name: str) -> tuple[str, ...]:
    """The addresses that the first server that tells gives for a name itself."""
    for address in places:
        answer = await dns.ask_at(address, name, "A")
        if is_fact(answer):
            return values(answer) if isinstance(answer, Found) and not answer.aliases else ()
    return ()


async def see(dns: Dns, domain: str, wanted: tuple[Wanted, ...], among: Iterable[Wanted] = ()) -> Seen:
    """Ask every authoritative server of the domain's zone first, and the resolvers only where these are right. `among`
    are further sets that should be live, and are not asked for."""
    delegation = await enclosing(dns, domain)
    veiled = await _veiled(dns, delegation, (*wanted, *among))
    if any(one.name in veiled and one.type in _FLAT and not one.new for one in (*wanted, *among)):
        return Seen((), (), _SHIELD)
    behind = (replace(one, shielded=bool(one.values)) if one.name in veiled else one for one in wanted)
    wanted = in_view(behind, delegation.zone, among)
    handed = tuple(one for one in wanted if one.type == "NS" and one.name != delegation.zone)
    own = tuple(one for one in wanted if one not in handed)
    places = [(server.name, address) for server in delegation.servers for address in server.addresses if own]
    words = await asyncio.gather(*(_at_server(dns, address, own) for _, address in places))
    servers = tuple((name, word) for (name, _), word in zip(places, words, strict=True))
    servers += tuple(await asyncio.gather(*(_handed_on(dns, one) for one in handed)))
    words = [word for _, word in servers]
    if "wrong" in words or "right" not in words:
        return Seen(servers, ())
    return Seen(servers, await _at_resolvers(dns, wanted))


async def negative_ttl(dns: Dns, zone: str) -> int | None:
    """Seconds for which a resolver may remember that there was nothing: the lesser of the SOA's TTL and its last field
    (RFC 2308 section 5). None where the zone's SOA was not seen."""
    answer = await dns.ask(zone, "SOA")
    if not isinstance(answer, Found):
        return None
    last = answer.values[0].split()[-1]
    return min(int(last), answer.ttl) if last.isdigit() else answer.ttl
