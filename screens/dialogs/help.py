"""The keys, and the words: what each term means, searched as it is typed."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from launchready_tui.glossary import GLOSSARY
from screens import _page
from screens._page import Dialog

KEYS = (
    ("enter", "the next helpful thing for the row: fix, answer, or look again"),
    ("f  u", "fix it (the change is shown first), take the change back"),
    ("r  R  g  s", "look again at the row, the stage, everything; stop looking"),
    ("a  e  k", "answer, ask someone, accept the risk"),
    ("c  o  v", "copy the value, open the page, show the evidence"),
    ("i  l  m", "the stage's signs, the risk list, the map"),
    ("d  x", "your addresses, export the handover"),
    ("n  p  1-7  0", "next stage, the one before, a stage by number, home"),
    ("/  w  space", "filter the rows, put the worst first, read on"),
    ("F2  ctrl+t", "mask addresses and names for a shared screen, dark or light"),
    ("ctrl+p  ctrl+q", "everything by name, leave (all is saved)"),
)


class HelpDialog(Dialog[None]):
    """Shows the keys and the glossary."""

    def __init__(self) -> None:
        super().__init__("Help")

    def body(self) -> ComposeResult:
        yield from _page.field("search", "Look up a word", "", "DMARC, CNAME, origin …")
        yield Static(id="found")

    def on_mount(self) -> None:
        self._find("")

    @on(Input.Changed, "#search")
    def _typed(self, event: Input.Changed) -> None:
        self._find(event.value)

    def _find(self, typed: str) -> None:
        wanted = typed.strip().lower()
        parts: list[tuple[str, str] | str] = []
        keys = [(key, what) for key, what in KEYS if wanted in f"{key} {what}".lower()]
        for key, what in keys:
            parts += [(key.ljust(16), "bold $text-accent"), f"{what}\n"]
        if keys:
            parts.append("\n")
        words = [(term, text) for term, text in sorted(GLOSSARY.items(), key=lambda each: each[0].lower())]
        # A term that starts with what was typed comes before one that only speaks of it.
        hits = [each for each in words if each[0].lower().startswith(wanted)]
        hits += [each for each in words if each not in hits and wanted in f"{each[0]} {each[1]}".lower()]
        for term, text in hits:
            parts += [(f"{term}  ", "bold"), f"{text}\n"]
        if not keys and not hits:
            parts.append("No key and no word like that.")
        self.query_one("#found", Static).update(Content.assemble(*parts))
        self.query_one("#body").scroll_home(animate=False)
