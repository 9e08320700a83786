"""The workspace as the wizard sees it: your projects, a new one, the practice startup.

What a launch needs is imported when one is opened, so that home stands at once.
"""

from __future__ import annotations

import shutil
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from launchready_tui.options import LookOptions, apply
from launchready_tui.practice import DOMAIN as PRACTICE_DOMAIN
from launchready_tui.project import Clock, Project
from launchready_tui.warm import warm
from launchready_tui.workspace import Summary, Workspace

if TYPE_CHECKING:
    from launchready_tui.practice.startup import Practice
    from launchready_tui.session import Session
    from launchready_tui.store import ProjectStore


class Desk:
    """Opens sessions and ends what it started. `options` of the command line apply to every session it opens."""

    def __init__(self, workspace: Workspace, *, options: LookOptions | None = None, clock: Clock | None = None) -> None:
        self.workspace = workspace
        self._options = options or LookOptions()
        self._clock = clock or Clock()
        self._practice: Practice | None = None
        self._open: list[Session] = []

    def projects(self) -> tuple[Summary, ...]:
        """Each project with its last state, the newest look first; the practice startup is not among them."""
        return tuple(one for one in self.workspace.projects() if one.domain != PRACTICE_DOMAIN)

    def practised(self) -> Summary | None:
        """How far the practice startup is, None where it was never opened."""
        return next((one for one in self.workspace.projects() if one.domain == PRACTICE_DOMAIN), None)

    async def new(self, typed: str, repo: str | None = None) -> Session:
        """Make a project from what was typed as a domain; where it is known already, open it.

        Raises BadDomain, BadOption or WorkspaceProblem with a sentence.
        """
        from launchready_tui.domain import parse_domain

        domain, given = parse_domain(typed).domain, LookOptions(repo=repo)
        known = self.workspace.has(domain)
        fresh = apply(Project(domain), given)  # a bad folder is said before anything is made
        if known and repo is None:
            return await self.open(domain)
        store = self.workspace.open(domain, create=not known)
        try:
            if not store.read_only:
                store.save_project(apply(store.project, given) if known else fresh)
        except BaseException:
            store.close()
            raise
        return await self._session(store)

    async def open(self, domain: str) -> Session:
        """Open a project again, where it was. Raises WorkspaceProblem with a sentence."""
        return await self._session(self.workspace.open(domain))

    async def _session(self, store: ProjectStore) -> Session:
        try:
            await warm()
            from launchready_tui.session import Session
            from launchready_tui.vault import Vault

            session = Session(store, Vault(), clock=self._clock, project=apply(store.project, self._options))
        except BaseException:
            store.close()  # otherwise the next try would find it held, by us
            raise
        self._open.append(session)
        return session.start()

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
