"""A yes or a no to what is more than a look: what will be sent, to whom, how much."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Button, Static

from launchready_tui import limits
from screens._page import Dialog

# What each of project.ALLOWED does, before it does it.
_SAYS = {
    "measure": (
        f"We ask for your home page {limits.SAMPLES} times, {limits.SAMPLES_PER_SECOND:.0f} times a second, from this "
        "machine, and write down how long each answer takes: about as much as a few visitors do. It takes about "
        f"{limits.SAMPLES / limits.SAMPLES_PER_SECOND:.0f} seconds."
    ),
    "burst": "We open many connections to your site within a few seconds, to see whether it holds.",
    "rate-probe": "We send a short row of wrong sign-ins to your login page, to see whether it slows them down.",
    "build": "We run your build command in a copy of your code. It runs what your repository says, on this machine.",
}


class ConsentDialog(Dialog[bool | None]):
    """Comes back with True for a yes."""

    AUTO_FOCUS: ClassVar[str | None] = "#no"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "say(True)", "Yes", show=False),
        Binding("n", "say(False)", "No", show=False),
    ]

    def __init__(self, what: str, title: str, saw: str) -> None:
        super().__init__(title)
        self._what, self._saw = what, saw

    def body(self) -> ComposeResult:
        yield Static(Content(_SAYS.get(self._what, self._saw)), classes="lead")
        yield Static(Content("The yes counts for this sitting. s stops it at any moment."), classes="quiet")

    def buttons(self) -> ComposeResult:
        yield Button("Yes, do it", id="yes", variant="primary")
        yield Button("No", id="no")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        self.action_say(event.button.id == "yes")

    def action_say(self, yes: bool) -> None:
        self.dismiss(yes)
