"""The panel beside the list: as much as fits, the rest by scrolling."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static


class Detail(VerticalScroll):
    """Shows one thing, drawn anew for every width by the function it was given."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._draw: Callable[[int], Content] = lambda width: Content("")
        self._shown: Content | None = None

    def compose(self) -> ComposeResult:
        yield Static()

    @property
    def shown(self) -> str:
        """The words that are shown."""
        return self._shown.plain if self._shown is not None else ""

    def show(self, draw: Callable[[int], Content], *, top: bool = True) -> None:
        """Show something else (`top`), or the same thing as it is now."""
        self._draw = draw
        if top:
            self.scroll_home(animate=False)
        self._fill()

    def _fill(self) -> None:
        if not self.is_mounted:
            return
        content = self._draw(max(self.scrollable_content_region.width, 20))
        if self._shown is None or not content.is_same(self._shown):
            self._shown = content
            self.query_one(Static).update(Content.assemble(content))

    def on_resize(self, event: events.Resize) -> None:
        self._fill()

    def reveal(self, line: str) -> None:
        """Scroll to a line of exactly this text, unless all from there on is in sight."""
        lines = self._shown.plain.split("\n") if self._shown else []
        if line in lines and len(lines) > self.scrollable_content_region.height:
            self.scroll_to(y=lines.index(line), animate=False)

    def more(self) -> None:
        """Scroll on by a page; from the end, back to the top."""
        if self.scroll_y >= self.max_scroll_y:
            self.scroll_home(animate=False)
        else:
            self.scroll_page_down(animate=False)
