"""What of a sender's records is there: asked once, judged record by record. What nobody answered stays unknown."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from launchready_tui.mail.dkim import is_key, parse_key
from launchready_tui.mail.spf import is_spf, parse
from launchready_tui.mail.spf_edit import term_for
from launchready_tui.senders import Declared, SenderGuide, SenderRecord, by_dkim, by_mx, by_spf, guides
from launchready_tui.sources.dns import Answer, Dns, Fact, is_fact, tell, values
from launchready_tui.text import listed

# "page": their page alone knows the name, so nobody can look.
NeedState = Literal["there", "missing", "other", "unknown", "page"]


@dataclass(frozen=True, slots=True)
class Seen:
    """The answers about one domain's mail records, by (full name, type)."""

    domain: str
    answers: Mapping[tuple[str, str], Answer]

    def at(self, name: str, type: str) -> tuple[str, ...]:
        answer = self.answers.get((name, type))
        return values(answer) if answer is not None else ()

    def sure(self, name: str, type: str) -> bool:
        """True where a server answered, be it that there is nothing."""
        answer = self.answers.get((name, type))
        return answer is not None and is_fact(answer)

    def why(self, name: str, type: str) -> str:
        answer = self.answers.get((name, type))
        return tell(answer) if answer is not None else "not asked"

    @property
    def spf(self) -> tuple[str, ...]:
        """The SPF records of the domain: one, where all is well."""
        return tuple(value for value in self.at(self.domain, "TXT") if is_spf(value))

    def alias(self, name: str) -> str:
        """Where the CNAME of a key's name leads, without the dot; "" where it has none."""
        answer = self.answers.get((name, "TXT"))
        return answer.aliases[0].rstrip(".") if isinstance(answer, Fact) and answer.aliases else ""


def questions(domain: str, guides: Iterable[SenderGuide], selectors: Iterable[str] = ()) -> tuple[tuple[str, str], ...]:
    """What is asked to see what is there: the domain's TXT and MX, every record of which the name is known, and the
    keys of these selectors."""
    found = {(domain, "TXT"): None, (domain, "MX"): None}
    found |= {(f"{selector}._domainkey.{domain}", "TXT"): None for selector in selectors}
    for one in guides:
        for record in one.records:
            name = record.named(domain)
            if name and record.part in ("dkim", "return-path"):
                found[name, "TXT" if record.part == "dkim" else record.type] = None
    return tuple(found)


async def look(dns: Dns, domain: str, guides: Iterable[SenderGuide], selectors: Iterable[str] = ()) -> Seen:
    """Ask for all of them at once; nothing is asked twice in a run. `selectors` are those that messages were signed
    with, or that the founder named."""
    asked = questions(domain, guides, selectors)
    answers = await asyncio.gather(*(dns.ask(name, type) for name, type in asked))
    return Seen(domain, dict(zip(asked, answers, strict=True)))


@dataclass(frozen=True, slots=True)
class Need:
    """One record that a sender asks for, and whether it is there. `name` is "" where only their page knows it; `value`
    what to publish, "" where only their page knows it; `say` what was seen, or where to find it."""

    part: str
    type: str
    name: str
    value: str
    state: NeedState
    say: str
    needed: bool = True


@dataclass(frozen=True, slots=True)
class SenderState:
    """One sender: was it named by the founder, where was it seen, and what of its records is there.

    `id` is the guide's, or the host or address as it was typed. `seen` are places, in words. `extra` are words of the
    SPF record that it does not ask for there.
    """

    id: str
    name: str
    guide: SenderGuide | None
    declared: bool
    seen: tuple[str, ...]
    needs: tuple[Need, ...]
    extra: tuple[str, ...] = ()

    @property
    def extra_say(self) -> str:
        """What the `extra` words of the SPF record are worth; "" where there is none."""
        if not self.extra or self.guide is None:
            return ""
        words = listed(self.extra)
        if self.guide.return_path == "own":
            return f"{words} in your SPF record does nothing: bounces go to a domain of {self.name}'s."
        return f"{words} in your SPF record counts only where {self.name} has bounces come back to the domain itself."

    @property
    def state(self) -> Literal["there", "missing", "unknown", "page"]:
        """The whole in a word: what is needed is there, something is missing, or nobody can tell."""
        states = [need.state for need in self.needs if need.needed]
        if any(state in ("missing", "other") for state in states):
            return "missing"
        if "unknown" in states:
            return "unknown"
        return "page" if "page" in states else "there"


