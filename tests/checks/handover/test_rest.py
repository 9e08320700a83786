"""The accounts beside registrar, DNS and host: proved, open, or not there."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from launchready_tui.checks.handover.rest import REST
from launchready_tui.model import Status
from launchready_tui.owners import SYSTEMS, Owner
from launchready_tui.project import Project
from tests.world import NAME, NOW, Row, World, hold

TODAY = NOW.date()
SOUND = {
    system: Owner(
        system, owner="Ada", proved=TODAY - dt.timedelta(days=3), second_factor=True, recovery="in the team's safe"
    )
    for system, _, _ in SYSTEMS
}


def world(*bare: str, **changed: object) -> World:
    """Everything sound but for the systems named, which are as `changed` says."""
    broken = {system: replace(SOUND[system], **changed) for system in bare}  # type: ignore[arg-type]  # one field a row
    return World(owners=SOUND | broken)


TABLE: dict[str, list[Row]] = {
    "handover.access.rest": [
        Row("all proved", world(), Status.PASS, "at all 8 accounts"),
        Row("one never", world("payments", proved=None), Status.WARN, "Payments (nobody signed in yet)"),
        Row("two never", world("payments", "inbox", proved=None), Status.WARN, "2 accounts are open"),
        Row("three never", world("payments", "inbox", "auth", proved=None), Status.FAIL, "3 accounts are open"),
        Row(
            "too long ago",
            world("sender", proved=TODAY - dt.timedelta(days=91)),
            Status.WARN,
            "last signed in on 25 Aug 2026; that counts for 90 days",
        ),
        Row("on the last day", world("sender", proved=TODAY - dt.timedelta(days=90)), Status.PASS),
        Row("held by a contractor", world("repository", contractor=True), Status.WARN, "a contractor holds it"),
        Row("no second factor", world("database", second_factor=False), Status.WARN, "Database (no second factor)"),
        Row("no codes", world("database", recovery=" "), Status.WARN, "no place of the recovery codes"),
        Row("none there", world(*REST, proved=None, absent=True), Status.PASS, "none of these"),
        Row(
            "declared absent in the project",
            World(
                project=Project(NAME, absent={"payments": "Ada, 3 Nov 2026"}),
                owners=SOUND | {"payments": Owner("payments")},
            ),
            Status.PASS,
            "at all 7 accounts",
        ),
        Row(
            "the three of the other checks do not count", world("registrar", "dns", "hosting", proved=None), Status.PASS
        ),
        Row("nobody told us of these", World(owners={"dns": SOUND["dns"]}), Status.UNKNOWN, "who owns each system"),
        Row("nobody told us anything", World(), Status.UNKNOWN, "who owns each system"),
        Row(
            "hostile names",
            world(*REST, proved_by="\x1b]0;x\x07[@click=app.quit]\u202e" * 20),
            Status.PASS,
            hostile=True,
        ),
    ]
}


@pytest.mark.parametrize("row", TABLE["handover.access.rest"], ids=lambda row: row.label)
async def test_table(row: Row) -> None:
    await hold("handover.access.rest", row)
