"""Going live, in an open project: clean builds, the deploy document, the platform's way back."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from launchready_tui import deploydoc, limits
from launchready_tui.checks import Check
from launchready_tui.checks.deploy._platform import found_of, way_back
from launchready_tui.checks.deploy.document import find, told
from launchready_tui.cleanbuild.model import Built, Order, Progress, encode
from launchready_tui.cleanbuild.running import Build
from launchready_tui.cleanbuild.source import BuildBook, order_of
from launchready_tui.codefacts import CodeFacts
from launchready_tui.fixes.model import Plan
from launchready_tui.model import FileChange, Fix
from launchready_tui.options import BadOption
from launchready_tui.platforms import Recognised
from launchready_tui.rollbacks import Way
from launchready_tui.session.known import Known
from launchready_tui.sources.repo import NoRepo, Repo
from launchready_tui.system import user_name

_DOCUMENT = "deploy.doc.tenminute"
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
            folder = "" if isinstance(found, NoRepo) else found.commands.folder
            manifest = await repo.read(f"{folder}/package.json".lstrip("/"), most=limits.ENV_FILE_BYTES)
        finally:
            await facts.aclose()
            await repo.aclose()
        if isinstance(tracked, NoRepo):
            return tracked
        if isinstance(found, NoRepo):
            return found
        order = order_of(tracked.top, tracked.paths, found, self.build_book.last, manifest or "")
        return order or Order(tracked.top, "", "", found.commands.folder)

    async def clean_build(self, order: Order) -> AsyncGenerator[Progress | Built, None]:
        """Run it. The last event is the result, which is kept; close it to stop, and nothing is kept."""
        self.may_write()
        for _, command in order.commands:
            self.no_secret(command)  # the journal keeps the commands
        async with aclosing(Build(order, self.clock.now()).run()) as events:
            async for event in events:
                if isinstance(event, Built):
                    event = replace(event, tail=tuple(self.told(line) for line in event.tail))
                    self.build_book.keep(event)
                yield event

    # ---- the document ----
    async def document_text(self) -> tuple[str, str]:
        """(path, text) of the deploy document: as it is written, or a first text of it. Raises BadOption."""
        repo, facts = self._code()
        try:
            tracked = await repo.tracked()
            if isinstance(tracked, NoRepo):
                raise BadOption(f"We could not read your code folder: {tracked.say}.")
            found = await find(repo, tracked.paths)
            if found is not None and not found.section:
                return found.path, await repo.read(found.path) or ""
            return deploydoc.PATH, deploydoc.compose(await told(self.project, self.answers, self.owners, repo, facts))
        finally:
            await facts.aclose()
            await repo.aclose()

    async def plan_document(self, path: str, text: str) -> Plan:
        """What writing this text would change. Raises FixProblem, and BadOption where it holds a secret."""
        self.may_write()
        self.no_secret(text)
        fix = Fix("file", f"Write {path}.", files=(FileChange(path, text),))
        return await self._cycle.plan(_DOCUMENT, self.check(_DOCUMENT).title, fix)

    def no_secret(self, text: str) -> None:
        """Raises BadOption for a text that looks like it holds a secret: a document names places, never values."""
        if self.told(text) != text:
            raise BadOption(
                "This looks like it holds a secret. Name where it is kept instead; nothing was written or run."
            )

    async def way_back(self) -> Way | None:
        """How the platform puts an earlier version back, where it is known."""
        if not self.project.repo:
            return way_back(Recognised(), self.owners, self.answers)
        repo, facts = self._code()
        try:
            return way_back(await found_of(facts), self.owners, self.answers)
        finally:
            await facts.aclose()
            await repo.aclose()

    def _code(self) -> tuple[Repo, CodeFacts]:
        if not self.project.repo:
            raise BadOption("No code folder is given yet: press d and give it.")
        repo = Repo(self.project)
        return repo, CodeFacts(repo)

    def build_checks(self) -> tuple[Check, ...]:
        """The checks to look at again after a build."""
        return tuple(check for check in self.checks if check.id in _BUILDS)

    def _keep_build(self, built: Built) -> None:
        if not self.read_only:
            self.write("built", {**encode(built), "by": user_name()})
