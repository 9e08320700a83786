"""What is left has a name beside it: who mends it by when, or who took it on in writing."""

from __future__ import annotations

import datetime as dt

from launchready_tui.checks import check
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, unknown, warned
from launchready_tui.openrisks import OpenRisk, RiskLook, RiskView
from launchready_tui.project import Clock
from launchready_tui.text import day, listed, plural

_HOW = (
    "For each, press k on its row to take it on in writing with your name, a reason and a last day; or agree on the "
    "handover screen to the next action that names who mends it and by when."
)


def _taken(risk: OpenRisk) -> bool:
    return bool(risk.accepted_by)


def _planned(risk: OpenRisk, today: dt.date) -> bool:
    """Somebody mends it by a day that has not passed."""
    return bool(risk.who) and risk.due is not None and risk.due >= today


def _line(risk: OpenRisk, today: dt.date) -> str:
    if risk.accepted_by:
        return f"taken on by {risk.accepted_by}" + (f" until {day(risk.until)}" if risk.until else "")
    if _planned(risk, today) and risk.due is not None:
        return f"{risk.who} mends it by {day(risk.due)}"
    if risk.who and risk.due is not None:
        return f"{risk.who} was to mend it by {day(risk.due)}"
    return "nobody"


def judge_risks(view: RiskView, today: dt.date) -> Finding:
    """Pure."""
    evidence = [Evidence(f"{risk.severity.value}: {risk.line}", _line(risk, today)) for risk in view.open]
    critical = [risk for risk in view.open if risk.severity is Severity.CRITICAL and not _taken(risk)]
    fix = Fix("steps", _HOW, minutes=5 * max(1, len(view.open)), who="The founder")
    if critical:
        return failed(
            f"{plural(len(critical), 'critical risk is', 'critical risks are')} open, and nobody took "
            f"{'it' if len(critical) == 1 else 'them'} on in writing: {critical[0].line}",
            fix,
            evidence=evidence,
        )
    alone = [risk for risk in view.open if not _taken(risk) and not _planned(risk, today)]
    if alone:
        return warned(
            f"{plural(len(alone), 'risk')} that {'blocks' if len(alone) == 1 else 'block'} a launch "
            f"{'has' if len(alone) == 1 else 'have'} nobody beside {'it' if len(alone) == 1 else 'them'}: "
            f"{alone[0].line}",
            fix,
            evidence=evidence,
        )
    if view.unlooked or view.dark:
        dark = [f"{plural(view.unlooked, 'check was', 'checks were')} not looked at"] if view.unlooked else []
        dark += [f"nobody could tell: {listed(list(view.dark), most=3)}"] if view.dark else []
        return unknown(
            f"What is left is not known yet: {'; '.join(dark)}.", needs="a look at all stages", evidence=evidence
        )
    if not view.open:
        return passed("No critical and no high risk is left.")
    return passed(
        f"{plural(len(view.open), 'risk is', 'risks are')} left, and each has a name beside it.", evidence=evidence
    )


@check(
    "handover.risks.open",
    severity=Severity.MEDIUM,
    title="Every risk that is left has a name beside it",
    why="A risk that belongs to nobody is never mended.",
    minutes=10,
    derived=True,
)
async def risks_open(risks: RiskLook, clock: Clock) -> Finding:
    return judge_risks(risks.view(), clock.now().date())
