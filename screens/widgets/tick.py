"""A box to tick whose state is a sign: [x] or [ ]."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Checkbox


class Tick(Checkbox):
    """textual's own box shows an X in both states and differs by colour alone."""

    @property
    def _button(self) -> Content:
        return Content("[x]" if self.value else "[ ]")
