"""A host's account that answers as told, and what it is told: for tables."""

from __future__ import annotations

import datetime as dt

from launchready_tui.hosts.model import HostAccount, NoHost, Release, Releases, Setting, Settings
from tests.world import NOW

COMMIT = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"
HOSTILE = "\x1b]52;c;eA==\x07\u202eevil[@click=app.quit]x[/]"
SILENT = NoHost("Vercel did not answer within 10 seconds.")
REFUSED = NoHost("Vercel refused our token.", "a new token for Vercel")


class CannedHost(HostAccount):
    name = "Vercel"

    def __init__(self, settings: Settings | NoHost = SILENT, releases: Releases | NoHost = SILENT) -> None:
        self._settings, self._releases = settings, releases

    async def settings(self) -> Settings | NoHost:
        return self._settings

    async def releases(self) -> Releases | NoHost:
        return self._releases


def one(name: str, digest: str = "", target: str = "production", **more: object) -> Setting:
    return Setting(name, target, digest=digest, **{"read": True, **more})  # type: ignore[arg-type]


def settings(*all: Setting, targets: str = "production preview development", cut: str = "") -> CannedHost:
    return CannedHost(Settings(all, frozenset(targets.split()), cut))


def release(id: str = "dpl_1", days: float = 1, **more: object) -> Release:
    at = NOW - dt.timedelta(days=days)
    return Release(id, at, **{"commit": COMMIT, "by": "git", "who": "ada", **more})  # type: ignore[arg-type]


def releases(*all: Release, whole: bool = True) -> CannedHost:
    return CannedHost(releases=Releases(all, whole))
