"""Our nouns as plain types for TOML and JSON, and back. Unknown fields are left out; what does not fit is a ValueError
whose text is one sentence and names the field, never its value."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import msgspec

from launchready_tui import limits
from launchready_tui.answers import Answer
from launchready_tui.domain import is_name
from launchready_tui.model import Finding
from launchready_tui.owners import SYSTEMS, Owner
from launchready_tui.project import ALLOWED, URL_KINDS, Network, Project
from launchready_tui.secretlist import KeptSecret
from launchready_tui.text import clean

T = TypeVar("T")
_URL = 2_000  # characters kept of a URL
_TEXT = 600
Plain = dict[str, object]


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """A finding as it was last seen: `at` when (UTC), `seconds` how long the check took."""

    finding: Finding
    seconds: float
    at: dt.datetime


# ---- curl's HOST:PORT:ADDRESS:PORT ----

_END = r"(\[[0-9A-Fa-f:.%]+\]|[^\s:\[\]]+):([0-9]{1,5})"
_CONNECT_TO = re.compile(rf"{_END}:{_END}")


def parse_connect_to(text: str) -> tuple[tuple[str, int], tuple[str, int]]:
    """Read curl's form: "good.example:443:127.0.0.1:8443" is (("good.example", 443), ("127.0.0.1", 8443)).

    IPv6 stands in brackets and comes out without them. Raises ValueError with a sentence.
    """
    found = _CONNECT_TO.fullmatch(text.strip()[:600])
    if found is None:
        raise ValueError(
            f"“{clean(text, limit=80)}” is not HOST:PORT:ADDRESS:PORT, such as good.example:443:127.0.0.1:8443."
        )
    host, port, address, to = found[1], _port(found[2]), found[3], _port(found[4])
    host = _ip(host) if host.startswith("[") else host.lower().rstrip(".")
    if not host.isascii():
        raise ValueError(f"“{clean(host, limit=80)}” should be in its xn-- form here.")
    return (host, port), ("127.0.0.1" if address.lower() == "localhost" else _ip(address), to)


def show_connect_to(source: tuple[str, int], target: tuple[str, int]) -> str:
    """The text that parse_connect_to reads."""
    return f"{show_endpoint(*source)}:{show_endpoint(*target)}"


def parse_endpoint(text: str, port: int) -> tuple[str, int]:
    """Read "IP", "IP:PORT" or "[IPv6]:PORT"; `port` where none is given. Raises ValueError with a sentence."""
    text = text.strip()[:120]
    bare, colon, number = text.rpartition(":")
    if text.startswith("[") and text.endswith("]"):
        return _ip(text), port
    if colon and (bare.startswith("[") or ":" not in bare):
        return _ip(bare), _port(number)
    return _ip(text), port


def show_endpoint(host: str, port: int) -> str:
    """ "127.0.0.1:53", "[::1]:53"."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _ip(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text.removeprefix("[").removesuffix("]")))
    except ValueError as error:
        raise ValueError(f"“{clean(text, limit=80)}” is not an IP address.") from error


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:6]) < 65_536:
        raise ValueError(f"“{clean(text, limit=20)}” is not a port; ports go from 1 to 65535.")
    return int(text)


# ---- project.toml ----


class _Network(msgspec.Struct):
    """Network as a person can read and edit it in project.toml."""

    resolvers: tuple[str, ...] | None = None
    dns_port: int = 53
    connect_to: tuple[str, ...] = ()
    ca: str | None = None
    private: bool = False
    rdap: str | None = None
    ct: str | None = None
    registries: bool = True


class _Project(msgspec.Struct):
    domain: str
    product: str = ""
    urls: dict[str, str] = {}
    subs: tuple[str, ...] | None = None
    repo: str | None = None
    marker: str = ""
    dkim_selectors: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    absent: dict[str, str] = {}
    network: _Network = msgspec.field(default_factory=_Network)
    allowed: tuple[str, ...] = ()
    connections: tuple[dict[str, str], ...] = ()
    old_paths: tuple[str, ...] = ()


def encode_project(project: Project) -> Plain:
    """Plain types without a null, for TOML. A default is left out, so that a newer default reaches old projects."""
    network = project.network
    plain: Plain = {
        "domain": project.domain,
        "product": project.product,
        "subs": None if project.subs is None else list(project.subs),
        "repo": project.repo,
        "marker": project.marker,
        "dkim_selectors": list(project.dkim_selectors),
        "senders": list(project.senders),
        "allowed": sorted(project.allowed),
        "urls": dict(project.urls),
        "absent": dict(project.absent),
        "network": _filled(
            {
                "resolvers": [show_endpoint(*resolver) for resolver in network.resolvers]
                if network.resolvers != Network().resolvers
                else None,
                "dns_port": network.dns_port if network.dns_port != 53 else None,
                "connect_to": [show_connect_to(*pair) for pair in network.connect_to.items()],
                "ca": network.ca,
                "private": network.private or None,
                "rdap": network.rdap,
                "ct": network.ct,
                "registries": None if network.registries else False,
            },
            keep=("resolvers",),
        ),
        "connections": [dict(connection) for connection in project.connections],
        "old_paths": list(project.old_paths),
    }
    return _filled(plain, keep=("subs",))


