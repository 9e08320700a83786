"""The deploy document before it is written: a first text, changed until it is right."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static, TextArea

from screens._page import SaveDialog
from screens._problems import PROBLEMS, told


class DocumentDialog(SaveDialog[str | None]):
    """Comes back with the text, or None. `refuse` raises where the text holds a secret. Nothing is written here: the
    change is shown next."""

    SAVES: ClassVar[str] = "See the change"
    AUTO_FOCUS: ClassVar[str | None] = "#text"

    def __init__(self, path: str, text: str, refuse: Callable[[str], None]) -> None:
        super().__init__(f"The deploy document, {path}")
        self._text, self._refuse = text, refuse

    def body(self) -> ComposeResult:
        yield Static(
            Content("One page that a second person can follow at night. ctrl+s shows what is written."), classes="quiet"
        )
        yield TextArea(
            self._text, id="text", tab_behavior="focus", compact=True, highlight_cursor_line=False, soft_wrap=True
        )

    def action_save(self) -> None:
        text = self.query_one("#text", TextArea).text.strip()
        if not text:
            self.problem("Write the steps first, or leave it for now.")
            return
        try:
            self._refuse(text)
        except PROBLEMS as problem:
            self.problem(told(problem))
            return
        self.dismiss(f"{text}\n")
