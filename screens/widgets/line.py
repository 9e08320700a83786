"""One line of text, cut with an ellipsis where it does not fit."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from screens.widgets.rows import fit


class Line(Widget):
    """Shows the longest of its sentences that fits. A click runs `action`."""

    def __init__(self, action: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._texts: tuple[str, ...] = ("",)
        self._action = action

    @property
    def text(self) -> str:
        return self._texts[0]

    def show(self, *texts: str) -> None:
        """Longest first; the last one is cut where it must be."""
        if texts != self._texts:
            self._texts = texts
            self.refresh()

    async def on_click(self) -> None:
        if self._action:
            await self.screen.run_action(self._action)

    def render(self) -> Content:
        width = self.size.width
        fits = next((text for text in self._texts if cell_len(text) <= width), self._texts[-1])
        return Content(fit(fits, width))
