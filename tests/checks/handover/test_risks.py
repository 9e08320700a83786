"""Every critical and high that is left has somebody beside it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from launchready_tui.model import Severity, Status
from launchready_tui.openrisks import OpenRisk, RiskLook, RiskView
from tests.world import NOW, Row, World, hold

TODAY = NOW.date()
HIGH = OpenRisk("dns.www.resolves", "www.good.example has no address.", Severity.HIGH)
CRITICAL = OpenRisk("edge.tls.valid", "The certificate has run out.", Severity.CRITICAL)
LATER = TODAY + dt.timedelta(days=7)


class Left(RiskLook):
    def __init__(self, view: RiskView) -> None:
        self._view = view

    def view(self) -> RiskView:
        return self._view


def world(*open_: OpenRisk, dark: tuple[str, ...] = (), unlooked: int = 0) -> World:
    return World(more=(Left(RiskView(open_, dark, unlooked)),))


def taken(risk: OpenRisk) -> OpenRisk:
    return replace(risk, accepted_by="Ada", until=LATER)


def planned(risk: OpenRisk, due: dt.date = LATER) -> OpenRisk:
    return replace(risk, who="Grace", due=due)


TABLE: dict[str, list[Row]] = {
    "handover.risks.open": [
        Row("nothing left", world(), Status.PASS, "No critical and no high risk is left"),
        Row("each has a name", world(taken(CRITICAL), planned(HIGH)), Status.PASS, "2 risks are left"),
        Row("due today", world(planned(HIGH, TODAY)), Status.PASS),
        Row("a high that belongs to nobody", world(HIGH), Status.WARN, "www.good.example has no address"),
        Row("its day has passed", world(planned(HIGH, TODAY - dt.timedelta(days=1))), Status.WARN),
        Row("a name without a day", world(replace(HIGH, who="Grace")), Status.WARN),
        Row("a critical that nobody took on", world(CRITICAL), Status.FAIL, "The certificate has run out"),
        Row("a plan is no written acceptance", world(planned(CRITICAL)), Status.FAIL, "took it on in writing"),
        Row("a critical wins over what is dark", world(CRITICAL, dark=("You can sign in",)), Status.FAIL),
        Row("a critical could not tell", world(dark=("You can sign in",)), Status.UNKNOWN, "You can sign in"),
        Row("not everything was looked at", world(unlooked=12), Status.UNKNOWN, "12 checks were not looked at"),
        Row("nobody looked", World(), Status.UNKNOWN, "a look at all stages"),
        Row(
            "hostile words",
            world(OpenRisk("x", "\x1b[2J\u202e[@click=app.quit]", Severity.CRITICAL, who="\x1b]0;x\x07")),
            Status.FAIL,
            hostile=True,
        ),
    ]
}


@pytest.mark.parametrize("row", TABLE["handover.risks.open"], ids=lambda row: row.label)
async def test_table(row: Row) -> None:
    await hold("handover.risks.open", row)
