from __future__ import annotations

from collections.abc import Mapping

import pytest

from launchready_tui.model import Status
from launchready_tui.project import Network, Project
from launchready_tui.sources.dns import (
    RESOLVERS,
    Answer,
    Delegation,
    Found,
    Malformed,
    NameServer,
    NoData,
    NxDomain,
    ServerFailed,
    TimedOut,
)
from tests.world import NAME, Row, World, found, hold

ONE, TWO = "93.184.215.1", "93.184.215.2"
SET = ("ns1.host.example.", "ns2.host.example.")
AT = {ONE: "ns1.host.example", TWO: "ns2.host.example"}


def world(
    parent: Answer | None = None,
    at: Mapping[str, Answer] | None = None,
    servers: tuple[NameServer, ...] | None = None,
    dns: Mapping[tuple[str, str], Answer] | None = None,
    network: Network | None = None,
) -> World:
    """Two sound name servers; `at` replaces what one of them says."""
    own: dict[str, Answer] = {address: found(NAME, "NS", *SET) for address in AT}
    own.update(at or {})
    return World(
        project=Project(NAME, network=network or Network()),
        delegation=Delegation(
            NAME,
            parent or found(NAME, "NS", *SET, aa=False),
            "a.nic.example (192.5.6.30)",
            tuple(NameServer(name, (address,)) for address, name in AT.items()) if servers is None else servers,
        ),
        dns={(NAME, "NS"): found(NAME, "NS", *SET), **(dns or {})},
        at={(address, NAME, "NS"): answer for address, answer in own.items()},
    )


REFUSED = ServerFailed(NAME, "NS", "REFUSED")
SILENT = TimedOut(NAME, "NS", 4.0)
NOBODY = TimedOut(NAME, "NS", 0.0, "nothing answers there")

