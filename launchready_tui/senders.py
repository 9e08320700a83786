"""Who sends mail for a founder: what each service asks for in the DNS, and what gives it away (`senders.toml`).

Also who the founder said may send (question `email.senders`). Everything here is pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from launchready_tui.answers import Answer, Answers
from launchready_tui.known import NameMark, name_marks, read_data

QUESTION = "email.senders"

Part = Literal["spf", "dkim", "return-path", "verify", "inbox"]
_HOST = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9][a-z0-9-]{0,61}[a-z0-9]\Z")


@dataclass(frozen=True, slots=True)
class SenderRecord:
    """One record that a service asks for.

    `part` is what it is for ("inbox" is the MX of an inbox), `name` as typed below the domain ("@" is the domain
    itself; "*" stands for what their page shows), `value` in presentation form with {domain} and {dashed} for the
    founder's domain, or "" where each account has its own; then `shown` says where their page shows it. `needed` is
    False where mail works without.
    """

    part: Part
    type: str
    name: str
    value: str = ""
    shown: str = ""
    needed: bool = True

    def named(self, domain: str) -> str:
        """The full name, or "" where their page shows a part of it."""
        if "*" in self.name:
            return ""
        return domain if self.name == "@" else f"{self._filled(self.name, domain)}.{domain}"

    def filled(self, domain: str) -> str:
        """The value for this domain; "" where each account has its own."""
        return self._filled(self.value, domain)

    @staticmethod
    def _filled(text: str, domain: str) -> str:
        return text.replace("{domain}", domain).replace("{dashed}", domain.replace(".", "-"))


@dataclass(frozen=True, slots=True)
class SenderGuide:
    """One service, fields as `senders.toml` explains them.

    `includes` are the SPF names that it asks for at the domain itself, () where it asks for none there; `lookups` what
    the first of them cost when it was noted down (RFC 7208 section 4.6.4, itself counted), 0 without. `return_path` is
    whose domain bounces go to by default ("own" is the service's), `return_path_sub` the usual subdomain of the
    founder's ("em*" with a number), "" where none. `through` is the id of the service whose machines it sends with, ""
    for its own. `dmarc` are the proofs that line up with the founder's domain once the records are there.
    """

    id: str
    name: str
    kind: Literal["inbox", "app", "newsletter"]
    includes: tuple[str, ...]
    lookups: int
    selectors: tuple[str, ...]
    selector_patterns: tuple[str, ...]
    dkim_type: Literal["CNAME", "TXT", "either"]
    return_path: Literal["own", "yours", "either"]
    return_path_sub: str
    through: str
    records: tuple[SenderRecord, ...]
    dmarc: tuple[str, ...]
    dmarc_say: str
    headers: tuple[str, ...]
    page: str
    path: str
    yes: tuple[str, ...]
    no: tuple[str, ...]
    source: str
    checked: str
    date: str
    spf_names: tuple[NameMark, ...] = ()
    mx_names: tuple[NameMark, ...] = ()
    dkim_names: tuple[NameMark, ...] = ()
    path_names: tuple[NameMark, ...] = ()
    hosts: tuple[NameMark, ...] = ()

    @property
    def include(self) -> str:
        """The name to include at the domain itself, "" where none is asked for."""
        return self.includes[0] if self.includes else ""

    def include_for(self, servers: Iterable[str]) -> str:
        """The name to include where mail arrives at these servers: a service with regions has one for each (an MX at
        mx.zoho.eu takes zoho.eu). Else the usual one."""
        names = [name.rstrip(".").lower() for name in servers]
        own = (one for one in self.includes if any(name == one or name.endswith(f".{one}") for name in names))
        return next(own, self.include)

    def through_guide(self) -> SenderGuide | None:
        """Whose machines it sends with; None for its own."""
        return guide(self.through) if self.through else None

    def of(self, *parts: Part) -> tuple[SenderRecord, ...]:
        return tuple(record for record in self.records if record.part in parts)


def _said(text: str) -> str:
    return "" if text == "none" else text


def _guide(entry: dict[str, Any]) -> SenderGuide:
    records = tuple(
        SenderRecord(one["part"], one["type"], one["name"], one["value"], one["shown"], one["needed"])
        for one in entry["records"]
    )
    return SenderGuide(
        id=entry["id"],
        name=entry["name"],
        kind=entry["kind"],
        includes=tuple(entry["includes"]),
        lookups=entry["lookups"],
        selectors=tuple(entry["selectors"]),
        selector_patterns=tuple(entry["selector_patterns"]),
        dkim_type=entry["dkim_type"],
        return_path=entry["return_path"],
        return_path_sub=_said(entry["return_path_sub"]),
        through=_said(entry["through"]),
        records=records,
        dmarc=tuple(entry["dmarc"]),
        dmarc_say=entry["dmarc_say"],
        headers=tuple(name.lower() for name in entry["headers"]),
        page=entry["page"],
        path=entry["path"],
        yes=tuple(entry["yes"]),
        no=tuple(entry["no"]),
        source=entry["source"],
        checked=entry["checked"],
        date=str(entry["date"]),
        spf_names=name_marks(entry["spf_names"]),
        mx_names=name_marks(entry["mx_names"]),
        dkim_names=name_marks(entry["dkim_names"]),
        path_names=name_marks(entry["path_names"]),
        hosts=name_marks(entry["hosts"]),
    )


@cache
def guides() -> tuple[SenderGuide, ...]:
    """All of them, in the file's order."""
    return tuple(_guide(entry) for entry in read_data("senders.toml")["sender"])


def guide(id: str) -> SenderGuide | None:
    """By its id ("google-workspace") or its name ("Google Workspace"); case does not matter. None for one not here."""
    wanted = id.strip().lower()
    return next((one for one in guides() if wanted in (one.id, one.name.lower())), None)


def _fits(marks: Iterable[NameMark], name: str) -> bool:
    return any(mark.fits(name) for mark in marks)


def by_spf(host: str) -> SenderGuide | None:
    """Whose SPF name this is (the target of an include or redirect)."""
    return next((one for one in guides() if _fits(one.spf_names, host)), None)


def by_mx(host: str) -> SenderGuide | None:
    """Whose mail server this is: a name, or an MX value ("10 mx.example.")."""
    name = (host.split() or [""])[-1]
    return next((one for one in guides() if _fits(one.mx_names, name)), None)


def by_dkim(selector: str, target: str = "") -> SenderGuide | None:
    """Whose DKIM key this is: by the name that its CNAME leads to, else by a selector that only one service uses."""
    if target:
        return next((one for one in guides() if _fits(one.dkim_names, target)), None)
    word = selector.strip().rstrip(".").lower()
    found = [one for one in guides() if word in one.selectors or _fits(name_marks(one.selector_patterns), word)]
    return found[0] if len(found) == 1 else None


def by_return_path(domain: str) -> SenderGuide | None:
    """Whose domain bounces go to, from a Return-Path's domain, or from where such a subdomain's CNAME or MX leads."""
    return next((one for one in guides() if _fits(one.path_names, domain)), None)


def by_host(host: str) -> SenderGuide | None:
    """Whose server handed a message over, by the name in its Received line."""
    return next((one for one in guides() if _fits(one.hosts, host)), None)


def by_headers(names: Iterable[str]) -> SenderGuide | None:
    """Who sent a message, by the names of its header fields that only this service writes."""
    there = {name.strip().lower() for name in names}
    return next((one for one in guides() if there & set(one.headers)), None)


@dataclass(frozen=True, slots=True)
class Declared:
    """Whom the founder named. `guides` are services that we know, `hosts` and `addresses` what was typed besides
    (A-label names, IP addresses or networks), `unread` what is neither. `nobody`: the domain sends no mail."""

    guides: tuple[SenderGuide, ...] = ()
    hosts: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    nobody: bool = False
    who: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(one.id for one in self.guides)

    def covers(self, found: SenderGuide) -> bool:
        """True where a service that was seen is one of those named, or sends for one (Amazon SES for Resend)."""
        return any(found.id in (one.id, one.through) for one in self.guides)

    @property
    def names(self) -> tuple[str, ...]:
        """For a sentence: services by name, then hosts and addresses as they are."""
        return (*(one.name for one in self.guides), *self.hosts, *self.addresses)


def declared(answers: Answers | None) -> Declared | None:
    """What question `email.senders` was answered with; None where it was not asked yet, ran out, or is not known."""
    answer = answers.get(QUESTION) if answers is not None else None
    return read_answer(answer) if answer is not None else None


def read_answer(answer: Answer) -> Declared:
    """One answer read. Ids that are no longer ours are kept in `unread`, so that nobody is lost in silence."""
    import ipaddress

    if answer.choice == "none":
        return Declared(nobody=True, who=answer.who)
    named = [one for one in guides() if one.id in answer.ticks]
    unread = sorted(answer.ticks - {one.id for one in named})
    hosts: list[str] = []
    addresses: list[str] = []
    for word in re.split(r"[,;\s]+", answer.fields.get("other", "")):
        plain = word.strip().rstrip(".").lower()
        if not plain:
            continue
        try:
            addresses.append(str(ipaddress.ip_network(plain, strict=False)).removesuffix("/32").removesuffix("/128"))
        except ValueError:
            known = guide(plain) or by_spf(plain)
            if known is not None:
                named += [known] if known not in named else []
            elif _HOST.match(plain):
                hosts.append(plain)
            else:
                unread.append(word)
    ordered = tuple(one for one in guides() if one in named)
    return Declared(
        ordered, tuple(dict.fromkeys(hosts)), tuple(dict.fromkeys(addresses)), tuple(unread), False, answer.who
    )
