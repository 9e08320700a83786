"""The line of keys at the foot: only what applies now, each a button for the mouse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual import events
from textual.content import Content
from textual.widget import Widget


class Hint(NamedTuple):
    """`key` as it is written, `label` what it does now, `action` what a click runs."""

    key: str
    label: str
    action: str


class Keys(Widget):
    """Hints, the most helpful first. Those of `always` keep their place; of the others, as many as fit."""

    def __init__(self, *hints: Hint, always: Sequence[Hint] = ()) -> None:
        super().__init__()
        self._hints, self._always = tuple(hints), tuple(always)
        self._places: list[tuple[int, int, str]] = []

    @property
    def hints(self) -> tuple[Hint, ...]:
        return (*self._hints, *self._always)

    def show(self, hints: Sequence[Hint], always: Sequence[Hint]) -> None:
        if (tuple(hints), tuple(always)) != (self._hints, self._always):
            self._hints, self._always = tuple(hints), tuple(always)
            self.refresh()

    def render(self) -> Content:
        def size(hint: Hint) -> int:
            return len(hint.key) + len(hint.label) + 3

        room = self.size.width - sum(size(hint) for hint in self._always)
        shown: list[Hint] = []
        for hint in self._hints:
            if size(hint) <= room:
                shown.append(hint)
                room -= size(hint)
        parts: list[tuple[str, str]] = []
        self._places, at = [], 0
        for hint in (*shown, *self._always):
            parts += [(f"{hint.key} ", "bold $text-accent"), (f"{hint.label}  ", "")]
            self._places.append((at, at + size(hint) - 2, hint.action))
            at += size(hint)
        return Content.assemble(*parts)

    async def on_click(self, event: events.Click) -> None:
        for start, end, action in self._places:
            if start <= event.x < end:
                await self.screen.run_action(action)
