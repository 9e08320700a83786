"""Whether the last version can be put back within minutes. Only a person can say; the platform's own way is shown."""

from __future__ import annotations

import re

from launchready_tui import limits
from launchready_tui.answers import Answer, Answers
from launchready_tui.checks import check
from launchready_tui.checks.deploy._platform import found_of, way_back
from launchready_tui.codefacts import CodeFacts
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, unknown, warned
from launchready_tui.owners import Owners
from launchready_tui.rollbacks import Way

_QUESTION = "rollback.rehearsal"
_SAY = (
    "At your web host, open the list of deployments and put the one before this live again (Vercel: Instant Rollback; "
    "Netlify: Publish deploy; Heroku: heroku rollback; Fly: fly releases, then fly deploy --image). Open the home "
    "page, then go forward again. Time it, write down the address or command, and tell us here."
)


def rehearse(way: Way | None) -> Fix:
    """What to do, with the steps of the platform where it is known. `copy` is the command."""
    if way is None:
        return Fix("steps", _SAY, minutes=20, who="Whoever deploys")
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(way.steps, 1))
    return Fix(
        "steps",
        f"Rehearse it with a clock, as {way.label} does it:\n{steps}\nThen open the home page, sign in once, and go "
        f"forward again. It does not bring back: {'; '.join(way.not_restored)}. Tell us the minutes and the command or "
        "page.",
        minutes=20,
        who="Whoever deploys",
        copy=way.command,
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
async def rollback_rehearsed(answers: Answers, owners: Owners | None, code: CodeFacts | None) -> Finding:
    way = way_back(await found_of(code), owners, answers)
    answer = answers.get(_QUESTION)
    if answer is not None:
        return judge(answer, way)
    # What the platform asks for stands in the field until somebody says otherwise.
    proposed = [("proposed steps", way.place)] if way is not None else []
    evidence = [Evidence(f"at {way.label} ({way.source})", "\n".join(way.steps))] if way is not None else []
    old = answers.newest(_QUESTION)
    if old is not None and old.choice != "unknown":
        return unknown(
            f"{old.who} answered on {old.at.day} {old.at:%b %Y}. That counts for {old.days} days, so we ask again.",
            needs="your answer",
            question=_QUESTION,
            facts=proposed,
            evidence=evidence,
        )
    return unknown(
        "Nobody has told us whether you can put the last version back.",
        needs="your answer",
        question=_QUESTION,
        facts=proposed,
        evidence=evidence,
    )


def judge(answer: Answer, way: Way | None = None) -> Finding:
    """Pure: an answer that counts, against the bars."""
    when = f"{answer.who}, {answer.at.day} {answer.at:%b %Y}"
    evidence = [Evidence(when, answer.choice + (f", {answer.note}" if answer.note else ""))]
    fix = rehearse(way)
    if answer.choice == "none":
        return failed(
            "There are no steps for putting the last version back.", fix, evidence=evidence, question=_QUESTION
        )
    if answer.choice == "written":
        return warned(
            "The steps for putting the last version back are written down, but nobody has tried them.",
            fix,
            evidence=evidence,
            question=_QUESTION,
        )
    took = minutes_of(answer.fields.get("minutes", ""))
    steps = answer.fields.get("steps", "").strip()
    if took is None:
        return warned(
            f"You have put the last version back ({when}). How many minutes it took is not known.",
            fix,
            evidence=evidence,
            question=_QUESTION,
        )
    told = f"Putting the last version back took {took:.3g} minutes ({when})"
    if took > limits.ROLLBACK_MINUTES_FAIL:
        return failed(
            f"{told}. Aim for {limits.ROLLBACK_MINUTES_SOUND}, at most {limits.ROLLBACK_MINUTES_FAIL}.",
            fix,
            evidence=evidence,
            question=_QUESTION,
        )
    if took > limits.ROLLBACK_MINUTES_SOUND:
        return warned(f"{told}. Aim for {limits.ROLLBACK_MINUTES_SOUND}.", fix, evidence=evidence, question=_QUESTION)
    if not steps:
        return warned(
            f"{told}. The command or page for it is not written down.", fix, evidence=evidence, question=_QUESTION
        )
    stays = [Evidence(f"what {way.label} does not bring back", "; ".join(way.not_restored))] if way else []
    return passed(f"{told}.", evidence=[*evidence, Evidence("steps", steps), *stays], facts=[("rollback", steps)])
