"""Whether the last version can be put back within minutes. Only a person can say."""

from __future__ import annotations

import re

from launchready_tui import limits
from launchready_tui.answers import Answer, Answers
from launchready_tui.checks import check
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, unknown, warned

_QUESTION = "rollback.rehearsal"
_REHEARSE = Fix(
    "steps",
    "At your web host, open the list of deployments and put the one before this live again (Vercel: Instant Rollback; "
    "Netlify: Publish deploy; Heroku: heroku rollback; Fly: fly releases, then fly deploy --image). Open the home "
    "page, then go forward again. Time it, write down the address or command, and tell us here.",
    minutes=20,
    who="Whoever deploys",
)


def minutes_of(text: str) -> float | None:
    """Minutes as typed: "4", "4.5", "4 min", "1:30" (minutes and seconds), "90 s"; None for what is no number."""
    text = text.strip().lower().replace(",", ".")
    clock = re.fullmatch(r"(\d{1,4}):([0-5]\d)(?: ?min(?:utes?)?)?", text)
    if clock:
        return int(clock[1]) + int(clock[2]) / 60
    found = re.fullmatch(
        r"(?:about |ca\.? |~ ?)?(\d{1,5}(?:\.\d{1,3})?) ?(s|sec|seconds?|m|min|minutes?|h|hours?)?\.?", text
    )
    if not found:
        return None
    unit = (found[2] or "m")[0]
    return float(found[1]) * {"s": 1 / 60, "m": 1, "h": 60}[unit]


@check(
    "deploy.rollback.rehearsed",
    severity=Severity.HIGH,
    title="Putting the last version back was tried",
    why="When a release breaks sign-in, you have minutes. The first try should not be the real emergency.",
    minutes=20,
    question=_QUESTION,
)
async def rollback_rehearsed(answers: Answers) -> Finding:
    answer = answers.get(_QUESTION)
    if answer is not None:
        return judge(answer)
    old = answers.newest(_QUESTION)
    if old is not None and old.choice != "unknown":
        return unknown(
            f"{old.who} answered on {old.at.day} {old.at:%b %Y}. That counts for {old.days} days, so we ask again.",
            needs="your answer",
            question=_QUESTION,
        )
    return unknown(
        "Nobody has told us whether you can put the last version back.", needs="your answer", question=_QUESTION
    )


def judge(answer: Answer) -> Finding:
    """Pure: an answer that counts, against the bars."""
    when = f"{answer.who}, {answer.at.day} {answer.at:%b %Y}"
    evidence = [Evidence(when, answer.choice + (f", {answer.note}" if answer.note else ""))]
    if answer.choice == "none":
        return failed(
            "There are no steps for putting the last version back.", _REHEARSE, evidence=evidence, question=_QUESTION
        )
    if answer.choice == "written":
        return warned(
            "The steps for putting the last version back are written down, but nobody has tried them.",
            _REHEARSE,
            evidence=evidence,
            question=_QUESTION,
        )
    took = minutes_of(answer.fields.get("minutes", ""))
    steps = answer.fields.get("steps", "").strip()
    if took is None:
        return warned(
            f"You have put the last version back ({when}). How many minutes it took is not known.",
            _REHEARSE,
            evidence=evidence,
            question=_QUESTION,
        )
    told = f"Putting the last version back took {took:.3g} minutes ({when})"
    if took > limits.ROLLBACK_MINUTES_FAIL:
        return failed(
            f"{told}. Aim for {limits.ROLLBACK_MINUTES_SOUND}, at most {limits.ROLLBACK_MINUTES_FAIL}.",
            _REHEARSE,
            evidence=evidence,
            question=_QUESTION,
        )
    if took > limits.ROLLBACK_MINUTES_SOUND:
        return warned(
            f"{told}. Aim for {limits.ROLLBACK_MINUTES_SOUND}.", _REHEARSE, evidence=evidence, question=_QUESTION
        )
    if not steps:
        return warned(
            f"{told}. The command or page for it is not written down.", _REHEARSE, evidence=evidence, question=_QUESTION
        )
    return passed(f"{told}.", evidence=[*evidence, Evidence("steps", steps)], facts=[("rollback", steps)])
