"""Anybody can tell whether the product is well, and somebody who received the handover has tried it once."""

from __future__ import annotations

from launchready_tui.checks import check
from launchready_tui.driftlook import Handed, WordNote
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, info, passed, warned
from launchready_tui.text import day

_WHO = "Whoever receives the handover"


@check(
    "handover.runbook.verify",
    severity=Severity.HIGH,
    title="The receiver has verified the handover",
    why="A file that nobody has tried fails on the night when somebody needs it.",
    minutes=10,
)
async def verify(handed: Handed) -> Finding:
    return judge_verified(handed)


def judge_verified(handed: Handed) -> Finding:
    """Written and run, written, or not there; before an export nobody can have run it. Pure.

    A word counts for a file that was really exported here."""
    ours = {note.sha256: note for note in handed.exports if note.sha256}
    words = [word for word in handed.words if word.sha256 in ours]
    evidence = [Evidence(f"SHA-256 {word.sha256}", _told(word)) for word in handed.words]
    if not handed.section:
        say = "Name the addresses of your home page, your login and your API (d), then export the handover (x)."
        fix = Fix("steps", say, minutes=5, who="The founder")
        return failed("The handover does not say how anybody can see whether the product is well.", fix)
    if words:
        last = words[-1]
        newest = handed.exports[-1]
        saw = f"{last.name} verified the handover on {day(last.at)} and put their name to it. {_RESULTS[last.result]}"
        if last.sha256 != newest.sha256:
            saw += f" That was the file of {day(ours[last.sha256].at)}; a newer one was written on {day(newest.at)}."
        return passed(saw, evidence=evidence)
    if not handed.exports:
        return info("How to see whether the product is well is written down. x exports it, y verifies it.")
    saw = f"The handover of {day(handed.exports[-1].at)} was written, and nobody who received it has verified it."
    if handed.words:
        saw += f" {handed.words[-1].name} verified another file than those exported here."
    say = (
        "Give the folder to whoever takes over. They run `launchready verify handover.toml --sign THEIR-NAME` and send "
        "handover.toml.verified.toml back; y takes it in. Together at one screen, y does both."
    )
    return warned(saw, Fix("steps", say, minutes=10, who=_WHO), evidence=evidence)


_RESULTS = {
    "equal": "All was as the file says.",
    "drift": "Some of it was not as the file says.",
    "unknown": "Some of it could not be told then.",
}


def _told(word: WordNote) -> str:
    return f"{word.name}, {day(word.at)}: {_RESULTS.get(word.result, word.result)} Key: {word.words}."
