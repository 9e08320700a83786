"""What only a person can say of the registrar."""

from __future__ import annotations

import pytest

from launchready_tui.model import Status
from launchready_tui.owners import Owner
from tests.world import Row, World, hold, said

HOSTILE = "\x1b]52;c;eA==\x07\u202eevil[@click=app.quit]x[/]"
EVERY = ("auto-renew", "card", "second-factor")


def access(choice: str, *ticks: str, days_ago: float = 1, who: str = "Ada") -> World:
    return World(answers=(said("access.registrar", choice, *ticks, days_ago=days_ago, who=who),))


def guard(choice: str, *ticks: str, days_ago: float = 1) -> World:
    return World(answers=(said("registrar.protection", choice, *ticks, days_ago=days_ago),))


BAD = World(
    answers=(said("access.registrar", "other", who=HOSTILE), said("registrar.protection", "no", who=HOSTILE)),
    owners={"registrar": Owner("registrar", provider=HOSTILE * 40)},
)

TABLE: dict[str, list[Row]] = {
    "audit.registrar.access": [
        Row("signed in and opened the page", access("yes", "change"), Status.PASS, "Ada signed in at your registrar"),
        Row("on the 30th day", access("yes", "change", days_ago=30), Status.PASS),
        Row("cannot", access("no"), Status.FAIL, "Forgot password"),
        Row("somebody else's", access("other", "change"), Status.FAIL, "belongs to somebody else"),
        Row("page not opened", access("yes", "business"), Status.UNKNOWN, "name servers"),
        Row("never asked", World(), Status.UNKNOWN, "your answer"),
        Row("does not know", access("unknown"), Status.UNKNOWN, "did not know on 23 Nov 2026"),
        Row("too old", access("yes", "change", days_ago=31), Status.UNKNOWN, "counts for 30 days"),
        Row("an answer that no question has", access("maybe", "change"), Status.UNKNOWN),
        Row("hostile names", BAD, Status.FAIL, hostile=True),
    ],
    "audit.registrar.protection": [
        Row("all on", guard("looked", *EVERY), Status.PASS, "auto-renew is on"),
        Row("auto-renew off", guard("looked", *EVERY[1:]), Status.WARN, "switch on auto-renew"),
        Row("card", guard("looked", EVERY[0], EVERY[2]), Status.WARN, "beyond the renewal"),
        Row("second factor off", guard("looked", *EVERY[:2]), Status.WARN, "two-step sign-in"),
        Row("two off", guard("looked", EVERY[0]), Status.FAIL),
        Row("none on", guard("looked"), Status.FAIL),
        Row("none of it", guard("no", *EVERY), Status.FAIL, "auto-renew is off"),
        Row("never asked", World(), Status.UNKNOWN, "your answer"),
        Row("does not know", guard("unknown"), Status.UNKNOWN),
        Row("too old", guard("looked", *EVERY, days_ago=91), Status.UNKNOWN, "counts for 90 days"),
        Row("hostile names", BAD, Status.FAIL, hostile=True),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)
