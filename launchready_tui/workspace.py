"""The workspace: one private folder a project, held by one process at a time, every file written whole or not at all.

<root>/workspace.toml                    schema_version
<root>/projects/<domain>/project.toml    what the founder told us
                         findings.json   what was seen last
                         summary.json    one line for the list of projects
                         journal.jsonl   everything that happened
                         archived.json   put aside: neither looked at nor shown
                         lock, lock.json who has it open
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from launchready_tui import disk, system
from launchready_tui.disk import SCHEMA_VERSION, WorkspaceFuture, WorkspaceProblem
from launchready_tui.domain import is_name, unicode_of
from launchready_tui.text import clean

__all__ = ["Summary", "Workspace", "WorkspaceFuture", "WorkspaceProblem"]

if TYPE_CHECKING:  # an empty home is painted without them
    from launchready_tui.due import Due
    from launchready_tui.project import Project
    from launchready_tui.store import ProjectStore

_Mark = tuple[tuple[int, ...] | None, ...]


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
    status: int | None = None  # 0 ready, 1 not ready, 3 could not tell; None where an older look did not say
    faults: Mapping[str, int] = field(default_factory=dict)
    due: tuple[Due, ...] = ()
    archived: dt.datetime | None = None


class Workspace:
    """All projects under one folder; `root` None is the system's place for them (or LAUNCHREADY_HOME).

    Nothing is read or made until it is asked for.
    """

    def __init__(self, root: Path | None = None) -> None:
        self.root = (root or system.workspace_folder()).absolute()
        self._read: dict[str, tuple[_Mark, Summary]] = {}

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
        """Every project, the one looked at last first. A broken one is listed with its problem, an archived one with
        the day. Raises WorkspaceProblem only where the workspace itself cannot be read.
        """
        oldest = dt.datetime.min.replace(tzinfo=dt.UTC)
        return tuple(sorted(self.reading(), key=lambda one: one.looked or oldest, reverse=True))

    def reading(self) -> Iterator[Summary]:
        """Every project by name, each read when it is asked for; one whose files are as they were is not read again.
        Raises WorkspaceProblem at once where the workspace itself cannot be read."""
        return (self.summary(name) for name in self._names())

    def _names(self) -> list[str]:
        self._check()
        folder = self.root / "projects"
        try:
            return sorted(path.name for path in folder.iterdir() if is_name(path.name))
        except FileNotFoundError:
            return []
        except OSError as error:
            raise disk.problem(error, folder, reading=True) from error

    def summary(self, domain: str) -> Summary:
        """How one project stands, as its last look left it; `problem` where it cannot be read."""
        folder = self._folder(domain)
        marks = tuple(_mark(folder / name) for name in ("project.toml", "summary.json", "archived.json"))
        known = self._read.get(domain)
        if known is None or known[0] != marks:
            known = self._read[domain] = (marks, self._summary(domain))
        return known[1]

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

    def archive(self, domain: str, who: str = "", at: dt.datetime | None = None) -> None:
        """Put a project aside: neither looked at nor shown, nothing deleted. Raises WorkspaceProblem with a sentence,
        also where it is open elsewhere."""
        from launchready_tui.archive import archive

        with self.open(domain) as store:
            if self.archived(domain) is None:
                archive(store, at or dt.datetime.now(dt.UTC), who)

    def restore(self, domain: str, who: str = "") -> None:
        """Bring an archived project back. Raises WorkspaceProblem with a sentence."""
        from launchready_tui.archive import restore

        with self.open(domain) as store:
            if self.archived(domain) is not None:
                restore(store, who)

    def archived(self, domain: str) -> dt.datetime | None:
        """Since when a project is put aside, None where it is not."""
        from launchready_tui.archive import archived_at

        return archived_at(self._folder(domain)) if is_name(domain) else None

    def project(self, domain: str) -> Project:
        """What the founder told us of a project, without opening it. Raises WorkspaceProblem with a sentence."""
        from launchready_tui.store import read_project

        self._known(domain)
        return read_project(self._folder(domain), domain)

    def journal(self, domain: str) -> Path:
        """The file of a project's journal. Raises WorkspaceProblem where there is no such project."""
        self._known(domain)
        return self._folder(domain) / "journal.jsonl"

    def _known(self, domain: str) -> None:
        if not self.has(domain):
            raise WorkspaceProblem(f"There is no project for {clean(domain, limit=80)} in {disk.shown(self.root)}.")

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
        from launchready_tui.archive import archived_at
        from launchready_tui.store import read_project, read_summary

        unicode = unicode_of(domain)
        folder = self._folder(domain)
        try:
            read_project(folder, domain)
            read = read_summary(folder)
        except FileNotFoundError:
            problem = f"{disk.shown(folder)} holds no project.toml."
        except WorkspaceProblem as error:
            problem = error.sentence
        else:
            problem = ""
        if problem:
            return Summary(domain, unicode, problem=problem, archived=archived_at(folder))
        return Summary(
            domain,
            unicode,
            read.looked,
            read.line,
            read.next,
            read.exported,
            status=read.status,
            faults=read.faults,
            due=read.due,
            archived=archived_at(folder),
        )


def _mark(path: Path) -> tuple[int, ...] | None:
    """What differs after a file was written anew; None where it is not there or may not be looked at."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino
