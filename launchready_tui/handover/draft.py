"""A draft of the handover, made from an open session whenever somebody asks: for the check that searches it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Protocol

from launchready_tui.actions import NextAction
from launchready_tui.answers import Answers
from launchready_tui.checks import Check
from launchready_tui.drafts import DraftExport
from launchready_tui.fixes.model import Change, ChangeState, State
from launchready_tui.handover.document import ChangeLine, Records
from launchready_tui.handover.export import HandoverFacts, build, facts_from, hits
from launchready_tui.handover.mail import MailFacts
from launchready_tui.model import Finding
from launchready_tui.owners import Owners
from launchready_tui.project import Clock, Project
from launchready_tui.risks import Acceptance, standing
from launchready_tui.secret import Secret
from launchready_tui.secretlist import SecretList
from launchready_tui.subdomains import Planned
from launchready_tui.text import clean

_WRITTEN = frozenset({ChangeState.APPLIED, ChangeState.UNDONE})


class Desk(Protocol):
    """What a draft reads off an open session."""

    @property
    def project(self) -> Project: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def checks(self) -> tuple[Check, ...]: ...
    @property
    def findings(self) -> Mapping[str, Finding]: ...
    @property
    def answers(self) -> Answers: ...
    @property
    def owners(self) -> Owners: ...
    @property
    def accepted(self) -> Mapping[str, Acceptance]: ...
    @property
    def changes(self) -> tuple[Change, ...]: ...
    def next_actions(self) -> tuple[NextAction, ...]: ...
    @property
    def secret_list(self) -> SecretList: ...


def _state(state: State) -> str:
    return ", ".join(state.values) or "nothing"


def change_lines(changes: Iterable[Change]) -> tuple[ChangeLine, ...]:
    """Changes that were written, as the handover lists them: one line a change, its parts one after the other.

    A file is named and not repeated: its text is in the repository, and may be long.
    """
    out = []
    for change in changes:
        if change.state not in _WRITTEN and not change.done:
            continue
        files = all(step.kind == "file" for step in change.steps)
        before = "; ".join(f"{step.label}: {_state(step.before)}" for step in change.steps if step.kind != "file")
        after = "; ".join(f"{step.label}: {_state(step.after)}" for step in change.steps if step.kind != "file")
        names = ", ".join(step.name for step in change.steps if step.kind == "file")
        out.append(
            ChangeLine(
                number=change.number,
                at=change.at,
                who=clean(change.who, limit=200),
                what=clean(f"{change.title} (at {change.place})"),
                before=clean(before if not files else "as the repository's history has it", limit=8_000),
                after=clean(after if not files else f"written: {names}", limit=8_000),
                undone=change.state is ChangeState.UNDONE,
            )
        )
    return tuple(out)


def facts(
    desk: Desk,
    looked_at: dt.datetime | None = None,
    records: Iterable[Records] = (),
    subdomains: Iterable[Planned] = (),
    who: str = "",
    mail: MailFacts | None = None,
) -> HandoverFacts:
    """What a session knows, as the handover is built from it."""
    now = desk.clock.now()
    return facts_from(
        desk.project,
        desk.findings,
        desk.checks,
        desk.answers,
        desk.owners,
        change_lines(desk.changes),
        standing(desk.accepted, now),
        desk.next_actions(),
        now,
        looked_at,
        records,
        subdomains,
        who,
        desk.secret_list,
        mail,
    )


class SessionDraft(DraftExport):
    """The draft of one session. `secrets` are the values that the vault holds, for the exact match."""

    def __init__(self, desk: Desk, secrets: Iterable[Secret] = ()) -> None:
        self._desk = desk
        self._secrets = tuple(secrets)

    async def hits(self) -> tuple[str, ...]:
        return hits(build(facts(self._desk)), self._secrets)
