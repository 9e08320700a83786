"""How a change on its way looks, in words: who answers it, who does not yet, how long still, and a bar. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import NamedTuple

from launchready_tui.fixes.model import Sight
from launchready_tui.text import clock_of, listed

_WORST = ("right", "silent", "old answer", "wrong")  # as in arrival.py: several addresses of one server are one
_BAR = 12  # cells
_MARKS = {"right": "✓", "old answer": "old answer", "wrong": "something else", "silent": "no answer"}
_GLYPHS = {"done": "✓", "wait": "…", "wrong": "✗", "unknown": "?"}
STYLES = {"✓": "$text-success", "✗": "$text-error", "…": "$text-primary", "?": "$text-accent"}


class Told(NamedTuple):
    """One line of a watch: its sign, what stands behind it, and what ends the line (a wait and its bar)."""

    glyph: str
    text: str
    tail: str = ""


def bar(left: float, whole: float, cells: int = _BAR) -> str:
    """How much of a wait is over: heavy for what is, light for what is to come, so that it reads without colour."""
    if whole <= 0:
        return ""
    over = min(max(1 - left / whole, 0.0), 1.0)
    full = min(int(over * cells), cells)
    return "━" * full + "─" * (cells - full)


def is_resolver(name: str) -> bool:
    """Resolvers go by their address, "1.1.1.1" or "127.0.0.1:5301"; name servers of a zone by their name."""
    for text in (name, name.rpartition(":")[0].strip("[]")):
        try:
            ipaddress.ip_address(text)
        except ValueError:
            continue
        return True
    return False


def merged(servers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Each server once, with its worst word."""
    words: dict[str, str] = {}
    for name, word in servers:
        known = words.get(name, word)
        words[name] = max(word, known, key=_rank)
    return words


def _rank(word: str) -> int:
    return _WORST.index(word) if word in _WORST else 0


def wait(sight: Sight, left: float) -> str:
    """ "right, wait 02:48  ━━━━━━──────"; once the time is over, that it should be there."""
    if left < 1:
        return "right, any moment now"
    drawn = bar(left, sight.seconds_whole)
    return f"right, wait {clock_of(left)}" + (f"  {drawn}" if drawn else "")


def awaited(sight: Sight) -> bool:
    """True where the zone's own servers do not have it yet; a resolver that says something else is another matter."""
    return sight.verdict == "wrong" and any(word == "wrong" and not is_resolver(name) for name, word in sight.servers)


def told(sight: Sight, left: float, *, by_hand: bool = False) -> list[Told]:
    """One line a group of servers. `by_hand`: what is not there yet is not wrong, since a person still types it."""
    if sight.verdict == "done":
        return [Told("✓", f"Done: {sight.text}")]
    words = merged(sight.servers)
    own = {name: word for name, word in words.items() if not is_resolver(name)}
    asked = {name: word for name, word in words.items() if is_resolver(name)}
    lines = _own(own, by_hand=by_hand)
    if asked:
        each = ", ".join(f"{name} {_MARKS.get(word, word)}" for name, word in asked.items())
        tail = wait(sight, left) if sight.verdict == "wait" else ""
        lines.append(Told(_GLYPHS["wait" if tail else _of(asked.values())], each, tail))
    if sight.verdict == "wait" and not asked:
        lines.append(Told("…", sight.text, wait(sight, left)))
    elif by_hand and awaited(sight):
        lines.append(Told("…", "Not there yet. We look again every few seconds."))
    elif sight.verdict == "wrong":
        lines.append(Told("✗", f"Wrong: {sight.text}"))
    elif sight.verdict == "unknown":
        lines.append(Told("?", sight.text))
    return lines


def _of(words: Iterable[str]) -> str:
    """The verdict that some resolvers come to among themselves."""
    every = set(words)
    if "wrong" in every:
        return "wrong"
    return "done" if "right" in every and not every & {"old answer", "wrong"} else "unknown"


def _own(words: dict[str, str], *, by_hand: bool) -> list[Told]:
    lines: list[Told] = []
    for word, glyph, one, many in (
        ("right", "✓", "answers it", "answer it"),
        ("wrong", "…" if by_hand else "✗", "still answers something else", "still answer something else"),
        ("silent", "?", "did not answer", "did not answer"),
    ):
        names = [name for name, said in words.items() if said == word]
        if names:
            lines.append(Told(glyph, f"{listed(names)} {one if len(names) == 1 else many}"))
    return lines
