"""What the keys of a row do: look again, fix, undo, answer, ask, accept, copy, open. Each shows before it acts."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from launchready_tui.fixes.model import ChangeState
from launchready_tui.model import Status
from launchready_tui.questions import QUESTIONS, Question
from screens import _terminal
from screens._changing import Changing
from screens._detail import value_of
from screens._page import launch_ready
from screens._problems import PROBLEMS, told
from screens.dialogs.accept import AcceptDialog
from screens.dialogs.answer import AnswerDialog
from screens.dialogs.ask import AskDialog
from screens.dialogs.consent import ConsentDialog
from screens.dialogs.copy import CopyScreen
from screens.widgets.keys import Hint


class Actions(Changing):
    """The actions on one check. The screen says which is under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "help_on", "Next step", show=False),
        Binding("a", "answer", "Answer", show=False),
        Binding("c", "copy", "Copy the value", show=False),
        Binding("o", "open", "Open the page", show=False),
        Binding("e", "ask", "Ask someone", show=False),
        Binding("k", "accept", "Accept the risk", show=False),
        Binding("r", "look_row", "Look again", show=False),
    ]

    def question(self) -> Question | None:
        check, finding = self.check(), self.finding()
        name = (finding.question if finding else None) or (check.question if check else None)
        return QUESTIONS.get(name) if name else None

    def consent(self) -> str | None:
        """Which of project.ALLOWED would let the check look; None where it does not wait for a yes."""
        check, finding = self.check(), self.finding()
        if check is None or finding is None or finding.status is not Status.UNKNOWN:
            return None
        return None if check.consent in self.session.project.allowed else check.consent

    # ---- what helps most ----
    def best(self) -> Hint | None:
        """What enter does for this row."""
        check, finding = self.check(), self.finding()
        if check is None:
            return None
        if finding is None:
            return Hint("enter", "Look", "help_on")
        needs = finding.needs or ""
        under_way = check.id in self.hub.writing or check.id in self.hub.watching
        watched = self.hub.watching.get(check.id)
        if watched is not None and watched.state is ChangeState.BY_HAND:
            return Hint("enter", "What to type", "fix")
        if finding.status.open and self.session.can_fix(check.id) and not under_way:
            return Hint("enter", "Fix it", "fix")
        if finding.status.open and self.by_hand() and not under_way:
            return Hint("enter", "Fix by hand", "fix")
        if finding.status is Status.UNKNOWN and "owns" in needs:
            return Hint("enter", "Name owners", "app.owners")
        if self.question() is not None and finding.status is not Status.PASS:
            return Hint("enter", "Answer", "answer")
        if self.consent():
            return Hint("enter", "Say yes or no", "consent")
        if finding.status is Status.UNKNOWN and ("address" in needs or "folder" in needs or "subdomain" in needs):
            return Hint("enter", "Give it", "app.addresses")
        return Hint("enter", "Look again", "look_row")

    async def action_help_on(self) -> None:
        best = self.best()
        if best is not None:
            await self.run_action("look_row" if best.action == "help_on" else best.action)

    # ---- looking ----
    def action_look_row(self) -> None:
        check = self.check()
        if check is not None:
            self.hub.look_at(check)

    # ---- people ----
    @work(exclusive=True, group="dialog")
    async def action_answer(self) -> None:
        question = self.question()
        if question is not None:
            await self.put(question)

    async def put(self, question: Question) -> None:
        """Ask a question, keep the answer, look again at what it bears on."""
        app = launch_ready(self)
        known = self.session.answers.newest(question.id)
        finding = self.finding()
        seen = finding.facts if finding is not None and finding.question == question.id else ()
        proposed = self.session.proposed_answer(question.id)
        proposed |= {name.removeprefix("proposed "): value for name, value in seen if name.startswith("proposed ")}
        ticks, say = self.session.proposed_ticks(question.id), self.session.proposed_say(question.id)
        dialog = AnswerDialog(question, known, who=app.who, proposed=proposed, ticks=ticks, say=say)
        said = await app.push_screen_wait(dialog)
        if said is None:
            return
        app.who = said.who or app.who
        try:
            checks = self.session.answer(
                question.id, said.choice, said.who, ticks=said.ticks, fields=said.fields, note=said.note
            )
        except PROBLEMS as problem:
            self.say(told(problem))
            return
        self.hub.look(checks, group=f"look-answer-{question.id}")

    @work(exclusive=True, group="dialog")
    async def action_consent(self) -> None:
        check, finding = self.check(), self.finding()
        what = self.consent()
        if check is None or finding is None or what is None:
            return
        if await self.app.push_screen_wait(ConsentDialog(what, check.title, finding.saw)):
            try:
                self.hub.look(self.session.allow(what), group=f"look-allow-{what}")
            except PROBLEMS as problem:
                self.say(told(problem))

    @work(exclusive=True, group="dialog")
    async def action_ask(self) -> None:
        check = self.check()
        if check is None or self.finding() is None:
            return
        known = self.session.asked.get(check.id)
        dialog = AskDialog(lambda who: self.session.message(check.id, who), known.who if known else "")
        who = await self.app.push_screen_wait(dialog)
        if who is None:
            return
        try:
            asked = self.session.ask_someone(check.id, who)
        except PROBLEMS as problem:
            self.say(told(problem))
            return
        self.hub.touch(check.id)
        self.say(f"Saved in {asked.path}. Send it to {asked.who}; we ask again in two days.")

    @work(exclusive=True, group="dialog")
    async def action_accept(self) -> None:
        check, finding = self.check(), self.finding()
        if check is None or finding is None:
            return
        if not finding.status.open:
            self.say("Only an open finding can be accepted as a risk.")
            return
        app = launch_ready(self)
        said = await app.push_screen_wait(AcceptDialog(finding.saw, check.why, who=app.who))
        if said is None:
            return
        app.who = said.who
        try:
            self.session.accept(check.id, said.who, said.reason, said.until)
        except PROBLEMS as problem:
            self.say(told(problem))
            return
        self.hub.touch(check.id)
        self.look_derived()

    def look_derived(self) -> None:
        """Judge again what reads the other findings: who has taken on what is left, what the handover lists."""
        derived = self.session.derived_checks()
        if derived:
            self.hub.look(derived, group="look-derived")

    # ---- taking along ----
    def action_copy(self) -> None:
        finding = self.finding()
        value = value_of(finding) if finding else ""
        if not value:
            self.say("There is no value to copy here.")
            return
        self.app.push_screen(CopyScreen(value, "the value"))

    def action_open(self) -> None:
        finding = self.finding()
        page = finding.fix.page if finding and finding.fix else ""
        if not page:
            self.say("There is no page to open here.")
            return
        started = _terminal.open_page(page)
        said = "Opened in your browser." if started else "Open this address in your browser."
        self.app.push_screen(CopyScreen(page, "the address", said))
