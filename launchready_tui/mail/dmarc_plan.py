"""From watching to refusing forged mail, step by step and with dates (RFC 9989 sections 5.1.5 to 5.1.7, appendix A.6).

A step that makes receivers stricter waits for a message which proves that the founder's own mail passes: nobody shall
block themselves. Everything here is pure; `plan` is the one way in, `lines` its plain text for screens and reports.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from launchready_tui import limits
from launchready_tui.mail._record import DmarcRecord
from launchready_tui.mail.dmarc_own import OwnMail, own_mail
from launchready_tui.mail.dmarc_text import rewritten, silent, starter
from launchready_tui.model import Finding, Fix, RecordSet
from launchready_tui.text import day

__all__ = [
    "DOWN",
    "DOWN_AT",
    "PLAN",
    "SEEN",
    "Begun",
    "DmarcPlan",
    "OwnMail",
    "PlanStep",
    "begun_of",
    "key_of",
    "lines",
    "own_mail",
    "plan",
    "stepping_down",
    "told",
]

PLAN = "DMARC plan"  # the source of the evidence that holds the plan, a line each
DOWN, DOWN_AT = "dmarc step down", "dmarc at"  # the facts that hold the record one step milder, and its name
SEEN = "dmarc seen"  # the fact under which the policy check remembers since when it sees a policy


@dataclass(frozen=True, slots=True)
class Begun:
    """Since when a policy stands as it does. `how`: our own "change", the founder "told", we have "seen" it since (so
    that it may be older), "" where nothing is known and `on` is None. `older` says that it began before `on`."""

    on: dt.date | None = None
    how: Literal["change", "told", "seen", ""] = ""
    older: bool = False
    number: int = 0

    def days(self, today: dt.date) -> int | None:
        """How long at least; None where nothing is known. Of what we have only seen, that is what we can vouch for."""
        return None if self.on is None else max(0, (today - self.on).days)

    @property
    def say(self) -> str:
        """Reads on in a sentence: "since 3 Nov 2026 (your word)"."""
        if self.on is None:
            return "since we do not know when"
        if self.how == "change":
            return f"since change {self.number} on {day(self.on)}"
        if self.how == "told":
            return f"since {'before ' if self.older else ''}{day(self.on)}, by your word"
        return f"since {day(self.on)} at least, when we first saw it"


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step. `due` is the first day for it (for the one that stands: since when). `held` is why it waits beyond that
    day, `lifts` what ends the waiting; "" where nothing holds it. `note` is worth knowing before."""

    name: str
    policy: str
    record: str
    means: str
    state: Literal["done", "here", "due", "later", "held"]
    due: dt.date | None = None
    held: str = ""
    lifts: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class DmarcPlan:
    """`here` is the index of the step that stands now, -1 where no record counts. `watching` is the record that goes
    back to watching."""

    domain: str
    today: dt.date
    begun: Begun
    own: OwnMail
    steps: tuple[PlanStep, ...]
    here: int
    watching: str

    @property
    def next(self) -> PlanStep | None:
        """The step after the one that stands; None at the end."""
        return self.steps[self.here + 1] if self.here + 1 < len(self.steps) else None

    @property
    def due(self) -> PlanStep | None:
        """The next step where its day has come and nothing holds it."""
        step = self.next
        return step if step is not None and step.state == "due" else None

    @property
    def down(self) -> PlanStep | None:
        """One step milder; None where it could not be milder."""
        return self.steps[self.here - 1] if self.here > 0 else None


@dataclass(frozen=True, slots=True)
class _Rung:
    name: str
    p: str
    t: str
    days: int  # at least so long before the next
    means: str
    note: str = ""


_LADDER = (
    _Rung("Watch", "none", "n", limits.MONITOR_DAYS, "Nothing is blocked; reports show who sends as you."),
    _Rung(
        "Try quarantine",
        "quarantine",
        "y",
        limits.DMARC_TRY_DAYS,
        "Receivers are told what is coming and still act as before.",
    ),
    _Rung("Quarantine", "quarantine", "n", limits.DMARC_QUARANTINE_DAYS, "Forged mail lands in spam."),
    _Rung(
        "Reject",
        "reject",
        "n",
        0,
        "Forged mail is refused.",
        "If people of yours write to mailing lists from this domain, stay at quarantine (RFC 9989 section 7.4).",
    ),
)
_SILENT = (_LADDER[0], _LADDER[-1])  # where nothing of one's own can be lost, the steps between protect nobody


def key_of(record: DmarcRecord, policy: str = "") -> str:
    """What makes a policy that one: "quarantine t=y". `policy` in place of p= where it is inherited."""
    return f"{policy or record.tags.get('p', 'none')}{' t=y' if record.tags.get('t') == 'y' else ''}"


def _rung_of(record: DmarcRecord, ladder: tuple[_Rung, ...]) -> int:
    """Where a record stands: by what receivers do with it. reject with t=y acts as quarantine."""
    p, t = record.tags.get("p", "none"), record.tags.get("t", "n")
    if ladder is _SILENT:
        return int((p, t) == ("reject", "n"))
    if p == "reject":
        return 2 if t == "y" else 3
    if p == "quarantine":
        return 1 if t == "y" else 2
    return 0


