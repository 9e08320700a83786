"""What the registry says of a domain: RDAP (RFC 9082, RFC 9083), found through IANA's bootstrap (RFC 9224)."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal, TypeVar
from urllib.parse import urlsplit

import msgspec

from launchready_tui import limits
from launchready_tui.project import Project
from launchready_tui.sources.once import Once
from launchready_tui.sources.web import NoPage, Page, Web
from launchready_tui.suffixes import private_suffix

BOOTSTRAP = "https://data.iana.org/rdap/dns.json"
_ACCEPT = (("accept", "application/rdap+json, application/json"),)  # RFC 7480 section 4.2
_STATUSES = 40  # EPP knows about 30; more is noise
_EVENTS = 100
_ENTITIES = 100
_SERVERS = 32

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Registration:
    """`statuses` are EPP names in lower camel case as RFC 8056 maps them ("clientTransferProhibited").

    `expires` is None where the registry does not say (many country registries)."""

    domain: str
    registrar: str = ""
    expires: dt.datetime | None = None
    registered: dt.datetime | None = None
    statuses: tuple[str, ...] = ()
    name_servers: tuple[str, ...] = ()
    server: str = ""


@dataclass(frozen=True, slots=True)
class NotRegistered:
    """The registry's server answered 404 (a fact)."""

    domain: str
    server: str = ""


@dataclass(frozen=True, slots=True)
class NoRegistry:
    """Could not tell: no RDAP server is known for this ending, it did not answer, or registries are off."""

    domain: str
    kind: Literal["off", "no-server", "timeout", "broken", "limited"]
    say: str


Answer = Registration | NotRegistered | NoRegistry


class _Bootstrap(msgspec.Struct):
    """RFC 9224 section 4: services are [[endings], [base URLs]]."""

    services: list[list[list[str]]]


class _Domain(msgspec.Struct, rename="camel"):
    """RFC 9083 section 5.3. Each part is read on its own, so that one odd part does not cost the rest."""

    object_class_name: msgspec.Raw = msgspec.Raw(b"null")
    ldh_name: msgspec.Raw = msgspec.Raw(b"null")
    status: msgspec.Raw = msgspec.Raw(b"null")
    events: msgspec.Raw = msgspec.Raw(b"null")
    entities: msgspec.Raw = msgspec.Raw(b"null")
    nameservers: msgspec.Raw = msgspec.Raw(b"null")


class _Event(msgspec.Struct, rename="camel"):
    event_action: str
    event_date: str


class _Entity(msgspec.Struct, rename="camel"):
    roles: list[str]
    handle: msgspec.Raw = msgspec.Raw(b"null")
    vcard_array: msgspec.Raw = msgspec.Raw(b"null")


class _NameServer(msgspec.Struct, rename="camel"):
    ldh_name: str


def _part(raw: msgspec.Raw | bytes, type: type[T]) -> T | None:
    """One part of a document, None where it is not of that shape."""
    try:
        return msgspec.json.decode(raw, type=type)
    except (ValueError, RecursionError):  # msgspec's errors are ValueErrors; nesting ends in RecursionError
        return None


def _parts(raw: msgspec.Raw, type: type[T], most: int) -> list[T]:
    """The items of a list that have the shape; the others are passed over."""
    items = _part(raw, list[msgspec.Raw]) or []
    return [item for item in (_part(item, type) for item in items[:most]) if item is not None]


def epp_status(text: str) -> str:
    """An RDAP status as its EPP name (RFC 8056 section 2): "client transfer prohibited" is clientTransferProhibited."""
    words = re.sub(r"[_\s]+", " ", text.strip()).split(" ")
    if len(words) == 1:
        # Some servers send the EPP name itself; then only the first letter may be wrong.
        word = words[0][:1].lower() + words[0][1:]
        return {"active": "ok", "associated": "linked"}.get(word.lower(), word)
    return words[0].lower() + "".join(word[:1].upper() + word[1:].lower() for word in words[1:])


def moment(text: str) -> dt.datetime | None:
    """An RFC 3339 time, tolerantly: a bare date and a missing zone count as UTC. None for what is no time."""
    text = re.sub(r"(\.\d{6})\d+", r"\1", text.strip())
    try:
        when = dt.datetime.fromisoformat(text)
        when = when.replace(tzinfo=dt.UTC) if when.tzinfo is None else when.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
    return when if 1980 <= when.year <= 2200 else None


def _card_name(raw: msgspec.Raw) -> str:
    """The name on a jCard (RFC 7095): its "fn", or its "org"."""
    card = _part(raw, list[msgspec.Raw]) or []
    fields = (_part(card[1], list[msgspec.Raw]) or []) if len(card) >= 2 else []
    names: dict[str, str] = {}
    for item in fields[:_ENTITIES]:
        field = _part(item, list[msgspec.Raw]) or []
        key, value = (_part(field[0], str), _part(field[3], str)) if len(field) >= 4 else (None, None)
        if key and value and value.strip():
            names.setdefault(key.lower(), value.strip())
    return names.get("fn") or names.get("org") or ""


def _registrar(document: _Domain) -> str:
    for entity in _parts(document.entities, _Entity, _ENTITIES):
        if any(role.lower() == "registrar" for role in entity.roles):
            return _card_name(entity.vcard_array) or _part(entity.handle, str) or ""
    return ""


