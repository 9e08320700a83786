"""What a web host's account says, in our own words. No value of a setting is in here, only names and keyed digests."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from dataclasses import dataclass

PRODUCTION, PREVIEW, DEVELOPMENT = "production", "preview", "development"


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable in one place (`target`). `digest` is keyed (HMAC-SHA-256) and the same for the same value, "" where
    nothing tells; `place` is that of the database which a URL leads to, whatever the rest of the URL says.

    `read` is False where the host does not give the value: then only an equal digest says something. `not_live` says in
    a few words why the value is none for production.
    """

    name: str
    target: str
    digest: str = ""
    place: str = ""
    read: bool = False
    empty: bool = False
    not_live: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of a project. `targets` are the places that this host keeps apart. `cut` says in a plain clause what
    we did not get, "" where we got all."""

    all: tuple[Setting, ...] = ()
    targets: frozenset[str] = frozenset({PRODUCTION})
    cut: str = ""

    def at(self, target: str) -> tuple[Setting, ...]:
        return tuple(each for each in self.all if each.target == target)

    @property
    def names(self) -> frozenset[str]:
        """Those that production has."""
        return frozenset(each.name for each in self.at(PRODUCTION))


@dataclass(frozen=True, slots=True)
class Release:
    """One deployment to production. `by` is how it came about: "git" (a push, or CI that the host knows of), "hand" (a
    command or an upload), "" where the host does not tell. `back` True: it can be put live again."""

    id: str
    at: dt.datetime | None = None
    commit: str = ""
    branch: str = ""
    by: str = ""
    who: str = ""
    ok: bool = True
    live: bool = False
    back: bool = False
    dirty: bool = False


@dataclass(frozen=True, slots=True)
class Releases:
    """The newest production deployments, newest first. `whole` is False where there may be older ones."""

    all: tuple[Release, ...] = ()
    whole: bool = True

    @property
    def live(self) -> Release | None:
        return next((each for each in self.all if each.live), None)

    @property
    def targets(self) -> tuple[Release, ...]:
        """Those that can be put live again, newest first."""
        return tuple(each for each in self.all if each.ok and each.back and not each.live)


@dataclass(frozen=True, slots=True)
class NoHost:
    """The host could not be asked: one sentence why, and what would let us tell."""

    say: str
    needs: str = "another look"


class HostAccount(ABC):
    """The account at the web host, handed to checks where one is connected. Never raises for what the host does."""

    needs = "a token for your web host"
    name = "Your web host"

    @abstractmethod
    async def settings(self) -> Settings | NoHost:
        """Which variables there are, by place."""

    @abstractmethod
    async def releases(self) -> Releases | NoHost:
        """What was put live lately."""
