from __future__ import annotations

from dataclasses import replace

import pytest

from launchready_tui.answers import Answer as Said
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
from launchready_tui.zonelook import ZoneView
from tests.checks.dns.test_purposes import CannedZone
from tests.world import MADE_UP, NAME, Row, World, found, hold, said

FIRST, SECOND = (f"{label}.{NAME}" for label in MADE_UP)
STAR = f"*.{NAME}"
GOOD = "93.184.215.14"
SERVER = "156.154.130.200"
NS = Delegation(
    NAME, found(NAME, "NS", "ns1.host.example."), "a.gtld-servers.net", (NameServer("ns1.host.example", (SERVER,)),)
)


def world(
    *answers: Answer, own: Answer | None = None, answered: tuple[Said, ...] = (), delegation: Delegation | None = NS
) -> World:
    return World(
        project=Project(NAME),
        dns={(NAME, "A"): found(NAME, "A", GOOD)} | {(answer.name, answer.type): answer for answer in answers},
        at={(SERVER, FIRST, "A"): own} if own is not None else {},
        delegation=delegation,
        answers=answered,
    )


def wild(value: str = GOOD, *, alias: str = "") -> tuple[Answer, ...]:
    """What a zone with a wildcard says of the two names, and of the wildcard itself."""
    if not alias:
        return (*(found(name, "A", value) for name in (FIRST, SECOND)), found(STAR, "A", value))
    ways = (found(name, "A", value, aliases=(alias,)) for name in (FIRST, SECOND, STAR))
    return (*ways, found(STAR, "CNAME", f"{alias}."))


def empty(name: str) -> tuple[Answer, ...]:
    return NoData(name, "A"), NoData(name, "AAAA")


MEANT, NOT_MEANT = said("wildcard.intended", "yes"), said("wildcard.intended", "no")

TABLE: dict[str, list[Row]] = {
    "dns.records.wildcard": [
        Row("none", world(NxDomain(FIRST, "A"), NxDomain(SECOND, "A")), Status.PASS, "lead nowhere"),
        Row("names that exist without an address", world(*empty(FIRST), *empty(SECOND)), Status.PASS, "lead nowhere"),
        Row("meant", world(*wild(), answered=(MEANT,)), Status.WARN, "Ada said that this is meant"),
        Row("nobody said", world(*wild()), Status.FAIL, "Say whether this is meant"),
        Row("not meant", world(*wild(), answered=(NOT_MEANT,)), Status.FAIL, f"type A, name *, value {GOOD}"),
        Row(
            "an alias",
            world(*wild(alias="sites.host.example"), answered=(NOT_MEANT,)),
            Status.FAIL,
            "type CNAME, name *",
        ),
        Row(
            "to a target that is gone",
            world(
                NxDomain(FIRST, "A", ("gone.host.example",)),
                NxDomain(SECOND, "A", ("gone.host.example",)),
                found(STAR, "CNAME", "gone.host.example."),
            ),
            Status.FAIL,
            "leads to gone.host.example",
        ),
        Row(
            "IPv6 alone",
            world(
                *empty(FIRST)[:1],
                *empty(SECOND)[:1],
                found(FIRST, "AAAA", "2606:4700::1"),
                found(SECOND, "AAAA", "2606:4700::1"),
            ),
            Status.FAIL,
            "2606:4700::1",
        ),
        Row(
            "the resolver makes it up",
            world(*wild(), own=NxDomain(FIRST, "A", (), True)),
            Status.PASS,
            "nothing of yours",
        ),
        Row("its server is silent", world(*wild(), own=TimedOut(FIRST, "A", 4.0)), Status.FAIL, "wildcard record"),
        Row("no server known", world(*wild(), delegation=None), Status.FAIL, "wildcard record"),
        Row(
            "one of two answers",
            world(found(FIRST, "A", GOOD), NxDomain(SECOND, "A")),
            Status.UNKNOWN,
            "could not tell",
        ),
        Row(
            "silence", world(TimedOut(FIRST, "A", 4.0), TimedOut(SECOND, "A", 4.0)), Status.UNKNOWN, "no answer within"
        ),
        Row("servers in trouble", world(ServerFailed(FIRST, "A"), NxDomain(SECOND, "A")), Status.UNKNOWN, "SERVFAIL"),
        Row("no DNS", world(Malformed(FIRST, "A", "not DNS"), Malformed(SECOND, "A", "not DNS")), Status.UNKNOWN),
        Row(
            "an alias full of escapes",
            world(*wild(alias="\x1b]0;x\x07\u202e[@click=app.quit]x[/]"), answered=(NOT_MEANT,)),
            Status.FAIL,
            hostile=True,
        ),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"), [(i, r) for i, rows in TABLE.items() for r in rows], ids=lambda v: getattr(v, "label", v)
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


async def test_records_go_only_after_a_person_said_so() -> None:
    unasked = await hold("dns.records.wildcard", Row("", world(*wild()), Status.FAIL))
    assert unasked.fix is not None
    assert (unasked.fix.records, unasked.question) == ((), "wildcard.intended")
    asked = await hold("dns.records.wildcard", Row("", world(*wild(), answered=(NOT_MEANT,)), Status.FAIL))
    assert asked.fix is not None
    assert asked.fix.records == (RecordSet(STAR, "A", ()),)
    alias = world(*wild(alias="sites.host.example"), answered=(NOT_MEANT,))
    asked = await hold("dns.records.wildcard", Row("", alias, Status.FAIL))
    assert asked.fix is not None
    assert asked.fix.records == (RecordSet(STAR, "CNAME", ()),)
    run_out = world(*wild(), answered=(said("wildcard.intended", "no", days_ago=400),))
    again = await hold("dns.records.wildcard", Row("", run_out, Status.FAIL))
    assert again.fix is not None
    assert again.fix.records == ()


async def test_a_wildcard_that_the_launch_leans_on_is_not_deleted() -> None:
    www = f"www.{NAME}"
    leans = world(*wild(), found(www, "A", GOOD), answered=(NOT_MEANT,))
    finding = await hold("dns.records.wildcard", Row("", leans, Status.FAIL, f"{www} leads where the wildcard leads"))
    assert finding.fix is not None
    assert (finding.fix.kind, finding.fix.records) == ("steps", ())
    star, own = RecordSet(STAR, "A", (GOOD,)), RecordSet(www, "A", (GOOD,))
    for sets, goes in (((star,), ()), ((star, own), (RecordSet(STAR, "A", ()),))):
        there = replace(leans, more=(CannedZone(ZoneView("the DNS host", sets)),))
        finding = await hold("dns.records.wildcard", Row("", there, Status.FAIL))
        assert finding.fix is not None
        assert finding.fix.records == goes
