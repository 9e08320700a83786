"""A value alone: no border, nothing beside it, so that it can be selected where the terminal takes no copy from us."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import ScrollableContainer
from textual.content import Content
from textual.widgets import Static

from screens import _terminal
from screens._page import Page
from screens.widgets.keys import Hint, Keys


class CopyScreen(Page):
    """Copies `value` and shows it. `said` goes before what is said of the copying."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "close", "Back", show=False),
        Binding("w", "wrap", "Wrap", show=False),
        Binding("c", "again", "Copy again", show=False),
    ]

    def __init__(self, value: str, what: str, said: str = "") -> None:
        super().__init__()
        self._value, self._what, self._said = value, what, said

    def compose(self) -> ComposeResult:
        yield Static(id="copied")
        with ScrollableContainer(id="plain"):
            yield Static(Content(self._value), id="value")
        yield Keys(Hint("esc", "Back", "close"), Hint("w", "Wrap long lines", "wrap"), Hint("c", "Copy again", "again"))

    def on_mount(self) -> None:
        self.action_again()

    def action_again(self) -> None:
        self.app.copy_to_clipboard(self._value)
        if _terminal.takes_copy():
            told = f"Copied {self._what}."
        else:
            told = f"This is {self._what} alone. If it is not on your clipboard, select it (hold Shift while you drag)."
        self.query_one("#copied", Static).update(Content(f"{self._said} {told}".strip()))

    def action_wrap(self) -> None:
        self.query_one("#value").toggle_class("wrap")

    def action_close(self) -> None:
        self.app.pop_screen()
