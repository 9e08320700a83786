"""One project on disk, open: what it holds, who holds it, and every write whole or not at all."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
import tomli_w

from launchready_tui import disk, limits, system
from launchready_tui.disk import SCHEMA_VERSION, WorkspaceProblem
from launchready_tui.due import Due
from launchready_tui.journal import Journal
from launchready_tui.nodes import Seen
from launchready_tui.project import Clock, Project
from launchready_tui.stored import StoredFinding, decode_finding, decode_project, encode_finding, encode_project
from launchready_tui.text import clean, plural

_PROJECT, _FINDINGS, _SUMMARY, _JOURNAL = "project.toml", "findings.json", "summary.json", "journal.jsonl"
_LOCK, _HOLDER = "lock", "lock.json"


class StoredSummary(msgspec.Struct):
    """summary.json: how the project stood after its last look."""

    schema_version: int = SCHEMA_VERSION
    looked: dt.datetime | None = None
    line: str = ""
    next: str = ""
    exported: dt.datetime | None = None
    stage: str = ""  # the last one that was shown
    parts: dict[str, Seen] = {}  # what showed of each part of the map; who owns them is not kept here
    status: int | None = None  # 0 ready, 1 not ready, 3 could not tell; None before the first look
    faults: dict[str, int] = {}  # open faults by severity
    due: tuple[Due, ...] = ()  # what runs out and when, the soonest first


class _Holder(msgspec.Struct):
    user: str
    host: str
    pid: int
    since: dt.datetime


class ProjectStore:
    """A project that is open. Made by `Workspace.open`; close it, or use it in a `with`.

    The first to open a project may write; any other process (or window) gets `read_only` and `holder`, a sentence about
    who has it. Every write on a read-only store raises WorkspaceProblem with that sentence. `notes` are sentences about
    what opening had to mend.
    """

    def __init__(self, path: Path, domain: str, clock: Clock | None = None) -> None:
        self.path = path
        self._clock = clock or Clock()
        self._closed = False
        self._notes: list[str] = []
        # Before anything is made or mended: a newer version's files stay as they are.
        _existing(path, domain)
        Journal(path / _JOURNAL, writable=False).close()
        import filelock  # 5 ms: home lists launches without it

        self._lock = filelock.FileLock(path / _LOCK, timeout=0, mode=system.PRIVATE_FILE, thread_local=False)
        self.read_only = not self._take()
        self.holder = _holder(path) if self.read_only else ""
        try:
            if not self.read_only:
                self._claim()
            found = _existing(path, domain)  # again, now that nobody else writes
            self._project = found or Project(domain)
            if found is None and not self.read_only:  # a reader may come before the one who makes it has written
                self.save_project(self._project)
            self.journal = Journal(path / _JOURNAL, not self.read_only, self._clock, refusal=self.holder)
        except BaseException:
            self._let_go()
            raise
        self._notes += self.journal.notes

    # ---- what it holds ----

    @property
    def project(self) -> Project:
        return self._project

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(self._notes)

    def save_project(self, project: Project) -> None:
        """Raises WorkspaceProblem; ValueError where it is another domain's."""
        self._may_write()
        if project.domain != self.path.name:
            raise ValueError(f"{project.domain} does not belong into the folder of {self.path.name}")
        try:
            text = tomli_w.dumps({"schema_version": SCHEMA_VERSION, **encode_project(project)})
            data = text.encode("utf-8")
            decode_project(disk.parse_toml(data))  # never write what cannot be read again
        except ValueError as error:  # UnicodeEncodeError too: a path may hold what is no text
            why = "it holds a character that is no text" if isinstance(error, UnicodeError) else str(error).rstrip(".")
            raise WorkspaceProblem(f"The project was not saved, what was saved before is kept: {why}.") from error
        disk.write_private(self.path / _PROJECT, data)
        self._project = project

    def findings(self) -> dict[str, StoredFinding]:
        """What was seen last, by check id. What cannot be read is left out, with a note: a look brings it again."""
        path = self.path / _FINDINGS
        try:
            plain = _document(disk.read_capped(path, limits.FINDINGS_BYTES), path)
        except FileNotFoundError:
            return {}
        except ValueError as error:
            self._set_aside(path, str(error))
            return {}
        stored = plain.get("findings")
        found: dict[str, StoredFinding] = {}
        bad = 0 if isinstance(stored, dict) else 1
        for id, one in stored.items() if isinstance(stored, dict) else ():
            try:
                found[clean(id, limit=80)] = decode_finding(one)
            except ValueError:
                bad += 1
        if bad:
            self._set_aside(path, f"{plural(bad, 'finding')} in it {'does' if bad == 1 else 'do'} not fit.")
        return found

    def save_findings(self, findings: Mapping[str, StoredFinding]) -> None:
        """Raises WorkspaceProblem."""
        self._may_write()
        plain = {
            "schema_version": SCHEMA_VERSION,
            "findings": {id: encode_finding(stored) for id, stored in findings.items()},
        }
        disk.write_private(self.path / _FINDINGS, msgspec.json.encode(plain))

    def summary(self) -> StoredSummary:
        return read_summary(self.path)

    def save_summary(
        self,
        line: str,
        next: str,
        *,
        looked: dt.datetime | None = None,
        exported: dt.datetime | None = None,
        status: int | None = None,
        faults: Mapping[str, int] | None = None,
        due: tuple[Due, ...] | None = None,
    ) -> None:
        """How it stands, for the list of projects: what is None stays as it was. Raises WorkspaceProblem."""
        given = {"looked": looked, "exported": exported, "status": status, "faults": faults, "due": due}
        told = {name: value for name, value in given.items() if value is not None}
        self._summarise(msgspec.structs.replace(self.summary(), line=line, next=next, **told))

    def save_stage(self, stage: str) -> None:
        """Which stage is shown, so that opening goes on there. Raises WorkspaceProblem."""
        before = self.summary()
        if before.stage != stage:
            self._summarise(msgspec.structs.replace(before, stage=stage))

    def save_parts(self, parts: Mapping[str, Seen]) -> None:
        """What showed of the deployment map's parts. Raises WorkspaceProblem."""
        self._summarise(msgspec.structs.replace(self.summary(), parts=dict(parts)))

    def _summarise(self, summary: StoredSummary) -> None:
        self._may_write()
        disk.write_private(self.path / _SUMMARY, msgspec.json.encode(summary))

    def folder(self, name: str) -> Path:
        """A private folder of the project ("exports", "messages"), made at need. Raises WorkspaceProblem."""
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,40}", name):
            raise ValueError(f"{name!r} is no name for a folder of ours")
        path = self.path / name
        if self.read_only and path.is_dir():
            return path
        self._may_write()
        try:
            system.private_folder(path)
        except OSError as error:
            raise disk.problem(error, path) from error
        return path

    # ---- who holds it ----

    def close(self) -> None:
        """Let go; safe to call twice."""
        if not self._closed:
            self._closed = True
            self.journal.close()
            self._let_go()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _may_write(self) -> None:
        if self.read_only:
            raise WorkspaceProblem(self.holder)
        if self._closed:
            raise WorkspaceProblem(f"The project {self.path.name} was closed, so nothing was written. Open it again.")

    def _take(self) -> bool:
        import filelock

        try:
            self._lock.acquire(blocking=False)
        except filelock.Timeout:
            return False
        except OSError as error:
            raise disk.problem(error, self.path / _LOCK) from error
        return True

    def _claim(self) -> None:
        """Say who we are, for whoever comes second; sweep up what a killed holder left."""
        disk.sweep(self.path)
        holder = _Holder(system.user_name(), system.host_name(), os.getpid(), dt.datetime.now(dt.UTC))
        disk.write_private(self.path / _HOLDER, msgspec.json.encode(holder))

    def _let_go(self) -> None:
        if self.read_only:
            return
        try:
            (self.path / _HOLDER).unlink(missing_ok=True)
        except OSError:
            pass  # it only says who had it; the lock is what counts
        self._lock.release()

    def _set_aside(self, path: Path, why: str) -> None:
        note = f"{disk.shown(path)} could not be read whole. {why} Look again to fill it."
        if not self.read_only:
            kept = disk.set_aside(path, "damaged", self._clock.now())
            try:
                system.replace(path, kept)
            except OSError as error:
                raise disk.problem(error, path) from error
            note += f" The old file is kept as {kept.name}."
        if note not in self._notes:
            self._notes.append(note)