def begun_of(key: str, *, changed: tuple[dt.date, int] | None, told: tuple[dt.date, bool] | None, seen: str) -> Begun:
    """Since when a policy (`key`) stands. `changed` is the day and number of our own change that set it, `told` the day
    that the founder named and whether it was before that, `seen` the fact "KEY YYYY-MM-DD" of an earlier look."""
    if changed is not None:
        return Begun(changed[0], "change", number=changed[1])
    before, _, on = seen.rpartition(" ")
    first: dt.date | None = None
    if before == key:
        try:
            first = dt.date.fromisoformat(on)
        except ValueError:
            first = None
    if told is not None:
        return Begun(told[0], "told", older=told[1])
    return Begun(first, "seen") if first is not None else Begun()


def plan(domain: str, record: DmarcRecord | None, begun: Begun, own: OwnMail, now: dt.datetime) -> DmarcPlan:
    """The plan from the record's present state; `record` None or one that does not count begins before the first step.

    `domain` publishes the record. Days count from `begun`; where that is not known, from today.
    """
    today = now.date()
    ladder = _SILENT if own.state == "silent" else _LADDER
    counts = record is not None and record.valid and record.applies
    here = _rung_of(record, ladder) if counts and record is not None else -1
    steps: list[PlanStep] = []
    first_day = today if begun.on is None else begun.on
    due = today
    for at, rung in enumerate(ladder):
        text = _text(rung, record if counts else None, domain, own, down=at < here)
        if at < here:
            steps.append(PlanStep(rung.name, _policy(rung), text, rung.means, "done"))
        elif at == here:
            steps.append(PlanStep(rung.name, _policy(rung), text, rung.means, "here", begun.on))
            due = max(today, first_day + dt.timedelta(days=0 if ladder is _SILENT else rung.days))
        else:
            stricter = at > 0
            held = own.say if stricter and not own.safe else ""
            state: Literal["due", "later", "held"] = "later"
            if at == here + 1:
                state = "held" if held else "due" if due <= today else "later"
            note = rung.note if own.state != "silent" else ""
            lifts = own.lifts if held else ""
            steps.append(PlanStep(rung.name, _policy(rung), text, rung.means, state, due, held, lifts, note))
            due += dt.timedelta(days=rung.days)
    watching = (
        rewritten(record, domain, {"p": "none", "t": "", "sp": ""})
        if counts and record is not None
        else starter(domain)
    )
    return DmarcPlan(domain, today, begun, own, tuple(steps), here, watching)


def _policy(rung: _Rung) -> str:
    return f"p={rung.p}" + ("; t=y" if rung.t == "y" else "")


def _text(rung: _Rung, record: DmarcRecord | None, domain: str, own: OwnMail, *, down: bool) -> str:
    """The whole record of a step: what else stands in it stays. sp= goes where it would be weaker than the step."""
    if record is None:
        if rung.p == "none":
            return starter(domain)
        return silent() if own.state == "silent" else f"v=DMARC1; p={rung.p}; np=reject; rua=mailto:dmarc@{domain}"
    changes = {"p": rung.p, "t": rung.t}
    order = ("none", "quarantine", "reject")
    sp = record.stated.get("sp", "")
    if sp in order and (down or order.index(sp) <= order.index(rung.p)):  # a step down is one for names below too
        changes["sp"] = ""
    if rung.p != "none":
        changes["np"] = "reject"
    return rewritten(record, domain, changes, reports=own.state != "silent")


_STATES = {"done": "Done", "here": "Now", "due": "Next", "later": "Later", "held": "Next"}


def lines(made: DmarcPlan) -> list[str]:
    """The plan as plain text, a step a line, what holds it indented below. For screens and reports."""
    out: list[str] = []
    for step in made.steps:
        when = ""
        if step.state == "here":
            when = f", {made.begun.say}" if made.begun.on is not None else ", since when we do not know"
        elif step.state == "due":
            when = ", from today on"
        elif step.due is not None and step.state in ("later", "held"):
            when = f", not before {day(step.due)}"
        out.append(f"{_STATES[step.state]}: {step.name} ({step.policy}){when}. {step.means}")
        if step.state == "held":
            out.append(f"  Held: {step.held} {step.lifts}".rstrip())
        if step.note and step.state != "done":
            out.append(f"  {step.note}")
    if made.here < 0:
        out.insert(0, f"No DMARC record of {made.domain} counts yet.")
    return out


def told(finding: Finding | None) -> list[str]:
    """The plan that the policy check found, as `lines` has it, from its kept finding; empty where it made none."""
    return [evidence.text for evidence in finding.evidence if evidence.source == PLAN] if finding is not None else []


def stepping_down(finding: Finding) -> Fix | None:
    """The policy one step milder, from the kept finding of the policy check; None where it made none."""
    facts = dict(finding.facts)
    record, name = facts.get(DOWN, ""), facts.get(DOWN_AT, "")
    if not record or not name:
        return None
    return Fix(
        "records",
        f"Where your DNS records are kept, change the TXT of {name} to: {record}",
        who="Whoever can change the DNS records",
        records=(RecordSet(name, "TXT", (record,)),),
        copy=record,
    )
