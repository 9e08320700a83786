"""What the keys of a row change, and how it is taken back: by us, or by hand. Each is shown before anything happens."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, ClassVar, TypeVar

from textual import work
from textual.binding import Binding, BindingType

from launchready_tui.checks import Check
from launchready_tui.fixes.model import Change, ChangeState, Plan
from launchready_tui.handover.sections import facts_of
from launchready_tui.hosts.model import HostAccount
from launchready_tui.model import Finding, Fix, Stage, Status
from launchready_tui.panels import panel
from launchready_tui.session import Level, Session
from screens._detail import value_of
from screens._hand import typed
from screens._hub import Hub
from screens._page import Page, launch_ready
from screens._problems import PROBLEMS, told
from screens.dialogs.changes import ChangesDialog
from screens.dialogs.connect import ConnectDialog
from screens.dialogs.copy import CopyScreen
from screens.dialogs.hand import HandDialog
from screens.dialogs.plan import PlanDialog
from screens.dialogs.webhost import HostDialog

SOMEONE = "the founder"  # who did it, where no name was given; never proposed as a name
_PATIENCE = 0.4  # seconds until we say what is being waited for
_HAND = ", by hand"  # ends the name of a place that a person changes

T = TypeVar("T")


class Changing(Page):
    """The actions that change something. The screen says which check is under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "fix", "Fix it", show=False),
        Binding("u", "undo", "Undo", show=False),
        Binding("h", "connect", "Connect your DNS host or web host", show=False),
        Binding("j", "changes", "Changes", show=False),
    ]

    def __init__(self, session: Session, hub: Hub) -> None:
        super().__init__()
        self.session, self.hub = session, hub

    def check(self) -> Check | None:
        """The check under the cursor."""
        raise NotImplementedError

    def finding(self) -> Finding | None:
        check = self.check()
        outcome = self.session.outcomes.get(check.id) if check else None
        return outcome.finding if outcome else None

    def say(self, sentence: str) -> None:
        self.hub.say(sentence)

    # ---- where we stand ----
    def has_records(self) -> bool:
        """True where the row's fix is records."""
        finding = self.finding()
        return bool(finding and finding.fix and finding.fix.kind == "records" and finding.fix.records)

    def by_hand(self) -> bool:
        """True where a person makes the row's change: nothing is connected that could, or its token may not write."""
        check = self.check()
        if check is None or not self.has_records():
            return False
        may_not = self.session.reach is not None and self.session.reach.write is False
        return may_not or not self.session.can_fix(check.id)

    def stand_matters(self) -> bool:
        """True where connecting the DNS host would help the row under the cursor."""
        check, finding = self.check(), self.finding()
        if check is None or finding is None or self.session.read_only or not finding.status.open:
            return False
        return self.has_records() and self.session.stands(check.id).level is not Level.READY

    def web_host_matters(self) -> bool:
        """True where the web host's account could answer the row under the cursor, and none is connected."""
        check, finding = self.check(), self.finding()
        if check is None or finding is None or self.session.read_only:
            return False
        undecided = finding.status.open or finding.status is Status.UNKNOWN
        return undecided and self.asks_web_host(check) and self.session.web_host is None

    def asks_web_host(self, check: Check | None) -> bool:
        """Does the row look into the web host's account?"""
        return check is not None and any(need.type is HostAccount for need in check.needs)

    async def _patiently(self, what: Coroutine[Any, Any, T], sentence: str) -> T:
        """Wait for something that servers far away decide, and say so where it takes a moment."""
        task = asyncio.ensure_future(what)
        try:
            await asyncio.wait([task], timeout=_PATIENCE)
            if not task.done():
                self.say(sentence)
            return await task
        finally:
            task.cancel()

    # ---- fixing ----
    @work(exclusive=True, group="dialog")
    async def action_fix(self) -> None:
        check, finding = self.check(), self.finding()
        if check is None or finding is None or check.id in self.hub.writing:
            return
        watched = self.hub.watching.get(check.id)
        if watched is not None and watched.state is ChangeState.BY_HAND:
            plan = Plan(watched.check, watched.title, watched.place, watched.steps)
            await self.app.push_screen_wait(HandDialog(plan, self._typed(plan), watched=watched.number))
            return
        if finding.fix is None:
            self.say("There is nothing to change here.")
            return
        hand = self.by_hand()
        if not hand and not self.session.can_fix(check.id):
            self.say("No place that we can change is connected for this one. What to do stands beside it.")
            return
        asked = self.session.plan(check.id, by_hand=True) if hand else self.session.plan(check.id)
        try:
            plan = await self._patiently(asked, "Asking what is there now …")
        except PROBLEMS as problem:
            self.say(told(problem))
            return
        if hand:
            await self._fix_by_hand(plan)
            return
        await self.carry_out(plan, value_of(finding))

    async def carry_out(self, plan: Plan, value: str) -> bool:
        """Show what is planned, and make it after a yes; `value` is what "copy instead" shows. True for the yes."""
        app = launch_ready(self)
        said = await app.push_screen_wait(PlanDialog(plan, who=app.who))
        if said is None:
            return False
        app.who = said.who or app.who
        if said.verb == "copy":
            self.app.push_screen(CopyScreen(value, "the value"))
            return False
        self.hub.apply(plan, said.who or SOMEONE)
        return True

    def _typed(self, plan: Plan) -> Fix:
        """The plan as its DNS host's panel takes it, with the page that the finding knows where the panel has none."""
        host = plan.place.removesuffix(_HAND)
        fix = typed(plan, host if host[:5] != "your " else "", self.session.project.domain)
        outcome = self.session.outcomes.get(plan.check)
        known = outcome.finding.fix.page if outcome is not None and outcome.finding.fix is not None else ""
        return replace(fix, page=fix.page or known)

    async def _fix_by_hand(self, plan: Plan) -> bool:
        """Show what a person has to type, and watch for it. True where they go about it."""
        app = launch_ready(self)
        who = await app.push_screen_wait(HandDialog(plan, self._typed(plan), who=app.who))
        if who is None:
            return False
        app.who = who or app.who
        try:
            change = self.session.by_hand(plan, who or SOMEONE)
        except PROBLEMS as problem:
            self.say(told(problem))
            return False
        self.hub.progress.pop(plan.check, None)
        self.hub.watch(change)
        return True

    # ---- taking back ----
    @work(exclusive=True, group="dialog")
    async def action_undo(self) -> None:
        check = self.check()
        change = self.session.last_change(check.id) if check else None
        if check is None or change is None:
            self.say("No change was made here that could be taken back.")
            return
        await self._take_back(change)

    async def _take_back(self, change: Change) -> None:
        """Show what taking a change back writes, or what a person has to put back, and do it after a yes."""
        if change.check in self.hub.writing:
            self.say("This is being written right now.")
            return
        try:
            plan = await self._patiently(self.session.undo_plan(change.number), "Asking what is there now …")
        except PROBLEMS as problem:
            self.say(told(problem))
            return
        app = launch_ready(self)
        if change.state is ChangeState.BY_HAND:
            who = await app.push_screen_wait(HandDialog(plan, self._typed(plan), who=app.who, undo=True))
        else:
            said = await app.push_screen_wait(PlanDialog(plan, who=app.who, undo=True))
            who = None if said is None else said.who
        if who is None:
            return
        app.who = who or app.who
        self.hub.undo(change, who or SOMEONE)

    # ---- lists and places ----
    @work(exclusive=True, group="dialog")
    async def action_changes(self) -> None:
        wish = await self.app.push_screen_wait(ChangesDialog(self.session, self.hub))
        if wish is None:
            return
        if wish.verb == "undo":
            await self._take_back(wish.change)
            return
        app = launch_ready(self)
        app.go(Stage(wish.change.check.split(".")[0]), wish.change.check)
        if wish.verb == "go on":
            app.call_after_refresh(app.screen.run_action, "fix")

    @work(exclusive=True, group="dialog")
    async def action_connect(self) -> None:
        if self.asks_web_host(self.check()) and not self.has_records():
            await self._connect_web()
            return
        host = facts_of(self.session.findings).get("dns-host", "")
        host = host if panel(host).known else ""
        try:
            if not host:
                host = await self._patiently(self.session.dns_host(), "Asking where your records are kept …")
        except PROBLEMS:
            host = ""  # not known: the list has its own order then
        await launch_ready(self).ask_vault()
        if await self.app.push_screen_wait(ConnectDialog(self.session, host)):
            launch_ready(self).learn_names()
            self.hub.touch_all()

    @work(exclusive=True, group="dialog")
    async def action_connect_web(self) -> None:
        await self._connect_web()

    async def _connect_web(self) -> None:
        await launch_ready(self).ask_vault()
        if await self.app.push_screen_wait(HostDialog(self.session)):
            self.hub.look(self.session.host_checks(), group="look-web-host")
