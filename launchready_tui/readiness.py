"""Findings -> ready or not, the best thing to do next, and how much work is left.

Ready means: over the checks that apply, no critical and no high fails (but for those that somebody accepted by name),
and no critical is unknown. A high that is unknown does not block; a fault whose repair is still spreading does, since
visitors still meet it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from launchready_tui import limits
from launchready_tui.checks import Check
from launchready_tui.model import Finding, Severity, Status
from launchready_tui.questions import QUESTIONS
from launchready_tui.risks import Acceptance, Risk, risk_list, severity_of
from launchready_tui.steps import WORDS, after
from launchready_tui.text import minutes, plural


@dataclass(frozen=True, slots=True)
class Readiness:
    """Where a launch stands.

    `counts` has the four severities: failing findings, each by itself; `unknown` counts every unknown finding. `faults`
    counts the failing faults that nobody accepted, one fault seen by several checks once: the numbers in `line`.
    `blockers` are what stands between now and ready, in the order to do them. `next` is the best thing to do, in words
    that follow "Next: ", `next_check` the check to open for it. `minutes` is the work left until ready, or, when ready,
    the work on what is left. `exit_status` is 0 ready, 1 not ready, 3 could not tell.
    """

    ready: bool
    counts: dict[str, int]
    unknown: int
    blockers: tuple[Risk, ...]
    next: str
    next_check: str | None
    minutes: int
    line: str
    exit_status: int
    faults: dict[str, int] = field(default_factory=dict)
    unlooked: int = 0


@dataclass(frozen=True, slots=True)
class _Step:
    words: str
    check_id: str | None
    minutes: int

    @property
    def said(self) -> str:
        return f"{self.words} ({minutes(self.minutes)})" if self.minutes else self.words


def _words(check: Check) -> str:
    return WORDS.get(check.id) or f"make this sound: {check.title}"


def in_order(risks: Iterable[Risk]) -> tuple[Risk, ...]:
    """Faults in the order to do them: by harm, but what another one depends on comes before it.

    A fault inherits the harm of what waits for it: a missing www record (high) is done before the certificate of www
    (critical), which cannot be had without it.
    """
    every = list(risks)
    ids = {id(risk): frozenset(risk.check_ids) for risk in every}
    first = {id(risk): after(risk.check_ids) for risk in every}
    harm = {id(risk): risk.severity.rank for risk in every}
    # How many other faults stand before this one: what depends on more comes later.
    depth = {id(risk): sum(1 for other in every if ids[id(other)] & first[id(risk)]) for risk in every}
    for risk in every:
        for other in every:
            if other is not risk and ids[id(other)] & first[id(risk)]:
                harm[id(other)] = min(harm[id(other)], risk.severity.rank)
    return tuple(
        sorted(every, key=lambda risk: (harm[id(risk)], depth[id(risk)], risk.severity.rank, risk.minutes, risk.cause))
    )


def _questions(unknowns: list[tuple[Check, Finding]]) -> list[tuple[Check, Finding]]:
    """The critical unknowns, those that wait for one answer taken as one."""
    seen: dict[str, tuple[Check, Finding]] = {}
    for check, finding in unknowns:
        seen.setdefault(finding.question or check.question or check.id, (check, finding))
    return list(seen.values())


def _question_step(check: Check, finding: Finding) -> _Step:
    """A question is asked in its own words; what did not answer is looked at again; what is missing is asked for."""
    question = QUESTIONS.get(finding.question or "")
    if question is not None:
        return _Step(f"answer “{question.text}”", check.id, limits.QUESTION_MINUTES)
    if finding.needs in (None, "another look", "look again"):
        return _Step(f"look again at “{check.title}”", check.id, 0)
    return _Step(f"give {finding.needs}, for “{check.title}”", check.id, 0)


def _next(
    checks: Mapping[str, Check],
    order: tuple[Risk, ...],
    questions: list[tuple[Check, Finding]],
    unlooked: list[Check],
    asked: Iterable[str],
) -> _Step:
    waiting_for_people = frozenset(asked)
    mine = [risk for risk in order if not waiting_for_people & {risk.cause, *risk.check_ids}]
    doable = [risk for risk in (mine or order) if risk.status is not Status.WAITING]
    blocking = [risk for risk in doable if risk.blocks]
    if blocking:
        return _Step(_words(checks[blocking[0].check_ids[0]]), blocking[0].check_ids[0], blocking[0].minutes)
    open_questions = [each for each in questions if each[0].id not in waiting_for_people] or questions
    if open_questions:
        return _question_step(*open_questions[0])
    if unlooked:
        return _Step(f"look at the {unlooked[0].stage} stage", unlooked[0].id, 0)
    if any(risk.status is Status.WAITING and risk.severity.blocks for risk in order):
        spreading = next(risk for risk in order if risk.status is Status.WAITING and risk.severity.blocks)
        return _Step("wait until the change has spread", spreading.check_ids[0], 0)
    if doable:
        return _Step(_words(checks[doable[0].check_ids[0]]), doable[0].check_ids[0], doable[0].minutes)
    return _Step("export the handover", None, 0)


def _severities(faults: Mapping[str, int]) -> str:
    return ", ".join(f"{faults[each]} {each}" for each in ("critical", "high") if faults[each])


def judge(
    outcomes: Mapping[str, Finding],
    checks: Iterable[Check],
    *,
    accepted: Mapping[str, Acceptance] | None = None,
    asked: Iterable[str] = (),
) -> Readiness:
    """Judge a launch over `checks`. `outcomes` maps check ids to findings; a check that is not there was not looked at.

    `accepted` holds the acceptances that count now, by cause or check id (`risks.standing`); `asked` the keys that wait
    for somebody who was asked: the next step is then another one, where there is one.
    """
    by_id = {check.id: check for check in checks}
    looked = {id: outcomes[id] for id in by_id if id in outcomes}
    unlooked = [check for id, check in by_id.items() if id not in looked]
    counts = {severity.value: 0 for severity in Severity}
    for id, finding in looked.items():
        if finding.status is Status.FAIL:
            counts[severity_of(by_id[id], finding).value] += 1
    unknown = sum(finding.status is Status.UNKNOWN for finding in looked.values())
    questions = _questions(
        [
            (by_id[id], finding)
            for id, finding in looked.items()
            if finding.status is Status.UNKNOWN and severity_of(by_id[id], finding) is Severity.CRITICAL
        ]
    )
    risks = risk_list(looked, by_id.values(), accepted=accepted)
    order = in_order(risk for risk in risks if risk.accepted is None)
    blockers = tuple(risk for risk in order if risk.blocks)
    spreading = tuple(risk for risk in order if risk.status is Status.WAITING and risk.severity.blocks)
    dark = [check for check in unlooked if check.severity is Severity.CRITICAL]
    ready = not blockers and not questions and not spreading and not dark and bool(looked)
    faults = {severity.value: 0 for severity in Severity}
    for risk in order:
        if risk.status is Status.FAIL:
            faults[risk.severity.value] += 1

    step = _next(by_id, order, questions, unlooked, asked)
    left = [risk for risk in order if risk.status is not Status.WAITING] if ready else list(blockers)
    work = sum(risk.minutes for risk in left)
    if not looked:
        line = "Nothing looked at yet."
    elif blockers:
        line = f"Not ready: {_severities(faults)}."
    elif questions:
        line = f"Could not tell yet: {plural(len(questions), 'critical question')} "
        line += "is open." if len(questions) == 1 else "are open."
    elif dark:
        line = f"Could not tell yet: {plural(len(unlooked), 'check has', 'checks have')} not been looked at."
    elif spreading:
        line = f"Almost there: {plural(len(spreading), 'change is', 'changes are')} still on the way."
    else:
        line = "Ready: nothing that blocks a launch is open."
        if left:
            line += f" {plural(len(left), 'smaller thing is', 'smaller things are')} left."
    line += f" Next: {step.said}."
    if work:
        line += f" About {minutes(work)} of work left."
    return Readiness(
        ready=ready,
        counts=counts,
        unknown=unknown,
        blockers=blockers,
        next=step.words,
        next_check=step.check_id,
        minutes=work,
        line=line,
        exit_status=0 if ready else 1 if blockers else 3,
        faults=faults,
        unlooked=len(unlooked),
    )
