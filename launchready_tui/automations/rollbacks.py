"""How each host puts the last release back (`rollbacks.toml`)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Rollback:
    """`page` and `words` are for a person; `lines` is a piece of shell that rolls back with `token` and `ids` from the
    environment, "" where only a person can. `reports`: the host tells GitHub when a deploy is live."""

    name: str
    label: str
    reports: bool
    page: str
    words: str
    limit: str
    source: str
    token: str = ""
    ids: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    lines: str = ""

    @property
    def by_hand(self) -> str:
        return f"{self.page} ({self.words})" if self.page else self.words


@lru_cache(maxsize=1)
def rollbacks() -> dict[str, Rollback]:
    """By the names of platforms.toml; "other" is every host that is not there."""
    text = resources.files("launchready_tui.automations").joinpath("rollbacks.toml").read_text("utf-8")
    found = {}
    for name, entry in tomllib.loads(text).items():
        lists = {key: tuple(entry.pop(key, ())) for key in ("ids", "needs")}
        found[name] = Rollback(name=name, **(entry | lists))
    return found
