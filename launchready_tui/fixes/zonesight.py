"""The zone as the check of purposes sees it: listed at the place where the records are kept, where one is connected."""

from __future__ import annotations

from collections.abc import Callable

from launchready_tui.fixes.model import FixProblem
from launchready_tui.fixes.place import DnsPlace, Place
from launchready_tui.purposes import Purposes
from launchready_tui.sources.once import Once
from launchready_tui.zonelook import ZoneLook, ZoneView


class ZoneSight(ZoneLook):
    """`find` gives the place that keeps the records, None where none is connected. Listed once, whoever asks."""

    def __init__(self, find: Callable[[], Place | None], purposes: Callable[[], Purposes]) -> None:
        self._find, self._purposes = find, purposes
        self._once: Once[str, ZoneView] = Once()

    async def zone(self) -> ZoneView:
        return await self._once.get("zone", self._list)

    async def _list(self) -> ZoneView:
        place = self._find()
        if not isinstance(place, DnsPlace):
            return ZoneView()
        try:
            sets = await place.records()
        except FixProblem as problem:
            return ZoneView(place.name, None, True, problem.sentence)
        return ZoneView(place.name, sets, say="" if sets is not None else f"{place.name} does not list its records.")

    def purposes(self) -> Purposes:
        return self._purposes()
