"""A stopwatch for what has to be done within minutes: the steps, start and stop, who did it. One for all such tries."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Button, Input, Static

from launchready_tui.answers import Answer
from launchready_tui.text import clock_of, plural
from screens import _page
from screens._page import SaveDialog

_TICK_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Task:
    """What is timed. `question` and `choice` are the answer that it becomes; `bar` in minutes; `field` is what is told
    beside the minutes, with its `label` and what is `proposed`; `note` stands below the steps."""

    question: str
    choice: str
    title: str
    steps: tuple[str, ...]
    bar: int
    field: str
    label: str
    proposed: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Timed:
    """What came of it, as the answer to the task's question."""

    question: str
    choice: str
    who: str
    fields: dict[str, str] = field(default_factory=dict)


class StopwatchDialog(SaveDialog[Timed | None]):
    """Comes back with what was timed, or None. The minutes can be typed as well: some rehearse without us."""

    SAVES = "Keep it"
    AUTO_FOCUS: ClassVar[str | None] = "#clock"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("s", "clock", "Start or stop the clock", show=False)]

    def __init__(self, task: Task, known: Answer | None = None, *, who: str = "") -> None:
        super().__init__(task.title)
        self._what = task
        self._before = known.fields if known is not None and known.choice == task.choice else {}
        self._who = who or (known.who if known is not None else "")
        self._began: float | None = None
        self.seconds = 0.0

    def body(self) -> ComposeResult:
        task = self._what
        steps = "\n".join(f"{number}. {step}" for number, step in enumerate(task.steps, 1))
        yield Static(Content(steps), id="steps")
        if task.note:
            yield Static(Content(task.note), classes="quiet")
        yield Static(id="watch")
        yield from _page.field("minutes", "Minutes", "", "4, or 4:30")
        yield from _page.field("told", task.label, self._before.get(task.field, task.proposed))
        yield from _page.field("who", "Said by", self._who, "your name")

    def buttons(self) -> ComposeResult:
        yield Button("Start the clock (s)", id="clock", variant="primary")
        yield Button(Content(self.SAVES), id="save")
        yield Button("Not now", id="cancel")

    def on_mount(self) -> None:
        self.set_interval(_TICK_SECONDS, self._show)
        self._show()

    @property
    def running(self) -> bool:
        return self._began is not None

    def _elapsed(self) -> float:
        return self.seconds + (time.monotonic() - self._began if self._began is not None else 0.0)

    def _show(self) -> None:
        bar = self._what.bar
        elapsed = self._elapsed()
        left = bar * 60 - elapsed
        if not self.running and not elapsed:
            said = f"  00:00   {plural(bar, 'minute')} is the bar."
        elif left >= 0:
            said = f"{'▶' if self.running else '■'} {clock_of(elapsed)}   {clock_of(left)} left of {bar} minutes"
        else:
            said = f"{'▶' if self.running else '■'} {clock_of(elapsed)}   {clock_of(-left)} over the {bar} minutes"
        self.query_one("#watch", Static).update(Content(said))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "clock":
            self.action_clock()

    def action_clock(self) -> None:
        """Start; or stop, and put what it took into the field."""
        button = self.query_one("#clock", Button)
        if self._began is None:
            self.seconds, self._began = 0.0, time.monotonic()
            button.label = Content("Stop the clock (s)")
        else:
            self.seconds, self._began = self._elapsed(), None
            button.label = Content("Start again (s)")
            whole = max(1, round(self.seconds))
            self.query_one("#minutes", Input).value = f"{whole // 60}:{whole % 60:02d}"
            self.problem("")
        self._show()

    def action_save(self) -> None:
        if self.running:
            self.action_clock()
        minutes = self.need("minutes", "Start the clock, or type the minutes that it took.")
        if minutes is None:
            return
        who = self.need("who", "Say who says so: a name that the team knows.")
        if who is None:
            return
        told = {"minutes": minutes, self._what.field: self.value("told")}
        fields = {name: value for name, value in told.items() if value}
        self.dismiss(Timed(self._what.question, self._what.choice, who, fields))
