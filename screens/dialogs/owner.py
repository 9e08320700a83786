"""One system: whose service it is, who owns it, who can stand in, and when that was last proved."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Button, Static

from launchready_tui.owners import Owner
from screens import _page
from screens._page import Dialog
from screens._words import now
from screens.widgets.tick import Tick

_TYPED = (
    ("provider", "Service", "whose service it is"),
    ("account", "Account", "the account's name there"),
    ("page", "Sign-in page", "https://…"),
    ("owner", "Owner", "who holds it"),
    ("contact", "Contact", "mail or phone"),
    ("backup", "Backup owner", "who can stand in"),
    ("backup_contact", "Their contact", "mail or phone"),
    ("recovery", "Recovery codes", "where they are kept, never a code"),
)


class OwnerDialog(Dialog[Owner | None]):
    """Comes back with the owner as it is to be stored. `kept` says where that is."""

    AUTO_FOCUS: ClassVar[str | None] = "#owner"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "save", "Save", show=False)]

    def __init__(self, label: str, owner: Owner, kept: str) -> None:
        super().__init__(f"Who owns it: {label}")
        self._owner, self._kept = owner, kept

    def body(self) -> ComposeResult:
        owner = self._owner
        for name, label, hint in _TYPED:
            yield from _page.field(name, label, str(getattr(owner, name)), hint)
        proved = owner.proved.isoformat() if owner.proved else ""
        yield from _page.field("proved", "Last proved", proved, "YYYY-MM-DD, or today")
        yield Tick("The backup owner has signed in once", owner.backup_confirmed, id="backup_confirmed", compact=True)
        yield Tick("A second factor is on", owner.second_factor, id="second_factor", compact=True)
        yield Tick("We have no such system", owner.absent, id="absent", compact=True)
        kept = self._kept if self._kept[:1].isupper() else f"Kept {self._kept}"
        kept = f"{kept.rstrip('.')}. " if self._kept else ""
        yield Static(Content(f"{kept}No password and no code goes in here."), classes="quiet")

    def buttons(self) -> ComposeResult:
        yield Button("Save", id="save", variant="primary")
        yield Button("Not now", id="cancel")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "save":
            self.action_save()

    def action_save(self) -> None:
        typed = self.value("proved").lower()
        try:
            proved = None
            if typed:
                today = now().astimezone().date()
                proved = today if typed == "today" else dt.date.fromisoformat(typed)
        except ValueError:
            self.problem("Write the day as year-month-day, or today.")
            return
        self.dismiss(
            replace(
                self._owner,
                **{name: self.value(name) for name, _, _ in _TYPED},
                proved=proved,
                backup_confirmed=self.query_one("#backup_confirmed", Tick).value,
                second_factor=self.query_one("#second_factor", Tick).value,
                absent=self.query_one("#absent", Tick).value,
            )
        )
