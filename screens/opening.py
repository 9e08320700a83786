"""Opens the wizard from the command line: checks the terminal first, keeps state and terminal whole at the end."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from launchready_tui.desk import Desk
from launchready_tui.domain import BadDomain
from launchready_tui.options import BadOption, LookOptions
from launchready_tui.saying import Problem, say_problem
from launchready_tui.workspace import Workspace

if TYPE_CHECKING:
    from launchready_tui.session import Session

Opening = Callable[[Desk], "Awaitable[Session | None]"]


def _no_terminal() -> str | None:
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):  # textual draws on stderr
        return (
            "The wizard needs a terminal to draw on, and this is not one. "
            "Without a terminal, use `launchready check your-domain.com`."
        )
    if os.environ.get("TERM") == "dumb":
        return "This terminal says that it cannot draw (TERM=dumb). Use `launchready check your-domain.com`."
    return None


async def _run(workspace: str | None, options: LookOptions, opening: Opening, handover: Path | None) -> int:
    gc.disable()  # all that imports make is kept: looking through it for what is not holds up the first paint
    from screens.app import LaunchReady

    gc.freeze()
    gc.enable()
    desk = Desk(Workspace(Path(workspace) if workspace else None), options=options)
    try:
        received = desk.read_handover(handover) if handover is not None else None
        app = LaunchReady(desk, session=await opening(desk), presenter=options.presenter)
        app.received = received
        await app.run_async()
        if app.crash:
            say_problem(f"launchready met a fault of its own and stopped ({app.crash}). What you did is saved.")
            return 1
        return app.return_code or 0
    finally:
        await desk.aclose()


def _open(workspace: str | None, options: LookOptions, opening: Opening, handover: Path | None = None) -> int:
    problem = _no_terminal()
    if problem:
        say_problem(problem)
        return 2
    try:
        return asyncio.run(_run(workspace, options, opening, handover))
    except (BadDomain, BadOption, Problem) as error:
        say_problem(getattr(error, "sentence", str(error)))
        return 2
    except KeyboardInterrupt:
        return 130


def open_wizard(workspace: str | None, *, presenter: bool, vault: str | None = None) -> int:
    """The wizard on the home screen."""

    async def home(desk: Desk) -> None:
        desk.reading()  # an unreadable workspace is said before the screen is taken

    return _open(workspace, LookOptions(presenter=presenter, vault=vault), home)


def open_practice(workspace: str | None, *, fresh: bool, presenter: bool) -> int:
    """The wizard on the practice startup."""

    async def practice(desk: Desk) -> Session:
        return await desk.practice(fresh=fresh)

    return _open(workspace, LookOptions(presenter=presenter), practice)


def open_project(target: str | None, options: LookOptions) -> int:
    """The wizard on one project: a domain, a folder that holds code, a handover's file, or the only one there is."""

    async def project(desk: Desk) -> Session | None:
        if target is None:
            known = desk.projects()
            return await desk.open(known[0].domain) if len(known) == 1 else None
        if Path(target).is_dir():
            return await _by_folder(desk, Path(target))
        return await desk.new(target, options.repo)

    if target is not None and (target.endswith(".toml") or Path(target).is_file()):
        return _open_handover(Path(target), options)
    return _open(options.workspace, options, project)


def _open_handover(path: Path, options: LookOptions) -> int:
    """The wizard on somebody else's handover: what it would store is shown first. A file that is none ends here."""

    async def home(desk: Desk) -> None:
        desk.projects()  # an unreadable workspace is said before the screen is taken

    return _open(options.workspace, options, home, path)


async def _by_folder(desk: Desk, folder: Path) -> Session:
    """The project whose code lies in `folder`. Raises BadOption where none is known."""
    for one in desk.projects():
        if not one.problem:
            session = await desk.open(one.domain)
            if session.project.repo and Path(session.project.repo).resolve() == folder.resolve():
                return session
            await session.aclose()
    raise BadOption(
        f"No project has its code in {folder}. Open it by its domain: launchready open your-domain.com --repo ."
    )