def included(record: str) -> tuple[str, ...]:
    """The names that an SPF record lets pass by include and redirect, in its order."""
    read = parse(record)
    found: list[str] = []
    for term in read.terms:
        if term.name == "all":
            break
        if term.name == "include" and term.qualifier == "+":
            found.append(term.value.rstrip(".").lower())
    return (*found, *([read.redirect.rstrip(".").lower()] if read.redirect else []))


def states(seen: Seen, declared: Declared | None, selectors: Iterable[str] = ()) -> tuple[SenderState, ...]:
    """Everybody who was named or seen: those that the founder named first, then the others, in the guides' order.

    `selectors` are those that the domain signed messages with.
    """
    said = declared or Declared()
    where = _where(seen, selectors)
    out = [_guided(one, seen, True, where.get(one.id, ())) for one in said.guides]
    out += [_typed(host, seen, True) for host in (*said.hosts, *said.addresses)]
    others = [one for one in guides() if one.id in where and one.id not in said.ids]
    out += [_guided(one, seen, said.covers(one), where[one.id]) for one in others]
    strangers = [host for record in seen.spf for host in included(record) if by_spf(host) is None]
    out += [_typed(host, seen, False) for host in dict.fromkeys(strangers) if host not in said.hosts]
    return tuple(out)


