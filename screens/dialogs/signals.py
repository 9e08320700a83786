"""What a stage leaves behind, and the roadmap's three signs that it went wrong, in full."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Button, Static

from launchready_tui.deliverables import Deliverable
from launchready_tui.questions import QUESTIONS
from launchready_tui.signals import Signal, State
from screens._page import Dialog
from screens.widgets.bearings import SIGNS


class SignalsDialog(Dialog[Signal | None]):
    """Comes back with the signal whose question is to be answered, or whose check is to be opened."""

    AUTO_FOCUS: ClassVar[str | None] = "Button"

    def __init__(self, title: str, deliverable: Deliverable, signals: tuple[Signal, ...]) -> None:
        super().__init__(title)
        self._deliverable, self._signals = deliverable, signals

    def body(self) -> ComposeResult:
        there = self._deliverable
        yield Static("What this stage leaves behind", classes="heading first")
        yield Static(Content(there.text))
        sign, style = ("✓ ", "$text-success") if there.there else ("- ", "$text-warning")
        yield Static(Content.assemble((sign + there.line, style)))
        for missing in there.missing:
            words = f"{missing.words[:1].upper()}{missing.words[1:]}: {missing.why}"
            yield Static(Content(words), classes="quiet inset")
        yield Static("Signs that it went wrong", classes="heading")
        for at, signal in enumerate(self._signals):
            mark, tone = SIGNS[signal.state]
            yield Static(Content.assemble((f"{mark} ", tone), (signal.text, "bold")), classes="signal")
            said = f"{signal.line[:1].upper()}{signal.line[1:]}".rstrip(".") + "."
            yield Static(Content(said), classes="inset")
            if signal.state is State.UNSURE and signal.question in QUESTIONS:
                yield Button("Answer this", id=f"signal-{at}", compact=True)
            elif signal.check:
                yield Button("Open the check", id=f"signal-{at}", compact=True)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        name = event.button.id or ""
        if name.startswith("signal-"):
            self.dismiss(self._signals[int(name.removeprefix("signal-"))])
