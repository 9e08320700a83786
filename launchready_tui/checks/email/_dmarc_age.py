"""Since when a DMARC policy stands as it does.

The DNS does not say. It is known where we changed it, or where the founder said so; else it is at least as old as we
have seen it.
"""

from __future__ import annotations

import datetime as dt

from launchready_tui import limits
from launchready_tui.answers import Answers
from launchready_tui.changed import Changed
from launchready_tui.checks.email._dmarc import QUESTION
from launchready_tui.mail import dmarc
from launchready_tui.mail.dmarc import Discovery, DmarcRecord
from launchready_tui.mail.dmarc_plan import Begun, begun_of, key_of


def age(
    found: Discovery, record: DmarcRecord, answers: Answers, changed: Changed | None, before: str, today: dt.date
) -> tuple[Begun, str]:
    """Since when the policy stands as it does, and the fact by which the next look knows. Pure."""
    key = key_of(record)
    seen = before if before.rpartition(" ")[0] == key else f"{key} {today.isoformat()}"
    name = f"_dmarc.{found.location}"
    change = next((one for one in changed.all() if (one.name, one.type) == (name, "TXT")), None) if changed else None
    ours: tuple[dt.date, int] | None = None
    if change is not None and record.text in change.values:
        was = [dmarc.parse(text) for text in change.was if dmarc.is_dmarc(text)]
        if not (
            len(was) == 1 and was[0].valid and key_of(was[0]) == key
        ):  # else it changed something beside the policy
            ours = (change.at.date(), change.number)
    other = bool(before) and before.rpartition(" ")[0] != key  # it changed since the look before: what was said is old
    return begun_of(key, changed=ours, told=None if other else _told(answers), seen=seen if before else ""), seen


def _told(answers: Answers) -> tuple[dt.date, bool] | None:
    said = answers.get(QUESTION)
    if said is None:
        return None
    try:
        on = dt.date.fromisoformat(said.fields.get("day", "").strip())
    except ValueError:
        pass
    else:
        if on <= said.at.date():
            return on, False
    if said.choice == "longer":
        return said.at.date() - dt.timedelta(days=limits.MONITOR_DAYS + 1), True
    return (said.at.date(), True) if said.choice == "new" else None
