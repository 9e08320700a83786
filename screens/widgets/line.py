"""One line of text, cut with an ellipsis where it does not fit."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from screens.widgets.rows import fit


class Line(Widget):
    """Shows one sentence at its own width. A click runs `action`."""

    def __init__(self, action: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._text, self._action = "", action

    @property
    def text(self) -> str:
        return self._text

    def show(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.refresh()

    async def on_click(self) -> None:
        if self._action:
            await self.screen.run_action(self._action)

    def render(self) -> Content:
        return Content(fit(self._text, self.size.width))
