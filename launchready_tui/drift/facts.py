"""The facts that a handover states, and the questions that they raise. Pure, and bounded whatever the file says."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from msgspec import structs

from launchready_tui import limits
from launchready_tui.domain import BadDomain, parse_domain, registrable
from launchready_tui.handover.document import (
    AcceptedRisk,
    Action,
    Answered,
    CertificateSeen,
    Handover,
    HeaderSeen,
    PageSeen,
    RedirectRow,
    System,
    WaySeen,
)
from launchready_tui.saying import Problem
from launchready_tui.sources.urls import host_of

T = TypeVar("T")
TYPES = frozenset({"NS", "A", "AAAA", "CNAME", "MX", "TXT", "CAA", "SRV", "DS"})
_STEP = re.compile(r"(\d{3}) → (\S+?)(?:,|$)")
_LAST = re.compile(r"(?:^|, )(\d{3})$")


class NoFacts(Problem):
    """A handover that cannot be verified. `sentence` says why."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that is asked again. `left_out` counts what a bounded look does not ask for."""

    domain: str
    written_at: dt.datetime | None = None
    name_servers: tuple[str, ...] = ()
    serial: str = ""
    made_up_names: str = ""
    sets: tuple[Answered, ...] = ()
    ways: tuple[WaySeen, ...] = ()
    certificates: tuple[CertificateSeen, ...] = ()
    headers: tuple[HeaderSeen, ...] = ()
    pages: tuple[PageSeen, ...] = ()
    shields: frozenset[str] = frozenset()
    systems: tuple[System, ...] = ()
    risks: tuple[AcceptedRisk, ...] = ()
    actions: tuple[Action, ...] = ()
    left_out: int = 0

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every host that is asked over http or https, in the order of the file; not where these lead on to."""
        urls = [*(way.url for way in self.ways), *(page.url for page in self.pages), *(h.url for h in self.headers)]
        return tuple(dict.fromkeys([*map(host_of, urls), *(each.host for each in self.certificates)]))

    @property
    def zones(self) -> tuple[str, ...]:
        """Every registered domain below which names are looked up in the DNS."""
        names = [self.domain, *(each.name for each in self.sets)]
        return tuple(dict.fromkeys(registrable(name) for name in names))

    @property
    def count(self) -> int:
        """How many facts are compared."""
        web = len(self.ways) + len(self.certificates) + len(self.headers) + len(self.pages)
        people = len(self.systems) + len(self.risks) + len(self.actions)
        return bool(self.name_servers) + bool(self.made_up_names) + len(self.sets) + web + people


def from_handover(handover: Handover) -> Facts:
    """Read the facts off a handover: what the world was answered that day, and where it does not say, its records and
    redirects. Raises NoFacts for a file whose domain is none."""
    try:
        domain = parse_domain(handover.product.domain).domain
    except BadDomain as bad:
        raise NoFacts(f"The file does not say which domain it is about. {bad}") from bad
    base = handover.baseline
    sets = {
        (key := (_name(each.name), each.type)): structs.replace(each, name=key[0])
        for each in base.answers
        if each.type in TYPES
    }
    for record in handover.records:
        key = (_name(record.name), record.type)
        if record.type in TYPES and record.values and not base.answers:
            sets.setdefault(key, Answered(name=key[0], type=record.type, values=record.values))
    ways = {way.url: way for way in base.ways}
    if not base.ways:
        ways = {row.url: way for row in handover.redirect_matrix if (way := _way(row)) is not None}
    bound = _Bound()
    hosts = _Hosts(bound)
    return Facts(
        domain,
        base.taken_at or handover.product.written_at,
        tuple(map(_name, base.name_servers[:20])),
        base.serial,
        base.made_up_names,
        bound.cut(sorted(sets.values(), key=lambda each: _place(each, domain)), limits.VERIFY_SETS),
        bound.cut(hosts.of_urls(ways.values()), limits.VERIFY_WAYS),
        bound.cut([each for each in base.certificates if hosts.room(each.host)], limits.VERIFY_CERTIFICATES),
        bound.cut(hosts.of_urls(base.headers), limits.VERIFY_PAGES * 8),
        bound.cut(hosts.of_urls(base.pages), limits.VERIFY_PAGES),
        frozenset(base.shields),
        bound.cut([each for each in handover.systems if not each.absent], limits.VERIFY_PEOPLE),
        bound.cut(handover.accepted_risks, limits.VERIFY_PEOPLE),
        bound.cut([each for each in handover.next_actions if not each.done], limits.VERIFY_PEOPLE),
        bound.left,
    )


class _Bound:
    """Cuts lists, and counts what it cut."""

    def __init__(self) -> None:
        self.left = 0

    def cut(self, things: Iterable[T], most: int) -> tuple[T, ...]:
        listed = tuple(things)
        self.left += max(0, len(listed) - most)
        return listed[:most]


class _Hosts:
    """Lets in the first so many hosts of a file, and only addresses that a browser would open."""

    def __init__(self, bound: _Bound) -> None:
        self._seen: set[str] = set()
        self._bound = bound

    def room(self, host: str) -> bool:
        if host and (host in self._seen or len(self._seen) < limits.VERIFY_HOSTS):
            self._seen.add(host)
            return True
        self._bound.left += 1
        return False

    def of_urls(self, things: Iterable[T]) -> list[T]:
        return [each for each in things if self.room(_web_host(str(getattr(each, "url", ""))))]


def _web_host(url: str) -> str:
    try:
        return host_of(url) if urlsplit(url).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _name(name: str) -> str:
    return name.strip().rstrip(".").lower()


def _place(each: Answered, domain: str) -> tuple[int, int, str, str]:
    """The domain's own records first, then by depth: what a bounded look leaves out is what matters least."""
    name = _name(each.name)
    rank = 0 if name == domain else 1 if name in (f"www.{domain}", f"_dmarc.{domain}") else 2
    return (rank, name.count("."), name, each.type)


def _way(row: RedirectRow) -> WaySeen | None:
    """What a row of the redirect matrix states; None where nothing was seen, or no end."""
    last = _LAST.search(row.seen)
    if last is None or not row.status:
        return None
    steps = _STEP.findall(row.seen)
    end = steps[-1][1] if steps else row.url
    parts = urlsplit(row.url)
    kind = "site" if parts.path in ("", "/") else "link"
    return WaySeen(url=row.url, kind=kind, status=row.status, end=end, end_status=int(last[1]), hops=len(steps))
