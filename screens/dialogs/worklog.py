"""The work log: who did what and when on one launch, in this sitting or ever, to be written down for an invoice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Static

from launchready_tui.desk import Desk
from launchready_tui.worklog import Item, Sitting
from launchready_tui.worklog_text import heading, markdown, summary, took
from screens._page import Dialog
from screens._problems import PROBLEMS, told
from screens.widgets.rows import Row, Rows

VIEWS = ("sitting", "today", "all")
_NAMES = {"sitting": "This sitting", "today": "Today", "all": "Everything"}


class WorklogDialog(Dialog[None]):
    """What the journal of `domain` holds since `began`, when the wizard was opened; left and right show more of it."""

    AUTO_FOCUS: ClassVar[str | None] = "Rows"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn(-1)", "Less", show=False),
        Binding("right", "turn(1)", "More", show=False),
        Binding("w", "write", "Write it down", show=False),
    ]

    def __init__(self, desk: Desk, domain: str, began: dt.datetime) -> None:
        super().__init__(f"Work log: {domain}")
        self._desk, self._domain, self._began = desk, domain, began
        self._view = VIEWS[0]
        self._sittings: Sequence[Sitting] = ()
        self._items: dict[str, Item] = {}

    def body(self) -> ComposeResult:
        with Horizontal(id="views"):
            for view in VIEWS:
                yield Button(Content(_NAMES[view]), id=f"view-{view}", compact=True)
        yield Static(id="said", classes="quiet")
        yield Rows(id="items", weights=(0, 0, 1, 0), empty="Nothing was done yet.")
        yield Static(id="item")

    def buttons(self) -> ComposeResult:
        yield Button("Write it down (w)", id="write", variant="primary")
        yield Button("Close", id="cancel")

    def on_mount(self) -> None:
        for button in self.query("#views Button"):
            button.can_focus = False  # left and right turn; the keys stay with the rows
        self.show_view()

    def _since(self) -> dt.datetime | None:
        if self._view == "all":
            return None
        if self._view == "today":
            return dt.datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        return self._began

    def show_view(self) -> None:
        """Read the journal from where the chosen view begins."""
        try:
            self._sittings = self._desk.worklog(self._domain, self._since())
        except PROBLEMS as problem:
            self._sittings = ()
            self.problem(told(problem))
        for view in VIEWS:
            button = self.query_one(f"#view-{view}", Button)
            chosen = view == self._view
            button.label = Content(f"▸{_NAMES[view]}" if chosen else f" {_NAMES[view]}")
            button.set_class(chosen, "-primary")
        self.query_one("#said", Static).update(Content(summary(self._sittings)))
        self.query_one("#write", Button).display = bool(self._sittings)
        self._items = {}
        rows: list[Row] = []
        for at, sitting in enumerate(self._sittings):
            rows.append(Row(f"sitting-{at}", title=heading(sitting), heading=True))
            for number, item in enumerate(sitting.items):
                self._items[f"{at}-{number}"] = item
                cells = (f"{item.at.astimezone():%H:%M}", item.who[:16], item.what, took(item))
                rows.append(Row(f"{at}-{number}", cells=cells))
        self.query_one("#items", Rows).show(rows)
        self._about(self.query_one("#items", Rows).current)

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        self._about(event.id)

    def _about(self, id: str | None) -> None:
        item = self._items.get(id or "")
        self.query_one("#item", Static).update(Content(item.what if item is not None else ""))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        pressed = event.button.id or ""
        if pressed == "write":
            self.action_write()
        elif pressed.startswith("view-"):
            self._view = pressed.removeprefix("view-")
            self.show_view()

    def action_turn(self, by: int) -> None:
        self._view = VIEWS[(VIEWS.index(self._view) + by) % len(VIEWS)]
        self.show_view()

    def action_write(self) -> None:
        """Keep what is shown as Markdown, beside the exports of the launch."""
        if not self._sittings:
            self.problem("Nothing was done in this time, so there is nothing to write down.")
            return
        try:
            path = self._desk.write_worklog(self._domain, markdown(self._domain, self._sittings))
        except PROBLEMS as problem:
            self.problem(told(problem))
            return
        self.problem("")
        self.app.notify(f"Written: {path}", markup=False, timeout=12)
