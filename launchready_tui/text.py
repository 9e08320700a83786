"""clean(): the one door for text from outside.

Whatever a server, a file or a certificate says is untrusted: it may hold terminal escapes, bidi overrides that turn a
name around, or NUL bytes. After clean() a string is printable, bounded, and shows what was there as a stand-in.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from launchready_tui import limits

_STAND_INS = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "\u2421"}
# Format characters that reorder or hide text: bidi marks, overrides and isolates, zero-width, tags (Unicode TR 36).
_HIDDEN = {
    *range(0x200B, 0x2010),
    *range(0x2028, 0x202F),
    *range(0x2060, 0x2070),
    0x00AD,
    0x061C,
    0x115F,
    0x1160,
    0x3164,
    0xFEFF,
    *range(0xFFF9, 0xFFFC),
    *range(0xE0000, 0xE0080),
}


def clean(text: str | bytes, *, limit: int = limits.TEXT_SHOWN, lines: bool = False) -> str:
    """Make outside text safe to show: at most `limit` characters, no control, bidi or hidden characters.

    Bytes are read as UTF-8, what is not UTF-8 becomes U+FFFD. Controls become their Unicode pictures (ESC is ␛), hidden
    and reordering characters become «U+202E». With `lines`, line feeds stay; otherwise they become a space.
    """
    if isinstance(text, bytes):
        text = text[: limit * 4 + 4].decode("utf-8", "replace")
    cut = len(text) > limit
    out: list[str] = []
    for char in text[:limit]:
        code = ord(char)
        if 0x20 <= code < 0x7F:
            out.append(char)
        elif char == "\n":
            out.append("\n" if lines else " ")
        elif char == "\t":
            out.append(" ")
        elif code in _STAND_INS:
            out.append(_STAND_INS[code])
        elif code in _HIDDEN or unicodedata.category(char) in ("Cc", "Cf", "Cn", "Co", "Zl", "Zp"):
            out.append(f"«U+{code:04X}»")
        elif 0xD800 <= code <= 0xDFFF:
            out.append("\ufffd")
        else:
            out.append(char)
    return "".join(out) + ("…" if cut else "")


def plural(count: int, one: str, many: str | None = None) -> str:
    """`plural(1, "record")` is "1 record", `plural(3, "record")` is "3 records"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(words: list[str] | tuple[str, ...], *, most: int = 6) -> str:
    """Join words as a person would: "a, b and c"; past `most` the rest is counted: "a, b and 4 more"."""
    shown = list(words[:most])
    if len(words) > most:
        shown.append(f"{len(words) - most} more")
    if len(shown) < 2:
        return "".join(shown)
    return ", ".join(shown[:-1]) + " and " + shown[-1]


def minutes(total: int) -> str:
    """A length of work as a person feels it: "5 min", "1 h 40 min"."""
    hours, rest = divmod(total, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def clock_of(seconds: float) -> str:
    """A wait as it ticks: "03:12", "1:02:05"."""
    hours, rest = divmod(max(0, round(seconds)), 3_600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60:02d}:{rest % 60:02d}"


def day(when: dt.date) -> str:
    """A day as a person writes it, in every locale the same: "3 Nov 2026". A datetime is shown by its own date."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def sentence(text: str) -> str:
    """The first sentence of a text: up to a full stop, question or exclamation mark that a capital or digit follows."""
    return re.split(r"(?<=[.!?])\s+(?=[A-Z0-9\"'(«])", text.strip(), maxsplit=1)[0]
