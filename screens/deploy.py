"""Deployment: one way from code to live, and a way back."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from launchready_tui.model import Stage
from screens._deploying import Deploying
from screens.widgets.keys import Hint


class DeployScreen(Deploying):
    """Stage four."""

    STAGE = Stage.DEPLOY
    TITLE_LINE = "Deploy"
    INTRO = "one way from code to live, and a way back."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("A", "app.automations", "What runs by itself", show=False),
    ]

    def best(self) -> Hint | None:
        return self.own_best() or super().best()

    def hints(self) -> list[Hint]:
        first, *rest = super().hints()
        return [first, *self.own_hints(), Hint("A", "Automations", "app.automations"), *rest]
