"""Who serves a name: providers known by their name servers, headers, aliases, addresses, MX and SPF names.

The marks are data (`known.toml`; `dns_hosts.toml` for the DNS hosts whose panel we know, `senders.toml` for the mail
services that have a guide), each with its source, date and examples. A mark is matched on label boundaries, so
"notcloudflare.com.evil.example" is not Cloudflare. What is not known is "", never a guess.
"""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the HTTP client costs 0.2 s to load, and only its type is named here
    from launchready_tui.sources.web import Page

_KINDS = ("dns", "host", "cdn", "mail", "sender")
_SPF_NAME = re.compile(r"^[+?~-]?(?:include:|redirect=)(.+)$", re.IGNORECASE)


def _glob(pattern: str, anything: str) -> str | re.Pattern[str]:
    """A pattern to match with; nearly all are plain words, which need none."""
    pattern = pattern.lower()
    if "*" not in pattern:
        return pattern
    return re.compile(anything.join(re.escape(part) for part in pattern.split("*")), re.DOTALL)


def _fits(glob: str | re.Pattern[str], text: str) -> bool:
    return glob == text if isinstance(glob, str) else glob.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class NameMark:
    """A name, or a pattern of one ("awsdns-*.com"), that fits itself and everything below it, label by label."""

    labels: tuple[str | re.Pattern[str], ...]

    def fits(self, name: str) -> bool:
        """True where `name` is this one or below it. The trailing dot and case do not matter."""
        labels = name.rstrip(".").lower().split(".")
        return len(labels) >= len(self.labels) and all(
            _fits(glob, label) for glob, label in zip(reversed(self.labels), reversed(labels), strict=False)
        )


def name_marks(names: Iterable[str]) -> tuple[NameMark, ...]:
    """Patterns as the data files write them, compiled."""
    return tuple(NameMark(tuple(_glob(label, "[^.]*") for label in name.split("."))) for name in names)


@dataclass(frozen=True, slots=True)
class Mark:
    """One provider's marks of one kind, compiled, with the examples that prove them."""

    kind: str
    name: str
    names: tuple[NameMark, ...]
    headers: tuple[tuple[str, str | re.Pattern[str] | None], ...]
    ranges: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    source: str
    date: str

    def has_name(self, name: str) -> bool:
        """True where `name` is one of theirs or below one. The trailing dot and case do not matter."""
        return any(mark.fits(name) for mark in self.names)

    def has_header(self, name: str, value: str) -> bool:
        name, value = name.lower(), value.strip().lower()
        return any(name == key and (glob is None or _fits(glob, value)) for key, glob in self.headers)

    def has_address(self, text: str) -> bool:
        """False too for text that is no address."""
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return False
        return any(address in network for network in self.ranges)


def _mark(kind: str, entry: dict[str, Any]) -> Mark:
    headers: list[tuple[str, str | re.Pattern[str] | None]] = []
    for header in entry.get("headers", ()):
        key, colon, value = header.partition(":")
        headers.append((key.lower(), _glob(value.strip(), ".*") if colon else None))
    return Mark(
        kind=kind,
        name=entry["name"],
        names=name_marks(entry.get("names", ())),
        headers=tuple(headers),
        ranges=tuple(ipaddress.ip_network(network) for network in entry.get("ranges", ())),
        yes=tuple(entry["yes"]),
        no=tuple(entry["no"]),
        source=entry["source"],
        date=str(entry["date"]),
    )


@cache
def marks(kind: str) -> tuple[Mark, ...]:
    """All marks of a kind ("dns", "host", "cdn", "mail", "sender"), in the file's order."""
    return _all()[kind]


@cache
def _all() -> dict[str, tuple[Mark, ...]]:
    data = dict(read_data("known.toml"))
    # A host of DNS stands in one file only: where we know its panel, its name servers stand there too, and come first.
    hosts = [entry for entry in read_data("dns_hosts.toml")["host"] if entry["names"]]
    data["dns"] = [*hosts, *data["dns"]]
    guides = read_data("senders.toml")["sender"]
    data["sender"] = [*_of_guides(guides, "spf"), *data["sender"]]
    data["mail"] = [*_of_guides(guides, "mx"), *data["mail"]]
    return {kind: tuple(_mark(kind, entry) for entry in data[kind]) for kind in _KINDS}


def _of_guides(guides: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """The guides' marks of one kind ("spf", "mx") as entries of this file, with the examples of that kind."""
    found = []
    for guide in guides:
        if not guide[f"{kind}_names"]:
            continue
        examples = {
            side: [name for which, _, name in (one.partition(" ") for one in guide[side]) if which == kind]
            for side in ("yes", "no")
        }
        found.append(guide | {"names": guide[f"{kind}_names"], "headers": []} | examples)
    return found


@cache
def read_data(name: str) -> dict[str, Any]:
    """One of the data files beside this module."""
    return tomllib.loads(resources.files("launchready_tui").joinpath(name).read_text(encoding="utf-8"))


def _by_names(kind: str, names: Iterable[str]) -> str:
    """The first mark that any of the names carries."""
    return _carried(kind, tuple(names))


@lru_cache(maxsize=256)
def _carried(kind: str, names: tuple[str, ...]) -> str:
    """Looked up once: many checks want to say who keeps the records."""
    return next((mark.name for mark in marks(kind) if any(mark.has_name(name) for name in names)), "")


def _by_page(kind: str, page: Page | None, addresses: Iterable[str], aliases: Iterable[str]) -> str:
    headers = page.headers if page is not None else ()
    where = (*addresses, *((page.address,) if page is not None and page.address else ()))
    return _shown(kind, headers, tuple(aliases), where)


@lru_cache(maxsize=64)
def _shown(kind: str, headers: tuple[tuple[str, str], ...], names: tuple[str, ...], where: tuple[str, ...]) -> str:
    """Looked up once: several checks ask about the same page."""
    # What the page itself says comes first: a proxied name resolves to the proxy, its headers still name the host.
    for mark in marks(kind):
        if any(mark.has_header(key, value) for key, value in headers):
            return mark.name
    for mark in marks(kind):
        if any(mark.has_name(name) for name in names) or any(mark.has_address(address) for address in where):
            return mark.name
    return ""


def dns_host(name_servers: Iterable[str]) -> str:
    """Whose name servers these are ("Namecheap"); "" when unknown. Where several companies serve, the first known."""
    return _by_names("dns", name_servers)


def web_host(page: Page | None, aliases: Iterable[str] = (), addresses: Iterable[str] = ()) -> str:
    """Who hosts the site ("Vercel"), by its headers, CNAME targets and addresses; "" when unknown."""
    return _by_page("host", page, addresses, aliases)


def cdn(page: Page | None, addresses: Iterable[str] = (), aliases: Iterable[str] = ()) -> str:
    """The content network or shield before the site ("Cloudflare"); "" when none is known."""
    return _by_page("cdn", page, addresses, aliases)


def mail_host(mx: Iterable[str]) -> str:
    """Where mail arrives ("Google Workspace"). `mx` are names, or MX values in presentation form ("10 mx.example.")."""
    return _by_names("mail", (value.split()[-1] for value in mx if value.split()))


def senders(spf: str) -> tuple[str, ...]:
    """Who may send mail by an SPF record's include and redirect, in its order. An unknown name stays itself."""
    found: list[str] = []
    for term in spf.split():
        match = _SPF_NAME.match(term)
        if match is None:
            continue
        name = match[1].rstrip(".").lower()
        who = _by_names("sender", (name,)) or name
        if who not in found:
            found.append(who)
    return tuple(found)
