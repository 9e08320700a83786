"""Suggests what comes after the launch, each with a day: 7, 30 and 90 days on, and before everything that expires."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from launchready_tui.actions import NextAction
from launchready_tui.model import Finding, Status
from launchready_tui.text import day

WEEK, MONTH, QUARTER = 7, 30, 90  # days; the roadmap's next actions
_RENEW_BEFORE = 30  # days before a domain runs out; registrars need a few
_CERTIFICATE_BEFORE = 7  # days before a certificate runs out; it should have renewed itself by then
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
# Names under which a check says when something ends -> (action id, what it is, days before).
_EXPIRIES = {
    "domain-expires": ("renew-domain", "the domain", _RENEW_BEFORE),
    "expires": ("renew-domain", "the domain", _RENEW_BEFORE),
    "not-after": ("certificate", "the certificate", _CERTIFICATE_BEFORE),
    "certificate-expires": ("certificate", "the certificate", _CERTIFICATE_BEFORE),
}


def fact_name(name: str) -> str:
    """A fact's name in one spelling: "mail host", "mail_host" and "Mail-Host" are "mail-host"."""
    return re.sub(r"[\s_]+", "-", name.strip().lower())


def _dmarc(outcomes: Mapping[str, Finding], today: dt.date) -> NextAction:
    record, policy = outcomes.get("email.dmarc.record"), outcomes.get("email.dmarc.policy")
    text = " ".join(
        evidence.text.lower() for finding in (record, policy) if finding is not None for evidence in finding.evidence
    )
    if record is not None and record.status is Status.FAIL:
        what = "Publish a DMARC record (p=none, with an address for reports), then read its reports for 30 days."
    elif step := dict(policy.facts).get("dmarc next step", "") if policy is not None else "":
        what = f"Read the DMARC reports; when all your mail passes, step up to {step}."
    elif re.search(r"\bp\s*=\s*reject", text):
        what = "Read the DMARC reports: does any tool of yours fail?"
    elif re.search(r"\bp\s*=\s*quarantine", text):
        what = "Read the DMARC reports; when all your mail passes, step up from p=quarantine to p=reject."
    else:
        what = "Read the DMARC reports; when all your mail passes, step up from p=none to p=quarantine."
    return NextAction("dmarc-step-up", what, due=_step_day(policy, today) or today + dt.timedelta(days=MONTH))


def _step_day(policy: Finding | None, today: dt.date) -> dt.date | None:
    """The day of the plan's next step, where the policy check made one; never before tomorrow."""
    said = dict(policy.facts).get("dmarc next step due", "") if policy is not None else ""
    try:
        return max(dt.date.fromisoformat(said), today + dt.timedelta(days=1)) if said else None
    except ValueError:
        return None


def _renewals(outcomes: Mapping[str, Finding], today: dt.date) -> list[NextAction]:
    found: dict[str, NextAction] = {}
    for finding in outcomes.values():
        for name, value in finding.facts:
            known, date = _EXPIRIES.get(fact_name(name)), _DATE.search(value)
            if known is None or date is None:
                continue
            try:
                ends = dt.date.fromisoformat(date[0])
                due = ends - dt.timedelta(days=known[2])
            except (ValueError, OverflowError):
                continue  # a date that no calendar has
            id = known[0] if known[0] != "certificate" else f"renew-certificate:{finding.subject}"
            of = f" of {finding.subject}" if finding.subject else ""
            if known[0] == "certificate":
                what = f"Look whether {known[1]}{of} has renewed itself: it ends on {day(ends)}."
            else:
                what = f"Renew {known[1]}{of}, or see that auto-renew did: it ends on {day(ends)}."
            action = NextAction(id, what, due=max(due, today))
            if id not in found or (found[id].due or dt.date.max) > due:
                found[id] = action
    return list(found.values())


def suggest(outcomes: Mapping[str, Finding], at: dt.datetime) -> tuple[NextAction, ...]:
    """Next actions by due date, with ids that stay the same from look to look. `outcomes`: check id to finding."""
    today = at.date()

    def after(days: int) -> dt.date:
        return today + dt.timedelta(days=days)

    actions = [
        NextAction("look-again", "Look at the whole launch again, and close what is still open.", due=after(WEEK)),
        _dmarc(outcomes, today),
        NextAction(
            "restore-test",
            "Restore the newest backup of the database somewhere safe; see that it works.",
            due=after(MONTH),
        ),
        NextAction(
            "secret-rotation",
            "Make new keys for everything that a helper has seen, and take the old ones out of use.",
            due=after(QUARTER),
        ),
        NextAction(
            "rollback-rehearsal", "Rehearse the rollback again, and have the backup owners sign in.", due=after(QUARTER)
        ),
        *_renewals(outcomes, today),
    ]
    return tuple(sorted(actions, key=lambda action: (action.due or dt.date.max, action.id)))
