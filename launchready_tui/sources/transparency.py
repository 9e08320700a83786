"""Names that certificates were ever issued for: the public logs of certificates (RFC 9162), asked through crt.sh.

Whatever has a certificate is listed there for good, test sites that everybody forgot included.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
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
_START = re.compile(r"[\ufeff \t\r\n]*\[")
_STEP = 200  # entries and names read in one go: about 2 ms


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
    reading = _Reading(domain, cut)
    for _ in reading.steps(body):
        pass
    return reading.log(server)


class _Reading:
    """A list on its way in. steps() pauses often, so that who draws a screen beside it can go on in between."""

    def __init__(self, domain: str, cut: bool) -> None:
        self._domain, self._cut = domain, cut
        self._newest: dict[str, dt.datetime | None] = {}
        self._since: dict[str, dt.datetime | None] = {}
        self._is_list = False

    def steps(self, body: bytes) -> Iterator[None]:
        text = body.decode("utf-8", "replace")
        at = _START.match(text)
        self._is_list = at is not None
        if at is None:
            return
        done, whole = 0, False
        for number, entry in enumerate(_entries(text, at.end())):
            if entry is None:
                whole = True
                break
            if number == limits.CT_ENTRIES:
                break
            when = moment(entry[1]) if entry[1] else None
            for name in _names(entry[0], self._domain):
                self._add(name, when)
                done += 1
                if done % _STEP == 0:
                    yield
            done += 1
            if done % _STEP == 0:
                yield
        self._cut = self._cut or not whole

    def _add(self, name: str, when: dt.datetime | None) -> None:
        if name not in self._since:
            if len(self._since) == limits.CT_NAMES:
                self._cut = True
                return
            self._since[name] = self._newest[name] = when
        elif when is not None:
            first, last = self._since[name], self._newest[name]
            self._since[name] = when if first is None else min(first, when)
            self._newest[name] = when if last is None else max(last, when)

    def log(self, server: str) -> Log | None:
        """What was read; None where it was no list."""
        if not self._is_list:
            return None
        old = dt.datetime.min.replace(tzinfo=dt.UTC)
        order = sorted(self._since, key=lambda name: (self._newest[name] or old, name), reverse=True)
        return Log(self._domain, tuple(Logged(name, self._since[name]) for name in order), self._cut, server)


def _entries(text: str, at: int) -> Iterator[tuple[str, str] | None]:
    """(names, time) of each entry of a JSON list; None at its proper end, nothing more where it breaks off."""
    decoder = json.JSONDecoder()
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
            names = names[:_NAME_CHARACTERS] if isinstance(names, str) else ""
            yield names, when if isinstance(when, str) else ""
        else:
            yield "", ""


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
        return await _judge(domain, reply, server)

    async def aclose(self) -> None:
        """Stop what still runs."""
        await self._once.aclose()


async def _judge(domain: str, page: Page, server: str) -> Answer:
    if page.status == 429:
        return NoLog(domain, "limited", "asks us to come back later (429)")
    if page.status != 200:
        return NoLog(domain, "broken", f"answered {page.status}")
    reading = _Reading(domain, page.cut)
    for _ in reading.steps(page.body):
        await asyncio.sleep(0)  # keys and answers have their turn
    return reading.log(server) or NoLog(domain, "broken", "answered with something that is no list of certificates")
