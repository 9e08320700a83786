"""The keys, and the words: what each term means, searched as it is typed."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from launchready_tui.glossary import ALIASES, TERMS, terms_in
from screens import _page
from screens._detail import Lines
from screens._page import Dialog

KEYS = (
    ("enter", "the next helpful thing for the row: fix, answer, or look again"),
    ("t", "to the next step, wherever it is"),
    ("f  u", "fix it (the change is shown first; by hand where no host is connected), take the change back"),
    ("h  j", "connect your DNS host or web host, every change that was made (take any back)"),
    ("r  R  g  s", "look again at the row, the stage, everything; stop looking"),
    ("a  e  k", "answer, ask someone, accept the risk"),
    ("c  o  v", "copy the value, open the page, show the evidence"),
    ("i  l  m", "the stage's signs, the risk list, the map"),
    ("z", "in the DNS stage: what each record is for, the subdomain plan, the redirects with their proof"),
    ("d  x", "your addresses, export the handover"),
    ("M  F", "in the email stage: messages of yours and what they prove, try a reset and an invite out"),
    ("W  T  P", "in the email stage: who may send, what SPF costs as a tree, the DMARC plan with its days"),
    ("S", "in the handover: the product's keys and passwords by name, and who left"),
    ("y", "verify the handover: what changed since, and the receiver's name to it"),
    ("b", "the work log: who did what and when, for an invoice"),
    ("z  v", "at home: archive a launch (nothing is deleted), show the archived ones"),
    ("n  p  1-7  0", "next stage, the one before, a stage by number, home"),
    ("/  w  space", "filter the rows, put the worst first, read on"),
    ("F2  ctrl+t", "mask addresses and names for a shared screen, dark or light"),
    ("ctrl+p  ctrl+q", "everything by name, leave (all is saved)"),
)


class HelpDialog(Dialog[None]):
    """Shows the keys and the glossary; the words that stand in `about`, what is on the screen, come first."""

    def __init__(self, about: str = "") -> None:
        super().__init__("Help")
        self._here = terms_in(about)

    def body(self) -> ComposeResult:
        yield from _page.field("search", "Look up a word", "", "DMARC, CNAME, origin …")
        yield Static(id="found")

    def on_mount(self) -> None:
        self.call_after_refresh(self._find, "")

    @on(Input.Changed, "#search")
    def _typed(self, event: Input.Changed) -> None:
        self._find(event.value)

    def _find(self, typed: str) -> None:
        wanted = typed.strip().lower()
        lines = Lines(self.query_one("#body").scrollable_content_region.width - 1)
        keys = [(key, what) for key, what in KEYS if wanted in f"{key} {what}".lower()]
        if self._here and not wanted:
            lines.text("Words on your screen", "bold")
            for term in self._here:
                lines.item(term, TERMS[term])
            lines.gap()
        if keys:
            lines.text("Keys", "bold")
            for key, what in keys:
                lines.item(key, what)
            lines.gap()
        also = [ALIASES[alias] for alias in ALIASES if wanted and alias.lower().startswith(wanted)]
        words = sorted(TERMS.items(), key=lambda each: each[0].lower())
        # A term that starts with what was typed comes before one that only speaks of it.
        hits = [each for each in words if each[0].lower().startswith(wanted) or each[0] in also]
        hits += [each for each in words if each not in hits and wanted in f"{each[0]} {each[1]}".lower()]
        if hits:
            lines.text("Words", "bold")
        for term, text in hits:
            lines.item(term, text)
        if not keys and not hits:
            lines.text("No key and no word like that.")
        self.query_one("#found", Static).update(Content.assemble(lines.content()))
        self.query_one("#body").scroll_home(animate=False)
