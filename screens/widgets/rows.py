"""A list drawn line by line: a row changes in place, nothing moves under the reader, a thousand rows cost nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

_WORD = 8  # cells of the widest words, "CRITICAL" and "accepted"
_NOTE_LEAST = 30  # a note that would be narrower is left out


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `tone` picks the colour of glyph and word; `cells` make it a table row in place of title and note.

    A `heading` cannot be chosen. Where only one of title and note fits it is the title, but for `noted` rows.
    """

    id: str
    glyph: str = ""
    word: str = ""
    tone: str = "quiet"
    title: str = ""
    note: str = ""
    right: str = ""
    cells: tuple[str, ...] = ()
    heading: bool = False
    noted: bool = False


def fit(text: str, width: int) -> str:
    """`text` in exactly `width` cells, the cut shown by an ellipsis."""
    if width <= 0:
        return ""
    return set_cell_size(text, width) if cell_len(text) <= width else set_cell_size(text, width - 1) + "…"


class Rows(ScrollView, can_focus=True):
    """Rows with a cursor. `weights` share the width between the cells of table rows; 0 is as wide as it needs."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"rows--{tone}" for tone in ("bad", "poor", "good", "quiet", "ask", "busy", "title", "cursor", "chosen")),
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "edge(-1)", "First", show=False),
        Binding("end", "edge(1)", "Last", show=False),
    ]

    class Moved(Message):
        """The cursor is on another row."""

        def __init__(self, rows: Rows, id: str) -> None:
            super().__init__()
            self.rows, self.id = rows, id

        @property
        def control(self) -> Rows:
            return self.rows

    class Opened(Moved):
        """A row was double-clicked; the screen says what enter does."""

    def __init__(self, *, id: str | None = None, weights: Sequence[int] = (), empty: str = "Nothing here.") -> None:
        super().__init__(id=id)
        self._rows: list[Row] = []
        self._index: dict[str, int] = {}
        self._cursor = 0
        self.moved = False  # did the reader move the cursor? Until then it stands on the first row
        self._weights, self._empty = tuple(weights), empty
        self._drawn: dict[tuple[Row, int, int], Strip] = {}
        self._title, self._right = 28, 0
        self._needed: tuple[int, ...] = ()

    # ---- what it holds ----
    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(self._rows)

    @property
    def current(self) -> str | None:
        """The id of the row under the cursor."""
        if not 0 <= self._cursor < len(self._rows) or self._rows[self._cursor].heading:
            return None
        return self._rows[self._cursor].id

    def show(self, rows: Iterable[Row]) -> None:
        """Put all rows anew; the cursor stays on its row where that is still there."""
        before = self.current
        self._rows = list(rows)
        self._index = {row.id: at for at, row in enumerate(self._rows)}
        self._drawn.clear()
        self._title = max((cell_len(row.title) for row in self._rows if not row.cells and not row.heading), default=28)
        self._right = max((cell_len(row.right) for row in self._rows), default=0)
        self._needed = self._needs()
        self._cursor = self._index.get(before or "" if self.moved else "", self._first())
        self._resize()
        self.refresh()
        if self.current is not None and self.current != before:
            self.post_message(self.Moved(self, self.current))

    def change(self, row: Row) -> None:
        """Change one row in place; a row that is not shown is left alone."""
        at = self._index.get(row.id)
        if at is not None and self._rows[at] != row:
            self._rows[at] = row
            if cell_len(row.right) > self._right:  # notes end in one line, in every row
                self._right = cell_len(row.right)
                self._drawn.clear()
                self.refresh()
            self.refresh_line(at)

    def go(self, id: str) -> bool:
        """Move the cursor to a row; False where it is not shown."""
        at = self._index.get(id)
        if at is None:
            return False
        self._move_to(at)
        return True

    def _needs(self) -> tuple[int, ...]:
        """What the columns of weight 0 need, a gap after each; 0 for the others."""
        tables = [row.cells for row in self._rows if row.cells]
        return tuple(
            0 if weight else max((cell_len(cells[at]) for cells in tables if at < len(cells)), default=0) + 2
            for at, weight in enumerate(self._weights)
        )

    def _first(self) -> int:
        return next((at for at, row in enumerate(self._rows) if not row.heading), 0)

    # ---- moving ----
    def _move_to(self, at: int) -> None:
        if not 0 <= at < len(self._rows) or self._rows[at].heading or at == self._cursor:
            return
        self.moved = True
        before, self._cursor = self._cursor, at
        self.refresh_line(before)
        self.refresh_line(at)
        top = 0 if at == self._first() else at  # the headings over the first row come into sight with it
        self.scroll_to_region(Region(0, top, 1, at - top + 1), animate=False, x_axis=False)
        self.post_message(self.Moved(self, self._rows[at].id))

    def action_move(self, by: int) -> None:
        at = self._cursor + by
        while 0 <= at < len(self._rows) and self._rows[at].heading:
            at += by
        self._move_to(at)

    def action_page(self, by: int) -> None:
        at = min(max(self._cursor + by * max(1, self.size.height - 1), 0), len(self._rows) - 1)
        while 0 < at < len(self._rows) - 1 and self._rows[at].heading:
            at += by
        self._move_to(max(at, self._first()))

    def action_edge(self, by: int) -> None:
        self._move_to(self._first() if by < 0 else len(self._rows) - 1)

    def on_click(self, event: events.Click) -> None:
        at = event.y + round(self.scroll_y)
        if 0 <= at < len(self._rows) and not self._rows[at].heading:
            self._move_to(at)
            if event.chain == 2:
                self.post_message(self.Opened(self, self._rows[at].id))

    # ---- drawing ----
    def _resize(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, max(1, len(self._rows)))

    def on_resize(self, event: events.Resize) -> None:
        self._resize()

    def on_focus(self) -> None:
        self.refresh_line(self._cursor)

    def on_blur(self) -> None:
        self.refresh_line(self._cursor)

    def notify_style_update(self) -> None:
        self._drawn.clear()
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        at, width = y + round(self.scroll_y), self.size.width
        if not self._rows and at == 0:
            return Strip([Segment(fit(f"  {self._empty}", width), self.get_component_rich_style("rows--quiet"))], width)
        if at >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        cursor = (2 if self.has_focus else 1) if at == self._cursor else 0
        key = (self._rows[at], width, cursor)
        if key not in self._drawn:
            if len(self._drawn) > 2_000:  # a long sitting with a ticking row
                self._drawn.clear()
            self._drawn[key] = self._draw(*key)
        return self._drawn[key]

    def _tone(self, name: str, cursor: int) -> Style:
        style = self.get_component_rich_style(f"rows--{name}")
        if not cursor:
            return style
        over = self.get_component_rich_style("rows--cursor" if cursor == 2 else "rows--chosen")
        return style + Style(bgcolor=over.bgcolor, bold=over.bold or None)

    def _draw(self, row: Row, width: int, cursor: int) -> Strip:
        mark, title, quiet = (self._tone(name, cursor) for name in (row.tone, "title", "quiet"))
        # The cursor is a sign as well as a colour: it must be seen without colours.
        lead = Segment("▌" if cursor else " ", self._tone("busy" if cursor == 2 else "quiet", cursor))
        if row.heading and not row.cells:
            return Strip([lead, Segment(fit(row.title, width - 1), quiet)], width)
        if row.cells:
            return Strip([lead, *self._cells(row, width - 1, mark, title, quiet)], width)
        parts = [lead, Segment(f"{fit(row.glyph, 1)} ", mark)] if row.glyph else [lead]
        used = 3 if row.glyph else 1
        if row.word:
            parts.append(Segment(fit(row.word, _WORD) + " ", mark))
            used += _WORD + 1
        keep = self._right + 2 if self._right else 0
        room = width - used - keep
        noted = row.note and room >= self._title + _NOTE_LEAST
        if not noted:  # no note whose end would have to be in line with the others
            keep = cell_len(row.right) + 2 if row.right else 0
            room = width - used - keep
        lead_title = min(self._title, room // 2 + 6) + 2 if noted else room
        lead_text = row.note if row.noted and row.note and not noted else row.title
        parts.append(Segment(fit(lead_text, lead_title - 1) + " ", title))
        if lead_title < room:
            parts.append(Segment(fit(row.note, room - lead_title - 1) + " ", quiet))
        if keep:
            parts += [Segment(" " * (keep - 1 - cell_len(row.right)), quiet), Segment(row.right + " ", quiet)]
        return Strip(parts).adjust_cell_length(width, title)

    def _cells(self, row: Row, width: int, mark: Style, title: Style, quiet: Style) -> list[Segment]:
        weights = self._weights or (1,) * len(row.cells)
        total, parts, used = max(1, sum(weights)), [], 0
        shared = max(0, width - sum(self._needed))
        for at, (cell, weight) in enumerate(zip(row.cells, weights, strict=False)):
            last = at == len(row.cells) - 1
            size = width - used if last else shared * weight // total if weight else self._needed[at]
            style = quiet if row.heading else title if at == 0 else mark if cell.startswith("?") else title
            parts.append(Segment(fit(cell, size - 1) + " ", style))
            used += size
        return parts
