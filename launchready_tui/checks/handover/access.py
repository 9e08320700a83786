"""Who can sign in where. The same rule three times: a sign-in at most 30 days old, the account in the business's name,
a second factor on, recovery codes stored (roadmap, stage 7). A token that works at the DNS host is proof of a sign-in
there: somebody made it."""

from __future__ import annotations

import datetime as dt

from launchready_tui.answers import Answer, Answers
from launchready_tui.checks import check
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, unknown, warned
from launchready_tui.owners import Owners
from launchready_tui.project import Clock
from launchready_tui.text import clean, day, listed
from launchready_tui.tokenlook import TokenLook, TokenView

# What a sound sign-in has, in the order to repair it: tick -> (what is missing, what to do about it).
_PARTS = {
    "change": ("the page where changes are made was not opened", "open the page where changes are made"),
    "business": (
        "the account is not in the business's name",
        "put the business's name and a mail address of the business on the account's page",
    ),
    "second-factor": ("the second factor is off", "switch on the second factor under “Security”"),
    "recovery": (
        "no recovery codes are stored where the team finds them",
        "make recovery codes and keep them where two people can reach them, such as the team's password manager",
    ),
}


def _where(system: str, owners: Owners | None) -> str:
    """The provider's name where we know it, else what it is."""
    words = {"registrar": "the registrar", "dns": "the DNS host", "hosting": "the web host"}
    return clean(owners.get(system).provider.strip() if owners else "", limit=80) or words[system]


def _no_word(question: str, newest: Answer | None, where: str) -> Finding:
    if newest is None:
        saw = f"Nobody has told us yet whether you can sign in at {where}."
    elif newest.choice == "unknown":
        saw = f"{newest.who or 'Somebody'} did not know on {day(newest.at)} whether you can sign in at {where}."
    else:
        who = newest.who or "Somebody"
        saw = f"{who} told us about the sign-in at {where} on {day(newest.at)}; that counts for {newest.days} days."
    return unknown(saw, needs="your answer", question=question, subject=where)


def _half_told(system: str, owners: Owners | None, where: str, today: dt.date) -> Finding | None:
    """The table of systems says that somebody signed in, and the question about the account was not answered."""
    owner = owners.get(system) if owners else None
    if owner is None or owner.proved is None or not owner.counts(today):
        return None
    who = clean(owner.proved_by or owner.owner, limit=80) or "Somebody"
    return unknown(
        f"{who} signed in at {where} on {day(owner.proved)}. Whether the account is in the business's name was not "
        "said.",
        needs="your answer",
        question=f"access.{system}",
        subject=where,
    )


def _by_token(token: TokenView, newest: Answer | None, where: str, question: str) -> Finding:
    """Nobody answered, and a token works: somebody of yours can get in. The rest of the rule is still to be told."""
    said = (
        f"what {newest.who or 'somebody'} said on {day(newest.at)} has run out"
        if newest is not None and newest.choice != "unknown"
        else "nobody said whether the account is the business's, with a second factor and recovery codes"
    )
    return warned(
        f"The token for {where} works, so somebody of yours can get in there; {said}.",
        Fix(
            "steps",
            f"Sign in at {where}, look at the account's page, and answer the question “Can you sign in where the DNS "
            "records are kept?”.",
            minutes=5,
            who=f"Whoever can sign in at {where}",
        ),
        evidence=[Evidence(f"the token for {token.place or where}", token.say)],
        subject=where,
        question=question,
    )


def judge_access(
    system: str,
    answers: Answers,
    owners: Owners | None,
    today: dt.date | None = None,
    token: TokenView | None = None,
) -> Finding:
    """Judge the newest answer about one system's sign-in, with what a token for it proves. Pure."""
    question = f"access.{system}"
    where = _where(system, owners)
    answer, newest = answers.get(question), answers.newest(question)
    works = token is not None and token.read is True
    if answer is None:
        if works and token is not None:
            return _by_token(token, newest, where, question)
        half = _half_told(system, owners, where, today) if today and newest is None else None
        return half or _no_word(question, newest, where)
    who = answer.who or "somebody"
    evidence = [Evidence(f"{who}, {day(answer.at)}", answer.note or f"answered: {answer.choice}")]
    if token is not None:
        evidence.append(Evidence(f"the token for {token.place or where}", token.say))
    if answer.choice in ("other", "no"):
        held = "somebody else holds the account" if answer.choice == "other" else "nobody of yours can sign in"
        first = (
            f"Ask whoever holds the account at {where} to hand it over to the business, or to add you with full rights."
            if answer.choice == "other"
            else f"Use “Forgot password” at {where}; where that fails, write to its support with proof that the "
            "business is yours (an invoice, the registration)."
        )
        fix = Fix(
            "steps",
            f"{first} Then sign in yourself, open the page where changes are made, switch on a second factor, and "
            "answer this question again.",
            minutes=60,
            who="The founder, with whoever set the account up",
        )
        saw = f"At {where}, {held}: {who} said so on {day(answer.at)}."
        return failed(saw, fix, evidence=evidence, subject=where, question=question, cause=f"access:{system}")
    if answer.choice != "yes":
        return unknown(
            f"We could not read the answer about the sign-in at {where}.",
            needs="your answer",
            question=question,
            subject=where,
            evidence=evidence,
        )
    proved = {"change"} if token is not None and token.write is True else set()
    missing = [part for part in _PARTS if part not in answer.ticks | proved]
    facts = [(f"access.{system}", f"{who}, {answer.at.date().isoformat()}")]
    if not missing:
        return passed(
            f"{who} signed in at {where} on {day(answer.at)}; the account is the business's, the second factor is on "
            "and the recovery codes are stored.",
            evidence=evidence,
            subject=where,
            facts=facts,
        )
    steps = "; ".join(_PARTS[part][1] for part in missing)
    return warned(
        f"{who} can sign in at {where}, but {listed([_PARTS[part][0] for part in missing])}.",
        Fix(
            "steps",
            f"Sign in at {where} and {steps}. Then answer this question again.",
            minutes=5 * len(missing),
            who=f"{who}, or whoever can sign in at {where}",
        ),
        evidence=evidence,
        subject=where,
        question=question,
        cause=f"access:{system}" if "change" in missing else "",
        facts=facts,
    )


@check(
    "handover.access.registrar",
    severity=Severity.CRITICAL,
    title="You can sign in where the domain is registered",
    why="Whoever holds this account owns your business's name.",
    minutes=15,
    question="access.registrar",
)
async def access_registrar(answers: Answers, owners: Owners | None, clock: Clock) -> Finding:
    return judge_access("registrar", answers, owners, clock.now().date())


@check(
    "handover.access.dns",
    severity=Severity.CRITICAL,
    title="You can sign in where the DNS records are kept",
    why="Without this account, nothing that is wrong with your addresses or your mail can be repaired.",
    minutes=15,
    question="access.dns",
)
async def access_dns(answers: Answers, owners: Owners | None, clock: Clock, tokens: TokenLook | None) -> Finding:
    token = await tokens.dns() if tokens is not None else None
    return judge_access("dns", answers, owners, clock.now().date(), token)


@check(
    "handover.access.hosting",
    severity=Severity.CRITICAL,
    title="You can sign in where the site is hosted",
    why="Without this account, you can neither put a new version live nor put the last one back.",
    minutes=15,
    question="access.hosting",
)
async def access_hosting(answers: Answers, owners: Owners | None, clock: Clock) -> Finding:
    return judge_access("hosting", answers, owners, clock.now().date())
