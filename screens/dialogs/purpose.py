"""What one record is for, and who says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from launchready_tui import limits
from launchready_tui.purposes import enough
from launchready_tui.recordlist import Noted
from screens import _page
from screens._page import SaveDialog
from screens._written import record_words


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote down."""

    text: str
    who: str


class PurposeDialog(SaveDialog[Written | None]):
    """Comes back with the words, or None. What the record says by itself is proposed."""

    SAVES: ClassVar[str] = "Write it down"

    def __init__(self, record: Noted, *, who: str = "") -> None:
        super().__init__("What is this record for?")
        self._record, self._who = record, who or record.who

    def body(self) -> ComposeResult:
        each = self._record
        yield Static(Content.assemble(record_words(each)), classes="lead")
        known = "" if each.by == "ask" else each.text
        yield from _page.field("purpose", "It is for", known, "sends our newsletter")
        yield from _page.field("who", "Said by", self._who, "your name")
        yield Static("Whoever set it up knows. What nobody needs any more can go.", classes="quiet")

    def action_save(self) -> None:
        text = self.need("purpose", "Say what it is for, or leave it for now.")
        if text is None:
            return
        if not enough(text):
            self.problem(f"Say it in {limits.PURPOSE_WORDS} words or more: who comes next knows nothing about it.")
            return
        who = self.need("who", "Say who says so: a name that the team knows.")
        if who is not None:
            self.dismiss(Written(text, who))
