"""One secret of the product: its name, where it is kept, who answers for it, when it is made new. Never a value."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from launchready_tui.secretlist import KeptSecret
from screens import _page
from screens._page import SaveDialog
from screens._words import now

_TEXTS = (
    ("name", "Name", "STRIPE_SECRET_KEY"),
    ("system", "What it opens", "Payments, Database, …"),
    ("location", "Kept", "1Password, your host's settings, …"),
    ("owner", "Owner", "who answers for it"),
)
_DAYS = (("created", "Made"), ("rotate_by", "Make new by"), ("rotated_on", "Last made new"))
_HINT = "YYYY-MM-DD, or today"


class SecretDialog(SaveDialog[KeptSecret | None]):
    """Comes back with what is to be written down, or None."""

    SAVES: ClassVar[str] = "Write it down"

    def __init__(self, secret: KeptSecret, lead: str = "") -> None:
        super().__init__("A key or a password of your product")
        self._secret, self._lead = secret, lead

    def body(self) -> ComposeResult:
        secret = self._secret
        if self._lead:
            yield Static(Content(self._lead), classes="lead")
        for name, label, hint in _TEXTS:
            yield from _page.field(name, label, str(getattr(secret, name)), hint)
        for name, label in _DAYS:
            day = getattr(secret, name)
            yield from _page.field(name, label, day.isoformat() if day else "", _HINT)
        yield from _page.field("had", "Who had it", ", ".join(secret.had), "Ada, Sam (who left counts too)")
        exposed = secret.exposed.isoformat() if secret.exposed else ""
        yield from _page.field("exposed", "Seen by others", exposed, "since when: a leak, or the day somebody left")
        yield from _page.field("how", "How", secret.how, "Sam left; it was in a chat")
        yield Static("Write down where it is kept. The value itself is never taken.", classes="quiet")

    def on_mount(self) -> None:
        """To the first field that a person has to fill."""
        first = next((name for name, _, _ in _TEXTS if not self.value(name)), "created")
        self.query_one(f"#{first}", Input).focus()

    def _day(self, name: str) -> dt.date | None:
        """Raises ValueError for what is no day; the field has the focus then."""
        typed = self.value(name).lower()
        try:
            return now().astimezone().date() if typed == "today" else dt.date.fromisoformat(typed) if typed else None
        except ValueError:
            self.problem("Write the day as year-month-day, or today.")
            self.query_one(f"#{name}", Input).focus()
            raise

    def action_save(self) -> None:
        if self.need("name", "Give it a name, such as STRIPE_SECRET_KEY.") is None:
            return
        try:
            days = {name: self._day(name) for name in ("created", "rotate_by", "rotated_on", "exposed")}
        except ValueError:
            return
        self.dismiss(
            KeptSecret(
                **{name: self.value(name) for name, _, _ in _TEXTS},
                created=days["created"],
                rotate_by=days["rotate_by"],
                rotated_on=days["rotated_on"],
                had=tuple(self.value("had").split(",")),
                exposed=days["exposed"],
                how=self.value("how"),
            )
        )