def decode_project(plain: object) -> Project:
    """A Project from plain types. Raises ValueError with a sentence."""
    read = _convert(plain, _Project)
    if not is_name(read.domain):
        raise ValueError("“domain” is not a domain in its plain form, such as good.example.")
    for kind, url in read.urls.items():
        if url and not re.match(r"https?://[^\s/]", url):
            raise ValueError(f"“urls.{clean(kind, limit=40)}” is not an address that starts with https://.")
    if not all(is_name(sub, labels=1) for sub in read.subs or ()):
        raise ValueError("“subs” holds something that is not the first part of a name, such as app.")
    if not 0 < read.network.dns_port < 65_536:
        raise ValueError("“network.dns_port” is not a port; ports go from 1 to 65535.")
    resolvers = read.network.resolvers
    network = Network(
        resolvers=Network().resolvers if resolvers is None else tuple(parse_endpoint(text, 53) for text in resolvers),
        dns_port=read.network.dns_port,
        connect_to=dict(parse_connect_to(text) for text in read.network.connect_to),
        ca=read.network.ca,
        private=read.network.private,
        rdap=read.network.rdap and clean(read.network.rdap, limit=_URL),
        ct=read.network.ct and clean(read.network.ct, limit=_URL),
        registries=read.network.registries,
    )
    return Project(
        domain=read.domain,
        product=clean(read.product),
        urls={kind: clean(url, limit=_URL) for kind, url in read.urls.items() if kind in URL_KINDS},
        subs=read.subs,
        repo=read.repo,
        marker=clean(read.marker),
        dkim_selectors=_cleaned(read.dkim_selectors),
        senders=_cleaned(read.senders),
        absent={clean(part, limit=60): clean(who) for part, who in read.absent.items()},
        network=network,
        allowed=frozenset(read.allowed) & frozenset(ALLOWED),
        connections=tuple(
            {clean(key, limit=60): clean(value, limit=_URL) for key, value in one.items()} for one in read.connections
        ),
        old_paths=tuple(clean(path, limit=_URL) for path in read.old_paths if path.startswith("/"))[: limits.OLD_PATHS],
    )


# ---- answers, findings, owners ----


def encode_answer(answer: Answer) -> Plain:
    """Plain JSON for the journal."""
    return {
        "question": answer.question,
        "choice": answer.choice,
        "who": answer.who,
        "at": answer.at.isoformat(),
        "days": answer.days,
        "ticks": sorted(answer.ticks),
        "fields": dict(answer.fields),
        "note": answer.note,
    }


def decode_answer(plain: object) -> Answer:
    """Raises ValueError with a sentence; also where `at` has no time zone, since it is compared with now."""
    return _aware(_convert(plain, Answer), "at")


def encode_finding(stored: StoredFinding) -> Plain:
    """Plain JSON, nulls kept: a RecordSet's ttl of null is not its default."""
    plain: Plain = msgspec.to_builtins(stored, str_keys=True)
    return plain


def decode_finding(plain: object) -> StoredFinding:
    """Raises ValueError with a sentence. The text is cleaned again, as all text from outside."""
    return _aware(_convert(plain, StoredFinding), "at")


def encode_owner(owner: Owner) -> Plain:
    """Plain JSON of what was told; what is empty is left out, since an entry of the keyring is small."""
    empty = Owner(owner.system)
    plain: Plain = msgspec.to_builtins(owner)
    return {name: value for name, value in plain.items() if name == "system" or value != _value(empty, name)}


def decode_owner(plain: object) -> Owner:
    """Raises ValueError with a sentence."""
    read = _convert(plain, Owner)
    texts: dict[str, Any] = {one.name: clean(_value(read, one.name)) for one in fields(Owner) if one.type == "str"}
    return replace(read, **texts)


def encode_secret(secret: KeptSecret) -> Plain:
    """Plain JSON for the journal; what is empty is left out."""
    plain: Plain = msgspec.to_builtins(secret)
    return {name: value for name, value in plain.items() if name == "name" or value}


def decode_secret(plain: object) -> KeptSecret:
    """Raises ValueError with a sentence."""
    return _convert(plain, KeptSecret)


def encode_index(systems: Iterable[str]) -> list[str]:
    """The names of the systems whose owners are in the keyring, in the order of SYSTEMS; nothing else about them."""
    wanted = set(systems)
    return [system for system, _, _ in SYSTEMS if system in wanted]


def decode_index(plain: object) -> tuple[str, ...]:
    """Names that are not ours are left out. Raises ValueError with a sentence."""
    return tuple(encode_index(_convert(plain, tuple[str, ...])))


def _convert(plain: object, kind: type[T]) -> T:
    try:
        return msgspec.convert(plain, kind, strict=True)
    except msgspec.ValidationError as error:
        # "Expected `str`, got `int` - at `$.network.ca`"; what stands in the file is not repeated
        what, _, where = str(error).partition(" - at `$")
        place = clean(where.strip("`").lstrip("."), limit=80)
        says = (
            clean(what.replace("`", ""), limit=160) if what.startswith(("Expected", "Object missing")) else "not valid"
        )
        raise ValueError(f"“{place}” does not fit: {says}." if place else f"It does not fit: {says}.") from error
    except (TypeError, RecursionError, OverflowError) as error:
        raise ValueError("It does not fit.") from error


def _aware(thing: T, name: str) -> T:
    at = getattr(thing, name)
    if at.tzinfo is None:
        raise ValueError(f"“{name}” is a time without a time zone.")
    return thing


def _filled(plain: Mapping[str, object], keep: tuple[str, ...] = ()) -> Plain:
    """Without what is empty; an empty list of one in `keep` stays, since there "none" and "never said" differ."""
    return {
        name: value
        for name, value in plain.items()
        if value is not None and (name in keep or value not in ("", [], {}))
    }


def _cleaned(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(clean(text, limit=_TEXT) for text in texts)


def _value(owner: Owner, name: str) -> Any:
    return getattr(owner, name)
