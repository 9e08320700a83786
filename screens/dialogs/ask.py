"""The ready message to somebody who can do it: shown, copied, saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Button, Input, Static

from screens import _page, _terminal
from screens._page import Dialog


class AskDialog(Dialog[str | None]):
    """Comes back with who is asked, once the message is to be saved; None where nobody is."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "save", "Save", show=False)]

    def __init__(self, message: Callable[[str], str], who: str = "") -> None:
        super().__init__("Ask someone")
        self._message, self._who = message, who

    def body(self) -> ComposeResult:
        yield from _page.field("who", "Who can do it", self._who, "a name: Ada, our agency, the host's support")
        yield Static(Content("The message has the exact step in it, and no secret."), classes="quiet")
        yield Static(Content(self._message(self._who)), id="message")

    def buttons(self) -> ComposeResult:
        yield Button("Save and remember", id="save", variant="primary")
        yield Button("Copy", id="copy")
        yield Button("Close", id="cancel")

    @on(Input.Changed, "#who")
    def _named(self, event: Input.Changed) -> None:
        self.query_one("#message", Static).update(Content(self._message(event.value.strip())))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "save":
            self.action_save()
        elif event.button.id == "copy":
            self.app.copy_to_clipboard(self._message(self.value("who")))
            known = _terminal.takes_copy()
            self.problem(
                "Copied." if known else "Sent to your terminal's clipboard; if it is not there, save the message."
            )

    def action_save(self) -> None:
        who = self.need("who", "Say who is asked, so that the list can remind you.")
        if who is not None:
            self.dismiss(who)
