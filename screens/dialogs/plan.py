"""The change before it is made: every line that goes and comes, where, and how to take it back."""

from __future__ import annotations

from typing import ClassVar, Literal, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Button, Input, Static

from launchready_tui.fixes.model import Plan
from screens import _page
from screens._page import Dialog

STYLES = {"+": "$text-success", "-": "$text-error", " ": "$foreground-muted"}


class Verdict(NamedTuple):
    """What was said to a plan, and by whom: "" where no name was given."""

    verb: Literal["apply", "copy"]
    who: str


class PlanDialog(Dialog[Verdict | None]):
    """Shows a plan. Nothing is written without the yes given here; a dangerous one wants a name typed first."""

    AUTO_FOCUS: ClassVar[str | None] = "#apply"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("c", "copy", "Copy instead", show=False)]

    def __init__(self, plan: Plan, *, who: str = "", undo: bool = False) -> None:
        super().__init__(plan.title if undo else f"Fix: {plan.title}")
        self._plan, self._who, self._undo = plan, who, undo

    def body(self) -> ComposeResult:
        plan = self._plan
        yield Static(Content(plan.summary), classes="lead")
        if plan.resumes is not None:
            yield Static(
                Content(
                    f"Change {plan.resumes} was made in part. These are the rest of it: it goes on as change "
                    f"{plan.resumes}, and one undo takes all of it back."
                ),
                classes="lead",
            )
        lines = [Content.assemble((f"{sign} {text}", STYLES[sign])) for sign, text in plan.lines()]
        yield Static(Content("\n").join(lines), id="diff")
        for note in plan.notes:
            yield Static(Content(note), classes="quiet")
        if not self._undo:
            yield Static(Content("You can take this back at any time: u here, or launchready undo."), classes="quiet")
        if plan.guard:
            yield Static(
                Content(f"This change is hard to live with if it is wrong. Type {plan.guard} to go on."), classes="warn"
            )
            yield from _page.field("guard", "Type the name", "", plan.guard)
        yield from _page.field("who", "Done by", self._who, "your name")

    def buttons(self) -> ComposeResult:
        yield Button("Take it back" if self._undo else "Apply", id="apply", variant="primary")
        if not self._undo:
            yield Button("Copy instead", id="copy")
        yield Button("Not now", id="cancel")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "apply":
            self._apply()
        elif event.button.id == "copy":
            self.action_copy()

    def _apply(self) -> None:
        if self._plan.guard and self.value("guard").rstrip(".").lower() != self._plan.guard.rstrip(".").lower():
            self.problem(f"Type {self._plan.guard} first, to show that this is the one you mean.")
            self.query_one("#guard", Input).focus()
            return
        self.dismiss(Verdict("apply", self.value("who")))

    def action_copy(self) -> None:
        if not self._undo:
            self.dismiss(Verdict("copy", self.value("who")))
