"""The head of a stage: what it is for, what it leaves behind, and the three signs that it went wrong."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

from launchready_tui.deliverables import Deliverable
from launchready_tui.signals import Signal, State
from screens.widgets.rows import fit

SIGNS = {State.NOT: ("✓", "$text-success"), State.IS: ("✗", "$text-error"), State.UNSURE: ("?", "$text-accent")}


def signal_line(signal: Signal, width: int) -> list[tuple[str, str]]:
    """One signal in one line: the sign, the signal, and what is said of it."""
    sign, style = SIGNS[signal.state]
    room = width - 5 - len(signal.state.value)
    return [(f"{sign} {signal.state.value}: ", style), (fit(signal.text, room).rstrip(), ""), ("\n", "")]


class Bearings(Widget):
    """One line where there is little room, six where there is more."""

    def __init__(self, title: str, intro: str) -> None:
        super().__init__()
        self._title, self._intro = title, intro
        self._count = ""
        self._deliverable: Deliverable | None = None
        self._signals: tuple[Signal, ...] = ()

    def show(self, count: str, deliverable: Deliverable, signals: tuple[Signal, ...]) -> None:
        if (count, deliverable, signals) != (self._count, self._deliverable, self._signals):
            self._count, self._deliverable, self._signals = count, deliverable, signals
            self.refresh()

    def render(self) -> Content:
        width = self.size.width
        room = width - len(self._count) - 2
        head = fit(f"{self._title}: {self._intro}", room) + "  "
        parts = [(head[: len(self._title) + 2], "bold"), (head[len(self._title) + 2 :], ""), (self._count, "bold")]
        if self.size.height > 1 and self._deliverable is not None:
            text = f"Leaves behind: {self._deliverable.text[:1].lower()}{self._deliverable.text[1:]}"
            sign, style = ("✓", "$text-success") if self._deliverable.there else ("-", "$text-warning")
            parts += [("\n", ""), (fit(text, width) + "\n", "$foreground-muted")]
            parts += [(fit(f"{sign} {self._deliverable.line}", width) + "\n", style)]
            for signal in self._signals:
                parts += signal_line(signal, width)
        return Content.assemble(*parts)
