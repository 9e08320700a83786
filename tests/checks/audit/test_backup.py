"""audit.backup.restore: what a person says of backups, against the bar."""

from __future__ import annotations

import datetime as dt

import pytest

from launchready_tui.checks.audit.backup import day_of
from launchready_tui.model import Status
from launchready_tui.owners import Owner
from launchready_tui.project import Project
from tests.world import NAME, Row, World, hold, said

ASK = "backup.restore"
ID = "audit.backup.restore"


def told(choice: str, days_ago: float = 1, **fields: str) -> World:
    return World(answers=(said(ASK, choice, days_ago=days_ago, **fields),))


TABLE: dict[str, list[Row]] = {
    ID: [
        Row(
            "restored",
            told("restored", date="2026-11-03", person="Grace"),
            Status.PASS,
            "Grace restored a backup on 3 Nov",
        ),
        Row("restored today", told("restored", date="today"), Status.PASS, "Ada restored"),
        Row("exactly ninety days", told("restored", date="2026-08-26"), Status.PASS),
        Row("ninety-one days", told("restored", date="2026-08-25"), Status.WARN, "more than 90 days ago"),
        Row("no day", told("restored"), Status.WARN, "day is not known"),
        Row("a day that is no day", told("restored", date="last week"), Status.WARN, "“last week”"),
        Row("a day still to come", told("restored", date="2027-01-01"), Status.WARN, "not known"),
        Row("never restored", told("untried"), Status.WARN, "nobody has ever restored one"),
        Row("no backup", told("none"), Status.FAIL, "No backup"),
        Row("never asked", World(), Status.UNKNOWN, "your answer"),
        Row("I do not know", told("unknown"), Status.UNKNOWN, "your answer"),
        Row("too long ago", told("restored", days_ago=91, date="2026-08-20"), Status.UNKNOWN, "ask again"),
        Row("no database, answered", told("absent"), Status.INFO, "no database"),
        Row("no database, declared", World(project=Project(NAME, absent={"database": "Ada, 3 Nov 2026"})), Status.INFO),
        Row("no database, by the owner", World(owners={"database": Owner("database", absent=True)}), Status.INFO),
        Row(
            "escapes in every field",
            told("restored", date="\x1b[2J\u202e", person="\x1b]0;x\x07", where="[/red]\u202e"),
            Status.WARN,
            hostile=True,
        ),
    ]
}


@pytest.mark.parametrize("row", TABLE[ID], ids=lambda row: row.label)
async def test_table(row: Row) -> None:
    await hold(ID, row)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-11-03", dt.date(2026, 11, 3)),
        ("3.11.2026", dt.date(2026, 11, 3)),
        ("3 Nov 2026", dt.date(2026, 11, 3)),
        ("today", dt.date(2026, 11, 24)),
        ("t", dt.date(2026, 11, 24)),
        ("yesterday", dt.date(2026, 11, 23)),
        ("", None),
        ("2026-13-01", None),
        ("soon", None),
    ],
)
def test_days_as_typed(typed: str, day: dt.date | None) -> None:
    assert day_of(typed, dt.date(2026, 11, 24)) == day
