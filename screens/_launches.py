"""A launch as a row of home and as the lines under it: its state, its last look, what runs out, what is next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from rich.cells import cell_len

from launchready_tui.due import Due, nearest
from launchready_tui.listing import COULD_NOT_TELL, NOT_READY, next_of, pressing, state_of, status_of
from launchready_tui.workspace import Summary
from screens._words import ago, day, now
from screens.widgets.rows import Row, fit

WIDE = 110  # columns of the list from which four columns fit beside each other
_STATE, _STATE_WIDE, _LOOKED, _DUE = 30, 32, 24, 28  # cells, at most
_GAP = 2
_NAME, _NAME_WIDE = 24, 28  # cells of a name that is longer: the whole of it stands under the list
_SIGNS: dict[int | None, tuple[str, str]] = {
    0: ("✓", "good"),
    NOT_READY: ("✗", "bad"),
    COULD_NOT_TELL: ("?", "poor"),
    None: ("-", "quiet"),
}
_DUES = 3  # of what runs out, told under the list


def today() -> dt.date:
    return now().astimezone().date()


def looked_of(summary: Summary) -> str:
    """When it was handed over, or else looked at."""
    if summary.archived:
        return f"archived {day(summary.archived)}"
    if summary.exported:
        return f"handed over {day(summary.exported)}"
    return f"looked {ago(summary.looked)}" if summary.looked else ""


def launch_rows(summaries: Iterable[Summary], width: int) -> list[Row]:
    """A row each; the columns of their notes stand in line. `width` is that of the list."""
    every = list(summaries)
    wide = width >= WIDE
    states = [cell_len(_state(one, wide=wide)) for one in every if not one.problem]
    room = min(max(states, default=0), _STATE_WIDE if wide else _STATE) + _GAP
    return [_row(one, room, wide=wide) for one in every]


def _row(summary: Summary, room: int, *, wide: bool) -> Row:
    name, most = summary.unicode or summary.domain, _NAME_WIDE if wide else _NAME
    name = name if cell_len(name) <= most else fit(name, most)
    if summary.problem:
        return Row(summary.domain, "?", "", "poor", name, summary.problem)
    due, status = pressing(summary, today()), status_of(summary)
    glyph, tone = _SIGNS[status if status in (0, NOT_READY, None) else COULD_NOT_TELL]
    if due is not None and status != NOT_READY:
        glyph, tone = "!", "bad" if due.days(today()) < 0 else "poor"
    step = f"next: {next_of(summary)}" if next_of(summary) else ""
    state, looked = _column(_state(summary, wide=wide), room), looked_of(summary)
    if wide:
        soonest = due or nearest(summary.due)
        note = state + _column(looked, _LOOKED) + _column(_short(soonest) if soonest else "", _DUE) + step
    else:
        said = [_short(due)] if due else []
        said += [step] if step and status != 0 else []
        note = state + " · ".join([*said, looked] if looked else said)
    return Row(summary.domain, glyph, "", tone, name, note.rstrip())


def _state(summary: Summary, *, wide: bool) -> str:
    """In a narrow list only the worst of it."""
    state = state_of(summary)
    if wide:
        return state
    return state.partition(":")[0] if state.startswith("Could not") else state.partition(",")[0]


def _short(due: Due) -> str:
    """What runs out by its kind; all of its words stand under the list."""
    what = {"risk": "accepted risk", "access": "sign-in", "action": "next action"}.get(due.kind, due.what)
    return replace(due, what=what).say(today())


def _column(text: str, room: int) -> str:
    return fit(text, room - 1) + " "


def launch_lines(summary: Summary) -> list[str]:
    """All that is known of one launch without opening it, a sentence a line."""
    if summary.problem:
        return [summary.problem]
    said = [state_of(summary)]
    said += [f"looked {ago(summary.looked)}"] if summary.looked else []
    said += [f"handed over {day(summary.exported)}"] if summary.exported else []
    said += [f"archived {day(summary.archived)}: it is not looked at"] if summary.archived else []
    lines = [_sentence(" · ".join(said))]
    lines += [_sentence(f"Next: {next_of(summary)}")] if next_of(summary) else []
    if summary.due:
        lines.append(_sentence(" · ".join(due.say(today()) for due in summary.due[:_DUES])))
    return lines


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}".rstrip(".") + "."


def headline(summaries: Iterable[Summary]) -> tuple[str, str]:
    """(what needs somebody, in a few words, its tone) for the first line of home."""
    every = list(summaries)
    due = sum(pressing(one, today()) is not None for one in every)
    open_ = sum(status_of(one) == NOT_READY for one in every)
    said = [f"{due} due"] if due else []
    said += [f"{open_} not ready"] if open_ else []
    return ", ".join(said), "bad" if said else "quiet"
