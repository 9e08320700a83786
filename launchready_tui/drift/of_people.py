"""What ran out since: proofs of access, risks that were taken on, days that things were due. Pure."""

from __future__ import annotations

import datetime as dt

from launchready_tui import limits
from launchready_tui.driftlook import Line, drifted
from launchready_tui.handover.document import AcceptedRisk, Action, System
from launchready_tui.model import Severity
from launchready_tui.text import clean, day, plural


def judge_access(system: System, today: dt.date) -> Line | None:
    """A sign-in counts for limits.ACCESS_DAYS. What was never proved was so on the day of the handover, too."""
    proved = system.last_proved
    if proved is None or system.absent or (today - proved).days <= limits.ACCESS_DAYS:
        return None
    label, owner = clean(system.label, limit=80), clean(system.owner, limit=120) or "its owner"
    ago = plural((today - proved).days, "day")
    say = f"{label}: somebody last proved {ago} ago ({day(proved)}) that they can sign in."
    severity = Severity.MEDIUM if system.critical else Severity.LOW
    todo = f"Have {owner} sign in now, and write down the day. 5 minutes."
    return drifted(severity, "access", label, say, was=day(proved), now=f"{ago} ago", todo=todo)


def judge_risk(risk: AcceptedRisk, today: dt.date) -> Line | None:
    if risk.until >= today:
        return None
    what, who = clean(risk.what, limit=300), clean(risk.who, limit=120) or "somebody"
    say = f"A risk that {who} took on until {day(risk.until)} has run out: {what}"
    grave = risk.severity in (Severity.CRITICAL.value, Severity.HIGH.value)
    severity = Severity.MEDIUM if grave else Severity.LOW
    todo = f"Have {who} take it on anew with a new day, or repair it."
    return drifted(severity, "risk", what, say, was=f"until {day(risk.until)}", now="run out", todo=todo)


def judge_action(action: Action, today: dt.date) -> Line | None:
    if action.done or action.due is None or action.due >= today:
        return None
    what, who = clean(action.what, limit=300), clean(action.who, limit=120) or "Nobody"
    say = f"{what.rstrip('.')}: it was due on {day(action.due)}."
    todo = f"{who} has it: do it now, or set a new day." if action.who else "Give it to somebody, with a new day."
    return drifted(
        Severity.LOW, "action", what, say, was=f"due {day(action.due)}", now="not said to be done", todo=todo
    )
