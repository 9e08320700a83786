"""A fix's rows of a DNS panel as plain lines: one aligned table where it fits, box by box where it does not. Pure."""

from __future__ import annotations

import textwrap

from launchready_tui.model import AtPanel, Typed

_ACTS = {"add": "Add", "change": "Change", "delete": "Delete"}
_GAP = "  "
EMPTY = "(empty)"


def heading(at: AtPanel) -> str:
    """Where to go: "At Namecheap: Domain List, Manage, Advanced DNS"; "In your DNS panel" where we do not know it."""
    if not at.where.startswith("at "):
        return "In your DNS panel"
    where = f"A{at.where[1:]}"
    return f"{where}: {', '.join(at.path)}" if at.path else where


def lines(at: AtPanel, width: int) -> list[str]:
    """The rows, then the notes, in lines of at most `width` characters; values are broken only where they must be."""
    return [*rows(at, width), *(line for note in at.notes for line in textwrap.wrap(note, max(width, 20)))]


def rows(at: AtPanel, width: int) -> list[str]:
    """The rows alone, without the notes."""
    if not at.rows:
        return []
    return _table(at) if in_columns(at, width) else _boxes(at, width)


def in_columns(at: AtPanel, width: int) -> bool:
    """True where the rows fit as one table."""
    return max((len(line) for line in _table(at)), default=0) <= width


def _cells(row: Typed, ranked: bool) -> tuple[str, ...]:
    rank = (row.priority,) if ranked else ()
    return (_ACTS[row.act], row.type, row.name or EMPTY, row.value, *rank, row.ttl)


def _table(at: AtPanel) -> list[str]:
    ranked = any(row.priority for row in at.rows)
    head = ("", "Type", *at.boxes, *(("Priority",) if ranked else ()), "TTL")
    cells = [_cells(row, ranked) for row in at.rows]
    wide = [max(len(line[column]) for line in (head, *cells)) for column in range(len(head))]
    out = [_joined(head, wide)]
    for row, line in zip(at.rows, cells, strict=True):
        out.append(_joined(line, wide))
        if row.was:
            before = sum(wide[:3]) + 3 * len(_GAP)
            out.append(f"{' ' * before}now: {row.was}")
    return out


def _joined(line: tuple[str, ...], wide: list[int]) -> str:
    return _GAP.join(text.ljust(size) for text, size in zip(line, wide, strict=True)).rstrip()


def _boxes(at: AtPanel, width: int) -> list[str]:
    """One box a line, by the names that the panel gives them."""
    out: list[str] = []
    for row in at.rows:
        named = [(at.boxes[0], row.name or EMPTY)]
        named += [("Now", row.was)] if row.was else []
        named += [(at.boxes[1], row.value)]
        named += [("Priority", row.priority)] if row.priority else []
        named += [("TTL", row.ttl)] if row.ttl else []
        label = max(len(name) for name, _ in named) + len(_GAP)
        out.append(f"{_ACTS[row.act]} {row.type}")
        for name, text in named:
            room = max(width - label - len(_GAP), 12)
            parts = textwrap.wrap(text, room, break_on_hyphens=False) or [""]
            out += [f"{_GAP}{(name if i == 0 else '').ljust(label)}{part}" for i, part in enumerate(parts)]
    return out
