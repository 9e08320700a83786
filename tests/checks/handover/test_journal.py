"""The journal, the draft and the last export say the same of every change."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from launchready_tui.changelist import ChangeLook, ChangeView, Made
from launchready_tui.model import Status
from tests.world import NOW, Row, World, hold

EXPORTED = NOW - dt.timedelta(days=1)
ONE = Made(
    1, NOW - dt.timedelta(days=3), "Ada", "A www: nothing", "A www: 93.184.215.14", False, NOW - dt.timedelta(days=3)
)
TWO = Made(2, NOW - dt.timedelta(days=2), "Grace", "MX: 10 a.", "MX: 10 b.", False, NOW - dt.timedelta(days=2))


class Lists(ChangeLook):
    def __init__(self, view: ChangeView) -> None:
        self._view = view

    async def view(self) -> ChangeView:
        return self._view


def world(
    *journal: Made,
    draft: tuple[Made, ...] | None = None,
    written: tuple[Made, ...] | None = None,
    trouble: str = "",
) -> World:
    """The draft lists what the journal has, unless said otherwise."""
    listed = journal if draft is None else draft
    at = EXPORTED if written is not None else None
    return World(more=(Lists(ChangeView(journal, listed, written, at, "handover.toml", trouble)),))


LATE = replace(TWO, number=3, at=NOW, last=NOW)
BACK = replace(ONE, undone=True, last=NOW)
TABLE: dict[str, list[Row]] = {
    "handover.journal.changes": [
        Row("both listed", world(ONE, TWO), Status.PASS, "2 changes are listed"),
        Row("and in the file", world(ONE, TWO, written=(ONE, TWO)), Status.PASS),
        Row("nothing was changed", world(), Status.INFO, "Nothing was changed"),
        Row("the draft leaves one out", world(ONE, TWO, draft=(ONE,)), Status.FAIL, "differ about change 2"),
        Row("the draft has one too many", world(ONE, draft=(ONE, TWO)), Status.FAIL, "change 2"),
        Row("another before", world(ONE, draft=(replace(ONE, before="A www: 8.8.8.8"),)), Status.FAIL),
        Row("the file leaves one out", world(ONE, TWO, written=(ONE,)), Status.FAIL, "differs from the journal"),
        Row("the file has another name", world(ONE, written=(replace(ONE, who="Eve"),)), Status.FAIL, "change 1"),
        Row("the file has another time", world(ONE, written=(replace(ONE, at=NOW),)), Status.FAIL),
        Row("one came after the file", world(ONE, LATE, written=(ONE,)), Status.WARN, "change 3 came after it"),
        Row("one was taken back after it", world(BACK, written=(ONE,)), Status.WARN, "change 1 came after it"),
        Row("a change without a name", world(replace(ONE, who="")), Status.WARN, "change 1 (who made it)"),
        Row("without what was there", world(replace(ONE, before="")), Status.WARN, "what was there before"),
        Row(
            "the journal cannot be read",
            world(ONE, trouble="2 lines of the journal could not be read."),
            Status.UNKNOWN,
        ),
        Row("a project that is not kept", World(), Status.UNKNOWN, "the journal of a kept project"),
        Row(
            "hostile values",
            world(replace(ONE, who="\x1b]52;c;eA==\x07", before="\x1b[2J\u202e", after="[@click=app.quit]x[/]")),
            Status.PASS,
            hostile=True,
        ),
    ]
}


@pytest.mark.parametrize("row", TABLE["handover.journal.changes"], ids=lambda row: row.label)
async def test_table(row: Row) -> None:
    await hold("handover.journal.changes", row)
