"""The workspace: one private folder a project, held by one process at a time, every file written whole or not at all.

<root>/workspace.toml                    schema_version
<root>/projects/<domain>/project.toml    what the founder told us
                         findings.json   what was seen last
                         summary.json    one line for the list of projects
                         journal.jsonl   everything that happened
                         lock, lock.json who has it open
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from launchready_tui import disk, system
from launchready_tui.disk import SCHEMA_VERSION, WorkspaceFuture, WorkspaceProblem
from launchready_tui.domain import is_name, unicode_of
from launchready_tui.text import clean

__all__ = ["Summary", "Workspace", "WorkspaceFuture", "WorkspaceProblem"]

if TYPE_CHECKING:  # an empty home is painted without it
    from launchready_tui.store import ProjectStore


@dataclass(frozen=True, slots=True)
class Summary:
    """One project in the list. `line` and `next` are as the last look left them; `problem` is why it will not open."""

    domain: str
    unicode: str
    looked: dt.datetime | None = None
    line: str = ""
    next: str = ""
    exported: dt.datetime | None = None
    problem: str = ""


class Workspace:
    """All projects under one folder; `root` None is the system's place for them (or LAUNCHREADY_HOME).

    Nothing is read or made until it is asked for.
    """

    def __init__(self, root: Path | None = None) -> None:
        self.root = (root or system.workspace_folder()).absolute()

    def has(self, domain: str) -> bool:
        """Is there a project of this name? A broken one counts."""
        if not is_name(domain):
            return False
        try:
            self._folder(domain).joinpath("project.toml").lstat()
        except FileNotFoundError:
            return False
        except OSError:
            return True  # something is there that we may not look at: opening it says what
        return True

    def projects(self) -> tuple[Summary, ...]:
        """Every project, the one looked at last first. A broken one is listed with its problem.

        Raises WorkspaceProblem only where the workspace itself cannot be read.
        """
        self._check()
        folder = self.root / "projects"
        try:
            names = sorted(path.name for path in folder.iterdir() if is_name(path.name))
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise disk.problem(error, folder, reading=True) from error
        summaries = [self._summary(name) for name in names]
        oldest = dt.datetime.min.replace(tzinfo=dt.UTC)
        return tuple(sorted(summaries, key=lambda one: one.looked or oldest, reverse=True))

    def open(self, domain: str, *, create: bool = False) -> ProjectStore:
        """Open a project, for writing if nobody else has it open, otherwise for reading (`read_only`, `holder`).

        `create` makes it where it is not there yet. Raises WorkspaceProblem, WorkspaceFuture (nothing touched then).
        """
        if not is_name(domain):
            raise WorkspaceProblem(
                f"“{clean(domain, limit=80)}” is not a domain in its plain form, such as good.example."
            )
        self._check()
        folder = self._folder(domain)
        if not create and not self.has(domain):
            raise WorkspaceProblem(f"There is no project for {domain} in {disk.shown(self.root)}.")
        if create:
            self._make(folder)
        from launchready_tui.store import ProjectStore

        return ProjectStore(folder, domain)

    def _folder(self, domain: str) -> Path:
        return self.root / "projects" / domain

    def _check(self) -> None:
        path = self.root / "workspace.toml"
        try:
            disk.check_version(disk.parse_toml(disk.read_capped(path)).get("schema_version"), path)
        except FileNotFoundError:
            return
        except ValueError as error:
            raise WorkspaceProblem(
                f"{disk.shown(path)} cannot be read. {error} Delete that one file and open launchready again: it only "
                f"holds a version number, your projects stay."
            ) from error

    def _make(self, folder: Path) -> None:
        path = self.root / "workspace.toml"
        try:
            if not self.root.is_dir():
                system.private_folder(self.root)
            system.private_folder(folder.parent)
            system.private_folder(folder)
            fresh = not path.exists()
        except OSError as error:
            raise disk.problem(error, Path(error.filename or folder)) from error
        if fresh:
            import tomli_w

            disk.write_private(path, tomli_w.dumps({"schema_version": SCHEMA_VERSION}).encode())

    def _summary(self, domain: str) -> Summary:
        from launchready_tui.store import read_project, read_summary

        unicode = unicode_of(domain)
        folder = self._folder(domain)
        try:
            read_project(folder, domain)
            read = read_summary(folder)
        except FileNotFoundError:
            return Summary(domain, unicode, problem=f"{disk.shown(folder)} holds no project.toml.")
        except WorkspaceProblem as error:
            return Summary(domain, unicode, problem=error.sentence)
        return Summary(domain, unicode, read.looked, clean(read.line), clean(read.next), read.exported)
