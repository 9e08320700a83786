from __future__ import annotations

from collections.abc import Mapping

import pytest

from launchready_tui.model import RecordSet, Status
from launchready_tui.project import Project
from launchready_tui.purposes import Purpose
from launchready_tui.sources.dns import Answer, TimedOut
from launchready_tui.zonelook import ZoneLook, ZoneView
from tests.world import NAME, Row, World, found, hold

SITE = "93.184.215.14"


class CannedZone(ZoneLook):
    """A zone as its place would list it, and what was said of its records."""

    def __init__(self, view: ZoneView, said: tuple[Purpose, ...] = ()) -> None:
        self._view, self._said = view, {each.key: each for each in said}

    async def zone(self) -> ZoneView:
        return self._view

    def purposes(self) -> Mapping[tuple[str, str], Purpose]:
        return self._said


SURE = (
    RecordSet(NAME, "NS", ("ns1.example.net.",)),
    RecordSet(NAME, "A", (SITE,)),
    RecordSet(f"www.{NAME}", "CNAME", (f"{NAME}.",)),
)
OPEN = (
    RecordSet(f"old-shop.{NAME}", "A", (SITE,)),
    RecordSet(f"x1.{NAME}", "TXT", ("abc=1",)),
    RecordSet(f"x2.{NAME}", "TXT", ("abc=2",)),
    RecordSet(f"x3.{NAME}", "TXT", ("abc=3",)),
)


def zone(*sets: RecordSet, said: tuple[Purpose, ...] = ()) -> World:
    return World(more=(CannedZone(ZoneView("the DNS host", sets), said),))


def seen(**more: Answer) -> World:
    """Nothing is connected: only what the world sees."""
    answers: dict[tuple[str, str], Answer] = {
        (NAME, "NS"): found(NAME, "NS", "ns1.example.net."),
        (NAME, "A"): found(NAME, "A", SITE),
        (f"www.{NAME}", "CNAME"): found(f"www.{NAME}", "CNAME", f"{NAME}."),
    }
    answers |= {(NAME, type): answer for type, answer in more.items()}
    return World(dns=answers)


TABLE: dict[str, list[Row]] = {
    "dns.records.purpose": [
        Row("every record says what it is for", zone(*SURE), Status.PASS, f"All 3 records of {NAME} have a purpose"),
        Row(
            "the rest was said by a person",
            zone(*SURE, OPEN[0], said=(Purpose(OPEN[0].name, "A", "the shop until March", "Ada"),)),
            Status.PASS,
        ),
        Row(
            "two words say nothing",
            zone(*SURE, OPEN[0], said=(Purpose(OPEN[0].name, "A", "old stuff", "Ada"),)),
            Status.WARN,
            "3 of 4 records",
        ),
        Row(
            "what was said is of another type",
            zone(*SURE, OPEN[0], said=(Purpose(OPEN[0].name, "TXT", "the shop until March", "Ada"),)),
            Status.WARN,
        ),
        Row("one is open", zone(*SURE, OPEN[1]), Status.WARN, f"Nobody wrote down what TXT x1.{NAME} is for."),
        Row("half of them are open", zone(*SURE, *OPEN[:3]), Status.WARN, "3 of 6 records"),
        Row("more than half are open", zone(*SURE, *OPEN), Status.FAIL, "3 of 7 records"),
        Row(
            "what the zone says of itself needs no purpose",
            zone(*SURE, RecordSet(NAME, "DNSKEY", ("257 3 13 x",)), RecordSet(NAME, "RRSIG", ("A 13 2 x",))),
            Status.PASS,
            "All 3 records",
        ),
        Row("nothing is connected", seen(), Status.PASS, "that we saw"),
        Row(
            "nothing is connected, a note that nobody knows",
            seen(TXT=found(NAME, "TXT", "v=spf1 ~all", "who-knows=1")),
            Status.WARN,
            "3 of 4 records",
        ),
        Row(
            "the place does not list",
            World(dns=seen().dns, more=(CannedZone(ZoneView("the DNS host", None, say="It does not list.")),)),
            Status.PASS,
            "that we saw",
        ),
        Row(
            "the place is silent",
            World(dns=seen().dns, more=(CannedZone(ZoneView("the DNS host", None, True, "It said nothing.")),)),
            Status.UNKNOWN,
            "It said nothing.",
        ),
        Row("the resolvers are silent", seen(MX=TimedOut(NAME, "MX", 4.0)), Status.UNKNOWN, "MX"),
        Row("an empty zone", zone(), Status.UNKNOWN),
        Row(
            "names and notes with escapes and markup",
            zone(
                *SURE[:1],
                RecordSet(f"\x1b]0;x\x07[@click=app.quit]x[/].{NAME}", "TXT", ("\u202e\x1b[2Jx",)),
                RecordSet(f"*.{NAME}", "A", (SITE,)),
            ),
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


async def test_records_of_a_larger_zone_that_are_not_ours_are_nobodys_business_here() -> None:
    """app.good.example is launched: the records of good.example stand in the same zone."""
    world = zone(*SURE, RecordSet(f"app.{NAME}", "CNAME", ("host.example.net.",)), *OPEN)
    part = World(Project(f"app.{NAME}"), more=world.more)
    finding = await hold("dns.records.purpose", Row("part", part, Status.PASS, "The one record"))
    assert NAME in finding.saw
