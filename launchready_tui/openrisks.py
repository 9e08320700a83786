"""The risks that are left, with who has taken each on, for the check that wants a name beside every one."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from dataclasses import dataclass

from launchready_tui.model import Severity
from launchready_tui.text import clean


@dataclass(frozen=True, slots=True)
class OpenRisk:
    """One failing critical or high. `accepted_by` took it on in writing until `until`; `who` mends it by `due`."""

    check: str
    line: str
    severity: Severity
    accepted_by: str = ""
    until: dt.date | None = None
    who: str = ""
    due: dt.date | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "line", clean(self.line))
        for name in ("accepted_by", "who"):
            object.__setattr__(self, name, clean(getattr(self, name), limit=120))


@dataclass(frozen=True, slots=True)
class RiskView:
    """`open` are the risks; `dark` the titles of critical checks that could not tell, `unlooked` how many checks were
    not looked at."""

    open: tuple[OpenRisk, ...] = ()
    dark: tuple[str, ...] = ()
    unlooked: int = 0


class RiskLook(ABC):
    """What is left, as the other checks see it."""

    needs = "a look at all stages"

    @abstractmethod
    def view(self) -> RiskView: ...


def action_id(check: str) -> str:
    """The next action that takes a risk on: "fix:dns.www.resolves"."""
    return f"fix:{check}"
