"""A desk in memory: what home lists, opens and makes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from launchready_tui.desk import Desk
from launchready_tui.domain import parse_domain
from launchready_tui.journal_lines import Entry
from launchready_tui.session import Session
from launchready_tui.worklog import Sitting, sittings
from launchready_tui.workspace import Summary
from tests.screens.fake import FakeSession
from tests.screens.launch import NAME


class FakeDesk(Desk):
    """Two known launches; `made` is what was opened."""

    def __init__(self, *summaries: Summary) -> None:
        self.summaries = summaries
        self.made: list[FakeSession] = []
        self.typed: list[tuple[str, str | None]] = []
        self.likes: list[str | None] = []
        self.entries: list[Entry] = []
        self.written = ("", "")

    def reading(self, *, archived: bool = False) -> Iterator[Summary]:
        return (one for one in self.summaries if (one.archived is not None) is archived)

    def archive(self, domain: str) -> None:
        self._put(domain, dt.datetime.now(dt.UTC))

    def restore(self, domain: str) -> None:
        self._put(domain, None)

    def _put(self, domain: str, at: dt.datetime | None) -> None:
        self.summaries = tuple(replace(one, archived=at) if one.domain == domain else one for one in self.summaries)

    def worklog(self, domain: str, since: dt.datetime | None = None) -> tuple[Sitting, ...]:
        return sittings(self.entries, since)

    def write_worklog(self, domain: str, text: str) -> Path:
        self.written = (domain, text)
        return Path("/somewhere/work-log.md")

    def practised(self) -> Summary | None:
        return None

    def _make(self, *, looked: bool = True) -> FakeSession:
        self.made.append(FakeSession(looked=looked))
        return self.made[-1]

    async def new(self, typed: str, repo: str | None = None, like: str | None = None) -> Session:
        self.typed.append((parse_domain(typed).domain, repo))
        self.likes.append(like)
        return self._make(looked=False)

    async def open(self, domain: str) -> Session:
        return self._make()

    async def practice(self, *, fresh: bool = False) -> Session:
        session = self._make(looked=False)
        session.practice = True
        return session

    async def aclose(self) -> None: ...


def summaries() -> tuple[Summary, ...]:
    moment = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=10)
    not_ready = "Not ready: 2 critical, 3 high. Next: point www at your host (5 min). About 1 h 40 min of work left."
    return (
        Summary(NAME, NAME, moment, not_ready, "point www at your host (5 min)"),
        Summary("xn--mnchen-3ya.example", "münchen.example", moment, "Ready: nothing that blocks a launch is open."),
        Summary("broken.example", "broken.example", problem="Its file was made by a newer launchready."),
    )
