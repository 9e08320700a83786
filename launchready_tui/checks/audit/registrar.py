"""What only a person can say of the registrar: can you sign in, and is the name protected (roadmap, stages 1 and 7)."""

from __future__ import annotations

from launchready_tui.answers import Answer, Answers
from launchready_tui.checks import check
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, unknown, warned
from launchready_tui.owners import Owners
from launchready_tui.text import clean, day, listed

_ACCESS = "access.registrar"
_PROTECTION = "registrar.protection"
# tick -> (what is missing, what to do about it).
_GUARDS = {
    "auto-renew": ("auto-renew is off", "switch on auto-renew"),
    "card": (
        "the card on file does not last beyond the renewal",
        "put a card on file that is valid beyond the renewal",
    ),
    "second-factor": ("no second factor is on", "switch on two-step sign-in under “Security”"),
}


def _where(owners: Owners | None) -> str:
    return (clean(owners.get("registrar").provider.strip(), limit=80) if owners else "") or "your registrar"


def _unsaid(question: str, newest: Answer | None, about: str) -> Finding:
    """Nobody said, somebody did not know, or it was said too long ago."""
    if newest is None:
        saw = f"Nobody has told us yet {about}. No look from outside can show it."
    elif newest.choice == "unknown":
        saw = f"{newest.who or 'Somebody'} did not know on {day(newest.at)} {about}."
    else:
        saw = f"{newest.who or 'Somebody'} told us on {day(newest.at)} {about}; that counts for {newest.days} days."
    return unknown(saw, needs="your answer", question=question)


def _said(answer: Answer) -> tuple[str, list[Evidence]]:
    who = answer.who or "somebody"
    ticks = f"{answer.choice}; {', '.join(sorted(answer.ticks)) or 'nothing ticked'}"
    return who, [Evidence(f"{who}, {day(answer.at)}", f"{ticks}{f'; {answer.note}' if answer.note else ''}")]


@check(
    "audit.registrar.access",
    severity=Severity.CRITICAL,
    title="You can sign in where the domain is registered",
    why="If you cannot sign in there, nothing else on this list can be repaired or taken back.",
    minutes=15,
    question=_ACCESS,
)
async def access(answers: Answers, owners: Owners | None) -> Finding:
    return judge_access(answers.get(_ACCESS), answers.newest(_ACCESS), _where(owners))


def judge_access(answer: Answer | None, newest: Answer | None, where: str) -> Finding:
    """`answer` counts now; `newest` is the newest one, run out or not."""
    if answer is None:
        return _unsaid(_ACCESS, newest, f"whether you can sign in at {where}")
    who, evidence = _said(answer)
    if answer.choice in ("no", "other"):
        first = (
            f"Ask whoever holds the account at {where} to hand it over to you, or to add you with full rights."
            if answer.choice == "other"
            else f"Use “Forgot password” at {where}. Where that fails, write to its support with proof that the "
            "business is yours: an invoice, or its entry in a register."
        )
        held = "the login belongs to somebody else" if answer.choice == "other" else "you cannot sign in"
        return failed(
            f"At {where}, {held}: {who} said so on {day(answer.at)}.",
            Fix(
                "steps",
                f"{first} Then sign in, open the page that lists the name servers, and answer this question again.",
                minutes=60,
                who="The founder, with whoever bought the domain",
            ),
            evidence=evidence,
            question=_ACCESS,
            cause=_ACCESS.replace("access.", "access:"),
        )
    if answer.choice != "yes" or "change" not in answer.ticks:
        return unknown(
            f"{who} signed in at {where} on {day(answer.at)}, but did not tick that the page with the name servers "
            "opened. That page is where things are repaired.",
            needs="your answer",
            question=_ACCESS,
            evidence=evidence,
        )
    return passed(
        f"{who} signed in at {where} on {day(answer.at)} and opened the page with the name servers.",
        evidence=evidence,
        facts=[(_ACCESS, f"{who}, {answer.at.date().isoformat()}")],
    )


@check(
    "audit.registrar.protection",
    severity=Severity.HIGH,
    title="The domain is protected against a lapse and a theft",
    why="One card that has run out, or one stolen password, can cost you the name.",
    minutes=15,
    question=_PROTECTION,
)
async def protection(answers: Answers, owners: Owners | None) -> Finding:
    return judge_protection(answers.get(_PROTECTION), answers.newest(_PROTECTION), _where(owners))


def judge_protection(answer: Answer | None, newest: Answer | None, where: str) -> Finding:
    if answer is None or answer.choice not in ("looked", "no"):
        return _unsaid(_PROTECTION, newest, f"whether auto-renew, the card and a second factor are sound at {where}")
    who, evidence = _said(answer)
    missing = [tick for tick in _GUARDS if answer.choice == "no" or tick not in answer.ticks]
    if not missing:
        return passed(
            f"At {where} auto-renew is on, the card lasts beyond the renewal and a second factor is on: {who} looked "
            f"on {day(answer.at)}.",
            evidence=evidence,
            facts=[("auto-renew", "on")],
        )
    fix = Fix(
        "steps",
        f"Sign in at {where} and {listed([_GUARDS[tick][1] for tick in missing])}. Then answer this question again.",
        minutes=5 * len(missing),
        who="Whoever can sign in where the domain is registered",
    )
    make = warned if len(missing) == 1 else failed
    return make(
        f"At {where}, {listed([_GUARDS[tick][0] for tick in missing])}: {who} looked on {day(answer.at)}.",
        fix,
        evidence=evidence,
        question=_PROTECTION,
    )
