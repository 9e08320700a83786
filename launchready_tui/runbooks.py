"""The ways back: what to do when a release, a DNS change or a DMARC policy has broken something (roadmap, stage 7).

Each is one answer to one question of `questions.py`; `handover/ways_back.py` proposes its text, a person agrees to it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from launchready_tui import limits
from launchready_tui.answers import Answer, Answers
from launchready_tui.text import clean

# kind -> (the question that asks for it, what it brings back, in a sentence).
KINDS: dict[str, tuple[str, str]] = {
    "app": ("runbook.app", "the app"),
    "dns": ("runbook.dns", "the DNS records"),
    "dmarc": ("runbook.dmarc", "the DMARC policy"),
}
AGREED, NONE, ABSENT = "agreed", "none", "absent"  # the choices: this is what we do; no steps; nothing to take back
# field -> what is missing where it is empty, in a sentence.
PARTS = {
    "trigger": "when to do it",
    "steps": "the steps",
    "where": "the command or page",
    "person": "who does it",
    "minutes": "how long it takes",
}
_NUMBER = re.compile(r"^\s*(?:\(?\d{1,2}[.):]|[-*•])\s+")
_INLINE = re.compile(r"(?:^|[\s;,])\(?\d{1,2}[.)]\s+")


@dataclass(frozen=True, slots=True)
class WayBack:
    """One runbook. `steps` in order; `where` a command or an address; `minutes` as typed. `answer` is who said so."""

    kind: str
    trigger: str = ""
    steps: tuple[str, ...] = ()
    where: str = ""
    person: str = ""
    minutes: str = ""
    answer: Answer | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """The parts that it lacks, in words; fewer than three steps are no steps to follow."""
        short = [PARTS[name] for name in ("trigger", "where", "person", "minutes") if not getattr(self, name)]
        if not self.steps:
            return (PARTS["steps"], *short)
        if len(self.steps) < limits.RUNBOOK_STEPS:
            return (f"{limits.RUNBOOK_STEPS} steps or more (there {_are(len(self.steps))})", *short)
        return tuple(short)

    def fields(self) -> dict[str, str]:
        """As the question's fields hold it; the steps one a line, numbered."""
        lines = "\n".join(f"{number}. {step}" for number, step in enumerate(self.steps, 1))
        told = {
            "trigger": self.trigger,
            "steps": lines,
            "where": self.where,
            "person": self.person,
            "minutes": self.minutes,
        }
        return {name: value for name, value in told.items() if value}


def _are(count: int) -> str:
    return "is 1" if count == 1 else f"are {count}"


def steps_of(text: str) -> tuple[str, ...]:
    """Steps as people write them: one a line, or numbered in one line ("1. … 2. …"), or with semicolons."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) == 1:
        numbered = [part for part in _INLINE.split(lines[0]) if part.strip(" ;,")]
        lines = numbered if len(numbered) > 1 else lines[0].split(";")
    steps = (_NUMBER.sub("", clean(line, limit=1_000)).strip(" ;") for line in lines)
    return tuple(step for step in steps if step)


def from_fields(kind: str, fields: Mapping[str, str], answer: Answer | None = None) -> WayBack:
    """The runbook that the fields of an answer hold."""

    def told(name: str) -> str:
        return clean(fields.get(name, ""), limit=2_000).strip()

    return WayBack(
        kind, told("trigger"), steps_of(fields.get("steps", "")), told("where"), told("person"), told("minutes"), answer
    )


def counting(answers: Answers, kind: str) -> Answer | None:
    """The answer that counts now; None where nobody has said, or it has run out."""
    return answers.get(KINDS[kind][0])


def agreed(answers: Answers, kind: str) -> WayBack | None:
    """What people agreed to, run out or not: the handover keeps it with its day. None where there are no steps."""
    answer = answers.newest(KINDS[kind][0])
    return from_fields(kind, answer.fields, answer) if answer is not None and answer.choice == AGREED else None
