"""Who can sign in where: the same rule for the registrar, the DNS host and the web host."""

from __future__ import annotations

import datetime as dt

import pytest

from launchready_tui.answers import Answer, Answers
from launchready_tui.checks.handover.access import judge_access
from launchready_tui.engine import judge
from launchready_tui.model import Status
from launchready_tui.owners import Owner
from launchready_tui.project import Clock
from launchready_tui.tokenlook import TokenLook, TokenView
from tests.world import NOW, Row, World, by_id, hold, said

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


class Token(TokenLook):
    """A connected DNS host whose token may do this."""

    def __init__(self, read: bool | None, write: bool | None, say: str = "It may read and change the zone.") -> None:
        self._view = TokenView("Cloudflare", read, write, say)

    async def dns(self) -> TokenView:
        return self._view


def _token(read: bool | None, write: bool | None, *answers: Answer, say: str = "It works.") -> World:
    return World(answers=answers, more=(Token(read, write, say),))


def _dns(choice: str, *ticks: str, days_ago: float = 1) -> Answer:
    return said("access.dns", choice, *ticks, days_ago=days_ago)


TOKENS = [
    Row("a token works, nobody answered", _token(True, True), Status.WARN, "somebody of yours can get in"),
    Row(
        "a token that may only read proves a sign-in", _token(True, False), Status.WARN, "somebody of yours can get in"
    ),
    Row(
        "it fills in for an answer that ran out",
        _token(True, True, _dns("yes", *ALL, days_ago=31)),
        Status.WARN,
        "run out",
    ),
    Row("it proves that changes can be made", _token(True, True, _dns("yes", *ALL[1:])), Status.PASS),
    Row("one that only reads does not", _token(True, False, _dns("yes", *ALL[1:])), Status.WARN, "was not opened"),
    Row("a refused token takes nothing away", _token(False, False, _dns("yes", *ALL)), Status.PASS),
    Row("a refused token says nothing against you", _token(False, False), Status.UNKNOWN, "your answer"),
    Row("a silent provider", _token(None, None), Status.UNKNOWN, "your answer"),
    Row("a contractor holds it, whatever the token does", _token(True, True, _dns("other")), Status.FAIL, "else holds"),
    Row("hostile words", _token(True, True, say="\x1b[2J\u202e"), Status.WARN, hostile=True),
]


def _proved(system: str, days_ago: int, by: str = "") -> World:
    day = NOW.date() - dt.timedelta(days=days_ago)
    return World(owners={system: Owner(system, owner="Ada", proved=day, proved_by=by)})


def _told(system: str) -> list[Row]:
    """The table of systems says that somebody signed in."""
    return [
        Row("written down, not answered", _proved(system, 3), Status.UNKNOWN, "Ada signed in"),
        Row("by somebody else", _proved(system, 3, by="Grace"), Status.UNKNOWN, "Grace signed in"),
        Row("written down too long ago", _proved(system, 31), Status.UNKNOWN, "Nobody has told us"),
    ]


SYSTEMS = ("registrar", "dns", "hosting")
TABLE: dict[str, list[Row]] = {f"handover.access.{system}": [*_rows(system), *_told(system)] for system in SYSTEMS}
TABLE["handover.access.dns"] += TOKENS


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    finding = await hold(id, row)
    if finding.status is not Status.PASS:
        assert finding.question == f"access.{id.rsplit('.', 1)[1]}", "it can be answered from the row"


@pytest.mark.parametrize("system", SYSTEMS)
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


async def test_one_answer_serves_both_checks_that_ask_it() -> None:
    """The audit and the handover share the question; one answer, and one that ran out, counts for both alike."""
    ids = ("audit.registrar.access", "handover.access.registrar")
    checks = [by_id(id) for id in ids]
    assert {check.question for check in checks} == {"access.registrar"}
    for days_ago, status in ((30, Status.PASS), (31, Status.UNKNOWN)):
        world = World(answers=(said("access.registrar", "yes", *ALL, days_ago=days_ago),))
        assert [(await judge(check, world.context())).status for check in checks] == [status, status]
