"""Who serves a zone, asked at its parent's servers, on several loopback addresses that share one port."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from launchready_tui import limits
from launchready_tui.project import Network, Project
from launchready_tui.sources.dns import RESOLVERS, Dns, Found, NameServer, NoData, NxDomain, ServerFailed, values
from launchready_tui.sources.gate import Gate
from tests.real.servers import free_port
from tests.sources.rogue import Rogue, answering, referring, silent, zones

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="127.0.0.2 answers on Linux alone")

ROOT = """$ORIGIN .
@ 300 IN SOA a.root. host.root. 1 2 3 4 5
@ 300 IN NS a.root.
a.root. 300 IN A 127.0.0.3
"""
# What the resolver (127.0.0.1) holds: the zone above good.example, and the addresses of its servers.
ABOVE = """$ORIGIN example.
@ 300 IN SOA a.nic.example. host.nic.example. 1 2 3 4 5
@ 300 IN NS a.nic.example.
@ 300 IN NS b.nic.example.
a.nic 300 IN A 127.0.0.2
b.nic 300 IN A 127.0.0.3
ns1.host 300 IN A 127.0.0.5
ns1.host 300 IN AAAA ::1
"""
CHILD = """$ORIGIN good.example.
@ 300 IN SOA ns1.good.example. host.good.example. 1 2 3 4 5
@ 300 IN NS ns1.good.example.
@ 300 IN NS ns1.host.example.
ns1 300 IN A 127.0.0.9
"""
SERVERS = ("ns1.good.example.", "ns1.host.example.")


@asynccontextmanager
async def source(port: int, seconds: float = 5.0) -> AsyncIterator[Dns]:
    project = Project("good.example", network=Network((("127.0.0.1", port),), port, private=True))
    dns = Dns(project, Gate(project), seconds=seconds, try_seconds=seconds)
    try:
        async with asyncio.timeout(30):
            yield dns
    finally:
        await dns.aclose()


async def test_a_referral_with_glue() -> None:
    port = free_port()
    parent = Rogue(referring("good.example.", SERVERS, [("ns1.good.example.", "127.0.0.4")]))
    async with zones(ROOT, ABOVE, CHILD, port=port), parent.serving("127.0.0.2", port), source(port) as dns:
        found = await dns.delegation("Good.Example.")
        assert found.zone == "good.example"
        assert found.asked == "a.nic.example (127.0.0.2)"
        assert found.parent == Found("good.example", "NS", SERVERS, 300)
        # Glue for the name inside the zone, the resolvers for the one outside.
        assert found.servers == (
            NameServer("ns1.good.example", ("127.0.0.4",)),
            NameServer("ns1.host.example", ("127.0.0.5", "::1")),
        )
        assert len(dns.asked) == len(set(dns.asked))
        assert await dns.delegation("good.example") is found


async def test_a_parent_that_serves_the_zone_itself_answers() -> None:
    port = free_port()
    parent = Rogue(answering("good.example. 60 IN NS ns1.host.example.", aa=True))
    async with zones(ROOT, ABOVE, port=port), parent.serving("127.0.0.2", port), source(port) as dns:
        found = await dns.delegation("good.example")
        assert found.parent == Found("good.example", "NS", ("ns1.host.example.",), 60, (), True)


async def test_a_name_that_the_parent_does_not_know() -> None:
    port = free_port()
    async with (
        zones(ROOT, ABOVE, port=port),
        zones(ABOVE, host="127.0.0.2", port=port),
        source(port) as dns,
    ):
        found = await dns.delegation("good.example")
        assert found.parent == NxDomain("good.example", "NS", (), True)
        assert found.servers == ()
        assert isinstance((await dns.delegation("host.example")).parent, NoData)


@pytest.mark.parametrize(
    "first",
    [silent, referring(".", ["a.root."]), referring("example.", ["a.nic.example."]), answering(rcode="SERVFAIL")],
    ids=["silent", "upward", "to-itself", "servfail"],
)
async def test_the_next_server_of_the_parent_is_asked(first: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "DNS_HEDGE_SECONDS", 0.02)
    assert callable(first)
    port = free_port()
    second = Rogue(referring("good.example.", SERVERS))
    async with (
        zones(ROOT, ABOVE, CHILD, port=port),
        Rogue(first).serving("127.0.0.2", port),
        second.serving("127.0.0.3", port),
        source(port, seconds=60) as dns,
    ):
        found = await dns.delegation("good.example")
        assert found.asked == "b.nic.example (127.0.0.3)"
        assert values(found.parent) == SERVERS
        # Without glue the resolvers know the name inside the zone too.
        assert found.servers[0] == NameServer("ns1.good.example", ("127.0.0.9",))


async def test_a_parent_that_is_no_zone_cut_is_passed_over() -> None:
    port = free_port()
    parent = Rogue(referring("deep.sub.example.", ["ns1.host.example."]))
    above = ABOVE + "x.sub 300 IN A 127.0.0.1\n"
    async with zones(ROOT, above, port=port), parent.serving("127.0.0.2", port), source(port) as dns:
        found = await dns.delegation("deep.sub.example")
        assert found.asked == "a.nic.example (127.0.0.2)"
        assert values(found.parent) == ("ns1.host.example.",)


async def test_the_root_is_the_last_to_be_asked() -> None:
    port = free_port()
    root = Rogue(answering(rcode="NXDOMAIN", aa=True))
    async with zones(ROOT, port=port), root.serving("127.0.0.3", port), source(port) as dns:
        found = await dns.delegation("good.nosuch")
        assert found.asked == "a.root (127.0.0.3)"
        assert found.parent == NxDomain("good.nosuch", "NS", (), True)


async def test_where_there_is_no_parent_the_resolvers_must_do() -> None:
    port = free_port()
    async with zones(CHILD, port=port), source(port) as dns:
        found = await dns.delegation("good.example")
        assert found.asked == RESOLVERS
        assert values(found.parent) == SERVERS
        assert found.servers[0] == NameServer("ns1.good.example", ("127.0.0.9",))
    async with source(port) as dns:  # nothing listens any more
        found = await dns.delegation("good.example")
        assert found.asked == RESOLVERS
        assert found.servers == ()


async def test_public_parents_are_left_alone_from_a_staging_port() -> None:
    port = free_port()
    public = ABOVE.replace("127.0.0.2", "8.8.8.8").replace("127.0.0.3", "8.8.4.4")
    async with zones(public, CHILD, port=port), source(port) as dns:
        found = await dns.delegation("good.example")
        assert found.asked == RESOLVERS
        assert {server for server, *_ in dns.asked} == {f"127.0.0.1:{port}"}


async def test_a_lame_resolver_is_no_fact() -> None:
    port = free_port()
    async with zones(ABOVE, port=port), zones(ABOVE, host="127.0.0.2", port=port), source(port) as dns:
        assert await dns.ask("good.elsewhere", "NS") == ServerFailed("good.elsewhere", "NS", "REFUSED")
        assert (await dns.delegation("good.elsewhere")).asked == RESOLVERS
