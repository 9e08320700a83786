"""Projects that are put aside: a small file in the project's folder says so. Nothing is deleted, and it comes back."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING

from launchready_tui import disk
from launchready_tui.disk import SCHEMA_VERSION, WorkspaceProblem
from launchready_tui.text import clean, day

if TYPE_CHECKING:
    from launchready_tui.store import ProjectStore

MARK = "archived.json"


def archived_at(folder: Path) -> dt.datetime | None:
    """Since when a project is put aside, None where it is not. A mark that cannot be read counts all the same."""
    path = folder / MARK
    try:
        changed = dt.datetime.fromtimestamp(path.lstat().st_mtime, dt.UTC)
    except OSError:
        return None
    try:
        at = dt.datetime.fromisoformat(json.loads(disk.read_capped(path))["at"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError, WorkspaceProblem):
        return changed
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)


def archive(store: ProjectStore, at: dt.datetime, who: str) -> None:
    """Put the project of an open store aside. Raises WorkspaceProblem where somebody else has it open."""
    if store.read_only:
        raise WorkspaceProblem(store.holder)
    who = clean(who, limit=120)
    store.journal.append("archived", {"who": who})
    mark = {"schema_version": SCHEMA_VERSION, "at": at.astimezone(dt.UTC).isoformat(), "who": who}
    disk.write_private(store.path / MARK, json.dumps(mark).encode("ascii"))


def restore(store: ProjectStore, who: str) -> None:
    """Bring a project back. Raises WorkspaceProblem."""
    if store.read_only:
        raise WorkspaceProblem(store.holder)
    store.journal.append("restored", {"who": clean(who, limit=120)})
    path = store.path / MARK
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise disk.problem(error, path) from error


def refusal(domain: str, at: dt.datetime) -> WorkspaceProblem:
    """Why a project that is put aside is not opened, and how it comes back."""
    return WorkspaceProblem(
        f"{domain} was archived on {day(at.astimezone().date())}, so it is not looked at. Bring it back first: "
        f"launchready archive --restore {domain} (in the wizard: v, then z, on the first screen)."
    )
