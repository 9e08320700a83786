"""A change that a person makes: the rows to type into their own DNS panel, copied one by one, and then watched."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Button, Static

from launchready_tui.fixes.model import Plan
from launchready_tui.model import Fix
from screens import _page, _terminal
from screens._detail import Lines, at_panel
from screens._hand import lines_of
from screens._page import Dialog
from screens.dialogs.copy import CopyScreen
from screens.dialogs.plan import STYLES

_NARROW = 72  # cells of the box's inside where the window has 80 columns


class HandDialog(Dialog[str | None]):
    """Comes back with who made it, "" where no name was given, once it is to be watched; None where it is not.

    `watched` is the number of the change that is watched already: then it only shows what to type.
    """

    AUTO_FOCUS: ClassVar[str | None] = "#copy, #cancel"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy", "Copy", show=False),
        Binding("o", "open", "Open the page", show=False),
    ]

    def __init__(self, plan: Plan, fix: Fix, *, who: str = "", undo: bool = False, watched: int | None = None) -> None:
        super().__init__(plan.title if undo else f"By hand: {plan.title}")
        self._plan, self._fix, self._who, self._undo, self._watched = plan, fix, who, undo, watched
        self._lines = lines_of(plan, fix.panel)
        self._copied = 0

    def body(self) -> ComposeResult:
        plan = self._plan
        yield Static(Content(plan.summary), classes="lead")
        yield Static(id="rows")
        for note in plan.notes:
            yield Static(Content(note), classes="quiet")
        if plan.guard:
            yield Static(
                Content(f"This change is hard to live with if it is wrong: it takes much of {plan.guard} away."),
                classes="warn",
            )
        if self._watched is not None:
            yield Static(Content(f"It is watched as change {self._watched}."), classes="quiet")
            return
        yield Static(
            Content("We write nothing ourselves. Once you have saved it there, we look until every server answers it."),
            classes="quiet",
        )
        yield from _page.field("who", "Done by", self._who, "your name")

    def buttons(self) -> ComposeResult:
        if self._lines:
            yield Button("Copy", id="copy", variant="primary")
        if self._watched is None:
            said = "I have put it back: watch it" if self._undo else "I have put it in: watch it"
            yield Button(Content(said), id="watch")
        if self._fix.page:
            yield Button("Open page", id="open")
        yield Button("Not now" if self._watched is None else "Close", id="cancel")

    def on_mount(self) -> None:
        self._show()

    def on_resize(self) -> None:
        self._show()

    def _show(self) -> None:
        """The rows in columns where they fit; as plain lines of what comes and goes where no panel can be shown."""
        room = self.query_one("#body").scrollable_content_region.width - 1
        lines = Lines(room if room > 20 else _NARROW)
        if self._fix.panel is not None:
            at_panel(lines, self._fix.panel)
            lines.item("Where", self._fix.page)
        else:
            for sign, text in self._plan.lines():
                lines.text(f"{sign} {text}", STYLES[sign])
        self.query_one("#rows", Static).update(Content.assemble(lines.content()))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        match event.button.id:
            case "copy":
                self.action_copy()
            case "open":
                self.action_open()
            case "watch":
                self.dismiss(self.value("who"))

    def action_copy(self) -> None:
        """The exact value of one row, alone; the next press has the next row."""
        if not self._lines:
            self.problem("There is nothing to type here: something is to be deleted.")
            return
        at = self._copied % len(self._lines)
        value, what = self._lines[at]
        self._copied += 1
        many = f"Row {at + 1} of {len(self._lines)}, {what}. " if len(self._lines) > 1 else ""
        self.app.push_screen(CopyScreen(value, "the value", f"{many}Escape goes back to the rows."))

    def action_open(self) -> None:
        page = self._fix.page
        if not page:
            self.problem("We do not know the page of your DNS host.")
            return
        started = _terminal.open_page(page)
        said = "Opened in your browser." if started else "Open this address in your browser."
        self.app.push_screen(CopyScreen(page, "the address", said))
