"""Watching with real servers: two that hold the zone, a caching resolver, and others that lag, refuse or are silent.

"Right, wait" is said only where every server of the zone that answers is right and a resolver is not; "wrong" only
where a server of the zone is wrong. The caching resolver is unbound, and its cache was filled before the change.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.tsig
import dns.versioned
import dns.zone
import pytest

from launchready_tui import limits
from launchready_tui.fixes.connect import Places
from launchready_tui.fixes.cycle import Cycle
from launchready_tui.fixes.model import Change, ChangeState, Sight
from launchready_tui.fixes.watch import watch
from launchready_tui.model import Fix, RecordSet
from launchready_tui.practice.nameserver import Nameserver
from launchready_tui.project import Clock, Network, Project
from launchready_tui.secret import Secret
from tests.fixes.test_cycle import KEY, Notebook
from tests.real.servers import free_port, require, running

pytestmark = [
    pytest.mark.xdist_group("watch"),
    pytest.mark.skipif(sys.platform != "linux", reason="127.0.0.2 answers on Linux alone"),
]

ZONE = "good.example"
FIRST, SECOND, ABOVE, RESOLVER = "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.1"
TTL, NEGATIVE = 300, 120  # of the old records; of "there is nothing" (the SOA's last field)
TEXT = f"""
@ {TTL} IN SOA ns1 hostmaster 1 3600 600 86400 {NEGATIVE}
@ {TTL} IN NS ns1
@ {TTL} IN NS ns2
ns1 {TTL} IN A {FIRST}
ns2 {TTL} IN A {SECOND}
www {TTL} IN A 93.184.215.14
gone {TTL} IN TXT "old"
short 2 IN A 93.184.215.14
"""
PARENT = f"""
@ 3600 IN SOA ns hostmaster 1 3600 600 86400 60
@ 3600 IN NS ns
ns 3600 IN A {ABOVE}
good 3600 IN NS ns1.good
good 3600 IN NS ns2.good
ns1.good 3600 IN A {FIRST}
ns2.good 3600 IN A {SECOND}
"""
WWW = RecordSet(f"www.{ZONE}", "A", ("93.184.215.20",), 60)


def zone_of(text: str, origin: str) -> dict[dns.name.Name, dns.zone.Zone]:
    name = dns.name.from_text(origin)
    return {name: dns.zone.from_text(text, name, relativize=False, zone_factory=dns.versioned.Zone)}


class _Odd(asyncio.DatagramProtocol):
    """A resolver that answers SERVFAIL to everything, or nothing."""

    def __init__(self, code: dns.rcode.Rcode | None) -> None:
        self._code = code
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]  # as asyncio calls it
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if self._code is not None and self._transport is not None:
            answer = dns.message.make_response(dns.message.from_wire(data), recursion_available=True)
            answer.set_rcode(self._code)
            self._transport.sendto(answer.to_wire(), addr)


@dataclass
class World:
    """The zone at two servers, of which only the first takes changes; `sync` brings the second up to it."""

    port: int
    stack: AsyncExitStack
    first: Nameserver = field(init=False)
    second: Nameserver = field(init=False)
    book: Notebook = field(default_factory=Notebook)

    async def start(self) -> None:
        key = dns.name.from_text("test-key")
        keys = {key: dns.tsig.Key(key, KEY, dns.tsig.HMAC_SHA256)}
        self.first = await self.serve(Nameserver(zone_of(TEXT, ZONE), keys), FIRST)
        self.second = await self.serve(Nameserver(zone_of(TEXT, ZONE), {}), SECOND)
        await self.serve(Nameserver(zone_of(PARENT, "example"), {}), ABOVE)

    async def serve(self, server: Nameserver, address: str, port: int | None = None) -> Nameserver:
        await server.start(address, self.port if port is None else port)
        self.stack.push_async_callback(server.aclose)
        return server

    def sync(self) -> None:
        self.second.zones = dict(self.first.zones)

    async def resolver(self, *zones: dict[dns.name.Name, dns.zone.Zone]) -> int:
        """A resolver that knows just these zones, and above them the parent; its port."""
        server = Nameserver({**zone_of(PARENT, "example"), **{k: v for zone in zones for k, v in zone.items()}}, {})
        number = await server.start(RESOLVER)
        self.stack.push_async_callback(server.aclose)
        return number

    async def odd(self, code: dns.rcode.Rcode | None) -> int:
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Odd(code), (RESOLVER, 0), family=socket.AF_INET
        )
        self.stack.callback(transport.close)
        return int(transport.get_extra_info("sockname")[1])

    def project(self, *resolvers: int) -> Project:
        return Project(
            ZONE,
            network=Network(tuple((RESOLVER, port) for port in resolvers), self.port, private=True),
            connections=(
                {
                    "kind": "rfc2136",
                    "server": FIRST,
                    "port": str(self.port),
                    "zone": ZONE,
                    "key": "test-key",
                    "secret": "tsig",
                },
            ),
        )

    async def change(self, *wanted: RecordSet) -> Change:
        project = self.project()
        places = Places(lambda: project, {"tsig": Secret(KEY)})
        cycle = Cycle(places.find, self.book, Clock().now, self.book.changes())
        plan = await cycle.plan("dns.x.y", "A change", Fix("records", "Do it.", records=wanted))
        last = [progress async for progress in cycle.apply(plan, "Ada")][-1]
        assert last.ok, last.text
        assert last.change is not None
        return last.change

    async def look(self, change: Change, *resolvers: int, after: float = 0.0) -> Sight:
        """The first look of the real watch, so many seconds after the change."""
        project = self.project(*resolvers)
        clock = Clock((change.ended or change.at) + dt.timedelta(seconds=after))
        async with aclosing(watch(change, project, clock, Places(lambda: project, {}))) as sights:
            return await anext(sights)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        made = World(free_port(FIRST), stack)
        await made.start()
        yield made


@asynccontextmanager
async def unbound(folder: Path, world: World) -> AsyncIterator[int]:
    """A real caching resolver of this small world."""
    require("unbound")
    port = free_port()
    (folder / "unbound.conf").write_text(
        f"""server:
  interface: {RESOLVER}
  port: {port}
  do-daemonize: no
  use-syslog: no
  chroot: ""
  username: ""
  pidfile: ""
  directory: "{folder}"
  do-not-query-localhost: no
  do-ip6: no
  num-threads: 1
  module-config: "iterator"
  qname-minimisation: no
  prefetch: no
  serve-expired: no
  target-fetch-policy: "0 0 0 0 0"
