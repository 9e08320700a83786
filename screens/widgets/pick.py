"""One of a few words, in one line: left, right and space turn it, a click turns it on. For fields that take options."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from screens.widgets.rows import fit

_NOT_SAID = ("", "not said")


class Pick(Widget, can_focus=True):
    """`options` are (value, label); "" is always one of them, as "not said" or as `unsaid` has it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space", "turn(1)", "The next", show=False),
        Binding("left", "turn(-1)", "The one before", show=False),
    ]

    class Turned(Message):
        """Another word was chosen."""

        def __init__(self, pick: Pick) -> None:
            super().__init__()
            self.pick = pick

        @property
        def control(self) -> Pick:
            return self.pick

    def __init__(
        self, options: Sequence[tuple[str, str]], value: str = "", *, id: str | None = None, unsaid: str = ""
    ) -> None:
        super().__init__(id=id)
        self._options = ((_NOT_SAID[0], unsaid or _NOT_SAID[1]), *options)
        self._at = next((at for at, (one, _) in enumerate(self._options) if one == value), 0)

    @property
    def value(self) -> str:
        return self._options[self._at][0]

    @value.setter
    def value(self, value: str) -> None:
        self._at = next((at for at, (one, _) in enumerate(self._options) if one == value), 0)
        self.refresh()

    def action_turn(self, by: int) -> None:
        self._at = (self._at + by) % len(self._options)
        self.refresh()
        self.post_message(self.Turned(self))

    async def on_click(self, event: events.Click) -> None:
        """On the arrow at the left it goes back, anywhere else on."""
        self.focus()
        self.action_turn(-1 if event.x < 2 else 1)

    def render(self) -> Content:
        text = f"◂ {self._options[self._at][1]} ▸"
        return Content(fit(text, self.size.width))
