"""The deployment map: how a visitor reaches the product, with what nobody knows yet marked."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from launchready_tui.session import Session
from screens._page import Dialog


class MapDialog(Dialog[None]):
    """Draws the map as wide as the window allows."""

    AUTO_FOCUS: ClassVar[str | None] = "#cancel"

    def __init__(self, session: Session) -> None:
        super().__init__("The map: what points to what")
        self._session = session

    def body(self) -> ComposeResult:
        yield Static(id="map")
        yield Static(
            "Drawn from what we found. A ? is something that nobody has named yet; the handover stage (7) asks for it.",
            classes="quiet",
        )

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        width = max(20, self.query_one("#body").scrollable_content_region.width)
        lines = self._session.draw_map(width) or ["Not drawn yet: g looks at everything, and draws it."]
        self.query_one("#map", Static).update(Content("\n".join(lines)))
