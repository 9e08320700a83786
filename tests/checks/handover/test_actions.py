"""What comes next has a day."""

from __future__ import annotations

import datetime as dt

import pytest

from launchready_tui.actions import NextAction, NextActions
from launchready_tui.model import Status
from tests.world import Row, World, hold

DAY = dt.date(2026, 12, 24)
THREE = (
    NextAction("dmarc-step-up", "Step up DMARC", "Ada", DAY),
    NextAction("secret-rotation", "Rotate secrets", "Ada", dt.date(2027, 2, 1)),
    NextAction("restore-test", "Test a restore", "Grace", dt.date(2027, 1, 1)),
)


def world(*actions: NextAction) -> World:
    return World(more=(NextActions(actions),))


TABLE: dict[str, list[Row]] = {
    "handover.actions.next": [
        Row("three dated", world(*THREE), Status.PASS, "3 next actions with a day, the first on 24 Dec 2026"),
        Row("done ones count", world(*THREE[:2], NextAction("restore-test", "x", "A", DAY, True)), Status.PASS),
        Row("one without a day", world(*THREE, NextAction("more", "Ask the bank")), Status.WARN, "no day"),
        Row(
            "the restore test is missing",
            world(*THREE[:2], NextAction("x", "y", "z", DAY)),
            Status.WARN,
            "the restore test",
        ),
        Row("only one", world(THREE[0]), Status.WARN, "the secret rotation and the restore test"),
        Row("none written", world(), Status.UNKNOWN, "your next actions"),
        Row("not asked", World(), Status.UNKNOWN, "your next actions"),
        Row(
            "hostile words",
            world(NextAction("\x1b[2J", "[/]\u202e\x1b]0;x\x07", "\x00"), *THREE),
            Status.WARN,
            hostile=True,
        ),
    ]
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)
