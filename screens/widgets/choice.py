"""One of several answers, whose state is a sign: (•) or ( ), and an arrow where the cursor is."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import RadioButton


class Choice(RadioButton):
    """textual's own button shows a dot in both states and differs by colour alone."""

    @property
    def _button(self) -> Content:
        here = "▸" if self.has_class("-selected") else " "
        return Content(f"{here}(•)" if self.value else f"{here}( )")
