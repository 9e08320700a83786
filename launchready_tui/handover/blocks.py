"""What a view of the handover is made of: sections of blocks of cells, and the rules for every text in them.

Every text passes through `cell`, so none of it acts: no control or bidi character, and nothing that a spreadsheet would
take for a formula when a table is pasted into one.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from launchready_tui.text import clean, day

_SHOWN = 4_000  # characters of one cell
_PHONE = re.compile(r"[+\-]?[\d\s()./\-]+")


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of text. `href` is set where it is an address that may be opened; `code` where it is to be typed."""

    text: str
    href: str = ""
    code: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; `none` is said where there are no rows."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    none: str = "Nothing is written down here."


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with what is known of each."""

    pairs: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Lines, numbered where they are steps; `code` where each is a command to type."""

    items: tuple[Cell, ...]
    numbered: bool = False
    code: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section, with a sentence under it."""

    text: Cell
    say: str = ""


Block = Table | Facts | Listing | Heading


@dataclass(frozen=True, slots=True)
class Section:
    """`id` is the name of the part of handover.toml that it shows."""

    id: str
    title: str
    say: str
    blocks: tuple[Block, ...]


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula (OWASP, "CSV Injection"); a phone number and a bare sign stay."""
    if len(text) > 1 and (text[0] in "=@" or (text[0] in "+-" and not _PHONE.fullmatch(text))):
        return f"'{text}"
    return text


def cell(text: object, *, code: bool = False, empty: str = "") -> Cell:
    """What a document holds, to be shown: cleaned, one line, and with its address where it is one."""
    if isinstance(text, dt.datetime):
        return Cell(f"{day(text)}, {text.astimezone(dt.UTC):%H:%M} UTC")
    if isinstance(text, dt.date):
        return Cell(day(text))
    said = clean("" if text is None else str(text), limit=_SHOWN).strip()
    if not said:
        return Cell(empty)
    return Cell(harmless(said), href=said if _opens(said) else "", code=code)


def _opens(text: str) -> bool:
    """An http or https address of a host, without a name or password in it."""
    if not text.isascii() or any(char.isspace() for char in text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def row_cells(lines: Iterable[Sequence[object]]) -> tuple[tuple[Cell, ...], ...]:
    """The rows of a table; what is no Cell yet is made one."""
    return tuple(tuple(each if isinstance(each, Cell) else cell(each) for each in row) for row in lines)


def fact_cells(*pairs: tuple[str, object]) -> Facts:
    """What is known; what is not is left out."""
    made = [(label, value if isinstance(value, Cell) else cell(value)) for label, value in pairs]
    return Facts(tuple((label, value) for label, value in made if value.text))
