from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from launchready_tui.model import RecordSet, Status
from launchready_tui.project import Network, Project
from launchready_tui.sources.dns import (
    Answer,
    Delegation,
    Fact,
    Malformed,
    NameServer,
    NoData,
    NxDomain,
    ServerFailed,
    TimedOut,
)
from tests.world import NAME, Row, World, found, hold

WWW = f"www.{NAME}"
GOOD = "93.184.215.14"
SERVERS = ("93.184.215.1", "93.184.215.2")
DELEGATION = Delegation(
    NAME,
    found(NAME, "NS", "ns1.host.example.", "ns2.host.example."),
    "a.nic.example",
    tuple(NameServer(f"ns{n}.host.example", (address,)) for n, address in enumerate(SERVERS, 1)),
)
NS = {(NAME, "NS"): found(NAME, "NS", "dns1.registrar-servers.com.", "dns2.registrar-servers.com.")}


def apex(
    *,
    a: Answer | None = None,
    aaaa: Answer | None = None,
    at: Mapping[tuple[str, str], Answer] | None = None,
    each: Mapping[tuple[str, str], Answer] | None = None,
    dns: Mapping[tuple[str, str], Answer] | None = None,
    delegation: Delegation | None = DELEGATION,
    private: bool = False,
) -> World:
    return World(
        project=Project(NAME, network=Network(private=private)),
        dns={
            **NS,
            (NAME, "A"): a or found(NAME, "A", GOOD),
            (NAME, "AAAA"): aaaa or NoData(NAME, "AAAA"),
            **(dns or {}),
        },
        at={(server, NAME, type): _own(answer) for (server, type), answer in (at or {}).items()},
        each={(resolver, NAME, type): answer for (resolver, type), answer in (each or {}).items()},
        delegation=delegation,
    )


def _own(answer: Answer) -> Answer:
    """As an authoritative server says it."""
    return replace(answer, authoritative=True) if isinstance(answer, Fact) else answer


def www(a: Answer, aaaa: Answer | None = None, apex: Answer | None = None, name: str = NAME) -> World:
    host = f"www.{name}"
    return World(
        project=Project(name),
        dns={
            **NS,
            (name, "A"): apex or found(name, "A", GOOD),
            (host, "A"): a,
            (host, "AAAA"): aaaa or replace(a, type="AAAA"),
        },
    )


NX, NO = NxDomain(NAME, "A"), NoData(NAME, "A")
SILENT, BROKEN = TimedOut(NAME, "A", 4.0), ServerFailed(NAME, "A")

