"""Records that were changed with us, as checks see them: what should be live now, since when, and the TTL before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChangedSet:
    """One record set as the newest change left it. `values` empty: it was taken away. `old_ttl` in seconds is how long
    a resolver may hold what stood there before, None where nothing did. `number` is the change's; `shielded` where a
    shield answers in the record's place, so that the world never sees its values, and `bare` what stood there without
    one. `by_hand`: a person makes it.
    """

    name: str
    type: str
    values: tuple[str, ...]
    was: tuple[str, ...]
    old_ttl: int | None
    at: dt.datetime
    number: int
    shielded: bool = False
    by_hand: bool = False
    bare: tuple[str, ...] = ()


class Changed:
    """The record sets that were changed, by name and type; only the newest change of each counts."""

    needs = "a change"

    def __init__(self, sets: Iterable[ChangedSet] = ()) -> None:
        newest: dict[tuple[str, str], ChangedSet] = {}
        for one in sorted(sets, key=lambda one: (one.at, one.number)):
            newest[one.name, one.type] = one
        self._sets: Mapping[tuple[str, str], ChangedSet] = newest

    def all(self) -> tuple[ChangedSet, ...]:
        return tuple(self._sets.values())
