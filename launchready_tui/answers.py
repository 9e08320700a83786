"""What a person confirmed: who, when, and until when it counts. One answer serves every check that asks it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from launchready_tui import limits
from launchready_tui.project import Clock
from launchready_tui.text import clean


@dataclass(frozen=True, slots=True)
class Answer:
    """One person's word on one question (`questions.py`).

    `choice` is the value of one of the question's choices; "unknown" is always allowed and stays unknown. `ticks` are
    the names ticked, `fields` what was typed. `at` is when, `days` how long it counts.
    """

    question: str
    choice: str
    who: str
    at: dt.datetime
    days: int
    ticks: frozenset[str] = frozenset()
    fields: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "question", clean(self.question, limit=120))
        object.__setattr__(self, "choice", clean(self.choice, limit=120))
        object.__setattr__(self, "ticks", frozenset(clean(tick, limit=120) for tick in self.ticks))
        object.__setattr__(self, "who", clean(self.who, limit=120))
        object.__setattr__(self, "note", clean(self.note))
        object.__setattr__(
            self,
            "fields",
            {clean(k, limit=60): clean(v, limit=limits.TEXT_TYPED, lines=True) for k, v in self.fields.items()},
        )

    @property
    def until(self) -> dt.datetime:
        return self.at + dt.timedelta(days=self.days)


class Answers:
    """All answers of a project; the newest to each question counts."""

    needs = "your answer"

    def __init__(self, answers: Iterable[Answer] = (), clock: Clock | None = None) -> None:
        self._clock = clock or Clock()
        self._newest: dict[str, Answer] = {}
        for answer in answers:
            self.add(answer)

    def add(self, answer: Answer) -> None:
        known = self._newest.get(answer.question)
        if known is None or known.at <= answer.at:
            self._newest[answer.question] = answer

    def get(self, question: str) -> Answer | None:
        """The answer that counts now; None when never given, run out, or "I do not know"."""
        answer = self._newest.get(question)
        if answer is None or answer.choice == "unknown" or answer.until < self._clock.now():
            return None
        return answer

    def newest(self, question: str) -> Answer | None:
        """The newest answer, run out or not, for showing what was said."""
        return self._newest.get(question)

    def all(self) -> tuple[Answer, ...]:
        return tuple(self._newest.values())
