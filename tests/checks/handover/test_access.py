"""Who can sign in where: the same rule for the registrar, the DNS host and the web host."""

from __future__ import annotations

import pytest

from launchready_tui.answers import Answers
from launchready_tui.checks.handover.access import judge_access
from launchready_tui.model import Status
from launchready_tui.owners import Owner
from launchready_tui.project import Clock
from tests.world import NOW, Row, World, hold, said

ALL = ("change", "business", "second-factor", "recovery")


def _rows(system: str) -> list[Row]:
    question = f"access.{system}"

    def world(choice: str, *ticks: str, days_ago: float = 1, who: str = "Ada") -> World:
        return World(answers=(said(question, choice, *ticks, days_ago=days_ago, who=who),))

    return [
        Row("all four", world("yes", *ALL), Status.PASS, "Ada signed in"),
        Row("on the last day", world("yes", *ALL, days_ago=30), Status.PASS),
        Row("one missing", world("yes", *ALL[:3]), Status.WARN, "no recovery codes are stored"),
        Row("second factor off", world("yes", "change", "business", "recovery"), Status.WARN, "second factor is off"),
        Row("not the business's", world("yes", *(ALL[0], *ALL[2:])), Status.WARN, "not in the business's name"),
        Row("none ticked", world("yes"), Status.WARN),
        Row("no access", world("no", *ALL), Status.FAIL, "nobody of yours can sign in"),
        Row("held by somebody else", world("other", *ALL), Status.FAIL, "somebody else holds the account"),
        Row("never asked", World(), Status.UNKNOWN, "your answer"),
        Row("said: I do not know", world("unknown"), Status.UNKNOWN, "did not know on 23 Nov 2026"),
        Row("too old", world("yes", *ALL, days_ago=31), Status.UNKNOWN, "counts for 30 days"),
        Row("an answer that no question has", world("maybe", *ALL), Status.UNKNOWN, "could not read"),
        Row(
            "hostile names",
            World(
                answers=(said(question, "other", who="\x1b]52;c;eA==\x07[@click=app.quit]x[/] \u202eadA"),),
                owners={system: Owner(system, provider="[/]\x1b[31m\u202eevil" * 40)},
            ),
            Status.FAIL,
            hostile=True,
        ),
    ]


TABLE: dict[str, list[Row]] = {f"handover.access.{system}": _rows(system) for system in ("registrar", "dns", "hosting")}


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    finding = await hold(id, row)
    if finding.status is not Status.PASS:
        assert finding.question == f"access.{id.rsplit('.', 1)[1]}", "it can be answered from the row"


@pytest.mark.parametrize("system", ["registrar", "dns", "hosting"])
def test_a_fault_of_access_carries_the_shared_cause(system: str) -> None:
    """The audit asks the same question of the registrar; one fault is counted once."""
    for answer in (said(f"access.{system}", "no"), said(f"access.{system}", "yes")):
        assert judge_access(system, Answers([answer], Clock(NOW)), None).cause == f"access:{system}"


async def test_the_provider_is_named_where_it_is_known() -> None:
    row = Row(
        "named",
        World(answers=(said("access.dns", "no"),), owners={"dns": Owner("dns", provider="Cloudflare")}),
        Status.FAIL,
        "At Cloudflare, nobody of yours can sign in",
    )
    assert (await hold("handover.access.dns", row)).subject == "Cloudflare"
