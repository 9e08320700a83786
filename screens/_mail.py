"""What the email stage's own keys do: messages, trying mails out, who may send, the DMARC plan."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, ClassVar

from textual import work
from textual.binding import Binding, BindingType

from launchready_tui.fixes.model import Plan
from launchready_tui.model import Finding, Status
from launchready_tui.senders import declared
from launchready_tui.session.senders import Act
from screens._changing import SOMEONE
from screens._detail import value_of
from screens._page import launch_ready
from screens._problems import PROBLEMS, told
from screens._stage import StageScreen
from screens.widgets.keys import Hint

POLICY = "email.dmarc.policy"
APPROVED = "email.spf.approved"
_FLOWS = {"email.flow.reset": "reset", "email.flow.invite": "invite"}
_MESSAGE = "email.eml."  # checks that judge a message on file
_TREE = ("email.spf.limits", "email.spf.single", "email.spf.policy")
_MESSAGES = Hint("M", "Messages", "messages")
_TRY = Hint("F", "Try it", "flow")
_SENDERS = Hint("W", "Who sends", "senders")
_LOOKUPS = Hint("T", "SPF tree", "lookups")
_PLAN = Hint("P", "DMARC plan", "policy")


class MailScreen(StageScreen):
    """The dialogs of the email stage; each is imported when it is opened."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("M", "messages", "Messages of yours", show=False),
        Binding("F", "flow", "Try a reset and an invite", show=False),
        Binding("W", "senders", "Who may send", show=False),
        Binding("T", "lookups", "What SPF costs", show=False),
        Binding("P", "policy", "The DMARC plan", show=False),
    ]

    # ---- what is offered ----
    def best(self) -> Hint | None:
        """A message is added, and a mail tried out, in dialogs of their own. Once the product was changed, the old
        message proves nothing: a new one does."""
        check, finding = self.check(), self.finding()
        if check is None or finding is None or check.id in self.hub.writing or finding.status is Status.PASS:
            return super().best()
        if check.id in _FLOWS and finding.question:
            return Hint("enter", "Try it", "flow")
        if check.id.startswith(_MESSAGE):
            return self._message(check.id, finding) or super().best()
        if (finding.needs or "").startswith("a message"):
            return Hint("enter", "Try it" if self.session.tryout else "Add a message", self._way())
        return super().best()

    def _message(self, check: str, finding: Finding) -> Hint | None:
        if finding.status is Status.UNKNOWN and finding.needs == "another look":
            return None
        if finding.status.open and self.session.can_fix(check) and self.session.last_change(check) is None:
            return None  # the product is mended first
        if finding.status is Status.INFO:
            return None
        again = "Send a new one" if finding.status.open else "Try it"
        return Hint("enter", again if self.session.tryout else "Add a message", self._way())

    def _way(self) -> str:
        """Where mail can be sent from here, trying it out brings the message as well."""
        return "flow" if self.session.tryout is not None else "messages"

    def hints(self) -> list[Hint]:
        first, *rest = super().hints()
        check = self.check()
        own = [_MESSAGES, _TRY, _SENDERS, _LOOKUPS, _PLAN]
        if check is not None and check.id in _TREE:
            own = [_LOOKUPS, _SENDERS, _MESSAGES, _TRY, _PLAN]
        elif check is not None and check.id.startswith("email.dmarc."):
            own = [_PLAN, _MESSAGES, _TRY, _SENDERS, _LOOKUPS]
        elif check is not None and check.id == APPROVED:
            own = [_SENDERS, _LOOKUPS, _MESSAGES, _TRY, _PLAN]
        return [first, *(hint for hint in own if hint.action != first.action), *rest]

    # ---- the dialogs ----
    @work(exclusive=True, group="dialog")
    async def action_messages(self) -> None:
        from screens.dialogs.messages import MessagesDialog

        await self.app.push_screen_wait(MessagesDialog(self.session, self.hub))
        self.hub.touch_all()

    @work(exclusive=True, group="dialog")
    async def action_flow(self) -> None:
        from screens.dialogs.flow import FlowDialog

        check = self.check()
        kind = "invite" if check is not None and _FLOWS.get(check.id) == "invite" else "reset"
        app = launch_ready(self)
        checks = await app.push_screen_wait(
            FlowDialog(self.session, self.hub, "invite" if kind == "invite" else "reset", who=app.who)
        )
        if checks:
            self.hub.look(checks, group="look-flow")

    @work(exclusive=True, group="dialog")
    async def action_senders(self) -> None:
        await self._senders("senders")

    @work(exclusive=True, group="dialog")
    async def action_lookups(self) -> None:
        await self._senders("lookups")

    async def _senders(self, view: str) -> None:
        from screens.dialogs.senders import SendersDialog

        wish = await self.app.push_screen_wait(SendersDialog(self.session, self.hub, view, who=launch_ready(self).who))
        if wish is None:
            return
        if wish.verb == "name":
            from launchready_tui.questions import QUESTIONS
            from launchready_tui.senders import QUESTION

            await self.put(QUESTIONS[QUESTION])
            return
        await self._change_sender(wish.verb, wish.sender)

    async def _change_sender(self, verb: Act, typed: str) -> None:
        """Show what adding a sender, or taking one away, would change; with a yes it is made, and the list follows."""
        session = self.session
        hand = not session.can_change_senders()
        try:
            sender = session.sender(typed)
            asked = session.plan_sender(verb, sender, by_hand=hand)
            made = await self._patiently(asked, "Asking what is there now …")
        except PROBLEMS as problem:
            self.say(told(problem))
            return
        if made.plan is None:
            fix = made.change.fix
            self.say(f"No record changes. {fix.say if fix is not None else ' '.join(made.notes)}".strip())
        else:
            steps = tuple(f"Copy from their page: {one.line}." for one in made.change.copy)
            plan = replace(made.plan, notes=(*made.notes, *steps))
            agreed = await self._fix_by_hand(plan) if hand else await self.carry_out(plan, made.change.record)
            if not agreed:
                return
        named = declared(session.answers)
        if named is not None and sender in (*named.guides, *named.hosts, *named.addresses):
            if verb == "add":
                return
        elif verb == "remove" or named is None:
            return
        try:
            self.hub.look(session.declare_sender(verb, sender, launch_ready(self).who or SOMEONE), group="look-senders")
        except PROBLEMS as problem:
            self.say(told(problem))

    @work(exclusive=True, group="dialog")
    async def action_policy(self) -> None:
        from screens.dialogs.policy import PolicyDialog

        outcome = self.session.outcomes.get(POLICY)
        finding = outcome.finding if outcome is not None else None
        wish = await self.app.push_screen_wait(PolicyDialog(finding))
        hand = not self.session.can_change_senders()  # the same zone takes both
        if wish == "message":
            self.action_messages()
        elif wish == "step" and finding is not None:
            await self._plan_and_carry(self.session.plan(POLICY, by_hand=hand), value_of(finding), hand=hand)
        elif wish == "back":
            await self._plan_and_carry(self.session.plan_down(POLICY, by_hand=hand), "", hand=hand)

    async def _plan_and_carry(self, asked: Coroutine[Any, Any, Plan], value: str, *, hand: bool) -> None:
        """Show a plan and make it after a yes; by `hand`, show what to type and watch for it."""
        try:
            plan = await self._patiently(asked, "Asking what is there now …")
        except PROBLEMS as problem:
            self.say(told(problem))
            return
        await (self._fix_by_hand(plan) if hand else self.carry_out(plan, value))
