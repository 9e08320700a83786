"""What is suggested for after the launch."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.actions import ALWAYS
from launchready_tui.checks.handover.actions import judge_actions
from launchready_tui.handover.actions import suggest
from launchready_tui.model import Evidence, Finding, Status, passed
from tests.findings import fail
from tests.world import NOW

TODAY = NOW.date()


def test_the_three_of_every_handover_each_with_a_day() -> None:
    actions = suggest({}, NOW)
    assert set(ALWAYS) <= {action.id for action in actions}
    assert {(action.due - TODAY).days for action in actions if action.due} == {7, 30, 90}
    assert judge_actions(actions).status is Status.PASS


def test_ids_stay_the_same_from_look_to_look() -> None:
    later = suggest({}, NOW + dt.timedelta(days=9))
    assert [action.id for action in later] == [action.id for action in suggest({}, NOW)]


@pytest.mark.parametrize(
    ("record", "says"),
    [
        (fail(), "Publish a DMARC record"),
        (passed("x", evidence=[Evidence("TXT _dmarc", "v=DMARC1; p=none; rua=mailto:a@b")]), "p=none to p=quarantine"),
        (passed("x", evidence=[Evidence("TXT _dmarc", "v=DMARC1; p=quarantine")]), "p=quarantine to p=reject"),
        (passed("x", evidence=[Evidence("TXT _dmarc", "v=DMARC1; p = reject")]), "does any tool of yours fail"),
    ],
)
def test_the_dmarc_step_follows_from_what_stands(record: Finding, says: str) -> None:
    actions = suggest({"email.dmarc.record": record}, NOW)
    assert says in next(action.what for action in actions if action.id == "dmarc-step-up")


def test_the_dmarc_step_is_the_plans_own_where_there_is_one() -> None:
    facts = [("dmarc next step", "p=quarantine; t=y"), ("dmarc next step due", "2027-01-05")]
    record = passed("x", evidence=[Evidence("TXT _dmarc", "v=DMARC1; p=none")])
    actions = suggest({"email.dmarc.record": record, "email.dmarc.policy": passed("x", facts=facts)}, NOW)
    action = next(action for action in actions if action.id == "dmarc-step-up")
    assert (action.due, action.what.endswith("step up to p=quarantine; t=y.")) == (dt.date(2027, 1, 5), True)
    late = [facts[0], ("dmarc next step due", "2026-01-05")]
    actions = suggest({"email.dmarc.policy": passed("x", facts=late)}, NOW)
    assert next(one.due for one in actions if one.id == "dmarc-step-up") == TODAY + dt.timedelta(days=1)


def test_renewals_come_before_what_expires() -> None:
    found = {
        "audit.domain.expiry": passed("x", subject="good.example", facts=[("expires", "2027-03-03T00:00:00Z")]),
        "edge.tls.expiry": passed("x", subject="www.good.example", facts=[("not after", "2026-12-20")]),
        "edge.tls.valid": passed("x", subject="api.good.example", facts=[("not_after", "2026-11-25")]),
    }
    due = {action.id: action.due for action in suggest(found, NOW)}
    assert due["renew-domain"] == dt.date(2027, 2, 1)
    assert due["renew-certificate:www.good.example"] == dt.date(2026, 12, 13)
    assert due["renew-certificate:api.good.example"] == TODAY, "never in the past"


@given(st.text(max_size=30), st.text(max_size=40) | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", fullmatch=True))
def test_no_fact_breaks_the_suggestions(name: str, value: str) -> None:
    for fact in (name, "expires", "not after"):
        assert judge_actions(suggest({"a.b.c": passed("x", facts=[(fact, value)])}, NOW)).status is Status.PASS
