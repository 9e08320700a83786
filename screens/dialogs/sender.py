"""Which sender is to be added: one of those that we know, or the name that another asks to include."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Button, Input, Static

from launchready_tui.senders import SenderGuide, guide, guides
from screens import _page
from screens._page import Dialog
from screens.widgets.rows import Row, Rows

_KINDS = {"inbox": "inboxes of people", "app": "mail of the product", "newsletter": "newsletters"}


def guide_row(one: SenderGuide) -> Row:
    """One service, and what it asks for."""
    asks = f"include:{one.include}" if one.include else "its own return path"
    return Row(one.id, title=one.name, note=f"{_KINDS[one.kind]}, asks for {asks}")


class SenderDialog(Dialog[str | None]):
    """Comes back with the id of a service, or a host or an address as it was typed."""

    AUTO_FOCUS: ClassVar[str | None] = "Rows"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "Choose", show=False)]

    def __init__(self) -> None:
        super().__init__("Who is to send mail for you?")

    def body(self) -> ComposeResult:
        yield Rows(id="guides")
        yield Static(id="about")
        yield from _page.field("other", "Another", "", "the name that it asks you to include, or an IP address")

    def buttons(self) -> ComposeResult:
        yield Button("Show the change", id="choose", variant="primary")
        yield Button("Close", id="cancel")

    def on_mount(self) -> None:
        self.query_one(Rows).show(guide_row(one) for one in guides())
        self._about(self.query_one(Rows).current or "")

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        self._about(event.id)

    def _about(self, id: str) -> None:
        one = guide(id)
        said = f"{one.dmarc_say} Its page: {one.path}." if one is not None else ""
        self.query_one("#about", Static).update(Content(said))

    @on(Rows.Opened)
    def _opened(self) -> None:
        self.action_choose()

    @on(Input.Submitted, "#other")
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        event.prevent_default()
        self.action_choose()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "choose":
            self.action_choose()

    def action_choose(self) -> None:
        typed = self.value("other")
        self.dismiss(typed or self.query_one(Rows).current)
