"""The words of the detail panel: what we saw, why it matters, what to do, who, how long, and what is under way."""

from __future__ import annotations

import datetime as dt

from rich.cells import cell_len
from textual.content import Content

from launchready_tui import limits
from launchready_tui.checks import Check
from launchready_tui.fixes.model import ChangeState
from launchready_tui.model import AtPanel, Finding, Fix, Status
from launchready_tui.panel_text import heading, in_columns, rows
from launchready_tui.questions import QUESTIONS
from launchready_tui.session import Level, Session
from launchready_tui.text import minutes
from screens import _watched
from screens._faces import accepted_now, face
from screens._hub import Hub
from screens._words import ago, day, fold, now
from screens.widgets.rail import TONES

_LABEL = 16  # cells of the label column
_SIDE_BY_SIDE = 56  # below this, a label stands over its text

_STEPS_FOR = {
    "another look": "Press r to look again.",
    "look again": "Press r to look again.",
    "your code folder": "Press d and give the folder of your code.",
}


class Lines:
    """Collects folded lines of one width."""

    def __init__(self, width: int) -> None:
        self.width = max(width, 20)
        self._parts: list[tuple[str, str]] = []

    def text(self, text: str, style: str = "") -> None:
        self._parts += [(line + "\n", style) for line in fold(text, self.width)]

    def head(self, title: str, word: str, style: str) -> None:
        """A title and its state: in one line where both fit."""
        if cell_len(title) + cell_len(word) + 2 <= self.width:
            self._parts += [(f"{title}  ", "bold"), (f"{word}\n", style)]
        else:
            self.text(title, "bold")
            self.text(word, style)

    def gap(self) -> None:
        self._parts.append(("\n", ""))

    def item(self, label: str, text: str, style: str = "") -> None:
        """A label with its text beside it, or over it where there is little room."""
        if not text:
            return
        if self.width < _SIDE_BY_SIDE:
            if label:
                self._parts.append((f"{label}\n", "bold $foreground-muted"))
            self._parts += [(f"  {line}\n", style) for line in fold(text, self.width - 2)]
            return
        label = label if len(label) < _LABEL else f"{label}  "
        for at, line in enumerate(fold(text, self.width - max(_LABEL, len(label)))):
            self._parts.append(((label if at == 0 else "").ljust(max(_LABEL, len(label))), "bold $foreground-muted"))
            self._parts.append((line + "\n", style))

    def row(self, line: str, indent: int, style: str = "") -> None:
        """One line of a table, as it is."""
        self._parts.append((f"{' ' * indent}{line}\n", style))

    def content(self) -> Content:
        return Content.assemble(*self._parts)


def value_of(finding: Finding) -> str:
    """The exact value that a person pastes; "" where there is none."""
    if finding.fix is None:
        return ""
    if finding.fix.copy:
        return finding.fix.copy
    return "\n".join(value for record in finding.fix.records for value in record.values)


def records(fix: Fix) -> str:
    """The exact records, one a line, as they should be."""
    lines: list[str] = []
    for record in fix.records:
        ttl = f"   TTL {record.ttl}" if record.ttl else ""
        lines += [f"{record.type}   {record.name}   {value}{ttl}" for value in record.values]
        if not record.values:
            lines.append(f"no {record.type} at {record.name}: delete what is there")
    return "\n".join(lines)


def at_panel(lines: Lines, at: AtPanel) -> None:
    """The rows as the founder's DNS panel takes them: its own names for the boxes, in columns where they fit."""
    lines.item("To type", heading(at))
    indent = _LABEL if lines.width >= _SIDE_BY_SIDE else 2
    if in_columns(at, lines.width) and not in_columns(at, lines.width - indent):
        indent = 0  # columns over the whole width read better than box under box beside the label
    for line in rows(at, lines.width - indent):
        lines.row(line, indent, "$text-accent")
    for note in at.notes:
        lines.item("", note)


def needs_step(finding: Finding) -> str:
    """What the founder can do so that we can tell."""
    if (finding.question or "").startswith("flow."):
        return "Press F to try it out, or a to say what came of it."
    if finding.question:
        return "Press a to answer the question."
    needs = finding.needs or "another look"
    if needs.startswith("your yes"):
        return f"This needs {needs}. Press enter to say yes or no."
    if needs.startswith("a message"):
        return f"This needs {needs}. Press M to add it, or F to try a mail out."
    return _STEPS_FOR.get(needs, f"This needs {needs}.")