remote-control:
  control-enable: no
stub-zone:
  name: "example"
  stub-addr: {ABOVE}@{world.port}
stub-zone:
  name: "{ZONE}"
  stub-addr: {FIRST}@{world.port}
  stub-addr: {SECOND}@{world.port}
"""
    )

    async def ready() -> bool:
        return bool((await ask(port, f"ns1.{ZONE}", "A")).answer)

    async with running(["unbound", "-d", "-c", str(folder / "unbound.conf")], ready=ready, cwd=folder):
        yield port


async def ask(port: int, name: str, type: str) -> dns.message.Message:
    """What fills a cache. An answer that does not come is an empty one."""
    question = dns.message.make_query(name, type)
    try:
        return await dns.asyncquery.udp(question, RESOLVER, timeout=1.0, port=port)
    except (dns.exception.DNSException, OSError):
        return dns.message.make_response(question)


# ---- every mixture ----

_SERVERS = ("new", "old", "refuses")
_RESOLVERS = ("new", "old", "SERVFAIL")


def expected(servers: tuple[str, ...], resolvers: tuple[str, ...]) -> str:
    """The rule, written once more: wrong before anything else, then whether anybody could tell."""
    if "old" in servers:
        return "wrong"
    if "new" not in servers:
        return "unknown"
    if "old" in resolvers:
        return "wait"
    return "done" if "new" in resolvers else "unknown"


async def test_every_mixture_of_servers_and_resolvers(world: World) -> None:
    old = zone_of(TEXT, ZONE)
    change = await world.change(WWW)
    new = dict(world.first.zones)
    held = {"new": new, "old": old, "refuses": {}}
    ports = {
        "new": (await world.resolver(new), await world.resolver(new)),
        "old": (await world.resolver(old), await world.resolver(old)),
        "SERVFAIL": (await world.odd(dns.rcode.SERVFAIL), await world.odd(dns.rcode.SERVFAIL)),
    }
    for servers in itertools.product(_SERVERS, repeat=2):
        for resolvers in itertools.product(_RESOLVERS, repeat=2):
            world.first.zones, world.second.zones = held[servers[0]], held[servers[1]]
            sight = await world.look(change, *(ports[how][at] for at, how in enumerate(resolvers)))
            if resolvers == ("SERVFAIL", "SERVFAIL"):  # nobody tells which servers there are
                assert sight.verdict == "unknown", (servers, resolvers, sight)
                continue
            assert sight.verdict == expected(servers, resolvers), (servers, resolvers, sight)


async def test_one_of_two_servers_lags(world: World) -> None:
    change = await world.change(WWW)
    right = await world.resolver(world.first.zones)
    sight = await world.look(change, right)
    assert (sight.verdict, dict(sight.servers)) == ("wrong", {f"ns1.{ZONE}": "right", f"ns2.{ZONE}": "wrong"})
    assert f"ns2.{ZONE} still answers something else" in sight.text
    world.sync()
    assert (await world.look(change, right)).verdict == "done"


async def test_a_lame_server_is_no_reason_to_wait_and_is_named(world: World) -> None:
    change = await world.change(WWW)
    right = await world.resolver(world.first.zones)
    world.second.zones = {}
    sight = await world.look(change, right)
    assert sight.verdict == "done"
    assert f"ns2.{ZONE} did not answer" in sight.text


async def test_no_server_of_the_zone_answers(world: World) -> None:
    change = await world.change(WWW)
    right = await world.resolver(world.first.zones)
    world.first.zones = world.second.zones = {}
    assert (await world.look(change, right)).verdict == "unknown"


async def test_resolvers_that_say_nothing(world: World) -> None:
    """Beside one that answers, they are named; alone, nobody could tell."""
    change = await world.change(WWW)
    world.sync()
    silent, refusing = await world.odd(None), await world.odd(dns.rcode.REFUSED)
    right, old = await world.resolver(world.first.zones), await world.resolver(zone_of(TEXT, ZONE))
    assert (await world.look(change, right, silent, refusing)).verdict == "done"
    assert (await world.look(change, old, silent, refusing)).verdict == "wait"


async def test_somebody_changes_it_again(world: World) -> None:
    first = await world.change(WWW)
    await world.change(replace(WWW, values=("93.184.215.30",)))
    world.sync()
    port = await world.resolver(world.first.zones)
    assert (await world.look(first, port)).verdict == "wrong"


def instead(*lines: str) -> dict[dns.name.Name, dns.zone.Zone]:
    """The zone with other lines for www."""
    text = "\n".join(lines)
    return zone_of(TEXT.replace(f"www {TTL} IN A 93.184.215.14", text), ZONE)


async def test_a_resolver_that_says_what_never_stood_there_is_wrong(world: World) -> None:
    """Waiting would not help: it is no old answer."""
    change = await world.change(WWW)
    world.sync()
    right = await world.resolver(world.first.zones)
    for odd in (instead("www 300 IN A 93.184.215.66"), instead()):
        sight = await world.look(change, right, await world.resolver(odd))
        assert sight.verdict == "wrong"
        assert "Right at your name servers" in sight.text
        assert "did not stand there before" in sight.text


async def test_what_stood_there_before_the_change_before_is_waited_for(world: World) -> None:
    """Two changes in a row: a resolver may hold what was there before both."""
    first = await world.change(WWW)
    second = await world.change(replace(WWW, values=("93.184.215.30",)))
    world.sync()
    project = world.project(await world.resolver(zone_of(TEXT, ZONE)))
    async with aclosing(
        watch(second, project, Clock(second.at), Places(lambda: project, {}), (first, second))
    ) as sights:
        assert (await anext(sights)).verdict == "wait"


async def test_the_middle_of_a_change_by_hand_is_waited_for(world: World) -> None:
    change = replace(await world.change(WWW), state=ChangeState.BY_HAND)
    world.sync()
    both = await world.resolver(instead("www 300 IN A 93.184.215.14", "www 300 IN A 93.184.215.20"))
    none = await world.resolver(instead())
    assert (await world.look(change, both)).verdict == "wait"
    assert (await world.look(change, none)).verdict == "wait"


# ---- a real resolver's cache ----


@pytest.mark.real
async def test_the_old_answer_in_a_cache_is_counted_down(world: World, tmp_path: Path) -> None:
    async with unbound(tmp_path, world) as port:
        assert (await ask(port, WWW.name, "A")).answer
        change = await world.change(WWW)
        assert (await world.look(change, port)).verdict == "wrong"  # the second server first
        world.sync()
        for after, left in ((0, TTL), (60, TTL - 60), (TTL - 1, 1), (TTL + 60, 0)):
            sight = await world.look(change, port, after=after)
            assert (sight.verdict, sight.seconds_left, sight.seconds_whole) == ("wait", left, TTL)
            assert "still holds the old answer" in sight.text


@pytest.mark.real
async def test_a_cache_that_did_not_know_it_is_done_at_once(world: World, tmp_path: Path) -> None:
    async with unbound(tmp_path, world) as port:
        change = await world.change(WWW)
        world.sync()
        sight = await world.look(change, port)
        assert sight.verdict == "done"
        assert sight.seconds_left == 0


@pytest.mark.real
async def test_waited_for_until_the_cache_lets_go(world: World, tmp_path: Path) -> None:
    """The whole way, by the clock on the wall: the old record lives two seconds in the cache."""
    name = f"short.{ZONE}"
    async with unbound(tmp_path, world) as port:
        change = await world.change(RecordSet(name, "A", ("93.184.215.20",), 2))
        new, old = dict(world.first.zones), zone_of(TEXT, ZONE)
        world.first.zones = world.second.zones = old
        assert (await ask(port, name, "A")).answer  # the cache is filled with the old one
        world.first.zones = world.second.zones = new
        project = world.project(port)
        verdicts: list[str] = []
        async with (
            asyncio.timeout(30),
            aclosing(watch(change, project, Clock(), Places(lambda: project, {}))) as sights,
        ):
            async for sight in sights:
                verdicts.append(sight.verdict)
                assert sight.seconds_left <= 2
        assert verdicts[0] == "wait"
        assert verdicts[-1] == "done"
        assert set(verdicts) == {"wait", "done"}


@pytest.mark.real
@pytest.mark.parametrize(
    "wanted",
    [
        RecordSet(f"new.{ZONE}", "A", ("93.184.215.20",), 3600),
        RecordSet(f"www.{ZONE}", "TXT", ("new",), 3600),
    ],
    ids=["no such name", "no such record"],
)
async def test_that_there_was_nothing_is_remembered_too(world: World, tmp_path: Path, wanted: RecordSet) -> None:
    """RFC 2308: as long as the SOA says, not as long as the new record lives."""
    async with unbound(tmp_path, world) as port:
        assert not (await ask(port, wanted.name, wanted.type)).answer
        change = await world.change(wanted)
        world.sync()
        for after, left in ((0, NEGATIVE), (50, NEGATIVE - 50), (NEGATIVE, 0)):
            sight = await world.look(change, port, after=after)
            assert (sight.verdict, sight.seconds_left, sight.seconds_whole) == ("wait", left, NEGATIVE)


@pytest.mark.real
async def test_what_is_gone_lives_on_in_a_cache(world: World, tmp_path: Path) -> None:
    async with unbound(tmp_path, world) as port:
        assert (await ask(port, f"gone.{ZONE}", "TXT")).answer
        change = await world.change(RecordSet(f"gone.{ZONE}", "TXT", ()))
        assert (await world.look(change, port)).verdict == "wrong"
        world.sync()
        sight = await world.look(change, port, after=100)
        assert (sight.verdict, sight.seconds_left) == ("wait", TTL - 100)


@pytest.mark.real
async def test_a_real_resolver_that_cannot_reach_the_zone_any_more(world: World, tmp_path: Path) -> None:
    """Unbound answers SERVFAIL where no server of the zone does: that is neither wrong nor right."""
    async with unbound(tmp_path, world) as port:
        change = await world.change(WWW)
        world.first.zones = world.second.zones = {}
        assert (await world.look(change, port)).verdict == "unknown"


async def test_a_watch_ends_after_its_time_and_says_what_it_saw_last(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WATCH_SECONDS", 0.0)
    change = await world.change(WWW)
    world.sync()
    project = world.project(await world.resolver(zone_of(TEXT, ZONE)))
    sights = [sight async for sight in watch(change, project, Clock(), Places(lambda: project, {}))]
    assert [sight.verdict for sight in sights] == ["wait"]
