"""Somebody left: whatever they had must be made new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from launchready_tui.text import listed
from screens import _page
from screens._page import SaveDialog
from screens._words import now


@dataclass(frozen=True, slots=True)
class Left:
    """Who left, and on which day."""

    who: str
    day: dt.date


class LeftDialog(SaveDialog[Left | None]):
    """Comes back with who left and when. `known` are the people that the list names."""

    SAVES: ClassVar[str] = "Mark them"

    def __init__(self, known: Iterable[str]) -> None:
        super().__init__("Who left?")
        self._known = tuple(dict.fromkeys(known))

    def body(self) -> ComposeResult:
        said = f"On the list: {listed(self._known, most=8)}." if self._known else "The list names nobody yet."
        yield Static(Content(f"Every secret that they had is marked, to be made new. {said}"), classes="lead")
        yield from _page.field("left", "Who", "", "the name as it stands in the list")
        yield from _page.field("day", "Since", "today", "YYYY-MM-DD, or today")

    def action_save(self) -> None:
        who = self.need("left", "Write who left.")
        if who is None:
            return
        typed = self.value("day").lower()
        try:
            day = now().astimezone().date() if typed in ("", "today") else dt.date.fromisoformat(typed)
        except ValueError:
            self.problem("Write the day as year-month-day, or today.")
            self.query_one("#day", Input).focus()
            return
        self.dismiss(Left(who, day))
