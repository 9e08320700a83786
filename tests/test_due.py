"""What runs out, kept in the summary after a look, and the order of the list that is made of it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from launchready_tui import limits, listing
from launchready_tui.actions import NextAction
from launchready_tui.answers import Answer, Answers
from launchready_tui.due import Due, nearest
from launchready_tui.ledger import Accepted
from launchready_tui.model import Evidence, Fix, failed, passed
from launchready_tui.project import Clock, Project
from launchready_tui.session import Outcome, Session
from launchready_tui.session.due import dues_of
from launchready_tui.vault import Vault
from launchready_tui.workspace import Summary, Workspace

NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
TODAY = NOW.date()


def day(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (Due("certificate", "certificate", day(21)), "certificate in 21 days"),
        (Due("domain", "domain", day(1)), "domain tomorrow"),
        (Due("domain", "domain", TODAY), "domain today"),
        (Due("access", "sign-in at DNS", day(-1)), "sign-in at DNS ran out yesterday"),
        (Due("risk", "accepted risk “x”", day(-3)), "accepted risk “x” ran out 3 days ago"),
        (Due("action", "Restore a backup", day(-3)), "Restore a backup was due 3 days ago"),
        (Due("domain", "domain", day(100)), "domain on 4 Mar 2027"),
    ],
)
def test_a_day_as_a_person_feels_it(due: Due, said: str) -> None:
    assert due.say(TODAY) == said


def test_soon_is_two_weeks_and_what_has_passed() -> None:
    assert [Due("domain", "domain", day(days)).soon(TODAY) for days in (-400, 0, 14, 15)] == [True, True, True, False]
    assert nearest(()) is None
    assert nearest((Due("b", "b", day(3)), Due("a", "a", day(-1)))) == Due("a", "a", day(-1))


def _answer(question: str, choice: str, days: int = 30) -> Answer:
    return Answer(question, choice, "Ada", NOW - dt.timedelta(days=10), days)


def test_everything_that_runs_out_by_its_day() -> None:
    fail = failed("It is not.", Fix("steps", "Do it.", 5), evidence=[Evidence("x", "y")])
    findings = {
        "audit.domain.expiry": passed("Paid.", facts=[("expires", "2027-03-03"), ("registrar", "Namecheap")]),
        "edge.tls.expiry": passed("Fresh.", facts=[("not after", "2026-12-12")]),
        "edge.tls.other": passed("Fresh.", facts=[("not after", "2026-12-20"), ("expires", "no day at all")]),
        "dns.www.resolves": fail,
        "edge.hsts.age": passed("Sound."),
        "x.y.z": passed("Odd.", facts=[("not after", "2026-99-99")]),
    }
    answers = Answers(
        [_answer("access.dns", "yes"), _answer("access.hosting", "no"), _answer("rollback.rehearsal", "yes")]
    )
    risks = [
        Accepted("dns.www.resolves", "Ada", "later", day(9), NOW),
        Accepted("edge.hsts.age", "Ada", "it is sound by now", day(3), NOW),
    ]
    actions = [
        NextAction("a", "Restore a backup.", "Ada", day(5)),
        NextAction("b", "Done.", "Ada", day(1), done=True),
        NextAction("c", "Some day."),
    ]
    found = [(due.kind, due.date) for due in dues_of(findings, answers, risks, actions)]
    assert found == [
        ("action", day(5)),
        ("risk", day(9)),
        ("certificate", dt.date(2026, 12, 12)),
        ("access", dt.date(2026, 12, 14)),
        ("domain", dt.date(2027, 3, 3)),
    ]


def test_so_many_are_kept() -> None:
    actions = [NextAction(f"a{n}", f"Do {n}", "", day(n)) for n in range(50)]
    kept = dues_of({}, Answers(), [], actions)
    assert len(kept) == limits.DUES_KEPT
    assert kept[0].date == TODAY


async def test_a_closed_project_is_listed_with_what_runs_out_without_its_findings(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    session = Session(workspace.open("good.example", create=True), Vault(kind="session"), clock=Clock(NOW))
    finding = passed("Paid.", facts=[("expires", "2027-03-03")])
    session.outcomes["audit.domain.expiry"] = Outcome(finding, NOW)
    session.answer("access.dns", "yes", "Ada")
    await session.aclose()
    (tmp_path / "projects" / "good.example" / "findings.json").unlink()
    (one,) = Workspace(tmp_path).projects()
    assert {due.kind: due.date for due in one.due}["domain"] == dt.date(2027, 3, 3)
    assert {due.kind for due in one.due} == {"domain", "access"}
    assert one.status == 3
    assert listing.state_of(one).startswith("Could not tell yet")


def test_a_summary_of_an_older_version_is_listed(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with workspace.open("good.example", create=True) as store:
        store.save_project(Project("good.example"))
        (store.path / "summary.json").write_text('{"schema_version":1,"line":"Not ready: 1 high. Next: x.","next":"x"}')
    (one,) = workspace.projects()
    assert (one.status, one.due, listing.status_of(one)) == (None, (), listing.NOT_READY)


def test_the_order_of_the_list() -> None:
    def one(name: str, line: str = "", *due: Due, **more: object) -> Summary:
        return Summary(name, name, NOW, line, due=due, **more)  # type: ignore[arg-type]

    ready = "Ready: nothing that blocks a launch is open."
    every = [
        one("ready-later", ready, Due("domain", "domain", day(200))),
        one("new"),
        one("ready-sooner", ready, Due("domain", "domain", day(20))),
        one("unsure", "Could not tell yet: 1 critical question is open."),
        one("broken", problem="It cannot be read."),
        one("bad", "Not ready: 1 high.", faults={"high": 1}),
        one("worse", "Not ready: 1 critical.", faults={"critical": 1}),
        one("due", ready, Due("certificate", "certificate", day(2))),
        one("over", "Not ready: 1 high.", Due("domain", "domain", day(-2)), faults={"high": 1}),
    ]
    order = ["over", "due", "worse", "bad", "broken", "unsure", "new", "ready-sooner", "ready-later"]
    assert [each.domain for each in listing.in_order(every, NOW)] == order
    assert [each.domain for each in listing.in_order(reversed(every), NOW)] == order
    for each in every:
        assert listing.text(each, TODAY)[0] == each.domain
        assert listing.document(each, TODAY)["domain"] == each.domain
