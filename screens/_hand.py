"""A plan as a person types it into their own DNS panel. Pure."""

from __future__ import annotations

from dataclasses import replace

from launchready_tui.dnshost import at_panel
from launchready_tui.domain import registrable
from launchready_tui.fixes.model import Plan
from launchready_tui.model import AtPanel, Fix, RecordSet
from launchready_tui.panels import Panel, panel
from launchready_tui.zone import is_part


def typed(plan: Plan, host: str, domain: str) -> Fix:
    """The plan's records as rows of the panel of `host` ("" where we do not know it), from what stands there now.

    `fix.panel` has the rows; `fix.page` where to sign in, "" where that is not known.
    """
    at = panel(host) if host else Panel("")
    if is_part(domain):
        at = replace(at, short=False)  # which zone it is in is not settled here: the name in full is never wrong
    existing: dict[RecordSet, tuple[str, ...] | None] = {}
    for step in plan.steps:
        # All that goes is taken away on purpose: the plan was read at the zone's own servers a moment ago.
        gone = tuple(value for value in step.before.values if value not in step.after.values)
        ttl = step.after.ttl or step.before.ttl
        record = RecordSet(step.name, step.type, step.after.values, ttl, gone, retime=step.retime)
        existing[record] = step.before.values
    fix = Fix("records", plan.title, records=tuple(existing))
    return at_panel(fix, at, registrable(domain), existing)


def lines_of(plan: Plan, at: AtPanel | None) -> list[tuple[str, str]]:
    """What each press of the copy key puts on the clipboard: (value, what it is), one a row that is typed."""
    if at is not None and at.rows:
        return [(row.value, f"{row.type} {row.name}".strip()) for row in at.rows if row.act != "delete"]
    return [(value, step.label) for step in plan.steps for value in step.after.values]
