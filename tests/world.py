"""A world in a few lines, for the tables of the checks: what DNS, web, TLS and people say, without a network.

The sources are the real classes with their look-up replaced; real servers are met in tests/sources and tests/real.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from launchready_tui.answers import Answer, Answers
from launchready_tui.checks import Check, all_checks
from launchready_tui.codefacts import CodeFacts
from launchready_tui.engine import Context, judge
from launchready_tui.model import Finding, Severity, Status
from launchready_tui.owners import Owner, Owners
from launchready_tui.project import Clock, Project
from launchready_tui.secretscan.source import Scanned, SecretScan, scanned_of
from launchready_tui.secretscan.worker import OWN, Worker
from launchready_tui.sources import dns, load, registry, repo, smtp, tls, transparency, web
from launchready_tui.sources.dns import Answer as DnsAnswer
from launchready_tui.sources.dns import Delegation, Secured
from launchready_tui.sources.repo import NoRepo, Repo
from launchready_tui.sources.shields import in_its_place

NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
NAME = "good.example"
HEAD = "3fa2c1d0e5b64798a1c2d3e4f5061728394a5b6c"  # the commit of every canned repository
MADE_UP = ("nobody-0a1b", "made-up-b1a0")


def found(
    name: str, type: str, *values: str, ttl: int = 300, aliases: tuple[str, ...] = (), aa: bool = True
) -> dns.Found:
    return dns.Found(name, type, values, ttl, aliases, aa)


class CannedDns(dns.Dns):
    """Answers from a dict keyed (name, type), and (server, name, type) for one server; NXDOMAIN otherwise."""

    def __init__(
        self,
        answers: Mapping[tuple[str, str], dns.Answer],
        at: Mapping[tuple[str, str, str], dns.Answer],
        delegation: dns.Delegation | None,
        resolvers: tuple[str, ...] = ("1.1.1.1", "8.8.8.8", "9.9.9.9", "208.67.222.222"),
        each: Mapping[tuple[str, str, str], dns.Answer] | None = None,
        secured: Mapping[str, dns.Secured] | None = None,
        tcp: frozenset[tuple[str, str]] = frozenset(),
    ) -> None:
        self._tcp = tcp
        self._canned, self._at, self._delegation = answers, at, delegation
        self._resolvers, self._each, self._secured_by = resolvers, each or {}, secured or {}

    async def ask(self, name: str, type: str) -> dns.Answer:
        name = name.rstrip(".").lower()
        if (name, type) in self._canned:
            return self._canned[name, type]
        known = any(key[0] == name or key[0].endswith("." + name) for key in self._canned)
        return dns.NoData(name, type) if known else dns.NxDomain(name, type)

    def needed_tcp(self, name: str, type: str) -> bool:
        return (name, type) in self._tcp

    async def ask_each(self, name: str, type: str) -> dict[str, dns.Answer]:
        whole = await self.ask(name, type)
        return {resolver: self._each.get((resolver, name, type), whole) for resolver in self._resolvers}

    async def ask_secured(self, name: str, type: str) -> dict[str, dns.Secured]:
        """As told by resolver; one that nothing is told of answers and does not check signatures."""
        whole = dns.Secured(await self.ask(name, type))
        return {resolver: self._secured_by.get(resolver, whole) for resolver in self._resolvers}

    @property
    def made_up(self) -> tuple[str, str]:
        return MADE_UP

    async def ask_at(self, server: str, name: str, type: str, *, tcp: bool = False) -> dns.Answer:
        if (server, name, type) in self._at:
            return self._at[server, name, type]
        answer = await self.ask(name, type)
        return replace(answer, authoritative=True) if isinstance(answer, dns.Fact) else answer

    async def addresses(self, name: str) -> tuple[str, ...]:
        return (*dns.values(await self.ask(name, "A")), *dns.values(await self.ask(name, "AAAA")))

    async def delegation(self, zone: str) -> dns.Delegation:
        known = self._delegation
        if known is not None and zone.endswith(f".{known.zone}"):  # a name within that zone, which has none of its own
            return dns.Delegation(zone, dns.NoData(zone, "NS"), known.asked)
        return known or dns.Delegation(zone, dns.TimedOut(zone, "NS", 4.0), "nobody")

    async def aclose(self) -> None: ...


class CannedWeb(web.Web):
    """Pages from a dict keyed by URL, and (URL, address) for one address; what is not there refuses the connection."""

    def __init__(
        self, pages: Mapping[str, web.Reply], at: Mapping[tuple[str, str], web.Reply] | None = None, met: str = ""
    ) -> None:
        self._pages, self._at, self._met6 = pages, at or {}, frozenset({met} - {""})

    async def get(
        self,
        url: str,
        *,
        headers: tuple[tuple[str, str], ...] = (),
        accept_encoding: str = "gzip",
        attempt: int = 1,
        most: int | None = None,
    ) -> web.Reply:
        reply = self._pages.get(url) or web.NoPage(url, "refused", "refused our connection", fact=True)
        return (in_its_place(reply) if isinstance(reply, web.Page) else None) or reply

    async def get_at(self, url: str, address: str) -> web.Reply:
        reply = self._at.get((url, address))
        if reply is None:
            return await self.get(url)
        return (in_its_place(reply) if isinstance(reply, web.Page) else None) or reply

    @property
    def met_ipv6(self) -> frozenset[str]:
        return self._met6

    async def aclose(self) -> None: ...


class CannedTls(tls.Tls):
    """Handshakes from a dict keyed by host; a host that is not there refuses the connection."""

    def __init__(self, hosts: Mapping[str, tls.Handshake | tls.NoHandshake]) -> None:
        self._hosts = hosts

    async def look(self, host: str, port: int = 443) -> tls.Handshake | tls.NoHandshake:
        return self._hosts.get(host) or tls.NoHandshake(host, port, "refused", "refused our connection", fact=True)

    async def aclose(self) -> None: ...


class CannedRegistry(registry.Registry):
    def __init__(self, answer: registry.Registration | registry.NotRegistered | registry.NoRegistry) -> None:
        self._answer = answer

    async def look(self, domain: str) -> registry.Registration | registry.NotRegistered | registry.NoRegistry:
        return self._answer


class CannedLog(transparency.Transparency):
    def __init__(self, answer: transparency.Answer) -> None:
        self._answer = answer

    async def look(self, domain: str) -> transparency.Answer:
        return self._answer


class CannedSmtp(smtp.Smtp):
    def __init__(self, hosts: Mapping[str, smtp.Greeting | smtp.NoGreeting]) -> None:
        self._hosts = hosts

    async def look(self, host: str) -> smtp.Greeting | smtp.NoGreeting:
        return self._hosts.get(host) or smtp.NoGreeting(host, "timeout", "did not answer within 10 seconds")


class CannedRepo(repo.Repo):
    """Files from a dict of path to text, all of them tracked but for `untracked`."""

    def __init__(
        self,
        files: Mapping[str, str],
        untracked: frozenset[str] = frozenset(),
        ignored: frozenset[str] = frozenset(),
        broken: repo.NoRepo | None = None,
    ) -> None:
        self._files, self._untracked, self._ignored, self._broken = files, untracked, ignored, broken

    async def tracked(self) -> repo.Tracked | repo.NoRepo:
        return self._broken or repo.Tracked("/code", tuple(p for p in self._files if p not in self._untracked))

    async def head(self) -> str | repo.NoRepo:
        return self._broken or HEAD

    async def read(self, path: str, *, most: int = 1_000_000) -> str | None:
        return self._files.get(path)

    async def on_thread(self, work: Callable[[repo.Reader], repo.T], *, most: int) -> repo.T | repo.NoRepo:
        return self._broken or work(lambda path: (self._files.get(path) or "")[:most] or None)

    async def ignored(self, paths: tuple[str, ...]) -> frozenset[str] | repo.NoRepo:
        return self._broken or frozenset(path for path in paths if path in self._ignored)


class CannedScan(SecretScan):
    """Passes over code and history as told, nothing found where nothing is told; texts are really looked through."""

    def __init__(self, parts: Mapping[str, Scanned | NoRepo]) -> None:
        self._parts = parts

    async def worktree(self, repo: Repo) -> Scanned | NoRepo:
        return self._parts.get("worktree", Scanned(OWN, read=2))

    async def history(self, repo: Repo) -> Scanned | NoRepo:
        return self._parts.get("history", Scanned(OWN, read=2))

    async def texts(self, texts: Iterable[tuple[str, str]]) -> Scanned | NoRepo:
        if "texts" in self._parts:
            return self._parts["texts"]
        worker = Worker({"folder": "", "key": "00", "engine": OWN, "cache": ""})
        return scanned_of(
            worker.answer({"part": "texts", "texts": [{"path": path, "text": text} for path, text in texts]})
        )

    async def aclose(self) -> None: ...


class CannedLoad(load.Load):
    def __init__(self, series: load.Series) -> None:
        self._series = series

    async def sample(self, url: str) -> load.Series:
        return self._series


@dataclass(frozen=True)
class World:
    """What the checks are handed. Leave out what a row is not about; what is left out here is not there for the check,
    but for dns, web and tls, which are always there and empty."""

    project: Project = field(default_factory=lambda: Project(NAME))
    dns: Mapping[tuple[str, str], DnsAnswer] = field(default_factory=dict)
    at: Mapping[tuple[str, str, str], DnsAnswer] = field(default_factory=dict)
    each: Mapping[tuple[str, str, str], DnsAnswer] = field(default_factory=dict)
    secured: Mapping[str, Secured] = field(default_factory=dict)
    tcp: frozenset[tuple[str, str]] = frozenset()
    delegation: Delegation | None = None
    web_at: Mapping[tuple[str, str], web.Reply] = field(default_factory=dict)
    met_ipv6: str = ""
    web: Mapping[str, web.Reply] = field(default_factory=dict)
    tls: Mapping[str, tls.Handshake | tls.NoHandshake] = field(default_factory=dict)
    registry: registry.Registration | registry.NotRegistered | registry.NoRegistry | None = None
    log: transparency.Answer | None = None
    smtp: Mapping[str, smtp.Greeting | smtp.NoGreeting] = field(default_factory=dict)
    repo: repo.Repo | None = None
    load: load.Series | None = None
    scan: Mapping[str, Scanned | NoRepo] = field(default_factory=dict)
    answers: tuple[Answer, ...] = ()
    owners: Mapping[str, Owner] = field(default_factory=dict)
    now: dt.datetime = NOW
    more: tuple[object, ...] = ()

    def context(self) -> Context:
        clock = Clock(self.now)
        things: list[object] = [
            self.project,
            clock,
            Answers(self.answers, clock),
            Owners(self.owners),
            CannedDns(self.dns, self.at, self.delegation, each=self.each, secured=self.secured, tcp=self.tcp),
            CannedWeb(self.web, self.web_at, self.met_ipv6),
            CannedTls(self.tls),
            CannedSmtp(self.smtp),
            *self.more,
            CannedScan(self.scan),
        ]
        if self.registry is not None:
            things.append(CannedRegistry(self.registry))
        if self.log is not None:
            things.append(CannedLog(self.log))
        if self.repo is not None:
            things += [self.repo, CodeFacts(self.repo)]
        if self.load is not None:
            things.append(CannedLoad(self.load))
        return Context(*things)


def said(question: str, choice: str, *ticks: str, who: str = "Ada", days_ago: float = 1, **fields: str) -> Answer:
    """An answer given `days_ago` before NOW, counting as long as its question says."""
    from launchready_tui.questions import QUESTIONS

    at = NOW - dt.timedelta(days=days_ago)
    return Answer(question, choice, who, at, QUESTIONS[question].days, frozenset(ticks), fields)


@dataclass(frozen=True)
class Row:
    """One line of a check's table: in this world, this status. `says` must stand in the sentence, the fix or needs."""

    label: str
    world: World
    status: Status
    says: str = ""
    severity: Severity | None = None
    hostile: bool = False


def by_id(id: str) -> Check:
    return next(check for check in all_checks() if check.id == id)


async def hold(id: str, row: Row) -> Finding:
    """Judge one row and hold it against what it expects. Every table test calls this."""
    finding = await judge(by_id(id), row.world.context())
    assert finding.status is row.status, f"{row.label}: {finding}"
    if row.says:
        fix = finding.fix
        text = " ".join([finding.saw, fix.say if fix else "", finding.needs or ""])
        assert row.says in text, f"{row.label}: {row.says!r} is not in {text!r}"
    if row.severity is not None:
        assert finding.severity is row.severity, f"{row.label}: {finding.severity}"
    if finding.status in (Status.FAIL, Status.WARN):
        assert finding.fix is not None, f"{row.label}: a finding without something to do"
    if finding.status is Status.UNKNOWN:
        assert finding.needs, f"{row.label}: unknown without what would let us tell"
    shown = " ".join([finding.saw, finding.subject, *(e.text for e in finding.evidence)])
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    return finding
