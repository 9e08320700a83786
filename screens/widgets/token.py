"""Where a token is typed or pasted: shown as dots, and nothing can be taken out of it again."""

from __future__ import annotations

from typing import ClassVar

from textual.selection import Selection as Marked
from textual.widgets import Input
from textual.widgets.input import Selection

from launchready_tui.secret import Secret

_MOST = 4_000  # characters; ours


class TokenInput(Input):
    """A password field out of which nothing is copied, cut or selected. `take` hands its value over once."""

    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, password=True, compact=True, max_length=_MOST, select_on_focus=False)

    def take(self) -> Secret:
        """What was typed, as a Secret; the field is empty afterwards."""
        taken = Secret(self.value.strip())
        self.clear()
        return taken

    def validate_selection(self, selection: Selection) -> Selection:
        """A cursor and never a stretch: what cannot be marked cannot be copied."""
        return Selection.cursor(super().validate_selection(selection).end)

    @property
    def selected_text(self) -> str:
        return ""

    def get_selection(self, selection: Marked) -> tuple[str, str] | None:
        return None

    def action_copy(self) -> None:
        """Nothing is copied out of here."""

    def action_cut(self) -> None:
        """Nothing is cut out of here."""
