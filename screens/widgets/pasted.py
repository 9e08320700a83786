"""An input that takes a whole message as well as a line: what is pasted over several lines is handed on whole."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import Input

from launchready_tui.dropped import is_message


class PathInput(Input):
    """Textual's own input keeps the first line of what is pasted and drops the rest."""

    class Whole(Message):
        """The text of a message was pasted."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def _on_paste(self, event: events.Paste) -> None:
        if is_message(event.text):
            event.prevent_default()
            event.stop()
            self.post_message(self.Whole(event.text))
