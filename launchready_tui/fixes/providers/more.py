"""Other DNS hosts that octoDNS writes at. Each needs one more package, which an extra of ours brings.

Google Cloud DNS, Azure DNS and NS1 are not among them: they want a file of keys, or bring a client of their own that
takes its proxies from the environment.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from launchready_tui.fixes.providers import Ask, Provider
from launchready_tui.fixes.providers.octo import OctoPlace
from launchready_tui.secret import Secret


@dataclass(frozen=True, slots=True)
class _Kind:
    """`module` and `made` name octoDNS' provider, `given` makes its arguments from what was typed and the secret.

    `host` is its name in dns_hosts.toml, "" where it is not in there. `least` is the shortest TTL, in seconds, that the
    host is known to take; 1 where we know of none.
    """

    name: str
    host: str
    module: str
    made: str
    given: Callable[[Mapping[str, str], str], dict[str, Any]]
    secret: str
    page: str
    scopes: tuple[str, ...]
    asks: tuple[Ask, ...] = ()
    least: int = 1


def _token(_: Mapping[str, str], secret: str) -> dict[str, Any]:
    return {"token": secret}


def _ovh(given: Mapping[str, str], secret: str) -> dict[str, Any]:
    application, colon, consumer = secret.partition(":")
    if not colon:
        raise ValueError("Type the application secret, a colon, and the consumer key.")
    return {
        "endpoint": given.get("endpoint") or "ovh-eu",
        "application_key": given["application_key"],
        "application_secret": application,
        "consumer_key": consumer,
    }


_KINDS: dict[str, _Kind] = {
    "bunny": _Kind(
        "Bunny DNS",
        "Bunny DNS",
        "octodns_bunny",
        "BunnyProvider",
        lambda _, secret: {"api_key": secret},
        "API key",
        "https://dash.bunny.net/account/api-key",
        ("the account's API key: it may do everything",),
        least=15,
    ),
    "desec": _Kind(
        "deSEC",
        "deSEC",
        "octodns_desec",
        "DesecProvider",
        _token,
        "Token",
        "https://desec.io/tokens",
        ("read and write for your domain",),
        least=3_600,
    ),
    "digitalocean": _Kind(
        "DigitalOcean",
        "DigitalOcean",
        "octodns_digitalocean",
        "DigitalOceanProvider",
        _token,
        "Personal access token",
        "https://cloud.digitalocean.com/account/api/tokens",
        ("domain: read, create, update, delete",),
        least=30,
    ),
    "dnsimple": _Kind(
        "DNSimple",
        "DNSimple",
        "octodns_dnsimple",
        "DnsimpleProvider",
        lambda given, secret: {"token": secret, "account": int(given["account"])},
        "Account access token",
        "https://dnsimple.com/user",
        ("an account token, not a user token",),
        (Ask("account", "Account number, as it stands in the address of your panel", "12345"),),
        least=60,
    ),
    "easydns": _Kind(
        "easyDNS",
        "",
        "octodns_easydns",
        "EasyDnsProvider",
        lambda given, secret: {"token": given["token"], "api_key": secret},
        "API key",
        "https://cp.easydns.com/manage/security/api/",
        ("the production key",),
        (Ask("token", "API token, the name that goes with the key", "a1b2c3"),),
        least=300,
    ),
    "gandi": _Kind(
        "Gandi",
        "Gandi",
        "octodns_gandi",
        "GandiProvider",
        _token,
        "Personal access token",
        "https://admin.gandi.net/organizations/account/pat",
        ("Manage domain name technical configurations",),
        least=300,
    ),
    "hetzner": _Kind(
        "Hetzner",
        "Hetzner",
        "octodns_hetzner",
        "HetznerProvider",
        lambda given, secret: {"token": secret, "backend": given.get("backend") or "hcloud"},
        "API token",
        "https://console.hetzner.com/projects",
        ("Read & Write",),
        (
            Ask(
                "backend",
                "Where the zone is: hcloud (Hetzner Console) or dnsapi (the older DNS Console)",
                "hcloud",
                "hcloud",
            ),
        ),
        least=60,
    ),
    "ovh": _Kind(
        "OVHcloud",
        "OVHcloud",
        "octodns_ovh",
        "OvhProvider",
        _ovh,
        "Application secret and consumer key, with a colon between them",
        "https://www.ovh.com/auth/api/createToken",
        ("GET, PUT, POST and DELETE on /domain/zone/*",),
        (
            Ask("application_key", "Application key", "7kbG7Bk7S9Nt7ZSV"),
            Ask("endpoint", "Which OVH: ovh-eu, ovh-ca or ovh-us", "ovh-eu", "ovh-eu"),
        ),
        least=60,
    ),
    "route53": _Kind(
        "Amazon Route 53",
        "Amazon Route 53",
        "octodns_route53",
        "Route53Provider",
        lambda given, secret: {"access_key_id": given["access_key_id"], "secret_access_key": secret},
        "Secret access key",
        "https://console.aws.amazon.com/iam/home#/security_credentials",
        (
            "route53:ListHostedZonesByName, route53:ListResourceRecordSets, route53:ChangeResourceRecordSets, "
            "route53:ListHealthChecks",
        ),
        (Ask("access_key_id", "Access key id", "AKIA…"),),
    ),
}


def _opened(key: str, kind: _Kind) -> Callable[[Mapping[str, str], Secret], OctoPlace]:
    def opened(given: Mapping[str, str], secret: Secret) -> OctoPlace:
        if importlib.util.find_spec(kind.module) is None:
            raise ImportError(
                f"Writing at {kind.name} needs one more package. Install it with: pip install 'launchready-tui[{key}]'"
            )
        kind.given(given, secret.reveal())  # says now what is missing or wrong

        def make(session: Any) -> Any:
            from launchready_tui.fixes.providers.more_octo import built

            return built(kind.module, kind.made, kind.given(given, secret.reveal()), session)

        api = given.get("api", "")
        return OctoPlace(
            kind.name, given["zone"], make, least=kind.least, instead=api, ca=given.get("ca", "") if api else ""
        )

    return opened


PROVIDERS: dict[str, Provider] = {
    key: Provider(
        kind=key,
        name=kind.name,
        hosts=(kind.host,) if kind.host else (),
        asks=kind.asks,
        secret=kind.secret,
        open=_opened(key, kind),
        page=kind.page,
        scopes=kind.scopes,
        extra=key,
    )
    for key, kind in _KINDS.items()
}