TABLE: dict[str, list[Row]] = {
    "dns.apex.resolves": [
        Row(
            "a part of a larger name",
            World(
                project=Project(f"app.{NAME}"),
                delegation=DELEGATION,
                dns={(f"app.{NAME}", "A"): found(f"app.{NAME}", "A", GOOD, aliases=("good.vercel.app",))},
            ),
            Status.PASS,
            "say its name servers",
        ),
        Row(
            "a part of a larger name that is not there",
            World(project=Project(f"app.{NAME}"), delegation=DELEGATION, dns=NS),
            Status.FAIL,
            "said by everyone",
        ),
        Row("sound", apex(), Status.PASS, f"leads to {GOOD}"),
        Row("IPv6 alone", apex(a=NO, aaaa=found(NAME, "AAAA", "2606:2800::1")), Status.PASS),
        Row("one resolver of four behind", apex(each={("9.9.9.9", "A"): NX}), Status.PASS, "3 of 4 resolvers"),
        Row("one resolver of four silent", apex(each={("9.9.9.9", "A"): SILENT}), Status.PASS, "3 of 4 resolvers"),
        Row(
            "a lame name server says nothing of the address",
            apex(at={(SERVERS[1], "A"): ServerFailed(NAME, "A", "REFUSED")}),
            Status.PASS,
        ),
        Row("a private address at home", apex(a=found(NAME, "A", "127.0.0.1"), private=True), Status.PASS),
        Row("no such name", apex(a=NX, aaaa=NxDomain(NAME, "AAAA")), Status.FAIL, "it does not exist"),
        Row("no data", apex(a=NO), Status.FAIL, "at Namecheap"),
        Row("private alone", apex(a=found(NAME, "A", "10.0.0.1")), Status.FAIL, "private network"),
        Row("carrier NAT", apex(a=found(NAME, "A", "100.64.0.1")), Status.FAIL, "private network"),
        Row("one name server without it", apex(at={(SERVERS[1], "A"): NO}), Status.FAIL, "at ns2.host.example"),
        Row(
            "two resolvers behind, the servers right",
            apex(each={("9.9.9.9", "A"): NX, ("8.8.8.8", "A"): NX}),
            Status.FAIL,
            "wait up to an hour",
        ),
        Row("time-out everywhere", apex(a=SILENT, aaaa=SILENT), Status.UNKNOWN),
        Row("SERVFAIL everywhere", apex(a=BROKEN, aaaa=BROKEN), Status.UNKNOWN),
        Row("one name server silent", apex(at={(SERVERS[1], "A"): SILENT}), Status.UNKNOWN, "ns2.host.example"),
        Row(
            "two resolvers silent",
            apex(each={("9.9.9.9", "A"): SILENT, ("8.8.8.8", "A"): BROKEN}),
            Status.UNKNOWN,
            "8.8.8.8",
        ),
        Row("no name server found", apex(delegation=None), Status.UNKNOWN),
        Row(
            "an alias full of escapes",
            apex(
                a=NoData(NAME, "A", ("\x1b]0;x\x07\u202eevil.example",)),
                aaaa=NoData(NAME, "AAAA", ("[@click=app.quit]x[/]",)),
            ),
            Status.FAIL,
            hostile=True,
        ),
    ],
    "dns.www.resolves": [
        Row("an address", www(found(WWW, "A", GOOD), NoData(WWW, "AAAA")), Status.PASS),
        Row("an alias", www(found(WWW, "A", GOOD, aliases=(NAME,)), NoData(WWW, "AAAA")), Status.PASS, "through"),
        Row("no such name", www(NxDomain(WWW, "A")), Status.FAIL, "type CNAME, name www, value good.example"),
        Row("an alias of nothing", www(NxDomain(WWW, "A", ("gone.example",))), Status.FAIL, "gone.example, where it"),
        Row("other records alone", www(NoData(WWW, "A")), Status.FAIL, f"type A, name www, value {GOOD}"),
        Row("private alone", www(found(WWW, "A", "10.1.1.1"), NoData(WWW, "AAAA")), Status.FAIL, "private network"),
        Row(
            "in a circle",
            www(Malformed(WWW, "A", "CNAME loop"), Malformed(WWW, "AAAA", "CNAME loop")),
            Status.FAIL,
            "in a circle",
        ),
        Row("and no apex either", www(NxDomain(WWW, "A"), apex=NX), Status.FAIL, "its own address first"),
        Row(
            "below a name that is a part itself",
            www(NxDomain("www.app.good.com", "A"), name="app.good.com"),
            Status.INFO,
        ),
        Row("silent", www(TimedOut(WWW, "A")), Status.UNKNOWN),
        Row("SERVFAIL", www(ServerFailed(WWW, "A")), Status.UNKNOWN),
        Row("not DNS", www(Malformed(WWW, "A", "\x1b[31m")), Status.UNKNOWN, hostile=True),
        Row("an alias full of escapes", www(NxDomain(WWW, "A", ("\x1b]8;;x\x07\u202e",))), Status.FAIL, hostile=True),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"), [(i, r) for i, rows in TABLE.items() for r in rows], ids=lambda v: getattr(v, "label", v)
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


async def fix_records(id: str, world: World) -> tuple[RecordSet, ...]:
    finding = await hold(id, Row("", world, Status.FAIL))
    assert finding.fix is not None
    assert (finding.fix.kind == "records") is bool(finding.fix.records)
    return finding.fix.records


async def test_www_follows_the_apex() -> None:
    records = await fix_records("dns.www.resolves", www(NxDomain(WWW, "A")))
    assert records == (RecordSet(WWW, "CNAME", (f"{NAME}.",)),)


async def test_no_alias_is_put_beside_other_records() -> None:
    assert await fix_records("dns.www.resolves", www(NoData(WWW, "A"))) == (RecordSet(WWW, "A", (GOOD,)),)


async def test_an_address_that_nobody_reaches_is_replaced() -> None:
    world = www(NoData(WWW, "A"), found(WWW, "AAAA", "fd00::1"))
    assert await fix_records("dns.www.resolves", world) == (RecordSet(WWW, "A", (GOOD,)), RecordSet(WWW, "AAAA", ()))


async def test_the_apex_takes_what_www_has() -> None:
    taken: dict[tuple[str, str], Answer] = {(WWW, "A"): found(WWW, "A", GOOD), (WWW, "AAAA"): NoData(WWW, "AAAA")}
    assert await fix_records("dns.apex.resolves", apex(a=NO, dns=taken)) == (RecordSet(NAME, "A", (GOOD,)),)
    # What www reaches through an alias may change any day: that is no value to write down.
    aliased: dict[tuple[str, str], Answer] = {
        (WWW, "A"): found(WWW, "A", GOOD, aliases=("edge.host.example",)),
        (WWW, "AAAA"): NoData(WWW, "AAAA"),
    }
    assert await fix_records("dns.apex.resolves", apex(a=NO, dns=aliased)) == ()


async def test_the_addresses_of_a_shield_are_no_value_for_a_record() -> None:
    shield = ("104.21.3.4", "172.67.1.2")
    taken: dict[tuple[str, str], Answer] = {(WWW, "A"): found(WWW, "A", *shield), (WWW, "AAAA"): NoData(WWW, "AAAA")}
    assert await fix_records("dns.apex.resolves", apex(a=NO, dns=taken)) == ()
    assert await fix_records("dns.www.resolves", www(NoData(WWW, "A"), apex=found(NAME, "A", *shield))) == ()
    alias = await fix_records("dns.www.resolves", www(NxDomain(WWW, "A"), apex=found(NAME, "A", *shield)))
    assert alias == (RecordSet(WWW, "CNAME", (f"{NAME}.",)),)
