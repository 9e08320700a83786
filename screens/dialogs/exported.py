"""What export wrote and where, or why it refused."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from launchready_tui.session import Exported
from screens._page import Dialog

# What each file is for; every other one is a stage's report.
_ABOUT = {
    "handover.toml": "everything, for programs: launchready verify reads it",
    "handover.toml.sig": "who signed it",
    "handover.schema.json": "what the file may hold",
    "handover.html": "everything, to read and to print",
    "handover.md": "everything, for a wiki",
    "expiries.ics": "a calendar of all that runs out",
    "risks.md": "what is open, the worst first",
}


class ExportedDialog(Dialog[None]):
    """Lists the files, with the result of the self-scan in words."""

    AUTO_FOCUS: ClassVar[str | None] = "#cancel"

    def __init__(self, exported: Exported) -> None:
        super().__init__("Export refused" if exported.hits else "Exported")
        self._exported = exported

    def body(self) -> ComposeResult:
        exported = self._exported
        if exported.hits:
            yield Static(
                Content.assemble(("✗ ", "$text-error"), "Nothing was written: a secret stands in these fields."),
                classes="lead",
            )
            for hit in exported.hits:
                yield Static(Content(f"  {hit}"))
            yield Static("Take it out there, make a new secret where it came from, and export again.", classes="quiet")
            return
        yield Static(Content.assemble(("✓ ", "$text-success"), "Self-scan: no secret found."), classes="lead")
        yield Static(Content(f"In {exported.folder}"))
        wide = max((len(path.name) for path in exported.paths), default=0)
        for path in exported.paths:
            about = _ABOUT.get(path.name, "the report of a stage" if path.suffix == ".md" else "")
            yield Static(Content.assemble(f"  {path.name.ljust(wide)}  ", (about, "$text-muted")))
        if exported.signed is not None:
            made = "A key was made for it, and stays where your names and tokens are. " if exported.signed.made else ""
            yield Static(Content(f"Signed. {made}The six words of your key: {exported.signed.words}"))
        elif exported.unsigned:
            yield Static(Content(exported.unsigned), classes="quiet")
        yield Static("Give it to whoever takes over. It can be checked again months later: y.", classes="quiet")
