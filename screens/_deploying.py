"""What the keys of the deploy stage do beside those of every stage: build, write and try the document, rehearse."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType

from launchready_tui import limits
from launchready_tui.model import Status
from screens._page import launch_ready
from screens._problems import PROBLEMS, told
from screens._stage import StageScreen
from screens.dialogs.copy import CopyScreen
from screens.widgets.keys import Hint

if TYPE_CHECKING:
    from screens.dialogs.stopwatch import StopwatchDialog

_SOMEONE = "the founder"  # who did it, where no name was given
BUILD, DOCUMENT, REHEARSAL = "deploy.build.clean", "deploy.doc.tenminute", "deploy.rollback.rehearsed"
_TRIED = "deploy.tried"


class Deploying(StageScreen):
    """The actions; `DeployScreen` is the stage."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("B", "build", "Build it from a fresh copy", show=False),
        Binding("D", "document", "The deploy document", show=False),
        Binding("T", "time", "Try it with a stopwatch", show=False),
    ]

    def own_best(self) -> Hint | None:
        """What enter does for the rows that have a dialog of their own; None for the others."""
        check, finding = self.check(), self.finding()
        if check is None or finding is None or self.session.read_only:
            return None
        if check.id == BUILD and finding.status not in (Status.PASS, Status.INFO):
            return (
                None if finding.status.open and self.session.can_fix(check.id) else Hint("enter", "Build it", "build")
            )
        if check.id == DOCUMENT and finding.status.open:
            return (
                Hint("enter", "Try it", "time") if finding.question == _TRIED else Hint("enter", "Write it", "document")
            )
        if check.id == REHEARSAL and finding.status not in (Status.PASS, Status.INFO):
            return Hint("enter", "Rehearse it", "time")
        return None

    def own_hints(self) -> list[Hint]:
        """The keys of the row under the cursor, beside what enter does."""
        check, finding = self.check(), self.finding()
        if check is None or finding is None or finding.status is Status.INFO or self.session.read_only:
            return []
        keys = {
            BUILD: [Hint("B", "Build", "build")],
            DOCUMENT: [Hint("D", "Document", "document"), Hint("T", "Stopwatch", "time")],
            REHEARSAL: [Hint("T", "Stopwatch", "time")],
        }
        return keys.get(check.id, [])

    # ---- the build ----
    @work(exclusive=True, group="dialog")
    async def action_build(self) -> None:
        """The commands, a yes to them, the log as it runs, what came of it."""
        from screens.dialogs.build import BuildDialog

        try:
            self.session.may_write()
        except PROBLEMS as problem:
            self.say(told(problem))
            return
        checks = await self.app.push_screen_wait(BuildDialog(self.session))
        if checks:
            self.hub.look(checks, group="look-build")

    # ---- the document ----
    @work(exclusive=True, group="dialog")
    async def action_document(self) -> None:
        """Change the text until it is right, see what is written, and write it: that can be taken back."""
        from screens.dialogs.document import DocumentDialog
        from screens.dialogs.plan import PlanDialog

        app = launch_ready(self)
        try:
            path, text = await self._patiently(self.session.document_text(), "Reading your code folder …")
        except PROBLEMS as problem:
            self.say(told(problem))
            return
        new = await app.push_screen_wait(DocumentDialog(path, text, self.session.no_secret))
        if new is None:
            return
        try:
            plan = await self._patiently(self.session.plan_document(path, new), "Asking what is there now …")
        except PROBLEMS as problem:
            self.say(told(problem))
            return
        said = await app.push_screen_wait(PlanDialog(plan, who=app.who))
        if said is None:
            return
        app.who = said.who or app.who
        if said.verb == "copy":
            app.push_screen(CopyScreen(new, "the document"))
            return
        self.hub.apply(plan, said.who or _SOMEONE)

    # ---- the stopwatch ----
    @work(exclusive=True, group="dialog")
    async def action_time(self) -> None:
        """Try the document, or rehearse the way back: whichever row the cursor is on."""
        check = self.check()
        if check is not None and check.id == DOCUMENT:
            await self._try_document()
        else:
            await self._rehearse()

    async def _rehearse(self) -> None:
        from screens.dialogs.stopwatch import StopwatchDialog, Task

        way = await self.session.way_back()
        steps = way.steps if way is not None else ("Put the version before this one live again at your host.",)
        stays = f"It does not bring back: {'; '.join(way.not_restored)}." if way is not None else ""
        task = Task(
            "rollback.rehearsal",
            "rehearsed",
            f"Rehearse the way back{f' at {way.label}' if way is not None else ''}",
            (*steps, "Open the home page and sign in once. Stop the clock, then go forward again."),
            limits.ROLLBACK_MINUTES_SOUND,
            "steps",
            "Command or page",
            way.place if way is not None else "",
            stays,
        )
        await self._timed(StopwatchDialog(task, self.session.answers.newest(task.question), who=launch_ready(self).who))

    async def _try_document(self) -> None:
        from screens.dialogs.stopwatch import StopwatchDialog, Task

        task = Task(
            _TRIED,
            "tried",
            "Try the deploy document",
            (
                "Sit beside somebody who does not usually deploy. Give them the document, and nothing else.",
                "Start the clock. They put a small change live, and see that it works.",
                "Say nothing. Write down what they ask, and stop the clock when it is live.",
            ),
            limits.DOCUMENT_MINUTES,
            "person",
            "Who tried it",
            "",
            "What they had to ask goes into the document (D).",
        )
        await self._timed(StopwatchDialog(task, self.session.answers.newest(task.question), who=launch_ready(self).who))

    async def _timed(self, dialog: StopwatchDialog) -> None:
        app = launch_ready(self)
        said = await app.push_screen_wait(dialog)
        if said is None:
            return
        app.who = said.who or app.who
        try:
            checks = self.session.answer(said.question, said.choice, said.who, fields=said.fields)
        except PROBLEMS as problem:
            self.say(told(problem))
            return
        self.hub.look(checks, group=f"look-answer-{said.question}")
