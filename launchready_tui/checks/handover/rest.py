"""The accounts beside registrar, DNS and host: has somebody of yours signed in at each of them lately?"""

from __future__ import annotations

import datetime as dt

from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, unknown, warned
from launchready_tui.owners import LABELS, Owner, Owners, present, proof_days
from launchready_tui.project import Clock, Project
from launchready_tui.text import clean, day, listed, plural

# The accounts that the rule names (catalogue); a shield or an API mostly shares one with the DNS or the host.
REST = ("repository", "database", "sender", "inbox", "auth", "payments", "monitoring", "analytics")


def _open(owner: Owner, today: dt.date) -> str:
    """Why a system counts as open, "" where it does not."""
    if owner.contractor:
        return "a contractor holds it"
    if owner.proved is None:
        return "nobody signed in yet"
    if not owner.counts(today):
        return f"last signed in on {day(owner.proved)}; that counts for {proof_days(owner.system)} days"
    return ""


def _half(owner: Owner) -> list[str]:
    """What a sound account has besides a sign-in."""
    parts = (
        ("no second factor", owner.second_factor),
        ("no place of the recovery codes", bool(owner.recovery.strip())),
    )
    return [words for words, there in parts if not there]


def judge_rest(owners: tuple[Owner, ...], today: dt.date) -> Finding:
    """`owners` are those of REST that the product has. Pure."""
    if not owners:
        return passed("The product has none of these accounts: everybody said so.")
    if not any(owner.told for owner in owners):
        return unknown("Nobody has been named yet for the accounts beside registrar, DNS and host.", needs=Owners.needs)
    why = {owner.system: _open(owner, today) for owner in owners}
    evidence = [
        Evidence(
            LABELS[owner.system],
            why[owner.system]
            or f"{clean(owner.proved_by, limit=80) or 'somebody'} signed in on {day(owner.proved or today)}"
            + "".join(f"; {each} written down" for each in _half(owner)),
        )
        for owner in owners
    ]
    open_ = [system for system in why if why[system]]
    if open_:
        said = listed([f"{LABELS[system]} ({why[system]})" for system in open_], most=9)
        make = failed if len(open_) > limits.ACCESS_OPEN else warned
        return make(
            f"{plural(len(open_), 'account is', 'accounts are')} open: {said}.",
            Fix(
                "steps",
                f"Sign in at each of these, with a second factor on: {listed([LABELS[one] for one in open_], most=9)}. "
                "Where you cannot, ask whoever set it up to add you with full rights. Write down on the handover "
                "screen who signed in and when; say “we have no such system” where there is none.",
                minutes=5 * len(open_),
                who="Each system's owner",
            ),
            evidence=evidence,
            cause="access:rest",
        )
    half = [owner for owner in owners if _half(owner)]
    if half:
        said = listed([f"{LABELS[owner.system]} ({listed(_half(owner))})" for owner in half], most=9)
        return warned(
            f"Somebody signed in at all {plural(len(owners), 'account')}, but this is not written down: {said}.",
            Fix(
                "steps",
                f"Switch on the second factor and store the recovery codes where two people find them, for "
                f"{listed([LABELS[owner.system] for owner in half], most=9)}. Then say so on the handover screen.",
                minutes=5 * len(half),
                who="Each system's owner",
            ),
            evidence=evidence,
            cause="access:rest",
        )
    return passed(
        f"Somebody of yours signed in at all {plural(len(owners), 'account')} within the last "
        f"{limits.ANSWER_DAYS} days, with a second factor and recovery codes.",
        evidence=evidence,
    )


@check(
    "handover.access.rest",
    severity=Severity.HIGH,
    title="You can sign in everywhere else",
    why="The account that everybody forgot is the one that locks you out.",
    minutes=30,
)
async def access_rest(owners: Owners, project: Project, clock: Clock) -> Finding:
    return judge_rest(tuple(one for one in present(owners, project) if one.system in REST), clock.now().date())
