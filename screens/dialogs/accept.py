"""Taking a risk on: who, why, and until when. It stays in the list."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Button, Static

from screens import _page
from screens._page import SaveDialog
from screens._words import now

_DAYS = 30  # proposed: long enough for a launch, short enough to come back


class Taken(NamedTuple):
    """A risk taken on. `until` is the last day it counts."""

    who: str
    reason: str
    until: dt.date


class AcceptDialog(SaveDialog[Taken | None]):
    """Comes back with who takes the risk, why and until when; None where nobody does."""

    def __init__(self, saw: str, why: str, *, who: str = "") -> None:
        super().__init__("Accept this risk")
        self._saw, self._why, self._who = saw, why, who
        self._today = now().astimezone().date()

    def body(self) -> ComposeResult:
        yield Static(Content(self._saw), classes="lead")
        yield Static(Content(self._why), classes="quiet")
        yield from _page.field("who", "Taken by", self._who, "the name of who answers for it")
        yield from _page.field("reason", "Reason", "", "why it can wait")
        yield from _page.field("until", "Until", f"{self._today + dt.timedelta(days=_DAYS)}", "YYYY-MM-DD")
        yield Static(
            Content("It stays in the risk list and in the handover, and comes back after that day."), classes="quiet"
        )

    def buttons(self) -> ComposeResult:
        yield Button("Accept the risk", id="save", variant="warning")
        yield Button("Not now", id="cancel")

    def action_save(self) -> None:
        who = self.need("who", "Say who takes the risk: somebody's name has to stand under it.")
        reason = self.need("reason", "Say why it can wait.") if who else None
        if not who or not reason:
            return
        try:
            until = dt.date.fromisoformat(self.value("until"))
        except ValueError:
            self.problem(f"Write the day as year-month-day, such as {self._today + dt.timedelta(days=_DAYS)}.")
            return
        if until < self._today:
            self.problem("That day is over. Choose one that is still to come.")
            return
        self.dismiss(Taken(who, reason, until))
