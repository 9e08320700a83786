"""deploy.rollback.rehearsed: what a person says, against the bars."""

from __future__ import annotations

import pytest

from launchready_tui.answers import Answer
from launchready_tui.checks.deploy.rollback import minutes_of
from launchready_tui.model import Status
from tests.world import Row, World, hold, said

ASK = "rollback.rehearsal"
STEPS = "vercel rollback"


def told(choice: str, days_ago: float = 1, **fields: str) -> World:
    return World(answers=(said(ASK, choice, days_ago=days_ago, **fields),))


def noted(note: str) -> World:
    answer = said(ASK, "rehearsed", minutes="4", steps=note)
    return World(answers=(Answer(answer.question, "rehearsed", note, answer.at, 90, fields=answer.fields, note=note),))


TABLE: dict[str, list[Row]] = {
    "deploy.rollback.rehearsed": [
        Row("rehearsed, quick, written down", told("rehearsed", minutes="4", steps=STEPS), Status.PASS, "4 minutes"),
        Row("exactly five", told("rehearsed", minutes="5", steps=STEPS), Status.PASS),
        Row("nobody wrote it down", told("rehearsed", minutes="4"), Status.WARN, "not written down"),
        Row("nobody timed it", told("rehearsed", steps=STEPS), Status.WARN, "not known"),
        Row("slow", told("rehearsed", minutes="12 min", steps=STEPS), Status.WARN, "12 minutes"),
        Row("too slow", told("rehearsed", minutes="20", steps=STEPS), Status.FAIL, "20 minutes"),
        Row("written, never tried", told("written"), Status.WARN, "nobody has tried"),
        Row("no steps", told("none"), Status.FAIL, "no steps"),
        Row("never asked", World(), Status.UNKNOWN, "your answer"),
        Row("I do not know", told("unknown"), Status.UNKNOWN, "your answer"),
        Row("too long ago", told("rehearsed", days_ago=91, minutes="4", steps=STEPS), Status.UNKNOWN, "ask again"),
        Row("escapes in a note", noted("\x1b[31mAda\u202e[/]"), Status.PASS, hostile=True),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("4", 4),
        ("4.5", 4.5),
        ("4,5 min", 4.5),
        ("1:30", 1.5),
        ("90 s", 1.5),
        ("about 3 minutes", 3),
        ("1 h", 60),
        ("~2", 2),
    ],
)
def test_minutes_as_typed(typed: str, minutes: float) -> None:
    assert minutes_of(typed) == pytest.approx(minutes)


@pytest.mark.parametrize("typed", ["", "soon", "-3", "4 parsecs", "1:99", "9" * 50, "٣"])
def test_no_minutes(typed: str) -> None:
    found = minutes_of(typed)
    assert found is None or found == 3  # an Arabic digit three is a three
