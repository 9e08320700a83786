"""One question before something that cannot be taken back by a key."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Button, Static

from screens._page import Dialog


class ConfirmDialog(Dialog[bool | None]):
    """Comes back with True for the yes that `yes` names."""

    AUTO_FOCUS: ClassVar[str | None] = "#cancel"

    def __init__(self, title: str, sentence: str, yes: str) -> None:
        super().__init__(title)
        self._sentence, self._yes = sentence, yes

    def body(self) -> ComposeResult:
        yield Static(Content(self._sentence), classes="lead")

    def buttons(self) -> ComposeResult:
        yield Button(Content(self._yes), id="yes", variant="warning")
        yield Button("Stay", id="cancel")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "yes":
            self.dismiss(True)