TABLE: dict[str, list[Row]] = {
    "dns.ns.healthy": [
        Row(
            "this network answers in their place",
            world(at={address: found(NAME, "NS", *SET, aa=False) for address in AT}),
            Status.UNKNOWN,
            "another network",
        ),
        Row("sound", world(), Status.PASS, "2 name servers answer"),
        Row(
            "one of two addresses has no answer from here",
            world(
                servers=(
                    NameServer("ns1.host.example", (ONE, "2606:2800::1")),
                    NameServer("ns2.host.example", (TWO,)),
                ),
                at={"2606:2800::1": TimedOut(NAME, "NS", 0.0, "it cannot be reached from here")},
            ),
            Status.PASS,
        ),
        Row(
            "a lame server beside two sound ones",
            world(
                parent=found(NAME, "NS", *SET, "ns3.host.example."),
                servers=(
                    NameServer("ns1.host.example", (ONE,)),
                    NameServer("ns2.host.example", (TWO,)),
                    NameServer("ns3.host.example", ("93.184.215.3",)),
                ),
                at={"93.184.215.3": REFUSED},
            ),
            Status.WARN,
            "ns3.host.example does not serve it (it answered REFUSED)",
        ),
        Row(
            "a server without authority beside two sound ones",
            world(
                servers=(
                    NameServer("ns1.host.example", (ONE,)),
                    NameServer("ns2.host.example", (TWO,)),
                    NameServer("ns3.host.example", ("93.184.215.3",)),
                ),
                at={"93.184.215.3": Found(NAME, "NS", SET, 300, (), False)},
            ),
            Status.WARN,
            "its answer is not its own",
        ),
        Row(
            "the sets differ",
            world(parent=found(NAME, "NS", SET[0], "ns9.old.example.")),
            Status.WARN,
            "only the registry lists ns9.old.example and only ns1.host.example lists ns2.host.example",
        ),
        Row(
            "two names for one machine",
            world(
                servers=(NameServer("ns1.host.example", (ONE,)), NameServer("ns2.host.example", (ONE,))),
            ),
            Status.WARN,
            "one machine",
        ),
        Row(
            "two names for one machine on a network of one's own",
            world(
                servers=(NameServer("ns1.host.example", (ONE,)), NameServer("ns2.host.example", (ONE,))),
                network=Network(private=True),
            ),
            Status.PASS,
        ),
        Row("one of two is lame", world(at={TWO: REFUSED}), Status.FAIL, "Only one name server answers"),
        Row("nothing listens at one of two", world(at={TWO: NOBODY}), Status.FAIL, "has nothing that answers DNS"),
        Row(
            "none is authoritative",
            world(at={ONE: REFUSED, TWO: ServerFailed(NAME, "NS", "REFERRAL")}),
            Status.FAIL,
            "None of the name servers",
        ),
        Row("lame and silent", world(at={ONE: REFUSED, TWO: SILENT}), Status.FAIL, "At most one name server answers"),
        Row(
            "one server only",
            world(parent=found(NAME, "NS", SET[0]), servers=(NameServer("ns1.host.example", (ONE,)),)),
            Status.FAIL,
            "Only one name server answers",
        ),
        Row(
            "one server only, and silent",
            world(
                parent=found(NAME, "NS", SET[0]), servers=(NameServer("ns1.host.example", (ONE,)),), at={ONE: SILENT}
            ),
            Status.FAIL,
            "Only one name server is named",
        ),
        Row(
            "a server without an address",
            world(servers=(NameServer("ns1.host.example", (ONE,)), NameServer("ns2.host.example", ()))),
            Status.FAIL,
            "ns2.host.example has no address",
        ),
        Row(
            "a server whose address nobody could look up",
            world(
                servers=(NameServer("ns1.host.example", (ONE,)), NameServer("ns2.host.example", ())),
                dns={("ns2.host.example", "A"): ServerFailed("ns2.host.example", "A")},
            ),
            Status.UNKNOWN,
            "its address",
        ),
        Row("not registered", world(parent=NxDomain(NAME, "NS")), Status.FAIL, "this name does not exist"),
        Row("no zone of its own", world(parent=NoData(NAME, "NS")), Status.INFO),
        Row("one silent", world(at={TWO: SILENT}), Status.UNKNOWN, "no answer within 4 s"),
        Row("all in trouble", world(at={ONE: ServerFailed(NAME, "NS"), TWO: SILENT}), Status.UNKNOWN, "SERVFAIL"),
        Row("nobody above answers", world(parent=SILENT), Status.UNKNOWN),
        Row(
            "answers full of escapes",
            world(
                parent=found(NAME, "NS", "\x1b]0;x\x07.evil.example.", "\u202emoc.example."),
                at={ONE: Malformed(NAME, "NS", "\x1b[2J"), TWO: found(NAME, "NS", "[@click=app.quit]x[/].example.")},
            ),
            Status.UNKNOWN,
            hostile=True,
        ),
        Row(
            "names full of escapes",
            world(parent=found(NAME, "NS", "\x1b]0;x\x07.evil.example.", SET[0], SET[1])),
            Status.WARN,
            hostile=True,
        ),
    ]
}


@pytest.mark.parametrize(
    ("id", "row"), [(i, r) for i, rows in TABLE.items() for r in rows], ids=lambda v: getattr(v, "label", v)
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


async def test_tcp_that_is_shut_is_seen() -> None:
    from launchready_tui.checks.dns.nameservers import judge_server

    server = NameServer("ns1.host.example", (ONE,))
    sound = found(NAME, "NS", *SET)
    assert judge_server(server, {ONE: (sound, sound)}).state == "sound"
    assert judge_server(server, {ONE: (sound, NOBODY)}).state == "no-tcp"
    assert judge_server(server, {ONE: (sound, SILENT)}).state == "unclear"
    assert judge_server(server, {}).state == "lame"


async def test_the_evidence_says_that_no_parent_could_be_asked() -> None:
    sound = world()
    assert sound.delegation is not None
    delegation = Delegation(NAME, sound.delegation.parent, RESOLVERS, sound.delegation.servers)
    told = World(delegation=delegation, dns=sound.dns, at=sound.at)
    row = Row("", told, Status.PASS, "The zone above could not be asked")
    finding = await hold("dns.ns.healthy", row)
    assert "no server of the parent zone could be asked" in finding.evidence[0].source