def read_project(folder: Path, domain: str) -> Project:
    """What project.toml says. Raises FileNotFoundError, WorkspaceFuture, and WorkspaceProblem that says what to do."""
    path = folder / _PROJECT
    data = disk.read_capped(path)
    try:
        plain = disk.parse_toml(data)
        disk.check_version(plain.get("schema_version"), path)
        project = decode_project(plain)
        if project.domain != domain:
            raise ValueError(f"It is about {project.domain}, and its folder about {domain}.")
    except ValueError as error:
        raise WorkspaceProblem(
            f"{disk.shown(path)} cannot be read. {error} Mend that place, or rename the file and start the launch of "
            f"{domain} anew: your answers and the journal are kept, only the addresses are asked again."
        ) from error
    return project


def read_summary(folder: Path) -> StoredSummary:
    """What summary.json says; empty where it is not there or cannot be read, since a look writes it again. Raises
    WorkspaceFuture, WorkspaceProblem."""
    path = folder / _SUMMARY
    try:
        read = msgspec.convert(_document(disk.read_capped(path), path), StoredSummary)
    except (FileNotFoundError, ValueError):
        return StoredSummary()
    looked, exported, stage = _aware(read.looked), _aware(read.exported), clean(read.stage, limit=40)
    said = {"line": clean(read.line), "next": clean(read.next), "stage": stage}
    return msgspec.structs.replace(read, schema_version=SCHEMA_VERSION, looked=looked, exported=exported, **said)


def _aware(at: dt.datetime | None) -> dt.datetime | None:
    return at.replace(tzinfo=dt.UTC) if at is not None and at.tzinfo is None else at


def _existing(folder: Path, domain: str) -> Project | None:
    try:
        return read_project(folder, domain)
    except FileNotFoundError:
        return None


def _document(data: bytes, path: Path) -> dict[str, object]:
    """A JSON document of ours. Raises ValueError with a sentence, WorkspaceFuture."""
    try:
        plain = msgspec.json.decode(data, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError("It is not a JSON document of ours.") from error
    disk.check_version(plain.get("schema_version"), path)
    return plain


def _holder(folder: Path) -> str:
    """Who has the project open, as far as they said."""
    try:
        read = msgspec.convert(json.loads(disk.read_capped(folder / _HOLDER)), _Holder)
    except (FileNotFoundError, ValueError, RecursionError, WorkspaceProblem):
        return "Another window has this project open, so here you can look, and nothing is changed from here."
    here = system.host_name()
    where = "on this machine" if read.host == here else f"on {clean(read.host, limit=80)}"
    since = read.since.astimezone()
    return (
        f"{clean(read.user, limit=80)} has this project open {where} since {since:%H:%M} on {since.day} {since:%b} "
        f"(process {read.pid}). Here you can look; close it there to change things here."
    )
