"""Names that are set by a platform or a runtime, and names that libraries read by themselves (`given.toml`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from launchready_tui.known import read_data

_NEVER = ("_TOKEN", "_KEY", "_SECRET", "_PASSWORD")


@dataclass(frozen=True, slots=True)
class Given:
    """`sets` says that it is set for the product; `reads` that something reads it without the product's own code."""

    by: str
    names: frozenset[str]
    starts: tuple[str, ...]
    sets: bool
    reads: bool

    def has(self, name: str) -> bool:
        return name in self.names or (name.startswith(self.starts) and not name.endswith(_NEVER))


@cache
def given() -> tuple[Given, ...]:
    return tuple(
        Given(
            entry["by"],
            frozenset(entry["names"]),
            tuple(entry["starts"]),
            not entry.get("only_reads", False),
            entry["reads"],
        )
        for entry in read_data("envscan/given.toml")["given"]
    )


def set_by(name: str) -> str:
    """Who sets a name by itself ("Vercel"); "" where nobody does."""
    return next((each.by for each in given() if each.sets and each.has(name)), "")


def read_elsewhere(name: str) -> bool:
    """True where a platform or a library uses a name although no code of the product reads it."""
    return any(each.has(name) for each in given() if each.reads or each.sets)
