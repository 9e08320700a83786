"""Checks and findings for tests of what is made of them: risks, readiness, the handover."""

from __future__ import annotations

from launchready_tui.checks import Check, all_checks
from launchready_tui.model import Finding, Fix, RecordSet, Severity, Status, failed, info, passed, unknown, warned

CRITICAL, HIGH, MEDIUM, LOW = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW

# The checks that the wizard has now, as its plan lists them.
NOW_LOOKED_AT = frozenset(check.id for check in all_checks())


async def _never() -> Finding:
    raise AssertionError("not judged in this test")


def a_check(id: str, severity: Severity = HIGH, *, minutes: int = 10, question: str | None = None) -> Check:
    """A check that is only looked at, never run."""
    return Check(id, severity, f"Title of {id}", f"Why {id} matters.", minutes, question, _never, (), 1.0)


def fix(minutes: int = 10, say: str = "Do this.", who: str = "Ada") -> Fix:
    return Fix("steps", say, minutes=minutes, who=who)


def records_fix(minutes: int = 5, who: str = "Ada") -> Fix:
    record = RecordSet("www.good.example", "CNAME", ("host.example.net.",))
    return Fix("records", "Add one record.", minutes=minutes, who=who, records=(record,))


def fail(
    cause: str = "", *, minutes: int = 10, severity: Severity | None = None, saw: str = "It is broken."
) -> Finding:
    return failed(saw, fix(minutes), cause=cause, severity=severity)


def warn(cause: str = "", *, minutes: int = 10) -> Finding:
    return warned("It could be better.", fix(minutes), cause=cause)


def waiting(severity: Severity | None = None) -> Finding:
    return Finding(Status.WAITING, "Change 7 is on its way.", fix=fix(), severity=severity)


def silent(*, needs: str = "another look", question: str | None = None, saw: str = "No answer.") -> Finding:
    return unknown(saw, needs=needs, question=question)


SOUND = passed("Sound.")
ASIDE = info("There is none here.")
