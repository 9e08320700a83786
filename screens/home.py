"""Home: your launches and how they stand, a new one, and the practice startup."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from screens._page import Page, launch_ready
from screens._problems import PROBLEMS, told
from screens._words import ago, day
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


def project_row(summary: Summary) -> Row:
    """One launch: its name, where it stands, and what comes next."""
    if summary.problem:
        return Row(summary.domain, "?", "", "poor", summary.unicode or summary.domain, summary.problem)
    verdict, _, after = summary.line.partition(" Next: ")
    ready = verdict.startswith("Ready")
    glyph, tone = ("✓", "good") if ready else ("✗", "bad") if verdict.startswith("Not ready") else ("-", "quiet")
    looked = f"looked {ago(summary.looked)}" if summary.looked else "not looked at yet"
    if summary.exported:
        looked = f"handed over {day(summary.exported)}"
    step = summary.next or after.partition(". ")[0]
    said = f"{verdict.rstrip('.')} · {looked}" + (f" · next: {step}" if step else "")
    return Row(summary.domain, glyph, "", tone, summary.unicode or summary.domain, said)


class HomeScreen(Page):
    """Opens a launch. Nothing is ever deleted here."""

    AUTO_FOCUS: ClassVar[str | None] = "Rows"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", show=False),
        Binding("plus,a", "new", "A new launch", show=False),
        Binding("escape", "back", "Back", show=False),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk

    def compose(self) -> ComposeResult:
        yield Top()
        yield Static(Content(_WELCOME), id="welcome")
        yield Rows(id="projects")
        yield Static(id="about")
        yield Keys(
            Hint("enter", "Open", "open"),
            Hint("+", "A new launch", "new"),
            Hint("F2", "Mask", "app.mask"),
            Hint("ctrl+q", "Leave", "app.leave"),
            always=(Hint("?", "Help", "app.help"),),
        )

    def on_mount(self) -> None:
        self.reload()

    def on_screen_resume(self) -> None:
        self.reload()

    def reload(self) -> None:
        """Read the list anew; the practice startup comes first while there is nothing else."""
        try:
            projects = self._desk.projects()
        except PROBLEMS as problem:
            projects = ()
            self.notify(told(problem), markup=False, severity="error", timeout=15)
        rows = [project_row(summary) for summary in projects]
        self.query_one("#welcome").display = not rows
        new = Row(NEW, "+", "", "busy", "A new launch", "type a domain")
        practised = self._desk.practised()
        said = practised.line.partition(" Next: ")[0].rstrip(".") if practised and practised.line else ""
        note = "nothing real can break" + (f" · {said}" if said else ": start here if you are new")
        practice = Row(PRACTICE, "○", "", "busy", "Practice startup", note)
        self.query_one("#projects", Rows).show([*rows, new, practice] if rows else [practice, new])
        self.query_one(Top).show("Your launches" if rows else "Welcome")

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        row = next((row for row in self.query_one("#projects", Rows).rows if row.id == event.id), None)
        if row is not None:
            said = [line for line in row.note.split(" · ") if line]
            name = row.title if row.title == row.id or row.id in (NEW, PRACTICE) else f"{row.title}, written {row.id}"
            told = [_ABOUT[row.id], *said[1:]] if row.id in _ABOUT else said
            text = "\n".join(f"{line[:1].upper()}{line[1:]}".rstrip(".") + "." for line in told)
            self.query_one("#about", Static).update(Content.assemble((f"{name}\n", "bold"), text))

    @on(Rows.Opened)
    def _opened(self) -> None:
        self.action_open()

    def action_back(self) -> None:
        """Back to the launch that is open, if one is."""
        app = launch_ready(self)
        if app.session is not None:
            app.action_back_to_stage()

    def action_new(self) -> None:
        self.query_one("#projects", Rows).go(NEW)
        self.action_open()

    @work(exclusive=True, group="dialog")
    async def action_open(self) -> None:
        current = self.query_one("#projects", Rows).current
        app = launch_ready(self)
        if current is None:
            return
        if app.session is not None and current == (PRACTICE if app.session.practice else app.session.project.domain):
            app.action_back_to_stage()
            return
        if app.hub is not None and app.hub.writing:
            self.notify("A change is being written; open another launch in a moment.", markup=False)
            return
        try:
            if current == NEW:
                from screens.dialogs.new import NewDialog

                typed = await app.push_screen_wait(NewDialog())
                if typed is None:
                    return
                await app.close_session()
                session = await self._desk.new(typed.domain, typed.repo)
                app.open_session(session, fresh=not session.outcomes and session.project.subs is None)
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
