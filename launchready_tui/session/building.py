"""Clean builds of an open project: what would run, running it, keeping what came of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from launchready_tui.checks import Check
from launchready_tui.cleanbuild.model import Built, Order, Progress, encode
from launchready_tui.cleanbuild.running import Build
from launchready_tui.cleanbuild.source import BuildBook, order_of
from launchready_tui.codefacts import CodeFacts
from launchready_tui.session.known import Known
from launchready_tui.sources.repo import NoRepo, Repo
from launchready_tui.system import user_name

_BUILDS = ("deploy.build.clean",)


class Building(Known):
    """A build runs after a yes to its very commands, which the caller has shown."""

    _book: BuildBook | None = None

    @property
    def build_book(self) -> BuildBook:
        if self._book is None:
            self._book = BuildBook(self._ledger.built, self._keep_build)
        return self._book

    def things(self) -> tuple[object, ...]:
        return (*super().things(), self.build_book)

    async def build_order(self) -> Order | NoRepo:
        """What a clean build would run: the commands as found, or as given last; both are "" where nothing says."""
        if not self.project.repo:
            return NoRepo("no code folder is given yet")
        repo = Repo(self.project)
        facts = CodeFacts(repo)
        try:
            tracked, found = await repo.tracked(), await facts.recognised()
        finally:
            await facts.aclose()
            await repo.aclose()
        if isinstance(tracked, NoRepo):
            return tracked
        if isinstance(found, NoRepo):
            return found
        order = order_of(tracked.top, tracked.paths, found, self.build_book.last)
        return order or Order(tracked.top, "", "", found.commands.folder)

    async def clean_build(self, order: Order) -> AsyncGenerator[Progress | Built, None]:
        """Run it. The last event is the result, which is kept; close it to stop, and nothing is kept."""
        self.may_write()
        async with aclosing(Build(order, self.clock.now()).run()) as events:
            async for event in events:
                if isinstance(event, Built):
                    event = replace(event, tail=tuple(self.told(line) for line in event.tail))
                    self.build_book.keep(event)
                yield event

    def build_checks(self) -> tuple[Check, ...]:
        """The checks to look at again after a build."""
        return tuple(check for check in self.checks if check.id in _BUILDS)

    def _keep_build(self, built: Built) -> None:
        if not self.read_only:
            self.write("built", {**encode(built), "by": user_name()})
