"""One message: does it prove that it is yours? The sentence first, then everything that it rests on."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Button

from launchready_tui.proofs import Proof
from screens._page import Dialog, launch_ready
from screens._proof import KINDS, describe_proof
from screens.widgets.detail import Detail


class ProofDialog(Dialog[str | None]):
    """Up, down and space read on; x comes back with "remove"."""

    AUTO_FOCUS: ClassVar[str | None] = "Detail"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "cancel", "Close", show=False),
        Binding("space", "more", "Read on", show=False),
        Binding("x,delete", "remove", "Take it off", show=False),
    ]

    def __init__(self, proof: Proof) -> None:
        super().__init__(f"{KINDS[proof.kind]}: is it yours?")
        self._proof = proof

    def body(self) -> ComposeResult:
        yield Detail(id="proof")

    def buttons(self) -> ComposeResult:
        yield Button("Close", id="cancel", variant="primary")
        yield Button("Take it off the list (x)", id="remove")

    def on_mount(self) -> None:
        self.mask_changed()

    def mask_changed(self) -> None:
        proof, masked = self._proof, launch_ready(self).masked
        self.query_one(Detail).show(
            lambda width: Content.assemble(describe_proof(proof, width, masked=masked)), top=False
        )

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "remove":
            self.action_remove()

    def action_more(self) -> None:
        self.query_one(Detail).more()

    def action_remove(self) -> None:
        self.dismiss("remove")
