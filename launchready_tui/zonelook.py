"""The records of the zone, as far as they can be listed, seen by the check that asks what each is for.

`fixes/zonesight.py` does the listing; a check knows no place that can be changed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from launchready_tui.model import RecordSet
from launchready_tui.purposes import Purposes
from launchready_tui.text import clean


@dataclass(frozen=True, slots=True)
class ZoneView:
    """`place` is who keeps the records, "" where none is connected. `sets` is the whole zone but its SOA, None where it
    cannot be listed; `silent` True where that is because the place did not answer, and `say` then says so."""

    place: str = ""
    sets: tuple[RecordSet, ...] | None = None
    silent: bool = False
    say: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "place", clean(self.place, limit=200))
        object.__setattr__(self, "say", clean(self.say))


class ZoneLook(ABC):
    """A look at the whole zone, and at what was said of its records."""

    needs = "the list of your records"

    @abstractmethod
    async def zone(self) -> ZoneView:
        """List the zone where it is kept. Never raises."""

    @abstractmethod
    def purposes(self) -> Purposes:
        """What people said, by (name, type)."""
