from __future__ import annotations

from collections.abc import Mapping

import pytest

from launchready_tui.model import RecordSet, Status
from launchready_tui.project import Project
from launchready_tui.sources.dns import (
    Answer,
    Delegation,
    Malformed,
    NameServer,
    NoData,
    NxDomain,
    ServerFailed,
    TimedOut,
)
from tests.world import NAME, Row, World, found, hold

WWW, SERVER, GOOD = f"www.{NAME}", "93.184.215.1", "93.184.215.14"
NS = "ns1.host.example."
APP = f"app.{NAME}"


def world(
    dns: Mapping[tuple[str, str], Answer] | None = None,
    at: Mapping[tuple[str, str], Answer] | None = None,
    ns: tuple[str, ...] = (NS,),
    *,
    delegated: bool = True,
) -> World:
    """A sound zone with www as an alias of the apex; `dns` and `at` (the name server) replace what is said."""
    server: dict[tuple[str, str], Answer] = {
        (NAME, "SOA"): found(NAME, "SOA", "ns1.host.example. host.good.example. 1 2 3 4 5"),
        (NAME, "CNAME"): NoData(NAME, "CNAME"),
        (WWW, "CNAME"): found(WWW, "CNAME", f"{NAME}."),
        (WWW, "A"): found(WWW, "A", GOOD, aliases=(NAME,)),
        (WWW, "MX"): found(WWW, "MX", "10 mail.good.example.", aliases=(NAME,)),
        (WWW, "TXT"): NoData(WWW, "TXT", (NAME,)),
        **(at or {}),
    }
    return World(
        project=Project(NAME),
        dns={
            (NAME, "A"): found(NAME, "A", GOOD),
            (WWW, "A"): found(WWW, "A", GOOD, aliases=(NAME,)),
            (NAME, "MX"): found(NAME, "MX", "10 mail.good.example."),
            ("mail.good.example", "A"): found("mail.good.example", "A", GOOD),
            ("ns1.host.example", "A"): found("ns1.host.example", "A", SERVER),
            **(dns or {}),
        },
        at={(SERVER, name, type): answer for (name, type), answer in server.items()},
        delegation=Delegation(
            NAME,
            found(NAME, "NS", *ns),
            "a.nic.example",
            (NameServer("ns1.host.example", (SERVER,)),) if delegated else (),
        ),
    )


def mx(*values: str, **more: Answer) -> World:
    others = {(host.replace("_", "."), "A"): answer for host, answer in more.items()}
    return world({(NAME, "MX"): found(NAME, "MX", *values), **others})


ALIAS = found("mx.good.example", "A", GOOD, aliases=("mail.good.example",))

