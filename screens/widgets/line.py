"""One line of text, cut with an ellipsis where it does not fit."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from screens.widgets.rows import fit


class Line(Widget):
    """Shows one sentence at its own width."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._text = ""

    @property
    def text(self) -> str:
        return self._text

    def show(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.refresh()

    def render(self) -> Content:
        return Content(fit(self._text, self.size.width))
