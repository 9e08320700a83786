"""What people said of keys that a scan found: made new on a day, or no key at all. By fingerprint, never by value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from launchready_tui.secretscan.report import Found
from launchready_tui.text import clean

State = Literal["rotated", "false-alarm"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One word on one key. `print` is its keyed fingerprint; `place` where it stands in the history, which no key is
    needed to tell again: "rule commit path line", "" for one that is in no commit. `day` is when it was made new."""

    print: str
    place: str
    state: State
    who: str
    at: dt.datetime
    day: dt.date | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "who", clean(self.who, limit=120))
        object.__setattr__(self, "reason", clean(self.reason, limit=300))

    @property
    def said(self) -> str:
        """ "made new on 3 Nov 2026 (Ada)", for a list."""
        if self.state == "rotated" and self.day is not None:
            return f"made new on {self.day.day} {self.day:%b %Y} ({self.who})"
        return f"no key: {self.reason} ({self.who})"


def place_of(found: Found) -> str:
    """Where a key stands for good; "" for the work tree, whose lines move."""
    return f"{found.rule} {found.commit} {found.path} {found.line}" if found.commit else ""


class SecretMarks:
    """What was said, for the checks."""

    needs = "what you said about the keys that were found"

    def __init__(self, marks: Mapping[str, Mark] | None = None) -> None:
        self._by_print = dict(marks or {})
        self._by_place = {mark.place: mark for mark in self._by_print.values() if mark.place}

    def of(self, found: Found) -> Mark | None:
        """The word on this key, by its fingerprint or by its place in the history."""
        return self._by_print.get(found.print) or self._by_place.get(place_of(found))

    def open(self, found: Found) -> bool:
        return self.of(found) is None

    def __len__(self) -> int:
        return len(self._by_print)


def encode(mark: Mark) -> dict[str, object]:
    """For the journal."""
    return {
        "print": mark.print,
        "place": mark.place,
        "state": mark.state,
        "who": mark.who,
        "day": mark.day.isoformat() if mark.day else "",
        "reason": mark.reason,
    }


def decode(data: Mapping[str, Any], at: dt.datetime) -> Mark:
    """Raises KeyError, ValueError or TypeError for what is none."""
    state: State = "rotated" if data["state"] == "rotated" else "false-alarm"
    day = dt.date.fromisoformat(data["day"]) if data["day"] else None
    return Mark(str(data["print"]), str(data["place"]), state, data["who"], at, day, data["reason"])
