"""The six automations on one page: which are on, what each costs; one key switches one or all on, one takes it back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Button, Static

from launchready_tui.automations import NAMES, Automation, State
from launchready_tui.questions import QUESTIONS, Question
from launchready_tui.session import Session
from screens._hub import Hub
from screens._page import Dialog, launch_ready
from screens._problems import PROBLEMS, told
from screens.dialogs.copy import CopyScreen
from screens.dialogs.plan import PlanDialog
from screens.widgets.rows import Row, Rows

_SOMEONE = "the founder"  # who did it, where no name was given; never proposed as a name
_FACES = {
    State.ON: ("✓", "on", "good"),
    State.CHANGED: ("!", "changed", "poor"),
    State.ELSEWHERE: ("✓", "on", "good"),
    State.OFF: ("✗", "off", "bad"),
    State.NOT_HERE: ("-", "not here", "quiet"),
    State.UNKNOWN: ("?", "unknown", "ask"),
}


def automation_row(each: Automation) -> Row:
    """One automation. A sign and a word say how it stands."""
    glyph, word, tone = _FACES[each.state]
    note = {State.ELSEWHERE: "by another way", State.OFF: "", State.ON: each.path}.get(each.state, "")
    return Row(each.name, glyph, word, tone, each.title, note)


class AutomationsDialog(Dialog[None]):
    """enter: switch it on, or answer; a: all that can be written; u: take it back; y: answer by hand; g: GitHub or
    GitLab, where the repository does not say it. `put` asks a question."""

    AUTO_FOCUS: ClassVar[str | None] = "Rows"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "switch", "Switch on", show=False),
        Binding("a", "all", "All", show=False),
        Binding("u", "undo", "Take back", show=False),
        Binding("y", "answer", "It is on elsewhere", show=False),
        Binding("g", "forge", "GitHub or GitLab", show=False),
    ]

    def __init__(self, session: Session, hub: Hub, put: Callable[[Question], Awaitable[None]]) -> None:
        super().__init__("What runs by itself")
        self._session, self._hub, self._put = session, hub, put
        self.listed: dict[str, Automation] = {}
        self._loading = self._again = False

    def body(self) -> ComposeResult:
        yield Static(id="said", classes="quiet")
        yield Rows(id="automations", empty="Reading your code folder …")
        yield Static(id="about")

    def buttons(self) -> ComposeResult:
        yield Button("Switch on", id="switch", variant="primary")
        yield Button("All (a)", id="all")
        yield Button("Take back (u)", id="undo")
        yield Button("Answer (y)", id="answer")
        yield Button("Close", id="cancel")

    def on_mount(self) -> None:
        self._load()

    # ---- showing ----
    def show_changes(self, changed: frozenset[str] | None) -> None:
        """A look has ended or a file was written: read the folder again."""
        if not self._hub.writing and (changed is None or any(id.startswith("deploy.") for id in changed)):
            self._load()

    def _load(self) -> None:
        """Read the folder; where it is being read, once more after that: a look that streams must not starve it."""
        if self._loading:
            self._again = True
        else:
            self._loading = True
            self._read()

    @work(group="automations")
    async def _read(self) -> None:
        try:
            self._again = True
            while self._again:
                self._again = False
                self._show(await self._session.automations())
        except PROBLEMS as problem:
            self.problem(told(problem))
        finally:
            self._loading = False

    def _show(self, listed: Iterable[Automation]) -> None:
        first = not self.listed
        self.listed = {each.name: each for each in listed}
        rows = self.query_one("#automations", Rows)
        if first:
            rows.show([automation_row(each) for each in self.listed.values()])
        else:
            for each in self.listed.values():
                rows.change(automation_row(each))
        running = sum(each.state in (State.ON, State.CHANGED, State.ELSEWHERE) for each in self.listed.values())
        said = f"{running} of {len(self.listed)} are on. Each file is shown before it is written."
        self.query_one("#said", Static).update(Content(said))
        self._about(rows.current or NAMES[0])

    def _about(self, id: str) -> None:
        each = self.listed.get(id)
        if each is None:
            self.query_one("#about", Static).update(Content(""))
            return
        parts: list[tuple[str, str]] = [(f"{each.say}\n", "")]
        parts += [("Costs      ", "bold"), (f"{each.cost}\n", ""), ("Take back  ", "bold"), (each.back, "")]
        for step in each.steps:
            parts += [("\nBy hand    ", "bold"), (step, "")]
        self.query_one("#about", Static).update(Content.assemble(*parts))

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        self.problem("")
        self._about(event.id)

    @on(Rows.Opened)
    def _opened(self) -> None:
        self.action_switch()

    # ---- keys and mouse ----
    def on_button_pressed(self, event: Button.Pressed) -> None:
        match event.button.id:
            case "switch":
                self.action_switch()
            case "all":
                self.action_all()
            case "undo":
                self.action_undo()
            case "answer":
                self.action_answer()

    def _current(self) -> Automation | None:
        return self.listed.get(self.query_one("#automations", Rows).current or "")

    @work(exclusive=True, group="switch")
    async def action_switch(self) -> None:
        """Write the file of the row after showing it; where a person has to do it, ask whether it is done."""
        each = self._current()
        if each is None:
            return
        if each.state in (State.ON, State.ELSEWHERE):
            self.problem(f"It is on. {each.say}")
        elif each.name == "logs" or each.fix is None:
            await self._ask(each)
        else:
            await self._plan([each.name])

    @work(exclusive=True, group="switch")
    async def action_all(self) -> None:
        await self._plan(NAMES)

    async def _plan(self, names: Iterable[str]) -> None:
        app = launch_ready(self)
        if self._hub.writing:
            self.problem("Something is being written right now.")
            return
        try:
            plan = await self._session.plan_automations(names)
        except PROBLEMS as problem:
            self.problem(told(problem))
            return
        said = await app.push_screen_wait(PlanDialog(plan, who=app.who))
        if said is None:
            return
        app.who = said.who or app.who
        if said.verb == "copy":
            text = "\n".join(value for step in plan.steps for value in step.after.values)
            app.push_screen(CopyScreen(text, "the file" if len(plan.steps) == 1 else "the files"))
            return
        self.problem("")
        self._hub.apply(plan, said.who or _SOMEONE)

    @work(exclusive=True, group="switch")
    async def action_undo(self) -> None:
        each = self._current()
        change = self._session.automation_change(each.name) if each is not None else None
        if change is None:
            self.problem("It was not switched on from here, so there is nothing to take back.")
            return
        app = launch_ready(self)
        try:
            plan = await self._session.undo_plan(change.number)
        except PROBLEMS as problem:
            self.problem(told(problem))
            return
        said = await app.push_screen_wait(PlanDialog(plan, who=app.who, undo=True))
        if said is not None:
            app.who = said.who or app.who
            self.problem("")
            self._hub.undo(change, said.who or _SOMEONE)

    @work(exclusive=True, group="switch")
    async def action_answer(self) -> None:
        each = self._current()
        if each is not None:
            await self._ask(each)

    async def _ask(self, each: Automation) -> None:
        question = QUESTIONS.get(each.question)
        if question is None:
            self.problem(each.say)
            return
        await self._put(question)
        self._load()

    def action_forge(self) -> None:
        """Where nothing says where the repository is kept, one or the other; else it goes by the repository."""
        if self._session.forge is None and not any("names no place" in each.say for each in self.listed.values()):
            self.problem("Your repository says itself where it is kept.")
            return
        self._session.forge = "gitlab" if self._session.forge in (None, "github") else "github"
        self._load()
