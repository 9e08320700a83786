"""The last handover against now, as the session's look tells it."""

from __future__ import annotations

import datetime as dt

import pytest

from launchready_tui.driftlook import DriftLook, DriftView, Line
from launchready_tui.model import Severity, Status
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.tls import Tls
from launchready_tui.sources.web import Web
from tests.world import Row, World, hold

AT = dt.datetime(2026, 11, 3, 9, 0, tzinfo=dt.UTC)
MX = Line(
    "drift", Severity.CRITICAL, "mail servers", "MX good.example", "Other mail servers.", "a", "b", "Put it back."
)
LOW = Line("drift", Severity.LOW, "action", "x", "Step up DMARC: it was due on 1 Nov 2026.", todo="Do it.")
RENEWED = Line("benign", Severity.LOW, "certificate", "good.example", "The certificate was renewed.")
SILENT = Line("unknown", Severity.HIGH, "certificate", "good.example", "We could not see the certificate.")


class Canned(DriftLook):
    def __init__(self, *lines: Line, at: dt.datetime | None = AT, say: str = "") -> None:
        self._view = DriftView(at, lines, 41, say)

    async def view(self, dns: Dns, web: Web, tls: Tls) -> DriftView:
        return self._view


def world(*lines: Line, at: dt.datetime | None = AT, say: str = "") -> World:
    return World(more=(Canned(*lines, at=at, say=say),))


TABLE: dict[str, list[Row]] = {
    "handover.runbook.drift": [
        Row("equal", world(), Status.PASS, "All 41 facts of the handover of 3 Nov 2026 are as they were"),
        Row("renewed", world(RENEWED), Status.WARN, "1 thing changed"),
        Row("small drift", world(LOW), Status.WARN, "1 thing is not as the handover of 3 Nov 2026 says"),
        Row("mail moved", world(MX, LOW, SILENT), Status.FAIL, "2 things are not as"),
        Row("silent", world(SILENT, RENEWED), Status.UNKNOWN, "1 fact of the handover of 3 Nov 2026 could not be told"),
        Row("the file is gone", world(say="it is not there any more."), Status.UNKNOWN, "not there any more"),
        Row("nothing handed over", world(at=None), Status.INFO, "Nothing was handed over yet"),
        Row("not asked", World(), Status.UNKNOWN, "a handover"),
        Row(
            "hostile words",
            world(
                Line("drift", Severity.CRITICAL, "\x1b[2J", "\u202e", "\x1b]0;x\x07[@click=app.quit]", "\x00", "\u202e")
            ),
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
