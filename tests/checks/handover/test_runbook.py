"""The ways back are written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from launchready_tui.answers import Answer
from launchready_tui.engine import judge
from launchready_tui.model import Status
from launchready_tui.runbooks import KINDS, from_fields, steps_of
from tests.world import Row, World, by_id, hold, said

WHOLE = {
    "trigger": "sign-in broke with a release",
    "steps": "1. Open the host\n2. Put the last version back\n3. Sign in once",
    "where": "vercel rollback",
    "person": "Ada",
    "minutes": "4",
}


def told(kind: str, fields: Mapping[str, str] = WHOLE, days_ago: float = 1) -> Answer:
    return replace(said(f"runbook.{kind}", "agreed", days_ago=days_ago), fields=fields)


APP, DNS, DMARC = told("app"), told("dns"), told("dmarc")
ESCAPES = "\x1b[2J\x07[@click=app.quit]x[/]\u202e\x00"


def without(kind: str, *names: str, **other: str) -> World:
    """All three written down, but for some parts of one."""
    fields = {name: text for name, text in WHOLE.items() if name not in names} | other
    others = [each for each in (APP, DNS, DMARC) if each.question != f"runbook.{kind}"]
    return World(answers=(*others, told(kind, fields)))


TABLE: dict[str, list[Row]] = {
    "handover.runbook.rollback": [
        Row(
            "all three", World(answers=(APP, DNS, DMARC)), Status.PASS, "the app, the DNS records and the DMARC policy"
        ),
        Row(
            "no mail is sent",
            World(answers=(APP, DNS, said("runbook.dmarc", "absent"))),
            Status.PASS,
            "No mail is sent",
        ),
        Row("the app alone", World(answers=(APP,)), Status.WARN, "for the DNS records and the DMARC policy"),
        Row("no DMARC", World(answers=(APP, DNS)), Status.WARN, "for the DMARC policy"),
        Row("nobody does it", without("dns", "person"), Status.WARN, "the DNS records does not say who does it"),
        Row("no time", without("app", "minutes"), Status.WARN, "how long it takes"),
        Row("two steps", without("app", steps="Open it; go back"), Status.WARN, "3 steps or more (there are 2)"),
        Row(
            "no DNS steps",
            World(answers=(APP, said("runbook.dns", "none"), DMARC)),
            Status.WARN,
            "for the DNS records.",
        ),
        Row(
            "no app steps", World(answers=(said("runbook.app", "none"), DNS, DMARC)), Status.FAIL, "There are no steps"
        ),
        Row("an app without a step", without("app", "steps"), Status.FAIL, "There are no steps"),
        Row("nobody told", World(), Status.UNKNOWN, "Nobody has told us"),
        Row("only DNS told", World(answers=(DNS,)), Status.UNKNOWN, "Nobody has told us"),
        Row("did not know", World(answers=(said("runbook.app", "unknown"),)), Status.UNKNOWN, "Nobody has told us"),
        Row(
            "too long ago",
            World(answers=(told("app", days_ago=100), DNS, DMARC)),
            Status.UNKNOWN,
            "counts for 90 days",
        ),
        Row(
            "escapes in every field",
            World(answers=(told("app", dict.fromkeys(WHOLE, ESCAPES)), DNS, DMARC)),
            Status.WARN,
            "3 steps or more (there is 1)",
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


@pytest.mark.parametrize(
    ("typed", "steps"),
    [
        ("1. Open it\n2. Go back\n\n3) Look", ("Open it", "Go back", "Look")),
        ("- Open it\n- Go back 2.5 times", ("Open it", "Go back 2.5 times")),
        ("1. Open it 2. Go back 3. Look", ("Open it", "Go back", "Look")),
        ("Open it; go back; look", ("Open it", "go back", "look")),
        ("Take version 1.2 back", ("Take version 1.2 back",)),
        ("  \n ; \n", ()),
    ],
)
def test_steps_as_people_write_them(typed: str, steps: tuple[str, ...]) -> None:
    assert steps_of(typed) == steps


def test_what_is_shown_again_reads_back_the_same() -> None:
    for kind in KINDS:
        book = from_fields(kind, WHOLE)
        assert from_fields(kind, book.fields()) == book


@pytest.mark.parametrize(
    ("world", "question"),
    [
        (World(), "runbook.app"),
        (World(answers=(DNS,)), "runbook.app"),
        (World(answers=(APP,)), "runbook.dns"),
        (World(answers=(APP, DNS)), "runbook.dmarc"),
        (without("app", "minutes"), "runbook.app"),
        (without("app", "steps"), "runbook.app"),
    ],
)
async def test_it_asks_for_the_first_that_is_missing(world: World, question: str) -> None:
    finding = await judge(by_id("handover.runbook.rollback"), world.context())
    assert finding.question == question
