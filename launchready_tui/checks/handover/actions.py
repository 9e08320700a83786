"""What comes after the launch has a day and is written down (roadmap: "next actions")."""

from __future__ import annotations

import datetime as dt

from launchready_tui import limits
from launchready_tui.actions import ALWAYS, NextAction, NextActions
from launchready_tui.checks import check
from launchready_tui.model import Evidence, Finding, Fix, Severity, passed, unknown, warned
from launchready_tui.text import day, listed, plural


def judge_actions(actions: tuple[NextAction, ...]) -> Finding:
    """At least three with a day, the three that every handover has among them. Pure."""
    if not actions:
        return unknown("No next action is written down yet.", needs=NextActions.needs)
    dated = [action for action in actions if action.due is not None]
    undated = [action for action in actions if action.due is None and not action.done]
    missing = [words for id, words in ALWAYS.items() if all(action.id != id for action in actions)]
    evidence = [
        Evidence(f"{day(action.due)}" if action.due else "no day", f"{action.what} ({action.who or 'nobody yet'})")
        for action in sorted(actions, key=lambda each: (each.due is None, each.due or dt.date.max))
    ]
    if len(dated) >= limits.NEXT_ACTIONS and not undated and not missing:
        return passed(
            f"{plural(len(dated), 'next action')} with a day, the first on {evidence[0].source}.", evidence=evidence
        )
    said, steps = [], []
    if undated:
        said.append(f"{plural(len(undated), 'next action has', 'next actions have')} no day")
        steps.append(f"give a day to {listed([action.what for action in undated])}")
    if missing:
        said.append(f"{listed(missing)} {'is' if len(missing) == 1 else 'are'} not among the next actions")
        steps.append(f"add {listed(missing)}")
    if not said:
        said.append(f"only {plural(len(dated), 'next action')} {'is' if len(dated) == 1 else 'are'} written down")
        steps.append(f"add more, at least {limits.NEXT_ACTIONS} in all")
    saw = "; ".join(said)
    return warned(
        f"{saw[:1].upper()}{saw[1:]}.",
        Fix(
            "steps",
            f"On the handover screen, {' and '.join(steps)}. 7, 30 and 90 days from now are good first guesses.",
            minutes=5,
            who="The founder",
        ),
        evidence=evidence,
    )


@check(
    "handover.actions.next",
    severity=Severity.LOW,
    title="The next three months have dated actions",
    why="What has no day is not done, and a launch that nobody tends goes stale.",
    minutes=5,
)
async def actions_next(actions: NextActions) -> Finding:
    return judge_actions(actions.all())
