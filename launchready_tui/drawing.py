"""Draws the deployment map as plain text, as wide as it may be. Unknown parts carry a "?" and the question."""

from __future__ import annotations

import unicodedata

from launchready_tui.nodes import SAME_HOST, DeploymentMap, Node

_ARROW = " ──▶ "
_ON = " ──▶ "  # a row that goes on from the one above
_LEAST = 16  # columns of the narrowest cell


def width_of(text: str) -> int:
    """Columns that a terminal needs: wide East Asian characters take two, combining marks none (UAX 11)."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def fitted(text: str, width: int) -> str:
    """`text` in at most `width` columns, cut with an ellipsis."""
    if width_of(text) <= width:
        return text
    out = ""
    for char in text:
        if width_of(out + char) > width - 1:
            break
        out += char
    return out + "…"


def draw(map: DeploymentMap, width: int) -> list[str]:
    """The way of a request first, from the registrar to the data, then mail and monitoring. No line is wider."""
    width = max(width, _LEAST + len(_ON))
    lines = _chain([_cell(node) for node in _way(map)], width)
    lines.append("")
    inbox, sender, monitoring = map.node("inbox"), map.node("sender"), map.node("monitoring")
    lines += _line("MX ──▶ ", inbox, "takes no mail", width)
    lines += _line("mail sent by: ", sender, "sends no mail", width)
    lines += _line("watched by: ", monitoring, "nobody", width)
    return lines


def _way(map: DeploymentMap) -> list[Node]:
    nodes = [map.node(kind) for kind in ("registrar", "dns", "cdn", "hosting", "api", "database")]
    return [node for node in nodes if not node.absent and node.note != SAME_HOST]


def _cell(node: Node) -> tuple[str, ...]:
    """A part's lines: its name in words, its owner or the question, and a note."""
    if not node.name:
        about = f" ({node.note})" if node.note and node.kind == "api" else ""
        return (f"? {node.label}{about}", f"owner: {node.owner}" if node.owner else "who owns it?")
    first = {
        "dns": node.name if "DNS" in node.name else f"{node.name} DNS",
        "cdn": f"{node.name} proxy",
        "api": f"{node.name} (API)",
        "database": f"{node.name} (database)",
    }.get(node.kind, node.name)
    lines = (first, f"owner: {node.owner or '?'}")
    return (*lines, node.note) if node.note else lines


def _chain(cells: list[tuple[str, ...]], width: int) -> list[str]:
    """Cells side by side with arrows; where the width ends, the next row goes on below."""
    rows: list[list[tuple[str, ...]]] = [[]]
    used = 0
    most = width - len(_ON)
    for cell in cells:
        cell = tuple(fitted(line, most) for line in cell)
        wide = max(map(width_of, cell))
        if rows[-1] and used + len(_ARROW) + wide > most:
            rows.append([])
            used = 0
        used += wide + (len(_ARROW) if rows[-1] else 0)
        rows[-1].append(cell)
    lines: list[str] = []
    for number, row in enumerate(rows):
        lines += _row(row, _ON if number else "")
    return lines


def _row(cells: list[tuple[str, ...]], lead: str) -> list[str]:
    wide = [max(map(width_of, cell)) for cell in cells]
    lines: list[str] = []
    for number in range(max(map(len, cells), default=0)):
        parts = [cell[number] if number < len(cell) else "" for cell in cells]
        padded = [part + " " * (columns - width_of(part)) for part, columns in zip(parts, wide, strict=True)]
        between = _ARROW if number == 0 else " " * len(_ARROW)
        start = lead if number == 0 else " " * len(lead)
        lines.append((start + between.join(padded)).rstrip())
    return lines


def _line(lead: str, node: Node, none: str, width: int) -> list[str]:
    """One part that hangs beside the way. The owner moves below where both do not fit."""
    if node.absent:
        return [fitted(f"{lead}{none}", width)]
    first = f"{lead}{node.name}" if node.name else f"{lead}? {node.label}"
    owner = f"owner: {node.owner or '?'}" if node.name or node.owner else "who owns it?"
    if width_of(first) + 3 + width_of(owner) <= width:
        return [f"{first}   {owner}"]
    return [fitted(first, width), fitted(" " * min(len(lead), 7) + owner, width)]