def parse(body: bytes, domain: str, server: str) -> Registration | None:
    """Read a domain object (RFC 9083 section 5.3); None where the body is none, or is about another domain."""
    document = _part(body, _Domain)
    if document is None or _part(document.object_class_name, str) != "domain":
        return None
    name = _part(document.ldh_name, str)
    if name is not None and name.rstrip(".").lower() != domain:
        return None
    times: dict[str, dt.datetime] = {}
    for event in _parts(document.events, _Event, _EVENTS):
        when = moment(event.event_date)
        if when is not None:
            times.setdefault(event.event_action.strip().lower(), when)
    statuses = (epp_status(status) for status in _parts(document.status, str, _STATUSES) if status.strip())
    servers = (found.ldh_name.rstrip(".").lower() for found in _parts(document.nameservers, _NameServer, _SERVERS))
    return Registration(
        domain,
        registrar=_registrar(document),
        expires=times.get("expiration"),
        registered=times.get("registration"),
        statuses=tuple(dict.fromkeys(statuses)),
        name_servers=tuple(dict.fromkeys(servers)),
        server=server,
    )


def base_for(body: bytes, domain: str) -> str | None:
    """The base URL for a domain in IANA's bootstrap: the longest ending that fits, https first (RFC 9224 section 4).

    "" where the list names no server for this ending, None where it is not such a list.
    """
    bootstrap = _part(body, _Bootstrap)
    if bootstrap is None:
        return None
    best, bases = 0, []
    for service in bootstrap.services:
        if len(service) < 2:
            continue
        for ending in service[0]:
            length = len(ending.split("."))
            if length > best and (f".{domain}").endswith(f".{ending.lower()}"):
                best, bases = length, service[1]
    usable = [base for base in bases if base.startswith(("https://", "http://"))]
    return min(usable, key=lambda base: not base.startswith("https://"), default="")


def registrable(domain: str) -> str:
    """The name that was bought: "app.good.co.uk" is good.co.uk. A bare ending stays itself."""
    domain = domain.rstrip(".").lower()
    return private_suffix(domain, only_icann=True) or domain


class Registry:
    """One look a domain in a run. Not there when the founder said --no-registries."""

    needs = "the public registry (it is off with --no-registries)"

    def __init__(self, project: Project, web: Web) -> None:
        self._network = project.network
        self._web = web
        self._once: Once[str, Answer] = Once()

    async def look(self, domain: str) -> Answer:
        """Ask about the registrable domain of `domain`. Never raises for what servers do."""
        if not self._network.registries:
            return NoRegistry(domain, "off", "you asked us not to look at the public registries")
        name = registrable(domain)
        return await self._once.get(name, lambda: self._look(name))

    async def _look(self, domain: str) -> Answer:
        try:
            async with asyncio.timeout(limits.RDAP_SECONDS):
                base = self._network.rdap or await self._base(domain)
            if isinstance(base, NoRegistry):
                return base
            async with asyncio.timeout(limits.RDAP_SECONDS):
                return await self._ask(domain, base)
        except TimeoutError:
            return NoRegistry(domain, "timeout", f"did not answer within {limits.RDAP_SECONDS:.0f} seconds")

    async def _base(self, domain: str) -> str | NoRegistry:
        reply = await self._web.get(BOOTSTRAP, headers=_ACCEPT, most=limits.RDAP_BYTES)
        if isinstance(reply, NoPage):
            return _no_page(domain, reply)
        base = base_for(reply.body, domain) if reply.status == 200 and not reply.cut else None
        if base is None:
            return NoRegistry(domain, "broken", "the list of registries at data.iana.org could not be read")
        if not base:
            ending = domain.rpartition(".")[2]
            return NoRegistry(domain, "no-server", f"the registry of .{ending} offers no public look-up")
        return base

    async def _ask(self, domain: str, base: str) -> Answer:
        url = f"{base.rstrip('/')}/domain/{domain}"
        for _ in range(limits.RDAP_REDIRECTS + 1):
            reply = await self._web.get(url, headers=_ACCEPT, most=limits.RDAP_BYTES)
            if isinstance(reply, NoPage):
                return _no_page(domain, reply)
            target = reply.location
            if not 300 <= reply.status < 400:
                return _judge(domain, reply)
            if target is None or (url.startswith("https://") and not target.startswith("https://")):
                return NoRegistry(domain, "broken", f"sent us on to an address that we do not follow ({reply.status})")
            url = target
        return NoRegistry(domain, "broken", f"sent us on more than {limits.RDAP_REDIRECTS} times")

    async def aclose(self) -> None:
        await self._once.aclose()


def _no_page(domain: str, reply: NoPage) -> NoRegistry:
    if reply.reason == "429":  # RFC 7480 section 5.5
        return NoRegistry(domain, "limited", f"{urlsplit(reply.url).hostname} asks us to come back later (429)")
    return NoRegistry(domain, "timeout" if reply.kind == "timeout" else "broken", reply.say)


def _judge(domain: str, page: Page) -> Answer:
    server = urlsplit(page.url).hostname or ""
    if page.status == 404:  # RFC 7480 section 5.3
        return NotRegistered(domain, server)
    if page.status != 200:
        return NoRegistry(domain, "broken", f"{server} answered {page.status}")
    if page.cut:
        return NoRegistry(domain, "broken", f"{server} sent more than {limits.RDAP_BYTES:,} bytes")
    found = parse(page.body, domain, server)
    return found or NoRegistry(domain, "broken", f"{server} answered with something that is no registration")
