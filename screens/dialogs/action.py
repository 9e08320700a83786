"""One thing to do after the launch: what, who, and by when."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from launchready_tui.actions import NextAction
from screens import _page
from screens._page import SaveDialog
from screens.widgets.tick import Tick


class ActionDialog(SaveDialog[NextAction | None]):
    """Comes back with the action as it was agreed."""

    AUTO_FOCUS: ClassVar[str | None] = "#who"
    SAVES: ClassVar[str] = "Agreed"

    def __init__(self, action: NextAction, *, who: str = "") -> None:
        super().__init__("After the launch")
        self._action, self._who = action, action.who or who

    def body(self) -> ComposeResult:
        action = self._action
        yield Static(Content(action.what), classes="lead")
        yield from _page.field("who", "Who", self._who, "a name")
        yield from _page.field("due", "By", action.due.isoformat() if action.due else "", "YYYY-MM-DD")
        yield Tick("Done", action.done, id="done", compact=True)

    def action_save(self) -> None:
        due = self.need("due", "Give it a day: what has no day is not done.")
        if due is None:
            return
        try:
            day = dt.date.fromisoformat(due)
        except ValueError:
            self.problem("Write the day as year-month-day.")
            return
        self.dismiss(replace(self._action, who=self.value("who"), due=day, done=self.query_one("#done", Tick).value))
