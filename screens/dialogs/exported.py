"""What export wrote and where, or why it refused."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from launchready_tui.session import Exported
from screens._page import Dialog


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
        for path in exported.paths:
            yield Static(Content(f"  {path.name}"))
        if exported.signed is not None:
            made = "A key was made for it, and stays where your names and tokens are. " if exported.signed.made else ""
            yield Static(Content(f"Signed. {made}The six words of your key: {exported.signed.words}"))
        elif exported.unsigned:
            yield Static(Content(exported.unsigned), classes="quiet")
        yield Static("Give it to whoever takes over. It can be checked again months later: y.", classes="quiet")