def _where(seen: Seen, selectors: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Where each service was seen, by its id."""
    found: dict[str, list[str]] = {}
    for record in seen.spf:
        for host in included(record):
            one = by_spf(host)
            if one is not None:
                found.setdefault(one.id, []).append(f"include:{host} in your SPF record")
    for value in seen.at(seen.domain, "MX"):
        one = by_mx(value)
        if one is not None and one.kind == "inbox":  # where mail arrives, people write from
            found.setdefault(one.id, []).append("your MX records")
    for name, type in seen.answers:
        selector, mark, _ = name.partition("._domainkey.")
        if mark and type == "TXT":
            one = by_dkim(selector, seen.alias(name))
            if one is not None and _dkim_state(one, seen, name)[0] == "there":
                found.setdefault(one.id, []).append(f"its key at {selector}._domainkey")
    for selector in selectors:
        one = by_dkim(selector)
        if one is not None:
            found.setdefault(one.id, []).append(f"a message signed with {selector}")
    return {id: tuple(dict.fromkeys(places)) for id, places in found.items()}


def _typed(word: str, seen: Seen, declared: bool) -> SenderState:
    """A host or an address that no guide is about: all that we can see is whether the SPF record names it."""
    try:
        term = term_for(word)
    except ValueError:
        term = ""
    names = [one.text.lower().removeprefix("+").rstrip(".") for record in seen.spf for one in parse(record).terms]
    there = bool(term) and term in names
    state: NeedState = "there" if there else "missing" if seen.sure(seen.domain, "TXT") else "unknown"
    need = Need("spf", "TXT", seen.domain, term, state, _spf_say(seen, there, term))
    return SenderState(word, word, None, declared, ("your SPF record",) if there else (), (need,))


def _guided(one: SenderGuide, seen: Seen, declared: bool, where: tuple[str, ...]) -> SenderState:
    theirs = [host for record in seen.spf for host in included(record) if by_spf(host) is one]
    needs = [_need(one, record, seen) for record in one.records if record.part in ("spf", "dkim", "return-path")]
    extra = tuple(f"include:{host}" for host in theirs) if not one.includes else ()
    return SenderState(one.id, one.name, one, declared, where, tuple(needs), extra)


def _need(one: SenderGuide, record: SenderRecord, seen: Seen) -> Need:
    name, value = record.named(seen.domain), record.filled(seen.domain)
    state: NeedState
    if record.part == "spf":
        there = any(by_spf(host) is one for text in seen.spf for host in included(text))
        state = "there" if there else "missing" if seen.sure(seen.domain, "TXT") else "unknown"
        return Need("spf", "TXT", seen.domain, value, state, _spf_say(seen, there, value))
    if not name:
        key = _signed(one, seen) if record.part == "dkim" else ""
        state, say = ("there", key) if key else ("page", record.shown)
        return Need(record.part, record.type, "", value, state, say, record.needed)
    if record.part == "dkim":
        state, say = _dkim_state(one, seen, name)
    else:
        state, say = _path_state(one, record, seen, name)
    if state == "missing" and not value:
        say = f"nothing is at {name}; their page shows what to put there: {record.shown}"
    return Need(record.part, record.type, name, value, state, say, record.needed)


def theirs_at(one: SenderGuide, record: SenderRecord, seen: Seen) -> bool:
    """True where what stands at a record's name is theirs, and counts. Of a key with a name that only their page tells:
    where a message told it."""
    name = record.named(seen.domain)
    if record.part == "dkim":
        return _dkim_state(one, seen, name)[0] == "there" if name else bool(_signed(one, seen))
    return bool(name) and _path_state(one, record, seen, name)[0] == "there"


def _spf_say(seen: Seen, there: bool, term: str) -> str:
    if there:
        return f"your SPF record has {term}" if any(term in text.lower() for text in seen.spf) else "your SPF record"
    if not seen.sure(seen.domain, "TXT"):
        return f"we could not read TXT {seen.domain}: {seen.why(seen.domain, 'TXT')}"
    return f"your SPF record does not have {term}" if seen.spf else f"{seen.domain} has no SPF record"


def _signed(one: SenderGuide, seen: Seen) -> str:
    """A sentence about a key of theirs whose name only their page or a message tells; "" where none was seen."""
    for name, type in seen.answers:
        selector, mark, _ = name.partition("._domainkey.")
        owner = by_dkim(selector, seen.alias(name)) if mark and type == "TXT" else None
        if owner is None or owner.id not in (one.id, one.through):
            continue
        state, say = _dkim_state(owner, seen, name)
        if state == "there":
            return say if owner is one else f"{say}; it is {owner.name}'s, whose machines {one.name} sends with"
    return ""


def _dkim_state(one: SenderGuide, seen: Seen, name: str) -> tuple[NeedState, str]:
    """A key is there where their CNAME leads to a key, or a key stands there itself; a revoked one is not."""
    if not seen.sure(name, "TXT"):
        return "unknown", f"we could not read TXT {name}: {seen.why(name, 'TXT')}"
    target = seen.alias(name)
    if target and one.dkim_names and not any(mark.fits(target) for mark in one.dkim_names):
        return "other", f"{name} leads to {target}, which is not theirs"
    keys = [parse_key(value) for value in seen.at(name, "TXT") if is_key(value) or "p=" in value]
    if any(key.valid for key in keys):
        return "there", f"the key at {name} is there" + (f", through {target}" if target else "")
    if any(key.revoked for key in keys):
        return "missing", f"the key at {name} is revoked"
    if keys:
        return "other", f"what stands at {name} is no key that counts: {'; '.join(keys[0].errors) or 'it is broken'}"
    return "missing", f"{name} leads to {target}, and no key is there yet" if target else f"nothing is at {name}"


def _path_state(one: SenderGuide, record: SenderRecord, seen: Seen, name: str) -> tuple[NeedState, str]:
    """A return path is there where it leads to their machines, or to those that they send with."""
    if not seen.sure(name, record.type):
        return "unknown", f"we could not read {record.type} {name}: {seen.why(name, record.type)}"
    found = seen.at(name, record.type)
    through = one.through_guide()
    marks = [mark for guide in (one, through) if guide is not None for mark in (*guide.path_names, *guide.mx_names)]
    if record.type == "TXT":
        texts = [value for value in found if is_spf(value)]
        theirs = [each for each in (one, through) if each is not None]
        if any(by_spf(host) in theirs for text in texts for host in included(text)):
            return "there", f"the SPF record of {name} names them"
        return ("other", f"the SPF record of {name} does not name them") if texts else ("missing", f"no SPF at {name}")
    targets = [value.split()[-1] for value in found if value.split()]
    if any(mark.fits(target) for mark in marks for target in targets):
        return "there", f"{record.type} {name} leads to {targets[0].rstrip('.')}"
    return ("other", f"{record.type} {name} leads elsewhere") if targets else ("missing", f"nothing is at {name}")
