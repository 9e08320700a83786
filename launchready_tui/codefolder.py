"""A code folder of any kind, looked at by its path alone: the judges for scripts (`ask env`, `ask platform`).

The top of a git work tree is read by its index: what git does not track is not the product's. Any other folder is
walked file by file. No link is followed, nothing is run.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from typing import TypeVar

from launchready_tui import limits
from launchready_tui.envscan.survey import Survey, survey
from launchready_tui.envscan.walk import walk
from launchready_tui.platforms import Recognised, recognise
from launchready_tui.project import Project
from launchready_tui.sources.inside import read_inside
from launchready_tui.sources.repo import Reader, Repo, Tracked

T = TypeVar("T")


async def survey_of(folder: str) -> Survey:
    """Which variables a folder's code reads and which are declared there."""
    stop = threading.Event()
    try:
        return await _with(folder, lambda paths, cut, read: survey(paths, read, cut=cut, stop=stop.is_set))
    finally:
        stop.set()


async def platform_of(folder: str) -> Recognised:
    """Host, frameworks, languages, package manager and commands of a folder."""
    return await _with(folder, lambda paths, cut, read: recognise(paths, read))


async def _with(folder: str, work: Callable[[tuple[str, ...], bool, Reader], T]) -> T:
    tracked = await _tracked(folder)

    def read(path: str) -> str | None:
        data = read_inside(folder, path, limits.ENV_FILE_BYTES)
        return None if data is None or b"\0" in data[:8_000] else data.decode("utf-8", "replace")

    def all_of_it() -> T:
        paths, cut = (tracked, False) if tracked else walk(folder)
        return work(paths, cut, read)

    return await asyncio.to_thread(all_of_it)


async def _tracked(folder: str) -> tuple[str, ...]:
    """What git tracks where the folder is a work tree's own top; () where it is none or nothing is tracked yet."""
    if not os.path.lexists(os.path.join(folder, ".git")):
        return ()
    repo = Repo(Project("code.invalid", repo=folder))
    try:
        found = await repo.tracked()
    finally:
        await repo.aclose()
    if isinstance(found, Tracked) and os.path.realpath(found.top) == os.path.realpath(folder):
        return found.paths
    return ()
