"""Every change that was made: number, when, who, what became of it, and its lines; any of them can be taken back."""

from __future__ import annotations

from typing import ClassVar, Literal, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from launchready_tui.fixes.model import Change, ChangeState, Plan, StepState
from launchready_tui.session import Session
from screens._hub import Hub
from screens._page import Dialog
from screens._words import ago
from screens.dialogs.plan import STYLES
from screens.widgets.rows import Row, Rows

_SIGNS: dict[StepState, str] = {"planned": "…", "written": "✓", "not written": "-", "unknown": "?"}


class Wish(NamedTuple):
    """What to do with a change: take it back, go on with the rest of it, or show what it was made for."""

    verb: Literal["undo", "go on", "show"]
    change: Change


def state_of(change: Change, hub: Hub) -> tuple[str, str]:
    """(sign, words) for what became of a change."""
    watched = hub.watching.get(change.check)
    if watched is not None and watched.number == change.number:
        return "…", "on its way"
    if change.check in hub.writing and change.state in (ChangeState.INTENDED, ChangeState.UNDOING):
        return "…", "being written"
    if change.partial:
        return "!", "made in part"
    match change.state:
        case ChangeState.APPLIED:
            return ("✓", "arrived") if change.arrived else ("✓", "written")
        case ChangeState.BY_HAND:
            return ("✓", "arrived") if change.arrived else ("…", "by hand")
        case ChangeState.UNDONE:
            return "-", "taken back"
        case ChangeState.FAILED:
            return "✗", "not made"
    return "?", "cut off"


def can_undo(change: Change) -> bool:
    """True where something of it may be there."""
    gone = change.state is ChangeState.UNDONE or (change.state is ChangeState.FAILED and not change.done)
    return not gone


class ChangesDialog(Dialog[Wish | None]):
    """The newest first. Comes back with what to do with one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "undo", "Take it back", show=False),
        Binding("f", "onward", "Go on with it", show=False),
        Binding("enter", "show", "Show its row", show=False),
        Binding("space", "more", "Read on", show=False),
    ]

    def __init__(self, session: Session, hub: Hub) -> None:
        super().__init__("Changes")
        self._session, self._hub = session, hub

    def body(self) -> ComposeResult:
        yield Rows(id="changes", weights=(0, 0, 0, 0, 1), empty="No change was made yet.")
        with VerticalScroll(id="change", can_focus=False):
            yield Static(id="about")

    def buttons(self) -> ComposeResult:
        if self._session.changes:
            yield Button("Take it back", id="undo", variant="primary")
            yield Button("Go on with it", id="onward")
            yield Button("Show its row", id="show")
        yield Button("Close", id="cancel")

    def on_mount(self) -> None:
        rows = [Row("heading", cells=("", "When", "Who", "State", "What"), heading=True)]
        rows += [self._row(change) for change in reversed(self._session.changes)]
        self.query_one(Rows).show(rows if len(rows) > 1 else [])

    def _row(self, change: Change) -> Row:
        sign, words = state_of(change, self._hub)
        cells = (f"{change.number}", ago(change.at), change.who[:16], f"{sign} {words}", change.title)
        return Row(f"{change.number}", cells=cells)

    def show_changes(self, changed: frozenset[str] | None) -> None:
        """Something was found, written or seen: the rows say how it is now."""
        if self.query(Rows):
            for change in self._session.changes:
                if changed is None or change.check in changed:
                    self.query_one(Rows).change(self._row(change))
            self._about()

    def _change(self) -> Change | None:
        current = self.query_one(Rows).current
        return next((one for one in self._session.changes if f"{one.number}" == current), None)

    @on(Rows.Moved)
    def _moved(self) -> None:
        self.query_one("#change").scroll_home(animate=False)
        self._about()

    def _about(self) -> None:
        """The lines of the change under the cursor, each record with what became of it."""
        change = self._change()
        if change is None:
            return
        at = change.at.astimezone()
        parts: list[tuple[str, str]] = [
            (f"At {change.place}, {at:%H:%M}, {at.day} {at:%b %Y}, by {change.who}.\n", "$foreground-muted")
        ]
        if change.say:
            parts.append((f"{change.say}\n", "$text-warning"))
        for at_step, step in enumerate(change.steps):
            state = change.state_of(at_step)
            parts.append((f"{_SIGNS[state]} {step.label}: {state}\n", "bold"))
            lines = Plan(change.check, change.title, change.place, (step,)).lines()
            parts += [(f"  {sign} {text}\n", STYLES[sign]) for sign, text in lines]
        self.query_one("#about", Static).update(Content.assemble(*parts))
        self.query_one("#undo").display = can_undo(change)
        self.query_one("#onward").display = change.partial

    def on_button_pressed(self, event: Button.Pressed) -> None:
        match event.button.id:
            case "undo":
                self.action_undo()
            case "onward":
                self.action_onward()
            case "show":
                self.action_show()

    @on(Rows.Opened)
    def _opened(self) -> None:
        self.action_show()

    def action_undo(self) -> None:
        change = self._change()
        if change is None:
            return
        if not can_undo(change):
            self.problem(f"Nothing of change {change.number} is there, so there is nothing to take back.")
            return
        self.dismiss(Wish("undo", change))

    def action_onward(self) -> None:
        change = self._change()
        if change is None:
            return
        if not change.partial:
            self.problem(f"Change {change.number} is not one that was made in part.")
            return
        self.dismiss(Wish("go on", change))

    def action_show(self) -> None:
        change = self._change()
        if change is not None:
            self.dismiss(Wish("show", change))

    def action_more(self) -> None:
        box = self.query_one("#change", VerticalScroll)
        if box.scroll_y >= box.max_scroll_y:
            box.scroll_home(animate=False)
        else:
            box.scroll_page_down(animate=False)