def describe(check: Check, session: Session, hub: Hub, width: int, *, evidence: bool) -> Content:
    """Everything about one row, in the order in which a founder asks."""
    lines = Lines(width)
    look = face(check, session, hub)
    outcome = session.outcomes.get(check.id)
    if outcome is None:
        lines.text(check.title, "bold")
        lines.text(
            "We are looking at it now." if check.id in hub.looking else "Not looked at yet. g looks at everything."
        )
        lines.gap()
        lines.item("Why it matters", check.why)
        return lines.content()
    finding, fix = outcome.finding, outcome.finding.fix
    word = f"{look.glyph} {look.word}" + (f" · {finding.subject}" if finding.subject else "")
    lines.head(check.title, word, TONES[look.tone])
    lines.text(finding.saw)
    _under_way(lines, check, session, hub)
    if finding.status.open or finding.status is Status.UNKNOWN:
        lines.item("Why it matters", check.why)
    if fix is not None and finding.status is not Status.UNKNOWN:  # of a sound one: the step that may come next
        lines.item("What to do" if finding.status.open else "Next step", fix.say)
        if fix.panel is not None:
            at_panel(lines, fix.panel)
        else:
            lines.item("", records(fix), "$text-accent")
        who = f"{fix.who}. " if fix.who else ""
        lines.item("Who, how long", f"{who}About {minutes(fix.minutes)}.")
        lines.item("Where", fix.page)
        if fix.kind == "records" and fix.records:
            _stands(lines, check, session)
    elif finding.status is Status.UNKNOWN:
        lines.item("What to do", needs_step(finding))
    _said(lines, check, session, finding)
    took = f", took {outcome.seconds:.1f} s" if outcome.seconds >= 0.1 else ""
    lines.item("Looked at", f"{ago(outcome.at)}{took}" + (". v shows the evidence." if finding.evidence else "."))
    if evidence:
        lines.gap()
        lines.text("Evidence" if finding.evidence else "No evidence was kept for this one.", "bold $foreground-muted")
        lines.text(f"{check.id}", "$foreground-muted")
        for piece in finding.evidence:
            lines.text(piece.source, "bold")
            lines.text(piece.text)
    return lines.content()


def _under_way(lines: Lines, check: Check, session: Session, hub: Hub) -> None:
    """What an apply or an undo said, and how the change looks from the world."""
    for line in hub.progress.get(check.id, ()):
        lines.text(f"{'✓' if line.ok else '✗'} {line.text}", "$text-success" if line.ok else "$text-error")
    sight = hub.sight(check.id)
    watched = hub.watching.get(check.id)
    if sight is not None:
        by_hand = watched is not None and watched.state is ChangeState.BY_HAND
        for glyph, text, tail in _watched.told(sight, hub.left(check.id), by_hand=by_hand):
            style = _watched.STYLES[glyph]
            if tail and cell_len(whole := f"{glyph} {text}   {tail}") <= lines.width:
                lines.row(whole, 0, style)
                continue
            lines.text(f"{glyph} {text}", style)
            if tail:
                lines.row(tail, 2, style)
        if watched is not None:
            lines.text("Go on with other stages; this is watched for you.", "$foreground-muted")
    change = session.last_change(check.id)
    if change is None or check.id in hub.writing:
        return
    if change.partial:
        made = f"{len(change.done)} of {len(change.steps)}"
        lines.text(
            f"! Change {change.number} was made in part: {made} are written. f goes on with the rest, u takes it back.",
            "$text-warning",
        )
    elif change.state in (ChangeState.APPLIED, ChangeState.BY_HAND):
        how = "made" if change.state is ChangeState.APPLIED else "written down as made by hand"
        lines.text(
            f"Change {change.number}, {how} by {change.who} {ago(change.at)}: u takes it back.", "$foreground-muted"
        )


def _stands(lines: Lines, check: Check, session: Session) -> None:
    """How far we can go with a record of this row, and the key that gets further."""
    standing = session.stands(check.id)
    match standing.level:
        case Level.READY:
            said = "Ready to apply: f shows the change, and nothing is written before your yes."
        case Level.MAY_WRITE:
            said = f"May write: {standing.say}"
        case Level.CONNECTED:
            said = f"Provider connected: {standing.say} h looks at its token."
        case _ if session.connection is not None:
            said = f"Can show only: {standing.say} h does."
        case _:
            said = "Can show only: f shows what to type and watches for it, h connects your DNS host."
    lines.item("Where we stand", said, "$foreground-muted")


def _said(lines: Lines, check: Check, session: Session, finding: Finding) -> None:
    """What people said: answers, who was asked, who took the risk."""
    question = finding.question or check.question
    answer = session.answers.newest(question) if question else None
    if answer is not None:
        run_out = "counted" if answer.until < now() else "counts"
        choices = dict(QUESTIONS[question].choices) if question in QUESTIONS else {}
        said = choices.get(answer.choice, "I do not know" if answer.choice == "unknown" else answer.choice)
        note = f" {answer.note}" if answer.note else ""
        lines.item(
            "Answered", f"“{said}”, by {answer.who}, {day(answer.at)}; {run_out} until {day(answer.until)}.{note}"
        )
    asked = session.asked.get(check.id)
    if asked is not None:
        back = asked.at + dt.timedelta(days=limits.ASKED_DAYS)
        after = f"comes back on {day(back)}" if now() < back else "no answer yet: ask again, or somebody else"
        lines.item("Asked", f"{asked.who}, {day(asked.at)}; {after}.")
    accepted = session.accepted.get(check.id)
    if accepted is not None:
        ended = "" if accepted_now(session, check.id) else " That has run out: the risk is open again."
        lines.item("Accepted", f"by {accepted.who} until {day(accepted.until)}: {accepted.reason}{ended}")
