"""Whether a key was ever given away in words: in a chat, a mail, a ticket, a prompt. Only a person can say."""

from __future__ import annotations

from launchready_tui.answers import Answer, Answers
from launchready_tui.checks import check
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, unknown
from launchready_tui.project import Clock
from launchready_tui.secretlist import KeptSecret, SecretList
from launchready_tui.text import clean, listed

_QUESTION = "secrets.shared"


@check(
    "audit.secrets.chat",
    severity=Severity.HIGH,
    title="No key that still works was sent to anybody",
    why="Chat history is searchable for years, by people you forgot about.",
    minutes=30,
    question=_QUESTION,
)
async def secrets_chat(answers: Answers, kept: SecretList | None, clock: Clock) -> Finding:
    answer = answers.get(_QUESTION)
    if answer is None:
        old = answers.newest(_QUESTION)
        if old is not None and old.choice != "unknown":
            return unknown(
                f"{old.who} answered on {old.at.day} {old.at:%b %Y}. That counts for {old.days} days, so we ask again.",
                needs="your answer",
                question=_QUESTION,
            )
        return unknown(
            "Nobody has told us whether a key was ever pasted into a chat, a mail, a ticket or an AI prompt.",
            needs="your answer",
            question=_QUESTION,
        )
    return judge(answer, kept.kept if kept is not None else ())


def judge(answer: Answer, kept: tuple[KeptSecret, ...]) -> Finding:
    """Pure: what was said, against the list of secrets, where one seen by others and not renewed still counts."""
    when = f"{answer.who}, {answer.at.day} {answer.at:%b %Y}"
    evidence = [Evidence(when, answer.choice + (f", {answer.note}" if answer.note else ""))]
    still = [each for each in kept if each.seen_by_others]
    if answer.choice == "no":
        return passed(f"No key was ever sent to anybody ({when}).", evidence=evidence)
    if answer.choice == "replaced" and not still:
        return passed(f"What was sent to somebody was made new since ({when}).", evidence=evidence)
    if answer.choice == "replaced":
        names = listed([clean(each.name, limit=80) for each in still], most=4)
        saw = f"You said that what was sent was made new ({when}), but by your list {names} was not."
        evidence += [Evidence(each.name, f"seen by others since {each.exposed}, not renewed") for each in still[:8]]
    else:
        saw = f"A key or a password was sent in a chat, a mail or a prompt, and not made new since ({when})."
    return failed(
        saw,
        Fix(
            "steps",
            "For each that was sent: make a new one at the service it is for, put it where your host keeps settings, "
            "deploy, and delete the old one. Deleting the message is not enough. Then press a here and say so, and "
            "write "
            "the day into your list of keys (Ctrl+P, keys and passwords).",
            minutes=30,
            who="Whoever holds the keys",
        ),
        evidence=evidence,
        question=_QUESTION,
        cause="key-sent",
    )
