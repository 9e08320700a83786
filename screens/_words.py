"""Small words: how long ago, until when, how much is left, and text folded into lines."""

from __future__ import annotations

import datetime as dt

from rich.cells import cell_len, chop_cells


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def day(at: dt.date | dt.datetime) -> str:
    """ "3 Nov 2026", in local time."""
    at = at.astimezone() if isinstance(at, dt.datetime) else at
    return f"{at.day} {at:%b %Y}"


def ago(at: dt.datetime, moment: dt.datetime | None = None) -> str:
    """ "just now", "10 min ago", "3 h ago", "2 days ago", then the day."""
    seconds = ((moment or now()) - at).total_seconds()
    if seconds < 60:
        return "just now"
    if seconds < 3_600:
        return f"{int(seconds // 60)} min ago"
    if seconds < 86_400:
        return f"{int(seconds // 3_600)} h ago"
    days = int(seconds // 86_400)
    if days < 7:
        return "yesterday" if days == 1 else f"{days} days ago"
    return day(at)


def fold(text: str, width: int) -> list[str]:
    """Break text into lines of at most `width` cells, at spaces where there are any. Line feeds are kept."""
    width = max(width, 4)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        indent = paragraph[: len(paragraph) - len(paragraph.lstrip(" "))][: width // 2]
        line, used = indent, cell_len(indent)
        empty = True
        for word in paragraph.split():
            size = cell_len(word)
            if not empty and used + 1 + size > width:
                lines.append(line)
                line, used, empty = indent, cell_len(indent), True
            if empty and used + size > width:
                *whole, word = chop_cells(word, width - used)
                lines += [indent + part for part in whole]
                size = cell_len(word)
            line += word if empty else f" {word}"
            used += size + (0 if empty else 1)
            empty = False
        lines.append(line)
    return lines
