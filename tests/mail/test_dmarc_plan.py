"""The staged plan: its days, what holds a step, and that it never asks for more than the founder's own mail passes."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.mail import dmarc
from launchready_tui.mail.dmarc_plan import Begun, OwnMail, begun_of, key_of, lines, own_mail, plan
from launchready_tui.proofs import Kind, Proof

NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)
TODAY = NOW.date()
RUA = "rua=mailto:a@good.example"
PASSES = OwnMail("aligned", "It passes.")
NONE = own_mail("good.example", None)
SILENT = own_mail("good.example", (), nobody=True)


def ago(days: int) -> Begun:
    return Begun(TODAY - dt.timedelta(days=days), "change", number=3)


def proof(aligned: bool | None, *, kind: Kind = "reset", domain: str = "good.example", days: int = 1) -> Proof:
    return Proof(kind, "yours", "…", domain, at=NOW - dt.timedelta(days=days), aligned=aligned)


@pytest.mark.parametrize(
    ("record", "here", "ahead"),
    [
        ("", -1, ["p=none"]),
        ("p=none", 0, ["p=quarantine; t=y"]),
        ("t=y; p=none", 0, ["p=quarantine; t=y"]),
        ("p=quarantine; t=y", 1, ["p=quarantine"]),
        ("p=quarantine", 2, ["p=reject"]),
        ("p=reject; t=y", 2, ["p=reject"]),
        ("p=reject", 3, []),
    ],
)
def test_where_a_record_stands(record: str, here: int, ahead: list[str]) -> None:
    made = plan("good.example", dmarc.parse(f"v=DMARC1; {record}; {RUA}") if record else None, ago(5), PASSES, NOW)
    assert made.here == here
    assert [made.next.policy] == ahead if made.next else not ahead
    assert [step.state for step in made.steps[: max(here, 0)]] == ["done"] * max(here, 0)


def test_the_days() -> None:
    made = plan("good.example", dmarc.parse(f"v=DMARC1; p=none; {RUA}"), ago(10), PASSES, NOW)
    days = [(step.due - TODAY).days if step.due else None for step in made.steps]
    assert days == [-10, 20, 34, 64]  # 30 days of watching, 14 of trying, 30 of quarantine
    assert made.due is None
    late = plan("good.example", dmarc.parse(f"v=DMARC1; p=none; {RUA}"), ago(100), PASSES, NOW)
    assert late.due is late.steps[1]
    assert [(step.due - TODAY).days for step in late.steps[1:] if step.due] == [0, 14, 44]
    unknown = plan("good.example", dmarc.parse(f"v=DMARC1; p=none; {RUA}"), Begun(), PASSES, NOW)
    assert unknown.due is None
    assert unknown.next is not None
    assert unknown.next.due == TODAY + dt.timedelta(days=30)


def test_a_step_is_held_without_proof_and_says_what_lifts_it() -> None:
    made = plan("good.example", dmarc.parse(f"v=DMARC1; p=none; {RUA}"), ago(100), NONE, NOW)
    assert made.due is None
    assert made.next is not None
    assert (made.next.state, made.next.held) == ("held", NONE.say)
    assert "launchready mail" in made.next.lifts
    assert [step.state for step in made.steps] == ["here", "held", "later", "later"]
    assert all(step.held for step in made.steps[1:])


def test_the_first_record_needs_no_proof() -> None:
    made = plan("good.example", None, Begun(), NONE, NOW)
    assert made.due is not None
    assert made.due.record == "v=DMARC1; p=none; rua=mailto:dmarc@good.example"
    assert lines(made)[0] == "No DMARC record of good.example counts yet."


def test_who_sends_nothing_goes_straight_to_reject() -> None:
    made = plan("good.example", dmarc.parse("v=DMARC1; p=none"), Begun(), SILENT, NOW)
    assert [step.policy for step in made.steps] == ["p=none", "p=reject"]
    assert made.due is not None
    assert made.due.record == "v=DMARC1; p=reject; np=reject"
    assert made.due.note == ""


def test_back_down() -> None:
    made = plan("good.example", dmarc.parse(f"v=DMARC1; p=reject; sp=reject; t=n; {RUA}"), ago(3), NONE, NOW)
    assert made.watching == f"v=DMARC1; p=none; {RUA}"
    assert made.down is not None
    assert made.down.record == f"v=DMARC1; p=quarantine; np=reject; {RUA}"
    assert plan("good.example", dmarc.parse(f"v=DMARC1; p=none; {RUA}"), ago(3), NONE, NOW).down is None


def test_what_else_stands_in_the_record_stays() -> None:
    record = dmarc.parse(f"v=DMARC1; p=none; sp=none; adkim=s; fo=1; pct=20; {RUA}; ruf=mailto:f@good.example")
    made = plan("good.example", record, ago(100), PASSES, NOW)
    assert made.due is not None
    assert made.due.record == (
        f"v=DMARC1; p=quarantine; np=reject; adkim=s; t=y; fo=1; {RUA}; ruf=mailto:f@good.example"
    )


@pytest.mark.parametrize(
    ("proofs", "state"),
    [
        ((), "none"),
        ((proof(True),), "aligned"),
        ((proof(False),), "not-aligned"),
        ((proof(None),), "unclear"),
        ((proof(True, days=1), proof(False, days=2)), "aligned"),
        ((proof(False, days=1), proof(True, days=2)), "not-aligned"),
        ((proof(True), proof(False, kind="invite")), "not-aligned"),
        ((proof(True), proof(None, kind="invite")), "aligned"),
        ((proof(False, domain="other.example"),), "none"),
        ((proof(True, domain="mail.Good.Example."),), "aligned"),
        ((proof(True, domain="notgood.example"),), "none"),
    ],
)
def test_what_the_messages_on_file_say(proofs: tuple[Proof, ...], state: str) -> None:
    assert own_mail("good.example", proofs).state == state


def test_since_when() -> None:
    day = dt.date(2026, 11, 3)
    assert begun_of("none", changed=(day, 3), told=None, seen="none 2026-10-01").say == "since change 3 on 3 Nov 2026"
    assert begun_of("none", changed=None, told=(day, False), seen="none 2026-10-01").on == day
    seen = begun_of("none", changed=None, told=None, seen="none 2026-11-03")
    assert (seen.on, seen.how) == (day, "seen")
    for other in ("reject 2026-11-03", "none yesterday", "none", "", "none t=y 2026-11-03"):
        assert begun_of("none", changed=None, told=None, seen=other) == Begun()
    assert begun_of("quarantine t=y", changed=None, told=None, seen="quarantine t=y 2026-11-03").on == day
    assert key_of(dmarc.parse("v=DMARC1; p=quarantine; t=y")) == "quarantine t=y"


RECORDS = st.builds(
    lambda p, sp, np, t, rua: dmarc.parse(
        "; ".join(["v=DMARC1", f"p={p}", *filter(None, (sp and f"sp={sp}", np and f"np={np}", t, rua))])
    ),
    st.sampled_from(dmarc.POLICIES),
    st.sampled_from((*dmarc.POLICIES, "")),
    st.sampled_from((*dmarc.POLICIES, "")),
    st.sampled_from(("t=y", "")),
    st.sampled_from((RUA, "")),
)
BEGUN = st.one_of(st.just(Begun()), st.integers(0, 400).map(ago))
OWN = st.sampled_from(
    (PASSES, NONE, SILENT, own_mail("good.example", (proof(False),)), own_mail("good.example", (proof(None),)))
)


@given(RECORDS, BEGUN, OWN)
def test_no_plan_asks_for_more_than_own_mail_passes(record: dmarc.DmarcRecord, begun: Begun, own: OwnMail) -> None:
    made = plan("good.example", record, begun, own, NOW)
    if not own.safe:
        assert made.due is None or made.here < 0
    for step in made.steps:
        written = dmarc.parse(step.record)
        assert written.valid
        assert f"p={written.tags['p']}" == step.policy.partition(";")[0]
        assert dmarc.POLICIES.index(written.tags["sp"]) >= dmarc.POLICIES.index(written.tags["p"])
    assert dmarc.parse(made.watching).tags["sp"] == "none"
    coming = [step.due for step in made.steps[made.here + 1 :] if step.due is not None]
    assert coming == sorted(coming)
    assert all(due >= TODAY for due in coming)
    assert all(line == line.rstrip() for line in lines(made))
    assert len(lines(made)) >= len(made.steps)
