"""What the founder told us about one launch. Where it lives on disk is `workspace.py`'s business."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

# What a page can be for. The wizard's page "Your addresses" asks for the first three.
URL_KINDS = (
    "home",
    "login",
    "signup",
    "api",
    "reset",
    "invite",
    "callback",
    "feed",
    "list",
    "post",
    "checkout",
    "preview",
)
ALLOWED = ("measure", "burst", "rate-probe", "build")
PUBLIC_RESOLVERS = ("1.1.1.1", "8.8.8.8", "9.9.9.9", "208.67.222.222")


@dataclass(frozen=True, slots=True)
class Network:
    """How this launch is reached: the plain internet, or a staging network on other addresses and ports.

    `resolvers` are (IP, port); they stand for the public resolvers in every rule. `dns_port` is the port of every
    authoritative server. `connect_to` maps (host, port) to (address, port), as curl does. `ca` is a PEM file that is
    trusted beside the system's. `private` allows addresses that are not public. `rdap` is a base URL that stands for
    the registries, `ct` one that stands for the search of certificate logs; `registries` False asks none of them.
    """

    resolvers: tuple[tuple[str, int], ...] = tuple((address, 53) for address in PUBLIC_RESOLVERS)
    dns_port: int = 53
    connect_to: Mapping[tuple[str, int], tuple[str, int]] = field(default_factory=dict)
    ca: str | None = None
    private: bool = False
    rdap: str | None = None
    registries: bool = True
    ct: str | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """One launch. `domain` is the apex as an A-label in lower case without the trailing dot.

    `urls` maps a kind of URL_KINDS to an absolute URL, or to "" where the founder said "we have none"; a kind that is
    not there was never asked. `subs` are the declared subdomains as labels ("app"), None when never asked. `absent`
    maps a part of the product that does not exist (one of ABSENT) to who said so and when ("Ada, 3 Nov 2026").
    `old_paths` are old addresses of the site ("/pricing-2023") that must still lead somewhere.
    `connections` name places that can be changed (see fixes/connect.py); their secrets are in the vault.
    """

    domain: str
    product: str = ""
    urls: Mapping[str, str] = field(default_factory=dict)
    subs: tuple[str, ...] | None = None
    repo: str | None = None
    marker: str = ""
    dkim_selectors: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    absent: Mapping[str, str] = field(default_factory=dict)
    network: Network = Network()
    allowed: frozenset[str] = frozenset()
    connections: tuple[Mapping[str, str], ...] = ()
    old_paths: tuple[str, ...] = ()

    needs = "a domain"

    @property
    def www(self) -> str:
        return f"www.{self.domain}"

    @property
    def hosts(self) -> tuple[str, ...]:
        """Apex, www and the declared subdomains."""
        return (self.domain, self.www, *(f"{sub}.{self.domain}" for sub in self.subs or ()))

    def url(self, kind: str) -> str | None:
        """The URL of a kind; "" where there is none, None when never asked. Home is https://<domain>/ by itself."""
        if kind == "home" and "home" not in self.urls:
            return f"https://{self.domain}/"
        return self.urls.get(kind)


class Clock:
    """The moment at which certificates, expiries and answers are judged: now, or a fixed one (`--at`)."""

    needs = "the time"

    def __init__(self, at: dt.datetime | None = None) -> None:
        self._at = at

    def now(self) -> dt.datetime:
        """An aware datetime in UTC."""
        return self._at or dt.datetime.now(dt.UTC)
