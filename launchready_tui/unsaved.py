"""A project that is in no workspace: `check` looks at it once and keeps nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Never

from launchready_tui.disk import WorkspaceProblem
from launchready_tui.journal import Entry
from launchready_tui.project import Project
from launchready_tui.store import StoredSummary
from launchready_tui.stored import StoredFinding

_SENTENCE = "This look is not kept: the domain is no project yet. Open it once with `launchready open`."


class _NoJournal:
    entries: tuple[Entry, ...] = ()

    def append(self, kind: str, data: Mapping[str, object]) -> Entry:
        raise WorkspaceProblem(_SENTENCE)


class UnsavedStore:
    """Reads as an empty ProjectStore does; every write raises WorkspaceProblem."""

    read_only = True
    holder = _SENTENCE
    notes: tuple[str, ...] = ()

    def __init__(self, project: Project) -> None:
        self.project = project
        self.journal = _NoJournal()

    def findings(self) -> dict[str, StoredFinding]:
        return {}

    def save_project(self, project: Project) -> Never:
        raise WorkspaceProblem(_SENTENCE)

    def save_findings(self, findings: Mapping[str, StoredFinding]) -> Never:
        raise WorkspaceProblem(_SENTENCE)

    def summary(self) -> StoredSummary:
        return StoredSummary()

    def save_stage(self, stage: str) -> Never:
        raise WorkspaceProblem(_SENTENCE)

    def save_parts(self, parts: object) -> Never:
        raise WorkspaceProblem(_SENTENCE)

    def save_summary(self, line: str, next: str, **more: object) -> Never:
        raise WorkspaceProblem(_SENTENCE)

    def folder(self, name: str) -> Path:
        raise WorkspaceProblem(_SENTENCE)

    def close(self) -> None:
        """Nothing is held."""
