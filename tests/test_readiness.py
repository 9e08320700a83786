"""Ready or not, and what to do next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.model import Finding, Severity, Status
from launchready_tui.readiness import Readiness, judge
from launchready_tui.steps import AFTER, WORDS
from tests.findings import (
    ASIDE,
    CRITICAL,
    HIGH,
    LOW,
    MEDIUM,
    NOW_LOOKED_AT,
    SOUND,
    a_check,
    fail,
    silent,
    waiting,
    warn,
)


@dataclass(frozen=True)
class Taken:
    who: str = "Ada"
    reason: str = ""
    until: dt.date = dt.date(2027, 3, 3)


SEVERITIES = {"c": CRITICAL, "h": HIGH, "m": MEDIUM, "l": LOW}


def judged(found: Mapping[str, Finding | None], **more: Any) -> Readiness:
    """Ids are "dns.<c|h|m|l><anything>"; None is a check that was not looked at."""
    checks = [a_check(id, SEVERITIES[id.split(".")[1][0]]) for id in found]
    return judge({id: finding for id, finding in found.items() if finding is not None}, checks, **more)


RULES: list[tuple[str, Mapping[str, Finding | None], bool, int]] = [
    ("all sound", {"dns.c": SOUND, "dns.h": SOUND, "dns.m": SOUND}, True, 0),
    ("critical fails", {"dns.c": fail()}, False, 1),
    ("high fails", {"dns.h": fail()}, False, 1),
    ("medium and low fail", {"dns.m": fail(), "dns.l": fail()}, True, 0),
    ("warnings never block", {"dns.c": warn(), "dns.h": warn()}, True, 0),
    ("critical unknown", {"dns.c": silent()}, False, 3),
    ("high unknown does not block", {"dns.h": silent()}, True, 0),
    ("failing wins over unknown", {"dns.c": silent(), "dns.h": fail()}, False, 1),
    ("does not apply", {"dns.c": ASIDE, "dns.h": ASIDE}, True, 0),
    ("raised to critical", {"dns.m": fail(severity=CRITICAL)}, False, 1),
    ("lowered to low", {"dns.c": fail(severity=LOW)}, True, 0),
    ("unknown raised to critical", {"dns.m": Finding(Status.UNKNOWN, "x", severity=CRITICAL, needs="y")}, False, 3),
    ("nothing looked at", {"dns.c": None, "dns.h": None}, False, 3),
    ("a critical not looked at", {"dns.h": SOUND, "dns.c": None}, False, 3),
    ("a high not looked at", {"dns.c": SOUND, "dns.h": None}, True, 0),
    ("a critical change still spreading", {"dns.c": waiting()}, False, 3),
    ("a medium change still spreading", {"dns.m": waiting()}, True, 0),
]


@pytest.mark.parametrize(("found", "ready", "exit_status"), [row[1:] for row in RULES], ids=[row[0] for row in RULES])
def test_rules(found: Mapping[str, Finding | None], ready: bool, exit_status: int) -> None:
    standing = judged(found)
    assert (standing.ready, standing.exit_status) == (ready, exit_status)


def test_no_checks_at_all_is_not_ready() -> None:
    assert not judge({}, []).ready


def test_counts_are_findings_and_faults_are_grouped() -> None:
    found = {
        "dns.c1": fail("certificate:good.example"),
        "dns.c2": fail("certificate:good.example"),
        "dns.h": fail(),
        "dns.m": silent(),
        "dns.l": warn(),
    }
    standing = judged(found)
    assert standing.counts == {"critical": 2, "high": 1, "medium": 0, "low": 0}
    assert standing.unknown == 1
    assert standing.faults["critical"] == 1
    assert standing.line.startswith("Not ready: 1 critical, 1 high. Next: ")
    assert standing.minutes == 20, "a fault that two checks see is worked on once"
    assert standing.line.endswith("About 20 min of work left.")


def test_findings_of_checks_that_were_not_chosen_do_not_count() -> None:
    assert judge({"dns.a": SOUND, "dns.b": fail()}, [a_check("dns.a")]).ready


def test_an_accepted_fault_does_not_block_and_is_counted() -> None:
    standing = judged({"dns.c": fail(), "dns.h": SOUND}, accepted={"dns.c": Taken()})
    assert standing.ready
    assert standing.exit_status == 0
    assert standing.counts["critical"] == 1, "it still fails"
    assert standing.faults["critical"] == 0
    assert not standing.blockers


def test_unknowns_that_wait_for_one_answer_are_one_question() -> None:
    asked = silent(needs="your answer", question="access.registrar")
    standing = judged({"audit.c1": asked, "handover.c2": asked, "dns.c3": silent()})
    assert standing.line.startswith("Could not tell yet: 2 critical questions are open. Next: ")
    assert "answer “Can you sign in where the domain is registered?” (2 min)" in standing.line
    assert standing.next_check == "audit.c1"


def test_lines() -> None:
    assert judged({"audit.c": None}).line == "Nothing looked at yet. Next: look at the audit stage."
    assert judged({"dns.c": SOUND}).line == "Ready: nothing that blocks a launch is open. Next: export the handover."
    assert judged({"dns.c": silent()}).line == (
        "Could not tell yet: 1 critical question is open. Next: look again at “Title of dns.c”."
    )
    assert judged({"dns.m": fail(), "dns.l": warn()}).line == (
        "Ready: nothing that blocks a launch is open. 2 smaller things are left. "
        "Next: make this sound: Title of dns.m (10 min). About 20 min of work left."
    )
    assert "1 check has not been looked at" in judged({"dns.h": SOUND, "dns.c": None}).line
    assert judged({"dns.h": waiting()}).line == (
        "Almost there: 1 change is still on the way. Next: wait until the change has spread."
    )
    needs = judged({"audit.c": silent(needs="your code folder")})
    assert needs.next == "give your code folder, for “Title of audit.c”"


def test_the_example_of_the_design() -> None:
    checks = [a_check("dns.www.resolves", HIGH), a_check("edge.tls.valid", CRITICAL), a_check("email.spf.single", HIGH)]
    found = {
        "dns.www.resolves": fail(minutes=5),
        "edge.tls.valid": fail(minutes=85),
        "email.spf.single": fail(minutes=10),
    }
    assert judge(found, checks).line == (
        "Not ready: 1 critical, 2 high. Next: point www at your host (5 min). About 1 h 40 min of work left."
    )


CHAIN = ["dns.ns.healthy", "dns.apex.resolves", "edge.tls.valid", "edge.https.forced", "edge.https.hsts"]


@pytest.mark.parametrize("start", range(len(CHAIN)))
def test_what_others_need_comes_first(start: int) -> None:
    """Name servers before records, DNS before certificates, certificates before HSTS; whatever their severities."""
    left = CHAIN[start:]
    checks = [a_check(id, HIGH if id != "edge.https.hsts" else CRITICAL) for id in reversed(left)]
    standing = judge({id: fail(minutes=50 - i) for i, id in enumerate(left)}, checks)
    assert standing.next_check == left[0]
    assert [risk.cause for risk in standing.blockers] == left


def test_next_skips_what_somebody_was_asked_about() -> None:
    found = {"dns.c": fail(), "dns.h": fail()}
    assert judged(found).next_check == "dns.c"
    assert judged(found, asked=["dns.c"]).next_check == "dns.h"
    assert judged(found, asked=["dns.c", "dns.h"]).next_check == "dns.c", "when all wait, the worst is still next"


def test_steps_name_checks_of_the_plan_and_are_closed() -> None:
    assert set(WORDS) == NOW_LOOKED_AT
    assert set(AFTER) <= NOW_LOOKED_AT
    for id, before in AFTER.items():
        assert id not in before
        for first in before:
            assert set(AFTER.get(first, ())) <= set(before), f"{id} comes after {first} and so after all before it"


STATES = [SOUND, ASIDE, fail(), warn(), waiting(), silent(), None]


# What says something of the list of risks itself stands in no list: it fails only where another does.
@given(
    st.dictionaries(st.sampled_from(sorted(NOW_LOOKED_AT - {"handover.risks.open"})), st.sampled_from(STATES)),
    st.data(),
)
def test_whatever_was_found_the_promises_hold(found: dict[str, Finding | None], data: st.DataObject) -> None:
    severities = {id: data.draw(st.sampled_from(list(Severity))) for id in found}
    checks = [a_check(id, severities[id]) for id in found]
    looked = {id: finding for id, finding in found.items() if finding is not None}
    standing = judge(looked, checks)
    blocking = any(f.status is Status.FAIL and severities[id].blocks for id, f in looked.items())
    dark = any(f.status is Status.UNKNOWN and severities[id] is CRITICAL for id, f in looked.items())
    assert (standing.exit_status == 1) == blocking
    if standing.ready:
        assert not blocking
        assert not dark
    assert standing.ready == (standing.exit_status == 0)
    assert standing.line.count("Next: ") == 1
    assert standing.next_check is None or standing.next_check in found
