"""The risk list: one fault once, the worst first, and nothing in it that Markdown would act on."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.model import Finding, Severity, Stage, Status
from launchready_tui.project import Project
from launchready_tui.risks import risk_list, risks_markdown, standing
from tests.findings import (
    ASIDE,
    CRITICAL,
    HIGH,
    LOW,
    MEDIUM,
    SOUND,
    a_check,
    fail,
    fix,
    records_fix,
    silent,
    waiting,
    warn,
)

AT = dt.datetime(2026, 11, 3, 9, 30, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Taken:
    who: str = "Ada"
    reason: str = "we move in May"
    until: dt.date = dt.date(2027, 3, 3)
    severity: Severity | None = None


@dataclass(frozen=True)
class WasAsked:
    who: str = "Grace"
    at: dt.datetime = AT


def test_every_open_finding_is_listed_and_nothing_else() -> None:
    found = {
        "dns.a": fail(),
        "dns.b": warn(),
        "dns.c": waiting(),
        "dns.d": SOUND,
        "dns.e": ASIDE,
        "dns.f": silent(),
    }
    risks = risk_list(found, [a_check(id) for id in (*found, "dns.unlooked")])
    assert {risk.cause for risk in risks} == {"dns.a", "dns.b", "dns.c"}
    assert {risk.status for risk in risks} == {Status.FAIL, Status.WARN, Status.WAITING}


def test_order_is_severity_and_then_the_quickest() -> None:
    checks = [a_check("dns.a", LOW), a_check("dns.b", HIGH), a_check("edge.c", HIGH), a_check("email.d", MEDIUM)]
    found = {"dns.a": fail(minutes=1), "dns.b": fail(minutes=30), "edge.c": fail(minutes=5), "email.d": fail()}
    assert [risk.cause for risk in risk_list(found, checks)] == ["edge.c", "dns.b", "email.d", "dns.a"]
    raised = found | {"dns.a": fail(minutes=1, severity=CRITICAL)}
    assert risk_list(raised, checks)[0].cause == "dns.a"


@pytest.mark.parametrize("order", list(itertools.permutations(["dns.a", "edge.b", "email.c"])))
def test_one_fault_seen_by_several_checks_is_one_line(order: tuple[str, ...]) -> None:
    by_id = {"dns.a": a_check("dns.a", CRITICAL), "edge.b": a_check("edge.b", HIGH), "email.c": a_check("email.c", LOW)}
    concrete = replace(fail("no-address:www", saw="www has no address."), fix=records_fix(7, who="Grace"))
    found = {"dns.a": fail("no-address:www", minutes=60), "edge.b": concrete, "email.c": warn("no-address:www")}
    (risk,) = risk_list(found, [by_id[id] for id in order])
    assert risk.cause == "no-address:www"
    assert risk.severity is CRITICAL, "the most severe wins"
    assert risk.line == "www has no address.", "the finding that a tool could fix speaks"
    assert (risk.who, risk.minutes, risk.stage) == ("Grace", 7, Stage.EDGE)
    assert risk.check_ids[0] == "edge.b"
    assert set(risk.check_ids) == set(by_id)
    assert risk.consequence == "Why dns.a matters.", "the consequence is the worst check's"


def test_a_warning_does_not_make_a_failure_worse() -> None:
    checks = [a_check("dns.a", MEDIUM), a_check("dns.b", CRITICAL)]
    (risk,) = risk_list({"dns.a": fail("one"), "dns.b": warn("one")}, checks)
    assert (risk.status, risk.severity) == (Status.FAIL, MEDIUM)


def test_accepted_and_asked_are_marked_and_stay_listed() -> None:
    checks = [a_check("dns.a", HIGH), a_check("dns.b", HIGH)]
    found = {"dns.a": fail("x"), "dns.b": fail()}
    risks = risk_list(found, checks, accepted={"x": Taken()}, asked={"dns.b": WasAsked()})
    notes = {risk.cause: risk.status_note for risk in risks}
    assert notes == {"x": "accepted by Ada until 3 Mar 2027: we move in May", "dns.b": "asked Grace, 3 Nov 2026"}
    assert [risk.blocks for risk in sorted(risks, key=lambda each: each.cause)] == [True, False]
    (by_check, _) = risk_list(found, checks, accepted={"dns.a": Taken()})
    assert by_check.accepted is not None, "the key may be the check's id as well"


def test_an_acceptance_ends_when_the_fault_gets_worse() -> None:
    checks = [a_check("audit.a", HIGH)]
    mild, grave = {"audit.a": fail()}, {"audit.a": fail(severity=CRITICAL)}
    taken = {"audit.a": Taken(severity=HIGH)}
    assert risk_list(mild, checks, accepted=taken)[0].accepted is not None
    assert risk_list(grave, checks, accepted=taken)[0].accepted is None


def test_standing_counts_the_last_day_and_no_day_after() -> None:
    taken = {"a": Taken(until=dt.date(2026, 11, 3)), "b": Taken(until=dt.date(2026, 11, 2))}
    assert list(standing(taken, AT)) == ["a"]


def test_markdown_by_severity_with_work_left() -> None:
    checks = [a_check("dns.a", CRITICAL), a_check("dns.b", MEDIUM), a_check("dns.c", HIGH)]
    found = {"dns.a": fail(minutes=30), "dns.b": warn(minutes=10), "dns.c": fail(minutes=60)}
    text = risks_markdown(risk_list(found, checks, accepted={"dns.c": Taken()}), Project("good.example"), AT)
    assert text.index("## Critical") < text.index("## High") < text.index("## Medium")
    assert "About 40 min of work, accepted risks not counted." in text
    assert "3 things open" in text


def test_markdown_of_nothing() -> None:
    assert "Nothing is open." in risks_markdown((), Project("good.example"), AT)


@given(st.text())
def test_markdown_shows_any_text_as_it_is(text: str) -> None:
    """No text makes a row, a link, an image or HTML of its own."""
    found = {"dns.a": Finding(Status.FAIL, text + "|<b>[x](javascript:y)", fix=fix(who=text))}
    shown = risks_markdown(risk_list(found, [a_check("dns.a")]), Project("good.example", product=text), AT)
    (row,) = [line for line in shown.split("\n") if line.startswith("|") and "Why dns" in line]
    unescaped = row.replace("\\\\", "")
    cells = [i for i, char in enumerate(unescaped) if char == "|" and unescaped[i - 1 : i] != "\\"]
    assert len(cells) == 6
    assert "\x1b" not in shown
    assert "<b>" not in shown
    assert shown.count("\n## ") == 1
