"""Facts as plain lines for a terminal or a screen reader: cleaned, wrapped by cells, no colour and no control."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from launchready_tui.text import clean

_DEPTH = 12
_LINES = 5_000


def cells(text: str) -> int:
    """How many terminal cells a cleaned text takes (Unicode TR 11; combining marks take none)."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def wrap(text: str, width: int, indent: str = "") -> Iterator[str]:
    """Lines of at most `width` cells; words longer than a line are cut. Spaces before the first word stay, further
    lines start with `indent`."""
    words = text.lstrip(" ")
    line = start = text[: len(text) - len(words)][: max(0, width - 2)]
    for word in words.split(" "):
        while True:
            longer = line + (" " if line != start else "") + word
            if cells(longer) <= width:
                line = longer
                break
            if line != start:
                yield line
                line = start = indent[: max(0, width - 2)]
                continue
            head = ""
            while word and (not head or cells(line + head + word[0]) <= width):
                head, word = head + word[0], word[1:]
            yield line + head
            line = start = indent[: max(0, width - 2)]
    if line != start:
        yield line


def _lines(value: object, indent: int, name: str) -> Iterator[tuple[int, str]]:
    label = f"{clean(name, limit=80)}: " if name else "- "
    if indent > _DEPTH:
        yield indent, f"{label}…"
    elif isinstance(value, Mapping):
        yield indent, label.rstrip() if name else "-"
        for key, inner in value.items():
            yield from _lines(inner, indent + 1, str(key))
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        yield indent, f"{label}{len(value)}" if name else "-"
        for inner in value:
            yield from _lines(inner, indent + 1, "")
    else:
        said = (
            {True: "yes", False: "no", None: "not known"}.get(value)
            if value is None or isinstance(value, bool)
            else None
        )
        yield indent, label + (said or clean(str(value), limit=2_000))


def render_facts(facts: Mapping[str, object], width: int) -> str:
    """Every fact on lines of at most `width` cells, as a terminal would be sent it."""
    out: list[str] = []
    for key, value in facts.items():
        for depth, line in _lines(value, 0, str(key)):
            pad = "  " * min(depth, width // 8)
            out += [pad + part for part in wrap(line, width - len(pad))]
            if len(out) > _LINES:
                return "\n".join([*out[:_LINES], "…"])
    return "\n".join(out)
