"""The places that keep DNS records and that we can write to: what each asks for, and how it is opened.

To add one: a module that has a `PROVIDER`, and its name in `_MODULES`. Each is imported when it is asked for.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from launchready_tui.fixes.place import DnsPlace
from launchready_tui.secret import Secret

# kind -> the module whose PROVIDER it is.
_MODULES: dict[str, str] = {
    "cloudflare": "launchready_tui.fixes.providers.cloudflare",
    **dict.fromkeys(
        ("bunny", "desec", "digitalocean", "dnsimple", "easydns", "gandi", "hetzner", "ovh", "route53"),
        "launchready_tui.fixes.providers.more",
    ),
    "powerdns": "launchready_tui.fixes.providers.powerdns",
    "rfc2136": "launchready_tui.fixes.providers.rfc2136",
}


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that is typed to connect. `name` is its key in the connection."""

    name: str
    label: str
    example: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True)
class Provider:
    """`hosts` are the names by which dns_hosts.toml knows it. `asks` is what is typed beside the secret, whose label is
    `secret`. `page` is where a token is made, `scopes` what to tick there. `open` makes the place from what was typed:
    it raises ValueError with a sentence for what cannot be, and ImportError where its package is not installed, which
    `extra` brings.
    """

    kind: str
    name: str
    hosts: tuple[str, ...]
    asks: tuple[Ask, ...]
    secret: str
    open: Callable[[Mapping[str, str], Secret], DnsPlace]
    page: str = ""
    scopes: tuple[str, ...] = ()
    extra: str = ""


def kinds() -> tuple[str, ...]:
    """Every kind of provider that can be connected."""
    return tuple(_MODULES)


def provider(kind: str) -> Provider:
    """Raises KeyError for a kind that there is none of."""
    module = importlib.import_module(_MODULES[kind])
    found = getattr(module, "PROVIDERS", None)
    one: Provider = found[kind] if found is not None else module.PROVIDER
    return one


def provider_of(host: str) -> Provider | None:
    """The provider for a DNS host as dns_hosts.toml names it, None where there is none."""
    return next((one for one in map(provider, kinds()) if host in one.hosts), None)
