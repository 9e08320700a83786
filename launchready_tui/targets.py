"""The records that a host or builder asks for: what to point a domain at, as data (`targets.toml`) with its examples.

Where a host gives each site its own values there are none here: a guess would send visitors to somebody else's site.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from functools import cache
from typing import Any

from launchready_tui.known import NameMark, name_marks, read_data

_ALIASES = ("CNAME", "ALIAS", "ANAME")


@dataclass(frozen=True, slots=True)
class Target:
    """One host or builder. `apex` and `www` are (type, value) with names ending in a dot, or () where each has its own.

    `alias` is the name for an ALIAS, ANAME or flattened CNAME at the apex ("" where none is documented). `apex_own` and
    `www_own` say where the founder finds own values, `beside` names types that must not stay beside, `proof` the extra
    record of ownership ("" where none). `all_addresses` is True where an address that is not accepted is surely not
    theirs; otherwise it may be one that the host gave to this site alone.
    """

    name: str
    apex: tuple[tuple[str, str], ...]
    www: tuple[tuple[str, str], ...]
    alias: str
    apex_own: str
    www_own: str
    all_addresses: bool
    beside: tuple[str, ...]
    proof: str
    page: str
    path: str
    yes: tuple[str, ...]
    no: tuple[str, ...]
    source: str
    checked: str
    date: str
    names: tuple[NameMark, ...] = ()
    ranges: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()

    def accepts(self, type: str, value: str) -> bool:
        """True where a record of this type and value leads to this host. The trailing dot and case do not matter."""
        type, value = type.upper(), value.strip()
        if type in _ALIASES:
            return any(mark.fits(value) for mark in self.names)
        if type not in ("A", "AAAA"):
            return False
        try:
            address = ipaddress.ip_address(value)
        except ValueError:
            return False
        of_type = address.version == (4 if type == "A" else 6)
        return of_type and any(address in network for network in self.ranges)


def _said(text: str) -> str:
    return "" if text == "none" else text


def _target(entry: dict[str, Any]) -> Target:
    return Target(
        name=entry["name"],
        apex=tuple((kind, value) for kind, value in entry["apex"]),
        www=tuple((kind, value) for kind, value in entry["www"]),
        alias=_said(entry["alias"]),
        apex_own=entry["apex_own"],
        www_own=entry["www_own"],
        all_addresses=entry["all"],
        beside=tuple(kind for kind in entry["beside"] if kind != "none"),
        proof=_said(entry["proof"]),
        page=entry["page"],
        path=entry["path"],
        yes=tuple(entry["yes"]),
        no=tuple(entry["no"]),
        source=entry["source"],
        checked=entry["checked"],
        date=str(entry["date"]),
        names=name_marks(entry["names"]),
        ranges=tuple(ipaddress.ip_network(network) for network in entry["ranges"]),
    )


@cache
def targets() -> tuple[Target, ...]:
    """All of them, in the file's order."""
    return tuple(_target(entry) for entry in read_data("targets.toml")["target"])


def target(name: str) -> Target | None:
    """By the name that `known.web_host` gives ("Vercel", "Fly.io"); case does not matter. None for one not here."""
    wanted = name.strip().lower().removesuffix(".io")
    return next((one for one in targets() if one.name.lower() == wanted), None)
