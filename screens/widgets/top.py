"""The first line: whose launch this is, and where it stands."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from screens.widgets.rows import fit


class Top(Widget):
    """Product and domain at the left, the verdict at the right: with a sign before it, for screens without colour."""

    def __init__(self) -> None:
        super().__init__()
        self._launch, self._verdict, self._tone = "launchready", "", "quiet"

    def show(self, name: str, verdict: str = "", tone: str = "quiet") -> None:
        if (name, verdict, tone) != (self._launch, self._verdict, self._tone):
            self._launch, self._verdict, self._tone = name, verdict, tone
            self.refresh()

    def render(self) -> Content:
        width = self.size.width
        most = max(width // 2, width - 32)
        verdict = self._verdict if cell_len(self._verdict) <= most else self._verdict.partition(". ")[0]
        verdict = fit(verdict, min(cell_len(verdict), most))
        room = width - cell_len(verdict) - 1
        brand = "launchready  " if room >= cell_len(self._launch) + 13 else ""
        style = {"bad": "bold $text-error", "good": "bold $text-success"}.get(self._tone, "bold")
        left = [(brand, "$foreground-muted"), (fit(self._launch, room - len(brand)) + " ", "bold")]
        return Content.assemble(*left, (verdict, style))
