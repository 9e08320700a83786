"""A work log as a document for scripts, as Markdown for an invoice, and as lines for a terminal. Times are local."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from launchready_tui.render import wrap
from launchready_tui.risks import escape_markdown
from launchready_tui.text import day, listed, minutes, plural
from launchready_tui.worklog import Item, Sitting

SCHEMA_VERSION = 1


def total(sittings: Sequence[Sitting]) -> int:
    """Minutes of work."""
    return sum(sitting.minutes for sitting in sittings)


def changes_of(sittings: Sequence[Sitting]) -> tuple[int, ...]:
    """The numbers of the changes, in their order."""
    return tuple(dict.fromkeys(number for sitting in sittings for number in sitting.changes))


def document(domain: str, sittings: Sequence[Sitting]) -> dict[str, object]:
    """One project as JSON; times in UTC."""
    return {
        "domain": domain,
        "minutes": total(sittings),
        "changes": list(changes_of(sittings)),
        "sittings": [
            {
                "began": _iso(sitting.began),
                "ended": _iso(sitting.ended),
                "minutes": sitting.minutes,
                "who": list(sitting.people),
                "items": [_item(item) for item in sitting.items],
            }
            for sitting in sittings
        ],
    }


def _item(item: Item) -> dict[str, object]:
    plain: dict[str, object] = {"at": _iso(item.at), "kind": item.kind, "who": item.who, "what": item.what}
    if item.seconds:
        plain["seconds"] = round(item.seconds, 1)
    if item.number is not None:
        plain["change"] = item.number
    return plain


def summary(sittings: Sequence[Sitting]) -> str:
    """How much it was, in one line."""
    if not sittings:
        return "Nothing was done."
    numbers = changes_of(sittings)
    made = f"; {'change' if len(numbers) == 1 else 'changes'} {listed([str(n) for n in numbers], most=30)}"
    return f"{plural(len(sittings), 'sitting')}, {minutes(total(sittings))} of work{made if numbers else ''}."


def heading(sitting: Sitting) -> str:
    """ "24 Nov 2026, 09:12 to 10:40 (1 h 28 min), Ada"."""
    began, ended = sitting.began.astimezone(), sitting.ended.astimezone()
    until = f"{ended:%H:%M}" if began.date() == ended.date() else f"{day(ended)}, {ended:%H:%M}"
    who = f", {listed(list(sitting.people))}" if sitting.people else ""
    return f"{day(began)}, {began:%H:%M} to {until} ({minutes(sitting.minutes)}){who}"


def took(item: Item) -> str:
    """How long it took, "" where that is not known or under a second."""
    if item.seconds < 1:
        return ""
    return f"{round(item.seconds)} s" if item.seconds < 120 else minutes(round(item.seconds / 60))


def markdown(domain: str, sittings: Sequence[Sitting]) -> str:
    """One project as a client reads it."""
    safe = escape_markdown
    out = [f"# Work log: {safe(domain)}", "", safe(summary(sittings)), ""]
    for sitting in sittings:
        out += [f"## {safe(heading(sitting))}", "", "| When | Who | What | How long |", "| --- | --- | --- | --- |"]
        out += [
            f"| {item.at.astimezone():%H:%M} | {safe(item.who)} | {safe(item.what)} | {took(item)} |"
            for item in sitting.items
        ]
        out.append("")
    return "\n".join(out)


def text(domain: str, sittings: Sequence[Sitting], width: int) -> Iterator[str]:
    """One project as lines of at most `width` characters."""
    yield f"{domain}: {summary(sittings)}"
    for sitting in sittings:
        yield ""
        yield from wrap(f"  {heading(sitting)}", width)
        for item in sitting.items:
            who = f"{item.who}: " if item.who and len(sitting.people) > 1 else ""
            long = f" ({took(item)})" if took(item) else ""
            yield from wrap(f"    {item.at.astimezone():%H:%M}  {who}{item.what}{long}", width, " " * 11)


def _iso(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
