"""What of an open project runs out, and when: kept in its summary, so that home lists it without reading findings."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping

from launchready_tui import limits
from launchready_tui.actions import NextAction
from launchready_tui.answers import Answers
from launchready_tui.checks import REGISTRY
from launchready_tui.due import Due
from launchready_tui.handover.actions import fact_name
from launchready_tui.ledger import Accepted
from launchready_tui.model import Finding, Status
from launchready_tui.owners import SYSTEMS

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
# A fact in which a check says when something ends -> (kind, what it is).
_ENDS = {
    "domain-expires": ("domain", "domain"),
    "expires": ("domain", "domain"),
    "not-after": ("certificate", "certificate"),
    "certificate-expires": ("certificate", "certificate"),
}
_SOUND = (Status.PASS, Status.INFO)
_LABELS = {system: label for system, label, _ in SYSTEMS}


def dues_of(
    findings: Mapping[str, Finding], answers: Answers, accepted: Iterable[Accepted], actions: Iterable[NextAction]
) -> tuple[Due, ...]:
    """The soonest first, at most limits.DUES_KEPT. A sign-in runs out with its answer; "no" has nothing to run out."""
    found = [*_ends(findings)]
    for answer in answers.all():
        stage, _, system = answer.question.partition(".")
        if stage == "access" and answer.choice == "yes":
            found.append(Due("access", f"sign-in at {_LABELS.get(system, system)}", answer.until.date()))
    for risk in accepted:
        if risk.check in findings and findings[risk.check].status in _SOUND:
            continue  # the fault is gone
        title = REGISTRY[risk.check].title if risk.check in REGISTRY else risk.check
        found.append(Due("risk", f"accepted risk “{title}”", risk.until))
    found += [
        Due("action", action.what.rstrip("."), action.due) for action in actions if action.due and not action.done
    ]
    soonest: dict[tuple[str, str], Due] = {}
    for due in sorted(found, key=lambda due: due.date):
        soonest.setdefault((due.kind, due.what), due)
    return tuple(soonest.values())[: limits.DUES_KEPT]


def _ends(findings: Mapping[str, Finding]) -> Iterable[Due]:
    for finding in findings.values():
        for name, value in finding.facts:
            known, date = _ENDS.get(fact_name(name)), _DATE.search(value)
            if known is None or date is None:
                continue
            try:
                ends = dt.date.fromisoformat(date[0])
            except ValueError:
                continue  # a date that no calendar has
            yield Due(*known, ends)
