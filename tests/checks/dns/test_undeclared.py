from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from launchready_tui import limits
from launchready_tui.answers import Answer as Said
from launchready_tui.model import RecordSet, Severity, Status
from launchready_tui.project import Project
from launchready_tui.sources.dns import Answer, Delegation, NameServer, NoData, NxDomain, ServerFailed, TimedOut
from launchready_tui.sources.transparency import Answer as LogAnswer
from launchready_tui.sources.transparency import Log, Logged, NoLog
from tests.world import MADE_UP, NAME, NOW, Row, World, found, hold, said

GOOD, ELSE = "93.184.215.14", "151.101.1.69"
OLD, DEV, APP = f"old.{NAME}", f"dev.{NAME}", f"app.{NAME}"
BEFORE, AFTER = NOW - dt.timedelta(days=300), NOW - dt.timedelta(hours=1)
NS = Delegation(
    NAME,
    found(NAME, "NS", "ns1.host.example.", "ns2.host.example."),
    "a.gtld-servers.net",
    (NameServer("ns1.host.example", ("156.154.130.200",)), NameServer("ns2.host.example", ("156.154.131.200",))),
)


def log(*names: str, since: dt.datetime | None = BEFORE, cut: bool = False) -> Log:
    return Log(NAME, tuple(Logged(name, since) for name in names), cut, "crt.sh")


def world(
    logged: LogAnswer,
    *answers: Answer,
    answered: Sequence[Said] = (),
    at: dict[tuple[str, str, str], Answer] | None = None,
    urls: dict[str, str] | None = None,
    delegation: Delegation | None = NS,
) -> World:
    return World(
        project=Project(NAME, subs=("app",), urls=urls or {}),
        dns={
            (NAME, "A"): found(NAME, "A", GOOD),
            (NAME, "MX"): found(NAME, "MX", f"10 mail.{NAME}."),
            (NAME, "NS"): found(NAME, "NS", f"ns1.{NAME}.", "ns2.host.example."),
        }
        | {(answer.name, answer.type): answer for answer in answers},
        at=at or {},
        delegation=delegation,
        log=logged,
        answers=tuple(answered),
    )


def wildcard(value: str, below: str = NAME) -> tuple[Answer, ...]:
    return tuple(found(f"{label}.{below}", "A", value) for label in MADE_UP)


REMOVE, KEEP = said("subs.undeclared", "remove"), said("subs.undeclared", "keep")
EVIL = "\x1b]0;x\x07\u202e[@click=app.quit]x[/]"

