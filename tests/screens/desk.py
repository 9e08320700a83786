"""A desk in memory: what home lists, opens and makes."""

from __future__ import annotations

import datetime as dt

from launchready_tui.desk import Desk
from launchready_tui.domain import parse_domain
from launchready_tui.session import Session
from launchready_tui.workspace import Summary
from tests.screens.fake import FakeSession
from tests.screens.launch import NAME


class FakeDesk(Desk):
    """Two known launches; `made` is what was opened."""

    def __init__(self, *summaries: Summary) -> None:
        self.summaries = summaries
        self.made: list[FakeSession] = []
        self.typed: list[tuple[str, str | None]] = []

    def projects(self) -> tuple[Summary, ...]:
        return self.summaries

    def practised(self) -> Summary | None:
        return None

    def _make(self, *, looked: bool = True) -> FakeSession:
        self.made.append(FakeSession(looked=looked))
        return self.made[-1]

    async def new(self, typed: str, repo: str | None = None) -> Session:
        self.typed.append((parse_domain(typed).domain, repo))
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
