"""How each platform puts an earlier version back, and what that does not bring back (`rollbacks.toml`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from launchready_tui.known import read_data


@dataclass(frozen=True, slots=True)
class Way:
    """One platform's way back. `where` reads on after "At Vercel, open …"; `command` is "" where there is none."""

    name: str
    label: str
    aliases: tuple[str, ...]
    where: str
    command: str
    steps: tuple[str, ...]
    not_restored: tuple[str, ...]
    source: str
    date: str

    @property
    def place(self) -> str:
        """The command, or where in its pages."""
        return self.command or f"{self.label}: {self.where}"

    def is_called(self, name: str) -> bool:
        """True for its name as anybody writes it."""
        return name.strip().lower() in {each.lower() for each in (self.name, self.label, *self.aliases)}


@cache
def ways() -> tuple[Way, ...]:
    """All of them, in the file's order."""
    return tuple(
        Way(
            entry["name"],
            entry["label"],
            tuple(entry["aliases"]),
            entry["where"],
            "" if entry["command"] == "none" else entry["command"],
            tuple(entry["steps"]),
            tuple(entry["not_restored"]),
            entry["source"],
            str(entry["date"]),
        )
        for entry in read_data("rollbacks.toml")["way"]
    )


def way_of(names: Iterable[str]) -> Way | None:
    """The way back of the first of these names that is known, however it is written; None for none."""
    for name in names:
        for way in ways():
            if name.strip() and way.is_called(name):
                return way
    return None
