"""The way from watching to refusing forged mail: each step with its day, where you stand, and what holds the next."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Button

from launchready_tui.mail.dmarc_plan import stepping_down, told
from launchready_tui.model import Finding
from screens._detail import Lines, records
from screens._page import Dialog
from screens.widgets.detail import Detail

_STYLES = {"Now": "$text-success", "Next": "bold", "Held": "$text-warning", "Later": "$foreground-muted"}
_NOT_YET = "No plan yet: g looks at everything, and then the days stand here."


def describe(finding: Finding | None, width: int) -> Content:
    """The plan's own lines, and what would be written next."""
    lines = Lines(width)
    said = told(finding)
    if finding is not None:
        lines.text(finding.saw, "bold")
        lines.gap()
    for line in said:
        word = line.strip().partition(":")[0]
        lines.text(line, _STYLES.get(word, ""))
    if not said and finding is None:
        lines.text(_NOT_YET)
    fix = finding.fix if finding is not None else None
    if fix is not None:
        lines.gap()
        lines.item("What to do", fix.say)
        lines.item("", records(fix), "$text-accent")
    lines.gap()
    lines.text(
        "A step waits until a message of yours proves that your own mail passes. u takes every step back.",
        "$foreground-muted",
    )
    return lines.content()


class PolicyDialog(Dialog[str | None]):
    """Comes back with "step" to take the step that is proposed, "back" to go one step back, "message" to prove first
    that one's own mail passes, or None."""

    AUTO_FOCUS: ClassVar[str | None] = "#step, #letter, #cancel"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "step", "Take the step", show=False),
        Binding("b", "back", "One step back", show=False),
        Binding("M", "message", "Add a message", show=False),
        Binding("space", "more", "Read on", show=False),
    ]

    def __init__(self, finding: Finding | None) -> None:
        super().__init__("DMARC, step by step")
        self._finding = finding
        self._step = finding is not None and finding.fix is not None and bool(finding.fix.records)
        self._back = finding is not None and stepping_down(finding) is not None

    def body(self) -> ComposeResult:
        yield Detail(id="plan")

    def buttons(self) -> ComposeResult:
        if self._step:
            yield Button("Show the change (f)", id="step", variant="primary")
        if self._back:
            yield Button("One step back (b)", id="back")
        yield Button("Add a message (M)", id="letter")
        yield Button("Close", id="cancel")

    def on_mount(self) -> None:
        finding = self._finding
        self.query_one(Detail).show(lambda width: describe(finding, width))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "step":
            self.action_step()
        elif event.button.id == "back":
            self.action_back()
        elif event.button.id == "letter":
            self.action_message()

    def action_step(self) -> None:
        if self._step:
            self.dismiss("step")

    def action_back(self) -> None:
        if self._back:
            self.dismiss("back")

    def action_message(self) -> None:
        self.dismiss("message")

    def action_more(self) -> None:
        self.query_one(Detail).more()
