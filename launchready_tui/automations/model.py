"""The nouns: a Setup (what files are written for), and an Automation (one of the six, with its state)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from launchready_tui.model import Fix
from launchready_tui.text import clean

Forge = Literal["github", "gitlab"]
FORGES: Mapping[Forge, str] = {"github": "GitHub Actions", "gitlab": "GitLab CI"}

# In the roadmap's order. "logs" lives at the host, all others in the repository.
NAMES = ("daily", "secrets", "smoke", "uptime", "cache", "logs")


class State(StrEnum):
    """ON: our file is there as we would write it. CHANGED: ours, but edited or older. ELSEWHERE: another tool does it,
    or a person said so. NOT_HERE: not for this set-up. UNKNOWN: we could not tell."""

    ON = "on"
    CHANGED = "changed"
    ELSEWHERE = "elsewhere"
    OFF = "off"
    NOT_HERE = "not here"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Setup:
    """What the files are written for. `forge` None: no repository, or one that we write nothing for; `why` says so.

    `pages` are (kind, URL) of what the founder named; `host` a name of rollbacks.toml; `by_hand` the way back as the
    founder wrote it down; `stages` of the GitLab file, first and last; `assumed`: nothing said which forge it is.
    """

    forge: Forge | None
    why: str = ""
    assumed: bool = False
    domain: str = ""
    home: str = ""
    pages: tuple[tuple[str, str], ...] = ()
    hosts: tuple[str, ...] = ()
    marker: str = ""
    subs: tuple[str, ...] | None = None
    host: str = "other"
    by_hand: str = ""
    branches: tuple[str, ...] = ("main", "master")
    stages: tuple[str, str] = ("test", "deploy")


@dataclass(frozen=True, slots=True)
class Automation:
    """One of the six. `say` is what we saw; `cost` and `back` are what it takes, and how to end it; `path` where it
    stands; `fix` what would switch it on, None where nothing is to be written; `steps` what a person does besides."""

    name: str
    title: str
    state: State
    say: str
    cost: str
    back: str
    path: str = ""
    fix: Fix | None = None
    steps: tuple[str, ...] = field(default=())
    question: str = ""

    def __post_init__(self) -> None:
        for part in ("say", "path"):
            object.__setattr__(self, part, clean(getattr(self, part), limit=600))
