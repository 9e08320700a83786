"""What the code folder says of itself, looked at once a run and off the loop: its variables, its platform, its logs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from launchready_tui import limits
from launchready_tui.envscan.logs import Logged, scan_logs
from launchready_tui.envscan.survey import Survey, survey
from launchready_tui.platforms import Recognised, recognise
from launchready_tui.sources.once import Once
from launchready_tui.sources.repo import NoRepo, Reader, Repo, Tracked

T = TypeVar("T")


class CodeFacts:
    """The code folder of one project, read. Each answer is NoRepo where the folder cannot be read."""

    needs = Repo.needs

    def __init__(self, repo: Repo) -> None:
        self._repo = repo
        self._stop = threading.Event()
        self._surveys: Once[str, Survey | NoRepo] = Once()
        self._kinds: Once[str, Recognised | NoRepo] = Once()
        self._logs: Once[str, Logged | NoRepo] = Once()

    async def survey(self) -> Survey | NoRepo:
        """Which variables are read and declared."""
        return await self._surveys.get("", lambda: self._with(lambda p, r: survey(p, r, stop=self._stop.is_set)))

    async def recognised(self) -> Recognised | NoRepo:
        """Host, frameworks, languages, package manager, commands."""
        return await self._kinds.get("", lambda: self._with(recognise))

    async def logs(self) -> Logged | NoRepo:
        """Log calls that name what should not be in a log."""
        return await self._logs.get("", lambda: self._with(lambda p, r: scan_logs(p, r, stop=self._stop.is_set)))

    async def _with(self, work: Callable[[tuple[str, ...], Reader], T]) -> T | NoRepo:
        tracked = await self._repo.tracked()
        if not isinstance(tracked, Tracked):
            return tracked
        paths = tracked.paths
        return await self._repo.on_thread(lambda read: work(paths, read), most=limits.ENV_FILE_BYTES)

    async def aclose(self) -> None:
        self._stop.set()
        await self._surveys.aclose()
        await self._kinds.aclose()
        await self._logs.aclose()
