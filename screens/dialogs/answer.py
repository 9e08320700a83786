"""A question that no probe can answer: one choice, ticks, what was typed, who says so, and until when it counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import RadioSet, Static, TextArea

from launchready_tui.answers import Answer
from launchready_tui.questions import Question
from screens import _page
from screens._page import SaveDialog
from screens._words import day, now
from screens.widgets.choice import Choice
from screens.widgets.pick import Pick
from screens.widgets.tick import Tick

_LABEL, _BESIDE = 17, 30  # cells of a label: at least, and at most beside its box
_UNKNOWN = ("unknown", "I do not know")


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said to a question."""

    choice: str
    who: str
    ticks: frozenset[str] = frozenset()
    fields: dict[str, str] = field(default_factory=dict)
    note: str = ""


class AnswerDialog(SaveDialog[Said | None]):
    """Asks one question; "I do not know" is always an answer. Comes back with what was said, or None."""

    def __init__(
        self,
        question: Question,
        known: Answer | None = None,
        *,
        who: str = "",
        proposed: Mapping[str, str] | None = None,
        ticks: frozenset[str] = frozenset(),
        say: str = "",
    ) -> None:
        """`proposed` is what we saw, by field, and `ticks` the boxes that it ticks: so they stand until somebody says
        otherwise. `say` tells where they come from."""
        super().__init__(question.text)
        self._ticks, self._say = known.ticks if known else ticks, say
        self._question, self._known = question, known
        self._fields = {**(proposed or {}), **(known.fields if known else {})}
        self._choices = (*question.choices, _UNKNOWN)
        self._who = who or (known.who if known else "")

    def body(self) -> ComposeResult:
        question, known = self._question, self._known
        yield Static(Content(f"{question.help} {self._say}".strip()), classes="lead")
        with RadioSet(id="choice", compact=True):
            for value, label in self._choices:
                yield Choice(Content(label), value=bool(known and known.choice == value))
        for name, label in question.ticks:
            yield Tick(Content(label), name in self._ticks, id=f"tick-{name}", compact=True)
        for name, label in question.fields:
            id, value = f"field-{name}", self._fields.get(name, "")
            if len(label) > _BESIDE and name not in question.long:
                yield Static(Content(label), classes="quiet")  # too long to stand beside its box
                label = ""
            if name in question.options:
                yield from _page.pick_field(id, label, question.options[name], value)
            elif name in question.long:
                yield from _page.long_field(id, label, value)
            else:
                yield from _page.field(id, label, value)
        yield from _page.field("who", "Said by", self._who, "your name")
        yield from _page.field("note", "Note", known.note if known else "")
        until = now() + dt.timedelta(days=question.days)
        yield Static(Content(f"Counts for {question.days} days, until {day(until)}."), classes="quiet")

    def on_mount(self) -> None:
        """Labels are as wide as the longest that stands beside its box."""
        longest = max((len(label) for _, label in self._question.fields if len(label) <= _BESIDE), default=0)
        for label in self.query(".field .label"):
            label.styles.width = max(_LABEL, longest + 2)

    def action_save(self) -> None:
        pressed = self.query_one("#choice", RadioSet).pressed_index
        if pressed < 0:
            self.problem("Choose one of the answers. “I do not know” is one.")
            self.query_one("#choice", RadioSet).focus()
            return
        who = self.need("who", "Say who answers: a name that the team knows.")
        if who is None:
            return
        ticks = frozenset(name for name, _ in self._question.ticks if self.query_one(f"#tick-{name}", Tick).value)
        fields = {name: self._typed(name) for name, _ in self._question.fields}
        typed = {name: value for name, value in fields.items() if value}
        self.dismiss(Said(self._choices[pressed][0], who, ticks, typed, self.value("note")))

    def _typed(self, name: str) -> str:
        if name in self._question.options:
            return self.query_one(f"#field-{name}", Pick).value
        if name in self._question.long:
            return self.query_one(f"#field-{name}", TextArea).text.strip()
        return self.value(f"field-{name}")
