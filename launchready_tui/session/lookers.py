"""What a look is handed of the session itself: the token, the list of changes, the risks that are left."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from launchready_tui.actions import NextAction
from launchready_tui.changelist import ChangeLook, ChangeView, Made
from launchready_tui.disk import WorkspaceProblem, read_capped
from launchready_tui.fixes.model import Change
from launchready_tui.handover.document import ChangeLine
from launchready_tui.handover.draft import change_lines
from launchready_tui.ledger import fold
from launchready_tui.model import Status
from launchready_tui.openrisks import OpenRisk, RiskLook, RiskView, action_id
from launchready_tui.risks import severity_of
from launchready_tui.text import plural
from launchready_tui.tokenlook import TokenLook, TokenView

if TYPE_CHECKING:
    from launchready_tui.session.changing import Changing
    from launchready_tui.session.known import Known

DERIVED = "handover.risks.open"


class TokenSight(TokenLook):
    """The token of the domain's DNS host, looked at once in a sitting."""

    def __init__(self, session: Changing) -> None:
        self._session = session

    async def dns(self) -> TokenView | None:
        session = self._session
        connection = session.connection
        if connection is None:
            return None
        reach = session.reach or await session.check_reach()
        if reach is None:  # its token is not here
            return None
        return TokenView(_host(connection.get("kind", "")), reach.read, reach.write, reach.say)


def _host(kind: str) -> str:
    from launchready_tui.fixes.providers import provider

    try:
        return provider(kind).name
    except KeyError:
        return "the DNS host"


class ChangeSight(ChangeLook):
    """The journal on disk, read anew, beside what an export would list and what the last one listed."""

    def __init__(self, session: Changing) -> None:
        self._session = session

    async def view(self) -> ChangeView:
        session = self._session
        ledger = fold(session.store.journal.entries, session.clock)
        journal = _made(ledger.changes.values())
        draft = tuple(_line(line) for line in change_lines(session.changes))
        unread = f"{plural(ledger.unread, 'line')} of the journal could not be read." if ledger.unread else ""
        last = [entry for entry in session.store.journal.entries if entry.kind == "exported"]
        if not last:
            return ChangeView(journal, draft, trouble=unread)
        path = Path(str(last[-1].data.get("folder", ""))) / "handover.toml"
        written, trouble = await asyncio.to_thread(_written, path)
        return ChangeView(journal, draft, written, last[-1].at, str(path), unread or trouble)


def _made(changes: Iterable[Change]) -> tuple[Made, ...]:
    """The journal's own list: what was written, and what was taken back again."""
    out = []
    for change in changes:
        out += [_line(line, change.ended or change.at) for line in change_lines([change])]
    return tuple(out)


def _line(line: ChangeLine, last: dt.datetime | None = None) -> Made:
    return Made(line.number, line.at.astimezone(dt.UTC), line.who, line.before, line.after, line.undone, last)


def _written(path: Path) -> tuple[tuple[Made, ...] | None, str]:
    """What a handover on disk lists, and what kept us from reading it. One that was taken elsewhere is no trouble."""
    from launchready_tui.handover.toml import from_toml

    try:
        handover = from_toml(read_capped(path).decode())
    except FileNotFoundError:
        return None, ""
    except (WorkspaceProblem, OSError, ValueError) as error:
        return None, f"The last export could not be read: {getattr(error, 'sentence', '') or error}"
    return tuple(_line(line) for line in handover.changes), ""


class RiskSight(RiskLook):
    """What is left, read off the session when it is asked for: after the other checks of a look."""

    def __init__(self, session: Changing) -> None:
        self._session = session

    def view(self) -> RiskView:
        session = self._session
        planned = {action.id: action for action in session.next_actions() if not action.done}
        left = []
        for risk in session.risks():
            if risk.status is not Status.FAIL or not risk.severity.blocks or DERIVED in risk.check_ids:
                continue
            plan = next((planned[key] for id in risk.check_ids if (key := action_id(id)) in planned), None)
            took = risk.accepted
            left.append(
                OpenRisk(
                    risk.check_ids[0],
                    risk.line,
                    risk.severity,
                    took.who if took is not None else "",
                    took.until if took is not None else None,
                    plan.who if plan is not None else "",
                    plan.due if plan is not None else None,
                )
            )
        others = [check for check in session.checks if check.id != DERIVED and not check.derived]
        findings = session.findings
        dark = tuple(
            check.title
            for check in others
            if check.id in findings
            and findings[check.id].status is Status.UNKNOWN
            and severity_of(check, findings[check.id]).blocks
            and severity_of(check, findings[check.id]).rank == 0
        )
        return RiskView(tuple(left), dark, sum(check.id not in findings for check in others))


def proposed_actions(session: Known, most: int) -> tuple[NextAction, ...]:
    """A next action for each blocking risk that nobody took on, without a day: none where more than `most` are left."""
    left = [risk for risk in session.risks() if risk.blocks and DERIVED not in risk.check_ids]
    if len(left) > most:
        return ()
    return tuple(NextAction(action_id(risk.check_ids[0]), f"Mend what is left: {risk.line}") for risk in left)
