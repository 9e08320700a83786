"""Where the domain's DKIM keys may stand, and what stands there (RFC 6376 section 3.6): what email.dkim.key asks.

A selector is known from a message on file, from the founder, or from the guide of a sender that they named. What is
only guessed shows that a key is there, never that one is missing.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from launchready_tui import limits
from launchready_tui.mail.dkim import DkimKey, is_key, parse_key
from launchready_tui.mail.dkim_repair import repair
from launchready_tui.senders import Declared, SenderGuide, by_dkim
from launchready_tui.sources.dns import Answer, Dns, Fact, Found, is_fact, values
from launchready_tui.sources.message import Messages

COMMON = ("default", "google", "selector1", "s1", "k1", "mail")
_SELECTOR = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)(?:\.[A-Za-z0-9_-]{1,63}){0,4}\Z")

How = Literal["message", "named", "sender", "guess"]


@dataclass(frozen=True, slots=True)
class Place:
    """A name under which a key may stand, and how we know of it."""

    selector: str
    domain: str
    how: How
    sender: SenderGuide | None = None

    @property
    def name(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"


@dataclass(frozen=True, slots=True)
class Sight:
    """What stands at a place. "absent": a server said that there is no key. `meant` is the record that was meant where
    a broken one lets us tell, `target` where an alias leads. `pieces` are the TXT values as they stand there."""

    place: Place
    answer: Answer
    state: Literal["good", "broken", "absent", "unsure"]
    key: DkimKey | None = None
    meant: str = ""
    target: str = ""
    pieces: tuple[str, ...] = ()
    several: bool = False

    @property
    def group(self) -> str:
        """Whose key it is: the sender's id, "" where nobody can tell."""
        return self.place.sender.id if self.place.sender is not None else ""

    @property
    def certain(self) -> bool:
        return self.place.how != "guess"


def selector_of(typed: str) -> str:
    """A selector from what a person typed: the word alone, or the whole name of the record. "" for neither."""
    word = typed.strip().strip(".").lower()
    word = word.partition("._domainkey")[0]
    return word if _SELECTOR.match(word) else ""


def places(
    domain: str, declared: Declared | None, named: Iterable[str], messages: Messages | None
) -> tuple[Place, ...]:
    """Every place that is no guess, each once: of messages first, then what the founder named, then the senders'."""
    found: list[Place] = []
    for message in messages.stored if messages is not None else ():
        for signer, selector in message.signers:
            signer = signer.lower().rstrip(".")
            if (signer == domain or signer.endswith(f".{domain}")) and _SELECTOR.match(selector):
                found.append(Place(selector.lower(), signer, "message", by_dkim(selector)))
    found += [Place(one, domain, "named", by_dkim(one)) for one in map(selector_of, named) if one]
    for guide in declared.guides if declared is not None else ():
        found += [Place(selector, domain, "sender", guide) for selector in guide.selectors]
    first: dict[str, Place] = {}
    for place in found:
        known = first.setdefault(place.name, place)
        if known.sender is None and place.sender is not None:
            first[place.name] = replace(known, sender=place.sender)
    return tuple(first.values())[: limits.DKIM_PLACES]


async def look(dns: Dns, domain: str, certain: tuple[Place, ...], declared: Declared | None) -> tuple[Sight, ...]:
    """What stands at the places; the common ones are tried too where somebody's key is still missing."""
    sights = await _all(dns, certain)
    have = {sight.group for sight in sights if sight.state == "good"}
    wanted = {guide.id for guide in declared.guides} if declared is not None else set[str]()
    if not certain or wanted - have:
        known = {place.name for place in certain}
        guesses = (Place(selector, domain, "guess", by_dkim(selector)) for selector in COMMON)
        sights += await _all(dns, tuple(place for place in guesses if place.name not in known))
    if any(isinstance(sight.answer, Found) and sight.state != "good" for sight in sights):
        sights = _without_wildcard(sights, await dns.ask(f"{dns.made_up[0]}._domainkey.{domain}", "TXT"), domain)
    return sights


async def _all(dns: Dns, asked: tuple[Place, ...]) -> tuple[Sight, ...]:
    answers = await asyncio.gather(*(dns.ask(place.name, "TXT") for place in asked))
    return tuple(see(place, answer) for place, answer in zip(asked, answers, strict=True))


def see(place: Place, answer: Answer) -> Sight:
    """One answer read. Pure."""
    aliases = answer.aliases if isinstance(answer, Fact) else ()
    target = aliases[-1].rstrip(".") if aliases else ""
    if target and (owner := by_dkim(place.selector, target)) is not None:
        place = replace(place, sender=owner)
    if not is_fact(answer):
        return Sight(place, answer, "unsure")
    pieces = values(answer)
    keys = [text for text in pieces if is_key(text)]
    if not keys:
        return Sight(place, answer, "absent", target=target, pieces=pieces)
    read = [parse_key(text) for text in keys]
    good = [key for key in read if key.valid]
    if len(pieces) > 1 and not good:
        return Sight(place, answer, "broken", read[0], repair(*pieces) or "", target, pieces, several=True)
    if good:
        return Sight(place, answer, "good", good[0], "", target, pieces, several=len(good) > 1)
    return Sight(place, answer, "broken", read[0], repair(keys[0]) or "", target, pieces)


def _without_wildcard(sights: tuple[Sight, ...], control: Answer, domain: str) -> tuple[Sight, ...]:
    """What a made-up selector is answered with too is no key of anybody's: a wildcard stands there (RFC 4592)."""
    same = set(values(control))
    if not same:
        return sights
    return tuple(
        replace(sight, state="absent", key=None, meant="")
        if sight.place.domain == domain and sight.state != "good" and set(sight.pieces) == same
        else sight
        for sight in sights
    )
