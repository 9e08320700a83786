"""Home: your launches and how they stand, a new one, and the practice startup."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from launchready_tui import limits
from launchready_tui.text import plural
from screens._page import Page, launch_ready
from screens._problems import PROBLEMS, told
from screens._words import now
from screens.widgets.keys import Hint, Keys
from screens.widgets.rows import Row, Rows
from screens.widgets.top import Top

if TYPE_CHECKING:
    from launchready_tui.desk import Desk
    from launchready_tui.workspace import Summary

NEW, PRACTICE = "+new", "+practice"
_ABOUT = {
    NEW: "Type the domain that people will type. We only look: you see every change before it is made.",
    PRACTICE: (
        "A made-up startup on this computer, with what most often goes wrong at a launch. Find it, fix it, take a fix "
        "back: nothing real can break."
    ),
}

_WELCOME = (
    "Type one domain. We look at what the world sees, say in plain words what would go wrong at launch, fix what can "
    "be fixed with one key (you see the change first), and end in a handover that says who owns what."
)
_ALWAYS = (Hint("?", "Help", "app.help"),)


class HomeScreen(Page):
    """Opens a launch. Nothing is ever deleted here. The list is read in slices, so that hundreds of launches hold up no
    key; it is shown when all of it is there."""

    AUTO_FOCUS: ClassVar[str | None] = "Rows"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", show=False),
        Binding("plus,a", "new", "A new launch", show=False),
        Binding("z", "archive", "Archive", show=False),
        Binding("v", "archived", "Archived launches", show=False),
        Binding("escape", "back", "Back", show=False),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._archived = False  # which list is shown
        self._reading: Iterator[Summary] = iter(())
        self._found: list[Summary] = []
        self._summaries: dict[str, Summary] = {}

    def compose(self) -> ComposeResult:
        yield Top()
        yield Static(Content(_WELCOME), id="welcome")
        yield Rows(id="projects", empty="Reading your launches …")
        yield Static(id="about")
        yield Keys(always=_ALWAYS)

    def on_mount(self) -> None:
        self.query_one("#welcome").display = False
        self.reload()

    def on_screen_resume(self) -> None:
        self.reload()

    def on_resize(self, event: events.Resize) -> None:
        if self._summaries:
            self._show()

    @property
    def current(self) -> Summary | None:
        """The launch under the cursor."""
        return self._summaries.get(self.query_one("#projects", Rows).current or "")

    # ---- reading ----
    def reload(self) -> None:
        """Read the list anew; the practice startup comes first while there is nothing else."""
        self._found = []
        try:
            self._reading = self._desk.reading(archived=self._archived)
        except PROBLEMS as problem:
            self._reading = iter(())
            self.notify(told(problem), markup=False, severity="error", timeout=15)
        self._read_on(self._reading)

    def _read_on(self, reading: Iterator[Summary]) -> None:
        """One slice; keys are heard before the next."""
        if reading is not self._reading:
            return  # the list was asked for anew meanwhile
        until = time.monotonic() + limits.LIST_SLICE_SECONDS
        for summary in reading:
            self._found.append(summary)
            if time.monotonic() > until:
                self.set_timer(0.001, lambda: self._read_on(reading))
                return
        if self._found:
            from launchready_tui.listing import in_order

            self._found = list(in_order(self._found, now()))
        self._summaries = {summary.domain: summary for summary in self._found}
        self._show()

    # ---- showing ----
    def _show(self) -> None:
        rows, head, tone = list[Row](), "", "quiet"
        projects = self.query_one("#projects", Rows)
        if self._summaries:  # an empty home is painted without them
            from screens._launches import headline, launch_rows

            rows = launch_rows(self._summaries.values(), projects.size.width or self.app.size.width)
            head, tone = headline(self._summaries.values())
        self.query_one("#welcome").display = not rows and not self._archived
        projects.show(rows if self._archived else self._with_doors(rows))
        title = "Your launches" if rows else "Welcome"
        if self._archived:
            title = f"Archived: {plural(len(rows), 'launch', 'launches')}"
        self.query_one(Top).show(title, "" if self._archived else head, tone)
        self._show_keys()
        self._about(projects.current)

    def _with_doors(self, rows: list[Row]) -> list[Row]:
        """The launches, with what else can be opened."""
        new = Row(NEW, "+", "", "busy", "A new launch", "type a domain")
        practised = self._desk.practised()
        said = practised.line.partition(" Next: ")[0].rstrip(".") if practised and practised.line else ""
        note = "nothing real can break" + (f" · {said}" if said else ": start here if you are new")
        practice = Row(PRACTICE, "○", "", "busy", "Practice startup", note)
        return [*rows, new, practice] if rows else [practice, new]

    def _show_keys(self) -> None:
        mine = self.current is not None
        hints = [] if self._archived else [Hint("enter", "Open", "open"), Hint("+", "A new launch", "new")]
        if mine:
            hints.append(Hint("z", "Bring back" if self._archived else "Archive", "archive"))
            hints.append(Hint("b", "Work log", "app.worklog"))
        hints.append(Hint("v", "Your launches" if self._archived else "Archived", "archived"))
        hints += [Hint("F2", "Mask", "app.mask"), Hint("ctrl+q", "Leave", "app.leave")]
        self.query_one(Keys).show(hints, _ALWAYS)

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        self._show_keys()
        self._about(event.id)

    def _about(self, id: str | None) -> None:
        about = self.query_one("#about", Static)
        row = next((row for row in self.query_one("#projects", Rows).rows if row.id == id), None)
        if row is None:
            nothing = "Nothing is archived. v goes back to your launches." if self._archived else ""
            about.update(Content(nothing))
            return
        summary = self._summaries.get(row.id)
        if summary is None:
            _, *more = row.note.split(" · ")
            lines, name = [_ABOUT[row.id], *(f"{line}." for line in more)], row.title
        else:
            from screens._launches import launch_lines

            lines = launch_lines(summary)
            other = summary.unicode not in ("", summary.domain)
            name = f"{summary.unicode}, written {summary.domain}" if other else summary.domain
        about.update(Content.assemble((f"{name}\n", "bold"), "\n".join(lines)))

    # ---- acting ----
    @on(Rows.Opened)
    def _opened(self) -> None:
        self.action_open()

    def action_back(self) -> None:
        """From the archived ones to the launches; from these to the launch that is open, if one is."""
        app = launch_ready(self)
        if self._archived:
            self.action_archived()
        elif app.session is not None:
            app.action_back_to_stage()

    def action_new(self) -> None:
        if self._archived:
            self.action_archived()
        self.query_one("#projects", Rows).go(NEW)
        self._open(NEW)

    def action_archived(self) -> None:
        """Show what is put aside, or the others again."""
        self._archived = not self._archived
        self.reload()

    @work(exclusive=True, group="dialog")
    async def action_archive(self) -> None:
        """Put the launch under the cursor aside, or bring it back."""
        summary, app = self.current, launch_ready(self)
        if summary is None:
            self.notify("Only a launch of yours can be archived.", markup=False)
            return
        name = summary.domain
        try:
            if self._archived:
                self._desk.restore(name)
                said = f"{name} is back among your launches."
            else:
                if app.session is not None and app.session.project.domain == name:
                    if app.hub is not None and app.hub.writing:
                        self.notify("A change is being written; archive it in a moment.", markup=False)
                        return
                    await app.close_session()
                self._desk.archive(name)
                said = (
                    f"{name} is archived: not looked at, not shown. Nothing was deleted; v shows it, z brings it back."
                )
        except PROBLEMS as problem:
            self.notify(told(problem), markup=False, severity="error", timeout=15)
            return
        self.notify(said, markup=False, timeout=8)
        self.reload()

    def action_open(self) -> None:
        current = self.query_one("#projects", Rows).current
        if current is not None:
            self._open(current)

    @work(exclusive=True, group="dialog")
    async def _open(self, current: str) -> None:
        app = launch_ready(self)
        if app.session is not None and current == (PRACTICE if app.session.practice else app.session.project.domain):
            app.action_back_to_stage()
            return
        if app.hub is not None and app.hub.writing:
            self.notify("A change is being written; open another launch in a moment.", markup=False)
            return
        try:
            if current == NEW:
                from screens.dialogs.new import NewDialog

                typed = await app.push_screen_wait(NewDialog(tuple(self._summaries)))
                if typed is None:
                    return
                await app.close_session()
                session = await self._desk.new(typed.domain, typed.repo, typed.like)
                unasked = session.project.subs is None or typed.like is not None
                app.open_session(session, fresh=not session.outcomes and unasked)
                return
            if self._archived:
                self.notify("It is archived: z brings it back, then enter opens it.", markup=False)
                return
            await app.close_session()
            if current == PRACTICE:
                self.notify("Starting the practice startup …", markup=False, timeout=2)
                app.open_session(await self._desk.practice())
                return
            app.open_session(await self._desk.open(current))
            return
        except PROBLEMS as problem:
            self.notify(told(problem), markup=False, severity="error", timeout=15)
