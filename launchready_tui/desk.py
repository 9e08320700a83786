"""The workspace as the wizard sees it: your projects, a new one, the practice startup.

What a launch needs is imported when one is opened, so that home stands at once.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from launchready_tui import system
from launchready_tui.options import BadOption, LookOptions, apply
from launchready_tui.practice import DOMAIN as PRACTICE_DOMAIN
from launchready_tui.project import Clock, Project
from launchready_tui.warm import warm
from launchready_tui.workspace import Summary, Workspace

if TYPE_CHECKING:
    from launchready_tui.handover.receiving import Received
    from launchready_tui.practice.startup import Practice
    from launchready_tui.session import Session
    from launchready_tui.store import ProjectStore
    from launchready_tui.template import Template
    from launchready_tui.vault import Vaults
    from launchready_tui.worklog import Sitting


class Desk:
    """Opens sessions and ends what it started. `options` of the command line apply to every session it opens."""

    def __init__(self, workspace: Workspace, *, options: LookOptions | None = None, clock: Clock | None = None) -> None:
        self.workspace = workspace
        self._options = options or LookOptions()
        self._clock = clock or Clock()
        self._practice: Practice | None = None
        self._open: list[Session] = []
        self._vaults: Vaults | None = None

    def reading(self, *, archived: bool = False) -> Iterator[Summary]:
        """Each project, read when it is asked for; the practice startup is not among them. `archived`: only those that
        are put aside, else only the others."""
        return (
            one
            for one in self.workspace.reading()
            if one.domain != PRACTICE_DOMAIN and (one.archived is not None) is archived
        )

    def projects(self, *, archived: bool = False) -> tuple[Summary, ...]:
        """Each project with its last state: what is due first, then the worst (`listing.in_order`)."""
        from launchready_tui.listing import in_order

        return in_order(self.reading(archived=archived), self._clock.now())

    def practised(self) -> Summary | None:
        """How far the practice startup is, None where it was never opened."""
        return self.workspace.summary(PRACTICE_DOMAIN) if self.workspace.has(PRACTICE_DOMAIN) else None

    async def new(self, typed: str, repo: str | None = None, like: str | None = None) -> Session:
        """Make a project from what was typed as a domain, with another as its template (`like`); where it is known
        already, open it. Raises BadDomain, BadOption or WorkspaceProblem with a sentence.
        """
        from launchready_tui.domain import parse_domain

        domain, given = parse_domain(typed).domain, LookOptions(repo=repo)
        known = self.workspace.has(domain)
        fresh = apply(Project(domain), given)  # a bad folder is said before anything is made
        if like:
            if known:
                raise BadOption(f"{domain} is one of your launches already, so it cannot start from another.")
            self.start(domain, given, like=like)
            return await self.open(domain)
        if known and repo is None:
            return await self.open(domain)
        self.in_use(domain)
        store = self.workspace.open(domain, create=not known)
        try:
            if not store.read_only:
                store.save_project(apply(store.project, given) if known else fresh)
        except BaseException:
            store.close()
            raise
        return await self._session(store)

    def start(self, domain: str, given: LookOptions, *, like: str | None = None, who: str = "") -> Template:
        """Make a project without opening it: with what was `given`, and with another one as its template. Raises
        BadOption, WorkspaceProblem with a sentence; nothing is made then."""
        from launchready_tui.journal import Journal
        from launchready_tui.template import Template, based_on

        if self.workspace.has(domain):
            raise BadOption(f"{domain} is one of your launches already. Open it: launchready open {domain}")
        who = who or system.user_name()
        template = Template(Project(domain))
        if like is not None:
            source = self.workspace.project(like)
            with Journal(self.workspace.journal(like), writable=False) as journal:
                template = based_on(source, journal.entries, domain, who, self._clock.now())
        project = apply(template.project, given)
        with self.workspace.open(domain, create=True) as store:
            store.save_project(replace(project, allowed=frozenset()))
            if like is not None:
                store.journal.append("template", {"who": who, "purposes": len(template.purposes)})
            for said in template.purposes:
                store.journal.append(
                    "purpose", {"name": said.name, "type": said.type, "text": said.text, "who": said.who}
                )
            for action in template.actions:
                due = action.due.isoformat() if action.due else None
                store.journal.append(
                    "action", {"id": action.id, "what": action.what, "who": "", "due": due, "done": False}
                )
        return replace(template, project=project)

    def in_use(self, domain: str) -> None:
        """Raises WorkspaceProblem where a project is archived."""
        at = self.workspace.archived(domain)
        if at is not None:
            from launchready_tui.archive import refusal

            raise refusal(domain, at)

    async def open(self, domain: str) -> Session:
        """Open a project again, where it was. Raises WorkspaceProblem with a sentence."""
        self.in_use(domain)
        return await self._session(self.workspace.open(domain))

    def read_handover(self, path: Path) -> Received:
        """Somebody else's handover, and what a project from it would store. Raises BadHandover, WorkspaceProblem."""
        from launchready_tui.handover.receiving import receive

        return receive(path, self.workspace.root, self._clock.now())

    async def receive(self, received: Received, *, keep_owners: bool, replace: bool = False) -> Session:
        """Make a project from a handover and open it. `keep_owners` puts who holds what into the keyring; `replace` is
        the yes to one that is there already. Raises WorkspaceProblem, and stores nothing then."""
        from launchready_tui.disk import WorkspaceProblem
        from launchready_tui.handover.receiving import store as write
        from launchready_tui.vault import VaultProblem

        domain = received.project.domain
        known = self.workspace.has(domain)
        if domain == PRACTICE_DOMAIN:
            raise WorkspaceProblem("This is a handover of the practice startup. Open that with launchready demo.")
        if known and not replace:
            raise WorkspaceProblem(f"{domain} is one of your launches already. Nothing was changed.")
        self.in_use(domain)
        with self.workspace.open(domain, create=not known) as kept:
            write(received, kept, known=known)
        session = await self.open(domain)
        if keep_owners:
            await session.prepared(None)
            for owner in received.owners:
                try:
                    await session.save_owner(owner)
                except VaultProblem as problem:
                    session.notes += (problem.sentence,)
                    break
        return session

    # ---- many projects ----
    def archive(self, domain: str) -> None:
        """Put a project aside; whoever had it open here has closed it. Raises WorkspaceProblem with a sentence."""
        self.workspace.archive(domain, system.user_name(), self._clock.now())

    def restore(self, domain: str) -> None:
        """Bring an archived project back. Raises WorkspaceProblem with a sentence."""
        self.workspace.restore(domain, system.user_name())

    def worklog(self, domain: str, since: dt.datetime | None = None) -> tuple[Sitting, ...]:
        """What was done on a project, from its journal, open here or not. Raises WorkspaceProblem with a sentence."""
        from launchready_tui.journal import Journal
        from launchready_tui.worklog import sittings

        with Journal(self.workspace.journal(domain), writable=False) as journal:
            return sittings(journal.entries, since)

    def write_worklog(self, domain: str, text: str) -> Path:
        """Keep a work log beside the project's exports, and say where. Raises WorkspaceProblem with a sentence."""
        from launchready_tui.disk import problem, write_private

        day = self._clock.now().astimezone().date()
        path = self.workspace.journal(domain).parent / "exports" / f"work-log-{day.isoformat()}.md"
        try:
            system.private_folder(path.parent)
        except OSError as error:
            raise problem(error, path.parent) from error
        write_private(path, text.encode())
        return path

    async def _session(self, store: ProjectStore) -> Session:
        try:
            await warm()
            from launchready_tui.session import Session

            project, vaults = apply(store.project, self._options), self.vaults
            session = Session(store, vaults.open(), clock=self._clock, project=project, vaults=vaults)
            if self._options.eml:
                from launchready_tui.kept import given

                session.given = tuple(given(Path(path)) for path in self._options.eml)
        except BaseException:
            store.close()  # otherwise the next try would find it held, by us
            raise
        self._open.append(session)
        return session.start()

    @property
    def vaults(self) -> Vaults:
        """Where this workspace keeps names and tokens. One for all that is opened here: a passphrase is typed once."""
        if self._vaults is None:
            from launchready_tui.vault import Vaults

            self._vaults = Vaults(self.workspace.root, self._options.vault)
        return self._vaults

    async def practice(self, *, fresh: bool = False) -> Session:
        """Start the practice startup, or go on where it was, and open it. Its owners are kept for this session only."""
        await warm()
        from launchready_tui.practice.startup import Practice
        from launchready_tui.session import Session
        from launchready_tui.vault import Vault

        if self._practice is None:
            self._practice = await Practice.start(self.practice_folder, fresh=fresh)
        practice = self._practice
        if fresh:
            shutil.rmtree(self.workspace.root / "projects" / PRACTICE_DOMAIN, ignore_errors=True)
        known = self.workspace.has(PRACTICE_DOMAIN)
        store = self.workspace.open(PRACTICE_DOMAIN, create=True)
        project = practice.project
        if known:  # ports differ at every start; what was said about the product stays
            said = store.project
            project = replace(
                project,
                urls={**project.urls, **said.urls},
                subs=said.subs,
                marker=said.marker,
                absent=said.absent,
                old_paths=said.old_paths,
            )
        try:
            if not store.read_only:
                store.save_project(project)
            session = Session(
                store,
                Vault(kind="session"),
                clock=self._clock,
                project=project,
                secrets=practice.secrets,
                practice=True,
            )
            session.tryout = practice.mail
        except BaseException:
            store.close()
            raise
        self._open.append(session)
        return session.start()

    @property
    def practice_folder(self) -> Path:
        return self.workspace.root / "practice"

    async def aclose(self) -> None:
        """Save and close what is open, end the practice servers; leaves nothing running."""
        async with AsyncExitStack() as stack:  # each is closed, whatever another's disk says
            if self._practice is not None:
                stack.push_async_callback(self._practice.aclose)
            for session in self._open:
                stack.push_async_callback(session.aclose)
            self._open, self._practice = [], None
