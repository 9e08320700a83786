"""Owners and backup owners, for what a product has."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from launchready_tui.model import Status
from launchready_tui.owners import SYSTEMS, Owner
from launchready_tui.project import Project
from tests.world import NAME, NOW, Row, World, hold

FULL = {
    system: Owner(system, owner="Ada Lovelace", contact="ada@example.net", backup="Grace Hopper", backup_confirmed=True)
    for system, _, _ in SYSTEMS
}


def days(ago: int) -> dt.date:
    return NOW.date() - dt.timedelta(days=ago)


def world(**changed: Owner) -> World:
    return World(owners=FULL | changed)


def with_(system: str, **changed: object) -> World:
    return world(**{system: replace(FULL[system], **changed)})  # type: ignore[arg-type]  # one field a row


TABLE: dict[str, list[Row]] = {
    "handover.owner.primary": [
        Row("everyone named", world(), Status.PASS, "All 14 systems"),
        Row("a side system without", with_("monitoring", owner=""), Status.WARN, "Monitoring"),
        Row("no contact for a side system", with_("cdn", contact=" "), Status.WARN, "CDN or shield"),
        Row("a critical system without", with_("database", owner=""), Status.FAIL, "Database"),
        Row("no contact for a critical system", with_("registrar", contact=""), Status.FAIL, "Registrar"),
        Row("the product has no such system", with_("database", owner="", absent=True), Status.PASS, "All 13 systems"),
        Row(
            "declared absent in the project",
            World(
                project=Project(NAME, absent={"payments": "Ada, 3 Nov 2026"}),
                owners=FULL | {"payments": Owner("payments")},
            ),
            Status.PASS,
            "All 13 systems",
        ),
        Row("a launch always has a registrar", with_("registrar", owner="", absent=True), Status.FAIL, "Registrar"),
        Row("nobody told us", World(), Status.UNKNOWN, "the names of who owns each system"),
        Row(
            "only spaces and hidden characters where names go",
            world(dns=Owner("dns", owner="\x1b[2J\u202e[/]", contact="\u3000")),
            Status.FAIL,
            "DNS",
            hostile=True,
        ),
    ],
    "handover.owner.backup": [
        Row("all confirmed", world(), Status.PASS, "All 6 critical systems"),
        Row("a side system needs none", with_("cdn", backup=""), Status.PASS),
        Row("not confirmed", with_("hosting", backup_confirmed=False), Status.WARN, "Grace Hopper did not confirm"),
        Row("long ago", with_("hosting", backup_proved=days(91)), Status.WARN, "last signed in on 25 Aug 2026"),
        Row("on the last day", with_("hosting", backup_proved=days(90), backup_confirmed=False), Status.PASS),
        Row("nobody", with_("dns", backup=""), Status.FAIL, "Nobody stands in for DNS"),
        Row("the same person", with_("dns", backup="Ada Lovelace"), Status.FAIL, "the same person for DNS"),
        Row("the same person in other letters", with_("dns", backup="  ada  LOVELACE "), Status.FAIL, "same person"),
        Row(
            "missing wins over not confirmed",
            world(dns=replace(FULL["dns"], backup=""), hosting=replace(FULL["hosting"], backup_confirmed=False)),
            Status.FAIL,
        ),
        Row("no database", with_("database", backup="", absent=True), Status.PASS, "All 5 critical systems"),
        Row("nobody told us", World(), Status.UNKNOWN, "the names of who owns each system"),
        Row(
            "hostile names",
            with_("dns", backup="\x1b]0;x\x07[@click=app.quit]\u202e", backup_confirmed=False),
            Status.WARN,
            hostile=True,
        ),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    finding = await hold(id, row)
    if finding.fix is not None:
        assert "\x1b" not in finding.fix.who


async def test_a_name_in_fullwidth_letters_is_the_same_person() -> None:
    row = Row("fullwidth", with_("dns", backup="Ａｄａ Lovelace"), Status.FAIL, "same person")
    await hold("handover.owner.backup", row)
