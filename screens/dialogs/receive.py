"""Somebody else's handover: whose it is, what its signature is worth, and what would be stored, before anything is."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from launchready_tui.handover.receiving import Received
from launchready_tui.handover.signing import Outcome
from launchready_tui.text import clean, listed
from screens._page import SaveDialog
from screens.widgets.tick import Tick

# Only a key that is known is ever green.
_MARKS: dict[Outcome, tuple[str, str]] = {
    "known": ("✓ ", "$text-success"),
    "unknown-key": ("? ", "$text-warning"),
    "altered": ("✗ ", "$text-error"),
    "unsigned": ("? ", "$text-warning"),
    "malformed": ("✗ ", "$text-error"),
}


class Yes(NamedTuple):
    """A yes to a handover. `owners`: who holds what goes into the keyring, too."""

    owners: bool


class ReceiveDialog(SaveDialog[Yes | None]):
    """Comes back with a yes, or None: then nothing was stored. A launch that is there already wants a tick more."""

    AUTO_FOCUS: ClassVar[str | None] = "Tick, Button"
    SAVES: ClassVar[str] = "Make the launch"

    def __init__(self, received: Received, *, known: bool) -> None:
        super().__init__("A handover")
        self._received, self._known = received, known

    def body(self) -> ComposeResult:
        received = self._received
        standing = clean(received.handover.product.standing)
        yield Static(Content(received.whose), classes="lead")
        if standing:
            yield Static(Content(f"It said then: {standing}"), classes="quiet")
        mark, style = _MARKS[received.verdict.outcome]
        yield Static(Content.assemble((mark, style), received.verdict.say), id="signature", classes="lead")
        yield Static("What would be stored", classes="heading first")
        yield Static(Content(received.stored), classes="inset")
        if received.kept:
            yield Static(Content(received.kept), classes="inset")
        if received.left:
            left = f"Not taken over: {listed(list(received.left), most=8)}."
            yield Static(Content(left), classes="inset quiet")
        yield Static(Content(received.asked), classes="quiet")
        if self._known:
            said = f"{received.project.domain} is one of your launches already. What you said there counts on."
            yield Static(Content.assemble(("! ", "$text-warning"), said), classes="heading")
            yield Tick("Put the addresses of this handover in place of mine", False, id="replace", compact=True)
        if received.owners:
            # In place of names that are there already only with a tick of its own.
            yield Tick("Keep who holds what in my keyring", not self._known, id="owners", compact=True)

    def action_save(self) -> None:
        if self._known and not self.query_one("#replace", Tick).value:
            self.problem("Tick that its addresses may take the place of yours, or leave it with “Not now”.")
            self.query_one("#replace", Tick).focus()
            return
        owners = bool(self._received.owners) and self.query_one("#owners", Tick).value
        self.dismiss(Yes(owners))