TABLE: dict[str, list[Row]] = {
    "dns.records.legal": [
        Row(
            "a part of a larger name that is an alias",
            World(
                project=Project(APP),
                delegation=world().delegation,
                dns={(APP, "A"): found(APP, "A", GOOD, aliases=("good.vercel.app",))},
                at={
                    (SERVER, APP, "SOA"): NoData(APP, "SOA", authoritative=True),
                    (SERVER, APP, "CNAME"): found(APP, "CNAME", "good.vercel.app."),
                },
            ),
            Status.PASS,
        ),
        Row("sound", world(), Status.PASS, "keep the rules"),
        Row("no mail at all", mx("0 ."), Status.PASS),
        Row("eight aliases", world({(WWW, "A"): found(WWW, "A", GOOD, aliases=tuple("abcdefgh"))}), Status.PASS),
        Row(
            "nine aliases",
            world({(WWW, "A"): found(WWW, "A", GOOD, aliases=tuple("abcdefghi"))}),
            Status.FAIL,
            "9 aliases",
        ),
        Row("in a circle", world({(WWW, "A"): Malformed(WWW, "A", "CNAME loop")}), Status.FAIL, "in a circle"),
        Row(
            "an alias beside text",
            world(at={(WWW, "TXT"): found(WWW, "TXT", "x")}),
            Status.FAIL,
            "has TXT records as well",
        ),
        Row(
            "an alias beside IPv6 and CAA",
            world(
                at={
                    (WWW, "AAAA"): found(WWW, "AAAA", "2606:4700::1"),
                    (WWW, "CAA"): found(WWW, "CAA", '0 issue "letsencrypt.org"'),
                }
            ),
            Status.FAIL,
            "has AAAA and CAA records as well",
        ),
        Row(
            "a name server that the zone alone lists is an alias",
            world(
                {
                    (NAME, "NS"): found(NAME, "NS", "ns1.host.example.", f"ns3.{NAME}."),
                    (f"ns3.{NAME}", "A"): found(f"ns3.{NAME}", "A", GOOD, aliases=("ns.host.example",)),
                }
            ),
            Status.FAIL,
            f"name server ns3.{NAME} of {NAME} is only another name",
        ),
        Row(
            "an alias at the top",
            world(at={(NAME, "CNAME"): found(NAME, "CNAME", "edge.host.example.")}),
            Status.FAIL,
            "ALIAS, ANAME",
        ),
        Row(
            "two SOA",
            world(at={(NAME, "SOA"): found(NAME, "SOA", "a. b. 1 2 3 4 5", "a. b. 2 2 3 4 5")}),
            Status.FAIL,
            "2 SOA",
        ),
        Row(
            "mail to an alias",
            mx("10 mx.good.example.", "20 mail.good.example.", mx_good_example=ALIAS),
            Status.FAIL,
            "only another name",
        ),
        Row("mail to an address", mx("10 93.184.215.9."), Status.FAIL, "A name must stand there"),
        Row("a name server that is an address", world(ns=("93.184.215.1.", NS)), Status.FAIL, "given as 93.184.215.1"),
        Row(
            "a name server that is an alias",
            world({("ns1.host.example", "A"): found("ns1.host.example", "A", SERVER, aliases=("real.host.example",))}),
            Status.FAIL,
            "alias",
        ),
        Row("the name server is silent", world(at={(NAME, "SOA"): TimedOut(NAME, "SOA", 4.0)}), Status.UNKNOWN, "SOA"),
        Row("mail cannot be looked up", world({(NAME, "MX"): ServerFailed(NAME, "MX")}), Status.UNKNOWN, "MX"),
        Row("no name server to ask", world(delegated=False), Status.UNKNOWN, "none of its name servers"),
        Row(
            "escapes for a target",
            world(at={(NAME, "CNAME"): found(NAME, "CNAME", "\x1b]0;x\x07\u202e[@click=app.quit]x[/].")}),
            Status.FAIL,
            hostile=True,
        ),
        Row("escapes for a mail server", mx("10 \x1b[2J\u202e.", "x", ""), Status.PASS, hostile=True),
    ]
}


@pytest.mark.parametrize(
    ("id", "row"), [(i, r) for i, rows in TABLE.items() for r in rows], ids=lambda v: getattr(v, "label", v)
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


@pytest.mark.parametrize(
    ("case", "records"),
    [
        (
            mx("10 mx.good.example.", "20 mail2.good.example.", mx_good_example=ALIAS),
            (RecordSet(NAME, "MX", ("10 mail.good.example.", "20 mail2.good.example.")),),
        ),
        (
            mx("10 93.184.215.9.", mail_good_example=NxDomain("mail.good.example", "A")),
            (RecordSet("mail.good.example", "A", ("93.184.215.9",)), RecordSet(NAME, "MX", ("10 mail.good.example.",))),
        ),
        (mx("10 93.184.215.9."), ()),  # mail.good.example stands for something else already
        (
            world({(WWW, "A"): found(WWW, "A", GOOD, aliases=tuple("abcdefghi"))}),
            (RecordSet(WWW, "CNAME", ("i.",)),),
        ),
        (world({(WWW, "A"): Malformed(WWW, "A", "CNAME loop")}), (RecordSet(WWW, "CNAME", (f"{NAME}.",)),)),
        (
            world(
                {("edge.host.example", "A"): found("edge.host.example", "A", "93.184.215.77")},
                {(NAME, "CNAME"): found(NAME, "CNAME", "edge.host.example.")},
            ),
            (RecordSet(NAME, "CNAME", ()), RecordSet(NAME, "A", ("93.184.215.77",))),
        ),
        (world(at={(WWW, "TXT"): found(WWW, "TXT", "x")}), ()),
    ],
    ids=["mx alias", "mx address", "mx address, name taken", "chain", "circle", "apex", "beside"],
)
async def test_the_fix_is_complete_where_the_value_is_known(case: World, records: tuple[RecordSet, ...]) -> None:
    finding = await hold("dns.records.legal", Row("", case, Status.FAIL))
    assert finding.fix is not None
    assert finding.fix.records == records
    assert (finding.fix.kind == "records") is bool(records)


async def test_a_mail_fault_is_one_fault() -> None:
    finding = await hold("dns.records.legal", Row("", mx("10 mx.good.example.", mx_good_example=ALIAS), Status.FAIL))
    assert finding.cause == f"mx:{NAME}"
