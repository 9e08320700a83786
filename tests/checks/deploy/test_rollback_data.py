"""deploy.rollback.data: three ticks, and the migrations of the repository that take something away."""

from __future__ import annotations

from typing import Any

import pytest

from launchready_tui.model import Status
from launchready_tui.owners import Owner
from launchready_tui.project import Project
from tests.world import NAME, CannedRepo, Row, World, hold, said

ID = "deploy.rollback.data"
ALL = ("migrations", "settings", "cron")
DROPS = {
    "db/migrate/20261101090000_drop_nickname.rb": "remove_column :users, :nickname",
    "db/migrate/20260101090000_drop_posts.rb": "drop_table :posts",
    "db/migrate/20261001090000_add_plan.rb": "add_column :users, :plan, :string",
}


def told(*ticks: str, choice: str = "looked", **more: Any) -> World:
    return World(answers=(said("rollback.data", choice, *ticks, days_ago=more.pop("days_ago", 1)),), **more)


TABLE: dict[str, list[Row]] = {
    ID: [
        Row("all three", told(*ALL), Status.PASS, "is known"),
        Row(
            "all three, and a migration that drops", told(*ALL, repo=CannedRepo(DROPS)), Status.PASS, "drops the column"
        ),
        Row("two", told("migrations", "cron"), Status.WARN, "write down with each release which settings"),
        Row("one", told("cron"), Status.FAIL, "change the database in two releases"),
        Row("none ticked", told(), Status.FAIL, "could not tick"),
        Row("none of it", told(*ALL, choice="no"), Status.FAIL, "could not tick"),
        Row("never asked", World(), Status.UNKNOWN, "your answer"),
        Row(
            "never asked, and migrations drop",
            World(repo=CannedRepo(DROPS)),
            Status.UNKNOWN,
            "The migration db/migrate/20261101090000_drop_nickname.rb drops the column nickname, and 1 older migration",
        ),
        Row("too long ago", told(*ALL, days_ago=91), Status.UNKNOWN, "ask again"),
        Row("I do not know", told(choice="unknown"), Status.UNKNOWN, "your answer"),
        Row("no database", World(owners={"database": Owner("database", absent=True)}), Status.INFO, "no database"),
        Row("none, declared", World(project=Project(NAME, absent={"database": "Ada"})), Status.INFO, "no database"),
        Row(
            "none, and what the host leaves",
            World(owners={"database": Owner("database", absent=True), "hosting": Owner("hosting", provider="Netlify")}),
            Status.INFO,
            "Netlify does not bring back environment variables",
        ),
        Row(
            "none, says the owner, and there are migrations",
            World(owners={"database": Owner("database", absent=True)}, repo=CannedRepo(DROPS)),
            Status.UNKNOWN,
            "drops the column",
        ),
        Row(
            "escapes in a migration and its name",
            World(repo=CannedRepo({"migrations/1_\x1b[2J\u202e.sql": "DROP TABLE \x1b]0;x\x07; DROP TABLE a;"})),
            Status.UNKNOWN,
            "drops the table a",
            hostile=True,
        ),
    ]
}


@pytest.mark.parametrize("row", TABLE[ID], ids=lambda row: row.label)
async def test_table(row: Row) -> None:
    await hold(ID, row)
