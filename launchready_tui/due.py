"""What runs out, or is to be done, on a day: a domain, a certificate, a sign-in that counted, a risk taken on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from launchready_tui import limits
from launchready_tui.text import clean, day


@dataclass(frozen=True, slots=True)
class Due:
    """`kind` is "domain", "certificate", "access", "risk" or "action"; `what` stands before "in 21 days"."""

    kind: str
    what: str
    date: dt.date

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", clean(self.kind, limit=40))
        object.__setattr__(self, "what", clean(self.what, limit=160))

    def days(self, today: dt.date) -> int:
        """Days left; below 0 where it has passed."""
        return (self.date - today).days

    def soon(self, today: dt.date) -> bool:
        """Within limits.DUE_SOON_DAYS, or passed."""
        return self.days(today) <= limits.DUE_SOON_DAYS

    def say(self, today: dt.date) -> str:
        """ "certificate in 21 days", "domain tomorrow", "sign-in at DNS ran out 3 days ago"; far off, the day."""
        left = self.days(today)
        if left < 0:
            verb = "was due" if self.kind == "action" else "ran out"
            return f"{self.what} {verb} {'yesterday' if left == -1 else f'{-left} days ago'}"
        if left <= 1:
            return f"{self.what} {'tomorrow' if left else 'today'}"
        return f"{self.what} in {left} days" if left < 100 else f"{self.what} on {day(self.date)}"


def nearest(dues: tuple[Due, ...]) -> Due | None:
    """What comes first; the passed ones before all."""
    return min(dues, key=lambda due: (due.date, due.kind, due.what), default=None)
