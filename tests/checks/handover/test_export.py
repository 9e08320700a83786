"""The handover is not the leak."""

from __future__ import annotations

import pytest

from launchready_tui.drafts import DraftExport
from launchready_tui.model import Status
from tests.world import Row, World, hold


class CannedDraft(DraftExport):
    def __init__(self, *hits: str) -> None:
        self._hits = hits

    async def hits(self) -> tuple[str, ...]:
        return self._hits


TABLE: dict[str, list[Row]] = {
    "handover.export.clean": [
        Row("clean", World(more=(CannedDraft(),)), Status.PASS, "no secret found"),
        Row(
            "one field",
            World(more=(CannedDraft("systems[2].account: Stripe key"),)),
            Status.FAIL,
            "1 field of the handover holds",
        ),
        Row("two fields", World(more=(CannedDraft("a: x", "b: y"),)), Status.FAIL, "a: x and b: y"),
        Row("no draft", World(), Status.UNKNOWN, "a draft of the handover"),
        Row(
            "hostile field names",
            World(more=(CannedDraft("\x1b[2J[@click=app.quit]x[/]\u202e: private key"),)),
            Status.FAIL,
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
