"""Names that certificates were ever issued for: the public logs of certificates (RFC 9162), asked through crt.sh.

Whatever has a certificate is listed there for good, test sites that everybody forgot included.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from launchready_tui import limits
from launchready_tui.domain import is_name
from launchready_tui.project import Project
from launchready_tui.sources.once import Once
from launchready_tui.sources.registry import moment
from launchready_tui.sources.web import NoPage, Page, Web

SEARCH = "https://crt.sh"
_ACCEPT = (("accept", "application/json"),)
_NAME_CHARACTERS = 20_000  # of one entry: a certificate holds 100 names, a few hundred at most


@dataclass(frozen=True, slots=True)
class Logged:
    """One name under the domain, in lower case without a trailing dot; `since` is when its first certificate that we
    read was logged, None where the entry does not say."""

    name: str
    since: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Log:
    """`names` are hosts, those with the newest certificate first. A wildcard "*.dev.good.example" stands there as
    dev.good.example. `cut` says that there are more than we read."""

    domain: str
    names: tuple[Logged, ...] = ()
    cut: bool = False
    server: str = ""


@dataclass(frozen=True, slots=True)
class NoLog:
    """Could not tell: the search did not answer, answered something else, or registries are off."""

    domain: str
    kind: Literal["off", "timeout", "broken", "limited"]
    say: str


Answer = Log | NoLog


def parse(body: bytes, domain: str, *, cut: bool = False, server: str = "") -> Log | None:
    """Read a list of entries, as far as it can be read; None for what is no such list.

    An entry that is cut off or of another shape costs itself alone. Names that are none, or not under the domain, are
    left out.
    """
    text = body.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if not text.startswith("["):
        return None
    newest: dict[str, dt.datetime | None] = {}
    since: dict[str, dt.datetime | None] = {}
    whole = False
    for entry in _entries(text):
        if entry is None:
            whole = True
            break
        at = moment(entry[1]) if entry[1] else None
        for name in _names(entry[0], domain):
            if name not in since:
                if len(since) == limits.CT_NAMES:
                    cut = True
                    continue
                since[name] = newest[name] = at
            elif at is not None:
                first, last = since[name], newest[name]
                since[name] = at if first is None else min(first, at)
                newest[name] = at if last is None else max(last, at)
    old = dt.datetime.min.replace(tzinfo=dt.UTC)
    order = sorted(since, key=lambda name: (newest[name] or old, name), reverse=True)
    return Log(domain, tuple(Logged(name, since[name]) for name in order), cut or not whole, server)


def _entries(text: str) -> Iterator[tuple[str, str] | None]:
    """(names, time) of each entry of a JSON list; None at its proper end, nothing more where it breaks off."""
    decoder, at = json.JSONDecoder(), 1
    while True:
        while at < len(text) and text[at] in ", \t\r\n":
            at += 1
        if text[at : at + 1] == "]":
            yield None
            return
        try:
            entry, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):  # cut off, or no JSON from here on
            return
        if isinstance(entry, dict):
            names, when = entry.get("name_value"), entry.get("entry_timestamp") or entry.get("not_before")
            if isinstance(names, str):
                yield names[:_NAME_CHARACTERS], when if isinstance(when, str) else ""


def _names(text: str, domain: str) -> Iterator[str]:
    """The names of one entry that lie under the domain. Mail addresses and internal names are none."""
    for word in text.lower().split():
        name = word.removeprefix("*.").rstrip(".")
        if name.endswith(f".{domain}") and len(name) <= 253 and is_name(name):
            yield name


class Transparency:
    """One search a domain in a run. Not there when the founder said --no-registries."""

    needs = "the public certificate logs (they are off with --no-registries)"

    def __init__(self, project: Project, web: Web) -> None:
        self._network = project.network
        self._web = web
        self._once: Once[str, Answer] = Once()

    async def look(self, domain: str) -> Answer:
        """Which names under the domain certificates were issued for. Never raises for what servers do."""
        if not self._network.registries:
            return NoLog(domain, "off", "you asked us not to look at the public registries")
        return await self._once.get(domain, lambda: self._look(domain))

    async def _look(self, domain: str) -> Answer:
        base = (self._network.ct or SEARCH).rstrip("/")
        server = urlsplit(base).hostname or ""
        # %25 is the search's own sign for "anything", as it stands in an address.
        url = f"{base}/?q=%25.{domain}&output=json"
        try:
            async with asyncio.timeout(limits.CT_SECONDS):
                reply = await self._web.get(url, headers=_ACCEPT, most=limits.CT_BYTES)
        except TimeoutError:
            return NoLog(domain, "timeout", f"did not answer within {limits.CT_SECONDS:.0f} seconds")
        if isinstance(reply, NoPage):
            limited = reply.reason == "429"
            kind: Literal["limited", "timeout", "broken"]
            kind = "limited" if limited else "timeout" if reply.kind == "timeout" else "broken"
            return NoLog(domain, kind, "asks us to come back later (429)" if limited else reply.say)
        return _judge(domain, reply, server)

    async def aclose(self) -> None:
        """Stop what still runs."""
        await self._once.aclose()


def _judge(domain: str, page: Page, server: str) -> Answer:
    if page.status == 429:
        return NoLog(domain, "limited", "asks us to come back later (429)")
    if page.status != 200:
        return NoLog(domain, "broken", f"answered {page.status}")
    return parse(page.body, domain, cut=page.cut, server=server) or NoLog(
        domain, "broken", "answered with something that is no list of certificates"
    )
