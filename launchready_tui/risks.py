"""The risk list: every open finding of every stage, one line a fault, worst first. It is the audit's deliverable.

Several checks may see one fault (an expired certificate breaks half the site); `Finding.cause` ties them together, and
such a fault is listed and counted once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from launchready_tui.checks import Check
from launchready_tui.model import Finding, Fix, Severity, Stage, Status
from launchready_tui.project import Project
from launchready_tui.text import clean, day, minutes, plural, sentence

# Of several findings of one fault, the one whose fix a tool can make speaks for it.
_CONCRETE = {"records": 0, "setting": 1, "file": 1, "steps": 2}
_ITSELF = "handover.risks.open"  # says of this very list whether somebody answers for each line: no line of its own
_STATUS_ORDER = {Status.FAIL: 0, Status.WARN: 1, Status.WAITING: 2}


class Acceptance(Protocol):
    """A risk that somebody took on by name; `until` is the last day it counts.

    One that also carries `severity`, what the fault was when it was accepted, ends when the fault becomes worse.
    """

    @property
    def who(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def until(self) -> dt.date: ...


A = TypeVar("A", bound=Acceptance)


class Asked(Protocol):
    """Somebody who was asked about a fault or a question."""

    @property
    def who(self) -> str: ...
    @property
    def at(self) -> dt.datetime: ...


@dataclass(frozen=True, slots=True)
class Risk:
    """One fault. `cause` is its key, `check_ids` who sees it: the first is the one to open.

    `line` is what we saw, `consequence` what it costs, `who` who usually does it, `minutes` how long that takes, and
    `status_note` what is under way ("asked Ada, 3 Nov 2026"). `status` is fail, warn or waiting.
    """

    cause: str
    severity: Severity
    stage: Stage
    check_ids: tuple[str, ...]
    line: str
    consequence: str
    who: str
    minutes: int
    status_note: str = ""
    status: Status = Status.FAIL
    accepted: Acceptance | None = None

    @property
    def blocks(self) -> bool:
        """True for a failing critical or high that nobody accepted."""
        return self.status is Status.FAIL and self.severity.blocks and self.accepted is None


def severity_of(check: Check, finding: Finding) -> Severity:
    """What counts: the finding's own severity where the rule raised or lowered it, else the check's."""
    return finding.severity or check.severity


def minutes_of(check: Check, finding: Finding) -> int:
    """Minutes of work: the fix's own where there is one, else the check's usual."""
    return finding.fix.minutes if finding.fix else check.minutes


def standing(acceptances: Mapping[str, A], at: dt.datetime) -> dict[str, A]:
    """The acceptances that count at a moment: a risk is accepted up to and with its last day."""
    return {key: acceptance for key, acceptance in acceptances.items() if acceptance.until >= at.date()}


def _covers(acceptance: Acceptance | None, severity: Severity) -> bool:
    """A fault that has become worse since it was accepted is open again."""
    if acceptance is None:
        return False
    was = getattr(acceptance, "severity", None)  # optional: not every acceptance knows what it accepted
    return not isinstance(was, Severity) or was.rank <= severity.rank


def _concrete(fix: Fix | None) -> int:
    """How much of the fix a tool could do: 0 sets records, 1 a setting or a file, 2 steps for a person, 3 nothing."""
    if fix is None:
        return 3
    given = fix.records or fix.settings or fix.files
    return _CONCRETE[fix.kind] if given or fix.kind == "steps" else 2


def _note(status: Status, acceptance: Acceptance | None, asked: Asked | None) -> str:
    notes = []
    if status is Status.WAITING:
        notes.append("a change is on its way")
    if acceptance is not None:
        because = f": {clean(acceptance.reason)}" if acceptance.reason else ""
        notes.append(f"accepted by {clean(acceptance.who, limit=120)} until {day(acceptance.until)}{because}")
    if asked is not None:
        notes.append(f"asked {clean(asked.who, limit=120) or 'somebody'}, {day(asked.at)}")
    return "; ".join(notes)


def _risk(
    cause: str,
    group: list[tuple[Check, Finding]],
    accepted: Mapping[str, Acceptance],
    asked: Mapping[str, Asked],
) -> Risk:
    # A fault is as bad as its worst status, and within that as its worst severity.
    status = min((finding.status for _, finding in group), key=_STATUS_ORDER.__getitem__)
    alike = [(check, finding) for check, finding in group if finding.status is status]
    severity = min((severity_of(check, finding) for check, finding in alike), key=lambda each: each.rank)
    speaks, said = min(alike, key=lambda each: (_concrete(each[1].fix), severity_of(*each).rank))
    worst = min(alike, key=lambda each: severity_of(*each).rank)[0]
    ids = (speaks.id, *(check.id for check, _ in group if check.id != speaks.id))
    acceptance = next((accepted[key] for key in (cause, *ids) if key in accepted), None)
    if not _covers(acceptance, severity):
        acceptance = None
    was_asked = next((asked[key] for key in (cause, *ids) if key in asked), None)
    return Risk(
        cause=cause,
        severity=severity,
        stage=speaks.stage,
        check_ids=ids,
        line=sentence(said.saw),
        consequence=worst.why,
        who=said.fix.who if said.fix else "",
        minutes=minutes_of(speaks, said),
        status_note=_note(status, acceptance, was_asked),
        status=status,
        accepted=acceptance,
    )


def risk_list(
    outcomes: Mapping[str, Finding],
    checks: Iterable[Check],
    *,
    accepted: Mapping[str, Acceptance] | None = None,
    asked: Mapping[str, Asked] | None = None,
) -> tuple[Risk, ...]:
    """Every open finding (fail, warn, waiting) of `checks`, grouped by cause, the worst first and then the quickest.

    `outcomes` maps check ids to findings; `accepted` and `asked` are keyed by cause or check id and hold what counts
    now (`standing`). Accepted risks stay listed.
    """
    groups: dict[str, list[tuple[Check, Finding]]] = {}
    for check in checks:
        finding = outcomes.get(check.id)
        if finding is not None and finding.status.open and check.id != _ITSELF:
            groups.setdefault(finding.cause or check.id, []).append((check, finding))
    risks = (_risk(cause, group, accepted or {}, asked or {}) for cause, group in groups.items())
    return tuple(sorted(risks, key=lambda risk: (risk.severity.rank, risk.minutes, _STATUS_ORDER[risk.status])))


def escape_markdown(text: str) -> str:
    """Text that Markdown shows as it is, on one line: no link, no image, no HTML, no table cell of its own."""
    return re.sub(r"([\\`*_{}\[\]<>()#+\-!|~&])", r"\\\1", clean(text, limit=2_000))


def risks_markdown(risks: Iterable[Risk], project: Project, at: dt.datetime) -> str:
    """`risks.md`: the list as a team reads it, by severity, one row a fault."""
    listed = list(risks)
    head = [
        f"# Risks: {escape_markdown(project.product or project.domain)}",
        "",
        f"{escape_markdown(project.domain)}, {day(at)}. "
        + (f"{plural(len(listed), 'thing')} open, the worst first." if listed else "Nothing is open."),
    ]
    lines = [*head]
    for severity in Severity:
        rows = [risk for risk in listed if risk.severity is severity]
        if not rows:
            continue
        lines += ["", f"## {severity.value.capitalize()}", ""]
        lines += ["| What we saw | What it costs | Who | Work | State |", "|---|---|---|---|---|"]
        for risk in rows:
            state = {Status.FAIL: "fails", Status.WARN: "could be better", Status.WAITING: "waiting"}[risk.status]
            if risk.status_note:
                state += f"; {risk.status_note}"
            cells = (risk.line, risk.consequence, risk.who or "not named", minutes(risk.minutes), state)
            lines.append("| " + " | ".join(escape_markdown(cell) for cell in cells) + " |")
    work = sum(risk.minutes for risk in listed if risk.accepted is None and risk.status is not Status.WAITING)
    if work:
        lines += ["", f"About {minutes(work)} of work, accepted risks not counted."]
    return "\n".join(lines) + "\n"
