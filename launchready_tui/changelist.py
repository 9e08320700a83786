"""The changes that were made, as the journal has them and as the handover lists them, for the check that compares."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Made:
    """One change: its number is what `launchready undo` takes. `last` is when it was last
    touched: made, or taken back."""

    number: int
    at: dt.datetime
    who: str
    before: str
    after: str
    undone: bool = False
    last: dt.datetime | None = None

    @property
    def told(self) -> tuple[object, ...]:
        """What two lists must agree on."""
        return (self.number, self.at, self.who, self.before, self.after, self.undone)


@dataclass(frozen=True, slots=True)
class ChangeView:
    """`journal` is what the journal on disk says was made, `draft` what an export would list now. `written` is what the
    last export lists, None where none is there to be read; `written_at` is when it was written. `trouble` says what
    could not be read, "" where all could."""

    journal: tuple[Made, ...] = ()
    draft: tuple[Made, ...] = ()
    written: tuple[Made, ...] | None = None
    written_at: dt.datetime | None = None
    file: str = ""
    trouble: str = field(default="")


class ChangeLook(ABC):
    """A look at both lists."""

    needs = "the journal of a kept project"

    @abstractmethod
    async def view(self) -> ChangeView:
        """Read both. Never raises: what could not be read stands in `trouble`."""
