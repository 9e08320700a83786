"""How a check looks right now: a glyph, a word and a tone, never a colour alone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import NamedTuple

from rich.cells import cell_len

from launchready_tui import limits
from launchready_tui.checks import Check
from launchready_tui.fixes.model import ChangeState
from launchready_tui.model import Severity, Status
from launchready_tui.session import Outcome, Session
from launchready_tui.text import clock_of, minutes, plural
from screens._hub import Hub
from screens._watched import awaited
from screens._words import now
from screens.widgets.rows import Row, fit

_NAME = 16  # cells for who was asked


class Face(NamedTuple):
    """`tone` is one of bad, poor, good, quiet, ask, busy: a component style of the rows. `rank` sorts, worst first."""

    glyph: str
    word: str
    tone: str
    rank: int


NOT_LOOKED = Face("-", "not yet", "quiet", 7)
LOOKING = Face("…", "looking", "busy", 7)
ON_ITS_WAY = Face("…", "waiting", "busy", 5)
ACCEPTED = Face("~", "accepted", "quiet", 8)
SOUND = Face("✓", "sound", "good", 10)
NOTE = Face("·", "note", "quiet", 9)
UNKNOWN = Face("?", "unknown", "ask", 6)
IMPROVE = Face("!", "improve", "poor", 4)


def severity(check: Check, outcome: Outcome) -> Severity:
    return outcome.finding.severity or check.severity


def asked_now(session: Session, check: str) -> bool:
    """True while somebody who was asked still has time to do it."""
    asked = session.asked.get(check)
    return asked is not None and now() < asked.at + dt.timedelta(days=limits.ASKED_DAYS)


def accepted_now(session: Session, check: str) -> bool:
    accepted = session.accepted.get(check)
    return accepted is not None and now().astimezone().date() <= accepted.until


def settled(check: Check, session: Session) -> Face:
    """The face of the last finding, whatever runs right now."""
    outcome = session.outcomes.get(check.id)
    if outcome is None:
        return NOT_LOOKED
    status = outcome.finding.status
    if status.open and accepted_now(session, check.id):
        return ACCEPTED
    if status is Status.FAIL:
        worst = severity(check, outcome)
        return Face("✗", worst.value.upper(), "bad" if worst.blocks else "poor", worst.rank)
    return {
        Status.PASS: SOUND,
        Status.INFO: NOTE,
        Status.WARN: IMPROVE,
        Status.WAITING: ON_ITS_WAY,
        Status.UNKNOWN: UNKNOWN,
    }[status]


def face(check: Check, session: Session, hub: Hub) -> Face:
    if check.id in hub.writing or check.id in hub.watching:
        return ON_ITS_WAY
    return LOOKING if check.id in hub.looking else settled(check, session)


def short(saw: str, domain: str) -> str:
    """What was seen, for one line: names below the launch's own domain, and paths on it, without the domain."""
    own = re.escape(domain)
    saw = re.sub(rf"https://{own}(/[\w.][^\s),:;]*)", r"\1", saw)
    return re.sub(rf"(?<![\w.@/-])([\w.-]+)\.{own}(?![\w-]|\.\w)", r"\1", saw)


def note(check: Check, session: Session, hub: Hub) -> str:
    """The few words beside the title."""
    if check.id in hub.writing:
        return "being written"
    sight = hub.sight(check.id) if check.id in hub.watching else None
    if sight is not None:
        by_hand = hub.watching[check.id].state is ChangeState.BY_HAND
        return "not there yet" if by_hand and awaited(sight) else sight.text
    outcome = session.outcomes.get(check.id)
    return short(outcome.finding.saw, session.project.domain) if outcome is not None else ""


def row(check: Check, session: Session, hub: Hub) -> Row:
    look = face(check, session, hub)
    outcome = session.outcomes.get(check.id)
    right = ""
    under_way = check.id in hub.writing or check.id in hub.watching
    asked = session.asked.get(check.id) if asked_now(session, check.id) else None
    if under_way:
        sight = hub.sight(check.id)
        right = f"wait {clock_of(hub.left(check.id))}" if sight is not None and sight.verdict == "wait" else ""
    elif (made := session.last_change(check.id)) is not None and made.partial:
        right = "made in part"
    elif asked is not None and (
        outcome is None or outcome.finding.status.open or outcome.finding.status is Status.UNKNOWN
    ):
        at = asked.at.astimezone()
        right = f"asked {fit(asked.who, min(_NAME, cell_len(asked.who)))}, {at.day} {at:%b}"
    elif outcome is not None and outcome.finding.status.open and look.tone in ("bad", "poor"):
        right = minutes(outcome.finding.fix.minutes if outcome.finding.fix else check.minutes)
    # A fault is told by what we saw: its title says how it should be, which reads wrongly beside a cross.
    noted = look in (IMPROVE, ACCEPTED) or look.glyph == "✗"
    return Row(check.id, look.glyph, look.word, look.tone, check.title, note(check, session, hub), right, noted=noted)


def worst_first(checks: Iterable[Check], session: Session) -> list[Check]:
    """What is to do first; within one rank the catalogue's order stays."""
    return sorted(checks, key=lambda check: (settled(check, session).rank, check.severity.rank))


class StageState(NamedTuple):
    """A stage in the rail: `short` fits the compact line ("✗2"), `words` the tall one ("2 critical"). `way`, below
    it, says what is on its way there."""

    short: str
    words: str
    tone: str
    way: str = ""


def stage_state(checks: Iterable[Check], session: Session, hub: Hub) -> StageState:
    """One fault that several checks of the stage see counts once."""
    every = list(checks)
    state = _stage_state(every, session, hub)
    under_way = sum(check.id in hub.writing or check.id in hub.watching for check in every)
    if not under_way or state.short == "…":
        return state
    return StageState(f"{state.short}…", state.words, state.tone, f"… {under_way} on its way")


def _stage_state(every: list[Check], session: Session, hub: Hub) -> StageState:
    looked = [check for check in every if check.id in session.outcomes]
    if any(check.id in hub.looking for check in every):
        return StageState("…", f"looking {len(looked)}/{len(every)}", "busy")
    if not looked:
        return StageState("-", "not looked at", "quiet")
    faults: dict[str, Face] = {}
    for check in looked:
        now_face, cause = settled(check, session), session.outcomes[check.id].finding.cause or check.id
        if now_face.rank <= ON_ITS_WAY.rank and (cause not in faults or now_face.rank < faults[cause].rank):
            faults[cause] = now_face
    ranks = [found.rank for found in faults.values()]
    critical, high = ranks.count(0), ranks.count(1)
    if critical or high:
        words = ", ".join(f"{count} {word}" for count, word in ((critical, "critical"), (high, "high")) if count)
        return StageState(f"✗{critical + high}", words, "bad")
    smaller = sum(rank in (2, 3, 4) for rank in ranks)
    if smaller:
        return StageState(f"!{smaller}", f"{smaller} to improve", "poor")
    if ON_ITS_WAY.rank in ranks:
        return StageState("…", "on its way", "busy")
    unknown = sum(settled(check, session) is UNKNOWN for check in looked)
    if unknown:
        return StageState(f"?{unknown}", plural(unknown, "unknown", "unknown"), "ask")
    if len(looked) < len(every):
        return StageState("-", f"{len(looked)} of {len(every)} looked at", "quiet")
    return StageState("✓", "all sound", "good")
