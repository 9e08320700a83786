"""The list of projects: in which order, and what is said of each. Home and `launchready projects` share it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from launchready_tui.due import Due, nearest
from launchready_tui.text import day
from launchready_tui.workspace import Summary

NOT_READY, COULD_NOT_TELL = 1, 3


def status_of(summary: Summary) -> int | None:
    """0 ready, 1 not ready, 3 could not tell, None before the first look; read off the line of an older version."""
    if summary.status is not None or not summary.line:
        return summary.status
    if summary.line.startswith("Not ready"):
        return NOT_READY
    if summary.line.startswith("Nothing looked at"):
        return None
    return 0 if summary.line.startswith("Ready") else COULD_NOT_TELL


def state_of(summary: Summary) -> str:
    """Where it stands, in a few words: "Not ready: 2 critical, 3 high"."""
    verdict = summary.line.partition(" Next: ")[0].rstrip(".")
    if not verdict or verdict.startswith("Nothing looked at"):
        return "Not looked at yet"
    if verdict.startswith("Ready"):
        return "Ready"
    return verdict.removesuffix(" is open").removesuffix(" are open") if "critical question" in verdict else verdict


def next_of(summary: Summary) -> str:
    """What is best to do next, "" before the first look."""
    if status_of(summary) is None:
        return ""
    return summary.next or summary.line.partition(" Next: ")[2].partition(". ")[0]


def in_order(summaries: Iterable[Summary], now: dt.datetime) -> tuple[Summary, ...]:
    """What runs out soon first, by its day; then not ready, the worst first; then what cannot be opened; then what we
    could not tell; then ready, by what runs out first. Among equals the one looked at last comes first."""
    today = now.astimezone().date()

    def key(one: Summary) -> tuple[object, ...]:
        due, status = nearest(one.due), status_of(one)
        date = due.date if due else dt.date.max
        newest = -(one.looked.timestamp() if one.looked else 0.0)
        if one.problem:
            return (2, 0, 0, 0, newest, one.domain)
        if due is not None and due.soon(today):
            return (0, date.toordinal(), 0, 0, newest, one.domain)
        if status == NOT_READY:
            return (1, -one.faults.get("critical", 0), -one.faults.get("high", 0), 0, newest, one.domain)
        if status:
            return (3, 0, 0, 0, newest, one.domain)
        if status is None:
            return (4, 0, 0, 0, newest, one.domain)
        return (5, date.toordinal(), 0, 0, newest, one.domain)

    return tuple(sorted(summaries, key=key))


def pressing(summary: Summary, today: dt.date) -> Due | None:
    """What runs out first, where that is soon."""
    due = nearest(summary.due)
    return due if due is not None and due.soon(today) else None


def document(summary: Summary, today: dt.date) -> dict[str, object]:
    """One project as JSON."""
    return {
        "domain": summary.domain,
        "status": status_of(summary),
        "state": state_of(summary) if not summary.problem else "",
        "faults": dict(summary.faults),
        "looked": _iso(summary.looked),
        "handed_over": _iso(summary.exported),
        "next": next_of(summary),
        "due": [
            {"kind": due.kind, "what": due.what, "date": due.date.isoformat(), "days": due.days(today)}
            for due in summary.due
        ],
        "archived": _iso(summary.archived),
        "problem": summary.problem,
    }


def text(summary: Summary, today: dt.date) -> list[str]:
    """One project as lines: its name, then where it stands and what comes next."""
    if summary.problem:
        return [summary.unicode or summary.domain, f"  ? {summary.problem}"]
    status = status_of(summary)
    sign = {0: "✓", NOT_READY: "✗", None: "-"}.get(status, "?")
    said = [state_of(summary)]
    said += [f"looked {day(summary.looked.astimezone().date())}"] if summary.looked else []
    said += [f"handed over {day(summary.exported.astimezone().date())}"] if summary.exported else []
    said += [f"archived {day(summary.archived.astimezone().date())}"] if summary.archived else []
    lines = [summary.unicode or summary.domain, f"  {sign} {', '.join(said)}"]
    due = nearest(summary.due)
    lines += [f"  {'!' if due.soon(today) else ' '} {due.say(today)}"] if due else []
    lines += [f"    next: {next_of(summary)}"] if next_of(summary) else []
    return lines


def _iso(at: dt.datetime | None) -> str | None:
    return at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z") if at else None
