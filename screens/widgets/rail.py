"""The seven stages and how each stands: one line where the window is narrow, a column where it is wide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from launchready_tui.model import Stage
from screens._faces import StageState

NAMES: dict[Stage, str] = {
    Stage.AUDIT: "Audit",
    Stage.DNS: "DNS",
    Stage.EDGE: "Edge",
    Stage.DEPLOY: "Deploy",
    Stage.PERFORMANCE: "Speed",
    Stage.EMAIL: "Email",
    Stage.HANDOVER: "Handover",
}
TONES = {
    "bad": "bold $text-error",
    "poor": "$text-warning",
    "good": "$text-success",
    "quiet": "$foreground-muted",
    "ask": "$text-accent",
    "busy": "$text-primary",
}
_LINES_A_STAGE = 3  # in the column: name, state, gap


class _Place(NamedTuple):
    stage: Stage
    start: int
    end: int


class Rail(Widget):
    """Shows the stages; a click asks for one."""

    class Chosen(Message):
        def __init__(self, stage: Stage) -> None:
            super().__init__()
            self.stage = stage

    def __init__(self, here: Stage) -> None:
        super().__init__()
        self._here = here
        self._states: Sequence[StageState] = ()
        self._places: list[_Place] = []

    def show(self, states: Sequence[StageState]) -> None:
        if states != self._states:
            self._states = states
            self.refresh()

    def render(self) -> Content:
        if not self._states:
            return Content("")
        return self._column() if self.size.height > 3 else self._line()

    def _line(self) -> Content:
        parts: list[tuple[str, str]] = []
        self._places = []
        stages = list(zip(Stage, self._states, strict=True))
        full = sum(len(NAMES[stage]) + len(state.short) + 4 for stage, state in stages) <= self.size.width + 2
        at = 0
        for stage, state in stages:
            name = f"{stage.number} {NAMES[stage]}" if full or stage is self._here else f"{stage.number}"
            text = f"{name}{state.short}"
            self._places.append(_Place(stage, at, at + len(text)))
            here = "reverse bold" if stage is self._here else ""
            parts += [(name, here), (state.short, here or TONES[state.tone]), ("  ", "")]
            at += cell_len(text) + 2
        return Content.assemble(*parts)

    def _column(self) -> Content:
        width = self.size.width
        parts: list[tuple[str, str]] = []
        self._places = []
        for stage, state in zip(Stage, self._states, strict=True):
            at = (stage.number - 1) * _LINES_A_STAGE
            self._places.append(_Place(stage, at, at + _LINES_A_STAGE))
            name = f" {stage.number} {NAMES[stage]}".ljust(width)[:width]
            glyph = state.short[:1]
            parts += [(f"{name}\n", "reverse bold" if stage is self._here else "bold")]
            parts += [("  ", ""), (f"{glyph} {state.words}"[: width - 2] + "\n", TONES[state.tone])]
            parts += [(f"  {state.way}"[:width] + "\n", TONES["busy"])]
        return Content.assemble(*parts)

    def on_click(self, event: events.Click) -> None:
        at = event.y if self.size.height > 3 else event.x
        for place in self._places:
            if place.start <= at < place.end:
                self.post_message(self.Chosen(place.stage))
