"""Fix and undo against PowerDNS: by signed updates (RFC 2136), and through octoDNS at its HTTP interface."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path

import dns.name
import dns.rdatatype
import pytest

from launchready_tui.fixes.model import Moved
from launchready_tui.fixes.place import DnsPlace
from launchready_tui.fixes.providers import provider
from launchready_tui.fixes.providers.rfc2136 import NameServerPlace
from launchready_tui.model import RecordSet
from launchready_tui.secret import Secret
from tests.real.changes import (
    CASES,
    NEW,
    REFUSED,
    RIGHT,
    ZONE,
    Ground,
    fixed_and_undone,
    generated_hold,
    parsed,
    refused,
    right_on_the_wire,
    sets_of,
    wire,
)
from tests.real.pdns import KEY, PowerDns, powerdns

pytestmark = [
    pytest.mark.real,
    pytest.mark.xdist_group("pdns"),
    pytest.mark.skipif(sys.platform == "win32", reason="Debian's servers are needed"),
]

SECRET = "bWFkZSBmb3IgYSB0ZXN0IG9ubHk="


def rrsets() -> list[dict[str, object]]:
    """The zone as the interface takes it; its two name servers come by themselves."""
    found: list[dict[str, object]] = []
    for name, rdataset in parsed().iterate_rdatasets():
        type = dns.rdatatype.to_text(rdataset.rdtype)
        if type == "SOA" or (type == "NS" and name == dns.name.from_text(ZONE)):
            continue
        records = [{"content": rdata.to_text(), "disabled": False} for rdata in rdataset]
        found.append({"name": name.to_text(), "type": type, "ttl": rdataset.ttl, "records": records})
    return found


@asynccontextmanager
async def serving(folder: Path, *, signed: bool = False) -> AsyncIterator[PowerDns]:
    """A server with the zone that takes signed updates of it."""
    settings = ("dnsupdate=yes", "allow-dnsupdate-from=127.0.0.1", "gsqlite3-dnssec=yes", "domain-metadata-cache-ttl=0")
    async with powerdns(folder, *settings) as server:
        server.make(ZONE, rrsets())
        server.ask("POST", "tsigkeys", {"name": "launchready", "algorithm": "hmac-sha256", "key": SECRET})
        with closing(sqlite3.connect(folder / "pdns.sqlite3")) as database, database:
            for kind in ("TSIG-ALLOW-DNSUPDATE", "TSIG-ALLOW-AXFR"):  # the interface does not set these
                database.execute(
                    "insert into domainmetadata (domain_id, kind, content) select id, ?, 'launchready' from domains",
                    (kind,),
                )
        if signed:
            server.ask("PUT", f"zones/{ZONE}.", {"dnssec": True, "api_rectify": True})
        yield server


def by_update(server: PowerDns) -> DnsPlace:
    return NameServerPlace("127.0.0.1", server.dns, ZONE, "launchready", Secret(SECRET))


def by_interface(server: PowerDns) -> DnsPlace:
    return provider("powerdns").open({"server": server.api, "zone": ZONE}, Secret(KEY))


WAYS = {"update": by_update, "interface": by_interface}


@pytest.fixture(params=["update", "update, signed", "interface", "interface, signed"])
async def ground(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Ground]:
    how, _, signed = request.param.partition(", ")
    async with serving(tmp_path, signed=bool(signed)) as server:
        yield Ground(WAYS[how](server), server.dns)


async def test_every_type_is_fixed_and_undone(ground: Ground) -> None:
    for type in NEW:
        for wanted in sets_of(type).values():
            await fixed_and_undone(ground, wanted)


async def test_many_sets_at_once(ground: Ground) -> None:
    await fixed_and_undone(ground, *(sets_of(type)["changed"] for type in NEW), *(sets_of(type)["new"] for type in NEW))


async def test_what_has_to_go_for_an_alias_comes_back(ground: Ground) -> None:
    await fixed_and_undone(ground, RecordSet(f"a.{ZONE}", "CNAME", ("mail.good.example.",)))
    await fixed_and_undone(ground, RecordSet(f"mx.{ZONE}", "CNAME", ("mail.good.example.",)))
    await fixed_and_undone(ground, RecordSet(f"cname.{ZONE}", "TXT", ("beside",)))
    await fixed_and_undone(ground, RecordSet(f"sub.{ZONE}", "CNAME", ("mail.good.example.",)))


@pytest.mark.parametrize("names", [("ns1", "ns3"), ("ns3",), ("ns1", "ns2", "ns3")], ids=["one", "both", "more"])
async def test_the_name_servers_of_the_zone_itself(ground: Ground, names: tuple[str, ...]) -> None:
    await fixed_and_undone(ground, RecordSet(ZONE, "NS", tuple(f"{name}.{ZONE}." for name in names), 600))


async def test_hostile_edits_are_right_on_the_wire(ground: Ground) -> None:
    for typed, there in RIGHT.values():
        await right_on_the_wire(ground, typed, there)


async def test_what_could_not_be_is_refused_beforehand(ground: Ground) -> None:
    for typed, words in REFUSED.values():
        await refused(ground, typed, words)


async def test_two_texts_that_differ_in_case_alone(ground: Ground) -> None:
    """The server itself takes them for one when it compares for an update, and only then."""
    if isinstance(ground.place, NameServerPlace):
        await refused(ground, CASES, "upper and lower case alone")
    else:
        await right_on_the_wire(ground, CASES, CASES)


@pytest.mark.parametrize("way", sorted(WAYS))
def test_sets_that_nobody_thought_of(tmp_path: Path, way: str) -> None:
    @asynccontextmanager
    async def opened() -> AsyncIterator[Ground]:
        async with serving(tmp_path) as server:
            yield Ground(WAYS[way](server), server.dns)

    generated_hold(opened())


async def test_a_wrong_key_is_said(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(serving(tmp_path))
        for key, secret in (("nobody", SECRET), ("launchready", "d3Jvbmc=")):
            place = NameServerPlace("127.0.0.1", server.dns, ZONE, key, Secret(secret))
            reach = await place.reach()
            assert not reach.write
            assert reach.say.endswith(".")
            ground = Ground(place, server.dns)
            before = await ground.held()
            changed = sets_of("A")["changed"]
            last = [progress async for progress in ground.cycle().apply(await ground.plan(changed), "Ada")][-1]
            assert not last.ok
            assert await ground.held() == before


async def test_somebody_else_in_the_middle_is_noticed(ground: Ground) -> None:
    plan = await ground.plan(sets_of("MX")["changed"])
    await ground.apply(await ground.plan(RecordSet(f"mx.{ZONE}", "MX", ("5 other.example.",))))
    before = await ground.held()
    with pytest.raises(Moved):
        await ground.place.write(plan.steps)
    assert await ground.held() == before
    await ground.undo()
    await ground.place.write(plan.steps)
    assert await ground.asked(f"mx.{ZONE}", "MX") == wire("MX", *NEW["MX"])
