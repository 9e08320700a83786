"""email.flow.reset and email.flow.invite: what a person says of two inboxes, held against the rule."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from launchready_tui.answers import Answer
from launchready_tui.checks.email.flow import inbox_of, seconds_of
from launchready_tui.model import Status
from launchready_tui.owners import Owner
from launchready_tui.project import Project
from launchready_tui.proofs import Kind, Proof, StoredMessage
from launchready_tui.sources.message import Messages
from tests.world import NAME, Row, World, hold, said


def tried(kind: str, gmail: str = "inbox", outlook: str = "inbox", **more: str) -> Answer:
    fields = {"gmail_seconds": "20", "outlook_seconds": "95 s", "link": "once", "gmail": gmail, "outlook": outlook}
    return replace(said(f"flow.{kind}", "tried"), fields={**fields, **more})


def told(kind: str, gmail: str = "inbox", outlook: str = "inbox", **more: str) -> World:
    return World(answers=(tried(kind, gmail, outlook, **more),))


def filed(
    world: World, kind: Kind, *, delay: float | None = 7, receiver: str = "mx.google.com", yours: bool = True
) -> World:
    """The same with a message on file."""

    async def prove(message: StoredMessage) -> Proof:
        verdict = "yours" if yours else "not-yours"
        return Proof(kind, verdict, "This message says.", delay=delay, receiver=receiver)  # type: ignore[arg-type]

    return replace(world, more=(Messages((StoredMessage("a", kind, Path("a")),), prove),))


def rows(kind: Kind) -> list[Row]:
    question = f"flow.{kind}"
    return [
        Row("both in the inbox", told(kind), Status.PASS, "20 s at Gmail and 95 s at Outlook"),
        Row("in a minute and a half", told(kind, gmail_seconds="1:30"), Status.PASS, "90 s"),
        Row(
            "a message on file", filed(told(kind), kind), Status.PASS, "7 s at Gmail and 95 s at Outlook, and its link"
        ),
        Row("it proves as well", filed(told(kind), kind), Status.PASS, "proves that it is yours"),
        Row("it fills in the time", filed(told(kind, gmail_seconds=""), kind), Status.PASS, "7 s at Gmail"),
        Row("its clock counts", filed(told(kind), kind, delay=900), Status.WARN, "900 s to Gmail"),
        Row(
            "at Outlook",
            filed(told(kind), kind, receiver="AB1PR01.eurprd01.prod.outlook.com"),
            Status.PASS,
            "7 s at Outlook",
        ),
        Row(
            "elsewhere it says nothing of the two",
            filed(told(kind), kind, receiver="mx.club.example"),
            Status.PASS,
            "20 s",
        ),
        Row("a message alone does not tell where it landed", filed(World(), kind), Status.UNKNOWN),
        Row("one in promotions", told(kind, "promotions"), Status.WARN, "in promotions at Gmail"),
        Row("one in spam", told(kind, outlook="spam"), Status.WARN, "in spam at Outlook"),
        Row("one in spam, the other not said", told(kind, "spam", ""), Status.WARN, "in spam at Gmail"),
        Row("both in promotions", told(kind, "promotions", "promotions"), Status.WARN, "promotions at Gmail and"),
        Row("spam and promotions", told(kind, "spam", "promotions"), Status.WARN),
        Row("late", told(kind, outlook_seconds="4 min"), Status.WARN, "240 s to Outlook"),
        Row("just in time", told(kind, outlook_seconds="120"), Status.PASS),
        Row("a link that works twice", told(kind, link="again"), Status.WARN, "second time"),
        Row("spam in both", told(kind, "spam", "spam"), Status.FAIL, "spam at Gmail and Outlook"),
        Row("missing at one", told(kind, outlook="missing"), Status.FAIL, "never arrived at Outlook"),
        Row("missing at both", told(kind, "missing", "missing"), Status.FAIL, "at Gmail and Outlook"),
        Row("a link that does not work", told(kind, link="broken"), Status.FAIL, "does not work"),
        Row("nobody said", World(), Status.UNKNOWN, "a try at a Gmail"),
        Row("too long ago", World(answers=(said(question, "tried", days_ago=45),)), Status.UNKNOWN, "another try"),
        Row("“I do not know”", World(answers=(said(question, "unknown"),)), Status.UNKNOWN),
        Row("half an answer", told(kind, outlook=""), Status.UNKNOWN, "at Outlook"),
        Row("no time", told(kind, gmail_seconds=""), Status.UNKNOWN, "How many seconds"),
        Row("a link nobody tried", told(kind, link=""), Status.UNKNOWN, "Whether its link works"),
        Row("there is none", World(answers=(said(question, "none"),)), Status.INFO, "says that there is no"),
        Row("nothing sends mail", World(owners={"sender": Owner("sender", absent=True)}), Status.INFO),
        Row(
            "words that are none of the choices",
            told(kind, "\x1b[31minbox", "\u202einbox", gmail_seconds="1e99", link="once; rm"),
            Status.UNKNOWN,
            hostile=True,
        ),
    ]


TABLE: dict[str, list[Row]] = {
    "email.flow.reset": [
        *rows("reset"),
        Row("no login", World(project=Project(NAME, urls={"login": ""})), Status.INFO, "no login"),
        Row("no login, as declared", World(project=Project(NAME, absent={"login": "Ada"})), Status.INFO),
    ],
    "email.flow.invite": [
        *rows("invite"),
        Row("no invites", World(project=Project(NAME, urls={"invite": ""})), Status.INFO, "no invites"),
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
    ("text", "seconds"),
    [
        ("40", 40),
        ("40 s", 40),
        ("about 2 min", 120),
        ("1:30", 90),
        ("0.5 min", 30),
        ("1,5", 1.5),
        ("1 hour", 3600),
        ("", None),
        ("soon", None),
        ("-4", None),
        ("1:75", None),
        ("9" * 400, None),
        ("nan", None),
    ],
)
def test_seconds_as_people_type_them(text: str, seconds: float | None) -> None:
    assert seconds_of(text) == seconds


def test_whose_server_took_it() -> None:
    assert inbox_of("mx.google.com") == "Gmail"
    assert inbox_of("MX.Google.com.") == "Gmail"
    assert inbox_of("x.prod.outlook.com") == "Outlook"
    assert inbox_of("mx.google.com.evil.example") == ""
    assert inbox_of("notgoogle.com") == ""
    assert inbox_of("") == ""


async def test_a_message_of_the_other_kind_says_nothing() -> None:
    await hold("email.flow.reset", Row("other kind", filed(told("reset"), "invite", delay=900), Status.PASS, "20 s at"))