TABLE: dict[str, list[Row]] = {
    "dns.sub.undeclared": [
        Row("no certificate ever", world(log()), Status.PASS, "know 0 names"),
        Row("all of them declared", world(log(APP, f"www.{NAME}", f"www.{APP}")), Status.PASS, "know 3 names"),
        Row("old names that are gone", world(log(OLD, DEV)), Status.PASS, "leads anywhere"),
        Row(
            "names of mail, name servers and addresses given",
            world(
                log(f"mail.{NAME}", f"ns1.{NAME}", f"go.{NAME}"),
                *(found(f"{label}.{NAME}", "A", GOOD) for label in ("mail", "ns1", "go")),
                urls={"login": f"https://go.{NAME}/login"},
            ),
            Status.PASS,
        ),
        Row(
            "the mail server behind an alias, and what mail programs look for",
            world(
                log(f"post.{NAME}", f"autodiscover.{NAME}", f"mta-sts.{NAME}"),
                found(f"mail.{NAME}", "A", ELSE, aliases=(f"post.{NAME}",)),
                *(found(f"{label}.{NAME}", "A", ELSE) for label in ("post", "autodiscover", "mta-sts")),
            ),
            Status.PASS,
        ),
        Row(
            "a name that still answers",
            world(log(OLD, DEV), found(OLD, "A", ELSE)),
            Status.WARN,
            f"{OLD} ({ELSE}) still leads somewhere, and nobody listed it",
        ),
        Row(
            "over IPv6 alone",
            world(log(OLD), NoData(OLD, "A"), found(OLD, "AAAA", "2606:4700::1")),
            Status.WARN,
            "2606:4700::1",
        ),
        Row(
            "an alias whose target is gone",
            world(log(OLD), NxDomain(OLD, "A", ("gone.host.example",))),
            Status.WARN,
            "alias of gone.host.example",
        ),
        Row("a name without an address", world(log(OLD), NoData(OLD, "A"), NoData(OLD, "AAAA")), Status.PASS),
        Row(
            "a wildcard makes no old name alive",
            world(log(OLD, DEV), *wildcard(GOOD), found(OLD, "A", GOOD), found(DEV, "A", GOOD)),
            Status.PASS,
            "lead where your wildcard leads",
        ),
        Row(
            "a name of its own beside a wildcard",
            world(log(OLD, DEV), *wildcard(GOOD), found(OLD, "A", GOOD), found(DEV, "A", ELSE)),
            Status.WARN,
            f"{DEV} ({ELSE}) still leads somewhere",
        ),
        Row(
            "a wildcard further down",
            world(
                log(f"a.{DEV}", f"b.{DEV}"),
                *wildcard(ELSE, DEV),
                found(f"a.{DEV}", "A", ELSE),
                found(f"b.{DEV}", "A", ELSE),
            ),
            Status.PASS,
        ),
        Row(
            "to be removed",
            world(log(OLD), found(OLD, "A", ELSE), answered=[REMOVE]),
            Status.WARN,
            "Ada said to remove it",
        ),
        Row(
            "kept",
            world(log(OLD), found(OLD, "A", ELSE), answered=[KEEP]),
            Status.PASS,
            "said on 23 Nov 2026 to keep it",
        ),
        Row(
            "newer than the answer",
            world(log(OLD, since=AFTER), found(OLD, "A", ELSE), answered=[KEEP]),
            Status.WARN,
            "nobody listed it",
        ),
        Row(
            "the search is down",
            world(NoLog(NAME, "broken", "answered 503"), found(OLD, "A", ELSE)),
            Status.UNKNOWN,
            "the search answered 503",
        ),
        Row(
            "one name cannot be looked up",
            world(log(OLD), TimedOut(OLD, "A", 4.0)),
            Status.UNKNOWN,
            "could not look up",
        ),
        Row("more than we can read", world(log(OLD, cut=True)), Status.UNKNOWN, "more than we can read"),
        Row(
            "more than we look up",
            world(log(*(f"n{number}.{NAME}" for number in range(limits.CT_LOOKED_AT + 1)))),
            Status.UNKNOWN,
            f"the {limits.CT_LOOKED_AT} newest of {limits.CT_LOOKED_AT + 1} names",
        ),
        Row(
            "one server of the zone does not know the name, the resolvers do",
            world(
                log(OLD), found(OLD, "A", ELSE), at={("156.154.130.200", OLD, "A"): ServerFailed(OLD, "A", "REFERRAL")}
            ),
            Status.WARN,
        ),
        Row("no server known", world(log(OLD), found(OLD, "A", ELSE), delegation=None), Status.WARN),
        Row(
            "aliases and reasons full of escapes",
            world(
                log(OLD),
                found(OLD, "A", ELSE, aliases=(EVIL,)),
                answered=[said("subs.undeclared", "some", keep=EVIL, who=EVIL)],
            ),
            Status.WARN,
            hostile=True,
        ),
        Row("a search full of escapes", world(NoLog(NAME, "broken", EVIL)), Status.UNKNOWN, hostile=True),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"), [(i, r) for i, rows in TABLE.items() for r in rows], ids=lambda v: getattr(v, "label", v)
)
async def test_table(id: str, row: Row) -> None:
    finding = await hold(id, row)
    assert finding.severity in (None, Severity.MEDIUM)


async def test_the_fix_removes_what_a_person_marked_and_nothing_else() -> None:
    answers = (
        found(OLD, "A", ELSE),
        found(OLD, "AAAA", "2606:4700::1"),
        found(DEV, "A", ELSE, aliases=("sites.host.example",)),
        found(f"kept.{NAME}", "A", ELSE),
    )
    logged = log(OLD, DEV, f"kept.{NAME}")
    unasked = await hold("dns.sub.undeclared", Row("", world(logged, *answers), Status.WARN))
    assert unasked.fix is not None
    assert (unasked.fix.kind, unasked.fix.records, unasked.question) == ("steps", (), "subs.undeclared")

    some = said("subs.undeclared", "some", keep=f" KEPT, https://nothing.{NAME}/ ")
    finding = await hold("dns.sub.undeclared", Row("", world(logged, *answers, answered=[some]), Status.WARN))
    assert finding.fix is not None
    assert finding.fix.records == (RecordSet(OLD, "A", ()), RecordSet(OLD, "AAAA", ()), RecordSet(DEV, "CNAME", ()))
    assert "type CNAME, name dev" in finding.fix.say
    assert "name kept" not in finding.fix.say

    none_named = said("subs.undeclared", "some", keep=" , ")
    finding = await hold("dns.sub.undeclared", Row("", world(logged, *answers, answered=[none_named]), Status.WARN))
    assert finding.fix is not None
    assert finding.fix.records == ()


async def test_new_names_are_asked_about_beside_those_to_remove() -> None:
    mixed = Log(NAME, (Logged(DEV, AFTER), Logged(OLD, BEFORE)), False, "crt.sh")
    told = world(mixed, found(OLD, "A", ELSE), found(DEV, "A", ELSE), answered=[REMOVE])
    finding = await hold(
        "dns.sub.undeclared", Row("", told, Status.WARN, "dev.good.example (151.101.1.69) still leads")
    )
    assert finding.fix is not None
    assert finding.fix.records == (RecordSet(OLD, "A", ()),)


async def test_behind_a_shield_any_record_may_stand_at_a_name() -> None:
    there = world(log(OLD), found(OLD, "A", "104.16.132.229"), answered=(REMOVE,))
    finding = await hold("dns.sub.undeclared", Row("", there, Status.WARN, "type A, AAAA or CNAME"))
    assert finding.fix is not None
    assert finding.fix.records == tuple(RecordSet(OLD, type, ()) for type in ("A", "AAAA", "CNAME"))
