"""What stands on the screen while the window is too small for anything else."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from launchready_tui import limits


class TooSmall(Static):
    """Covers the screen below the least size (launchready.tcss says when)."""

    def __init__(self) -> None:
        super().__init__(
            Content(
                f"This window is too small. Make it at least {limits.SCREEN_COLUMNS} columns wide and "
                f"{limits.SCREEN_ROWS} lines high. Nothing is lost. Ctrl+Q leaves."
            )
        )
