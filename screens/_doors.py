"""The ways around the wizard that work from every screen: stages, lists, dialogs, masking, the way out.

What a launch needs (stages, checks, sources) is imported when one is opened: home is painted without it.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import threading
from functools import partial
from typing import TYPE_CHECKING

from textual import work
from textual.app import App

from launchready_tui.model import Stage
from screens._filter import Safe
from screens._page import Dialog
from screens._problems import PROBLEMS, told
from screens._words import now
from screens.home import HomeScreen

if TYPE_CHECKING:
    from launchready_tui.desk import Desk
    from launchready_tui.handover.receiving import Received
    from launchready_tui.session import Session
    from screens._hub import Hub
    from screens._stage import StageScreen

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


class Doors(App[None]):
    """What LaunchReady's bindings do. `who` is whoever spoke last, proposed where a name is asked; `began` is when this
    sitting did; `received` is somebody else's handover, to ask about first."""

    desk: Desk

    def __init__(self, session: Session | None) -> None:
        super().__init__()
        self.session: Session | None = None
        self.hub: Hub | None = None
        self.who = ""
        self.holding = False  # a new launch waits for its addresses before the first look
        self.stage = Stage.AUDIT
        self._first = session
        self.received: Received | None = None
        self.began = now()
        self._told = 0
        self._asked_vault: Session | None = None
        self._safe = Safe()

    @work(exclusive=True, group="dialog")
    async def receive(self, received: Received) -> None:
        """Ask about somebody else's handover; with a yes, make a launch of it and open that."""
        from screens.dialogs.receive import ReceiveDialog

        known = self.desk.workspace.has(received.project.domain)
        yes = await self.push_screen_wait(ReceiveDialog(received, known=known))
        if yes is None:
            return
        try:
            session = await self.desk.receive(received, keep_owners=yes.owners, replace=known)
        except PROBLEMS as problem:
            self.notify(told(problem), markup=False, severity="error", timeout=15)
            return
        self.open_session(session)

    # ---- a launch, opened and closed ----
    def open_session(self, session: Session, *, fresh: bool = False) -> None:
        """Show a launch. A `fresh` one asks for its addresses first."""
        from screens import _launch

        self.session, self.hub, self._told = session, _launch.Hub(self, session), 0
        for stage, screen in _launch.STAGES.items():
            self.add_mode(stage.value, partial(self._stage, screen, session, self.hub))
        self.learn_names()
        self.tell_notes()
        self.hub.resume()
        if stale := session.stale():
            self.hub.look(stale, group="look-stale")
        self.holding = fresh
        first = session.readiness().next_check if session.outcomes else None
        best = Stage(first.split(".")[0]) if first else Stage.AUDIT
        place = session.place or best
        self.go(place, first if place is best else None)
        self._open_file(session)
        if fresh:
            self.call_after_refresh(self.action_addresses)  # the stage under it is laid out by its own size first
        gc.freeze()  # what is loaded by now stays: without it every full collection holds a key up for 50 ms

    def _stage(self, screen: type[StageScreen], session: Session, hub: Hub) -> StageScreen:
        """A stage, opened for the first time. Its count says that its styles are as new as the app's, which is so: else
        every style sheet would be read twice more and the screen before it styled anew, 60 ms in which no key is heard.
        """
        new = screen(session, hub)
        new._css_update_count = self._css_update_count
        return new

    async def close_session(self) -> None:
        """Stop what runs and let go of the launch that is open; home stays."""
        from screens import _launch

        session, hub = self.session, self.hub
        if session is None or hub is None:
            return
        await hub.close()
        self.session = self.hub = None
        for stage in _launch.STAGES:
            await self.remove_mode(stage.value)
        await session.aclose()

    def tell_notes(self) -> None:
        """Say what the session has to say since it was last asked."""
        if self.session is None:
            return
        for note in self.session.notes[self._told :]:
            self.notify(note, markup=False, timeout=12)
        self._told = len(self.session.notes)

    # ---- around ----
    def go(self, stage: Stage, check: str | None = None) -> None:
        """Show a stage, with the cursor on a check."""
        from screens import _launch

        if self.session is None or self.hub is None:
            return
        known = stage.value in self._screen_stacks
        self.stage = stage
        self.visit(stage)
        self.switch_mode(stage.value)
        screen = self.screen
        if isinstance(screen, _launch.StageScreen):
            if known and screen.is_mounted:
                screen.sort_rows()  # opened anew: the reader was elsewhere
            if check is not None:
                screen.go(check)

    def visit(self, stage: Stage) -> None:
        """Remember the stage; a disk that refuses is told, and the stage is shown all the same."""
        try:
            if self.session is not None:
                self.session.visit(stage)
        except PROBLEMS as problem:
            self.notify(told(problem), markup=False, severity="error", timeout=15)

    def action_home(self) -> None:
        self.switch_mode("home")

    def action_back_to_stage(self) -> None:
        self.go(self.stage)

    def action_stage(self, name: str) -> None:
        self.go(Stage(name))

    def action_owners(self) -> None:
        """To the first system that lacks a name."""
        from screens import _launch

        self.go(Stage.HANDOVER)
        if isinstance(self.screen, _launch.StageScreen):
            self.screen.go(self.screen.first_row())

    def action_step(self, by: int) -> None:
        stages = list(Stage)
        self.go(stages[(self.stage.number - 1 + by) % len(stages)])

    def action_next_step(self) -> None:
        """To what is best to do next: its check, or the export when all is done."""
        if self.hub is None:
            return
        check = self.hub.readiness().next_check
        if check is not None:
            self.go(Stage(check.split(".")[0]), check)
        else:
            self.go(Stage.HANDOVER)

    # ---- dialogs ----
    def action_help(self) -> None:
        from screens import _launch

        screen = self.screen
        check, finding = (screen.check(), screen.finding()) if isinstance(screen, _launch.StageScreen) else (None, None)
        said = [check.title, check.why] if check else []
        said += [finding.saw, finding.fix.say if finding.fix else ""] if finding else []
        self.push_screen(_launch.HelpDialog(" ".join(said)))

    def action_map(self) -> None:
        from screens import _launch

        if self.session is not None:
            self.push_screen(_launch.MapDialog(self.session))

    @work(exclusive=True, group="dialog")
    async def action_risks(self) -> None:
        from screens import _launch

        if self.session is None:
            return
        risk = await self.push_screen_wait(_launch.RisksDialog(self.session.risks()))
        if risk is not None:
            self.go(risk.stage, risk.check_ids[0])

    @work(exclusive=True, group="dialog")
    async def action_signals(self) -> None:
        from screens import _launch

        screen = self.screen
        if self.session is None or not isinstance(screen, _launch.StageScreen):
            return
        stage = screen.STAGE
        dialog = _launch.SignalsDialog(screen.TITLE_LINE, self.session.deliverable(stage), self.session.signals(stage))
        chosen = await self.push_screen_wait(dialog)
        if chosen is None:
            return
        if chosen.check is not None:
            self.go(Stage(chosen.check.split(".")[0]), chosen.check)
        elif chosen.question in _launch.QUESTIONS:
            await screen.put(_launch.QUESTIONS[chosen.question])

    def action_worklog(self) -> None:
        """What was done on the launch that is shown, or on the one under home's cursor."""
        from screens.dialogs.worklog import WorklogDialog

        screen = self.screen
        if isinstance(screen, HomeScreen):
            domain = screen.current.domain if screen.current else ""
        else:
            domain = self.session.project.domain if self.session is not None else ""
        if not domain:
            self.notify("There is a work log for each launch of yours: go to one of them first.", markup=False)
            return
        self.push_screen(WorklogDialog(self.desk, domain, self.began))

    def action_secrets(self) -> None:
        """The product's keys and passwords, by name and place."""
        from screens.dialogs.secrets import SecretsDialog

        if self.session is not None and self.hub is not None:
            self.push_screen(SecretsDialog(self.session, self.hub))

    def action_keys_found(self) -> None:
        """The keys that the scan of the code and its history found."""
        from screens.dialogs.found import FoundDialog

        if self.session is not None and self.hub is not None:
            self.push_screen(FoundDialog(self.session, self.hub))

    def action_automations(self) -> None:
        """What runs by itself: the six automations."""
        from screens import _launch
        from screens.dialogs.automations import AutomationsDialog

        screen = self.screen
        if self.session is not None and self.hub is not None and isinstance(screen, _launch.StageScreen):
            self.push_screen(AutomationsDialog(self.session, self.hub, screen.put))

    @work(exclusive=True, group="dialog")
    async def action_tokens(self) -> None:
        """Every token by name."""
        from screens.dialogs.tokens import TokensDialog

        if self.session is None or self.hub is None:
            return
        if await self.push_screen_wait(TokensDialog(self.session)):
            self.learn_names()
            self.hub.touch_all()

    @work(exclusive=True, group="dialog")
    async def action_vault(self) -> None:
        """Where names and tokens are kept."""
        await self._ask_vault()

    async def ask_vault(self) -> None:
        """Before something is to be stored: ask where, if nobody chose yet and the keyring does not take it. Once."""
        session = self.session
        if session is not None and session.vault_wants and session is not self._asked_vault:
            self._asked_vault = session
            await self._ask_vault()

    async def _ask_vault(self) -> None:
        from screens.dialogs.vault import VaultDialog

        session, hub = self.session, self.hub
        if session is None or hub is None or not await self.push_screen_wait(VaultDialog(session)):
            return
        self.tell_notes()
        self.learn_names()
        hub.touch_all()
        hub.look(session.vault_checks(), group="look-vault")

    @work(group="vault")
    async def _open_file(self, session: Session) -> None:
        """An encrypted file that was chosen before waits for its passphrase: ask once, when the launch stands."""
        await session.prepared(None)
        if session is self.session and session.vault_wants == "passphrase":
            await self.ask_vault()

    def action_records(self) -> None:
        """What is written down of the DNS: records, subdomains, redirects."""
        from screens import _launch

        if self.session is not None and self.hub is not None:
            self.push_screen(_launch.RecordsDialog(self.session, self.hub))

    @work(exclusive=True, group="dialog")
    async def action_addresses(self) -> None:
        from screens import _launch

        if self.session is None or self.hub is None:
            return
        kept = await self.push_screen_wait(_launch.AddressesDialog(self.session))
        if kept or self.holding:
            self.hub.look()
        self.holding = False

    @work(exclusive=True, group="dialog")
    async def action_export(self) -> None:
        from screens import _launch

        if self.session is None or self.hub is None:
            return
        try:
            exported = await self.session.export()
        except PROBLEMS as problem:
            self.hub.say(told(problem))
            return
        await self.push_screen_wait(_launch.ExportedDialog(exported))
        self.tell_notes()
        if checks := self.session.verify_checks():
            self.hub.look(checks, group="look-verify")

    def action_verify(self) -> None:
        """The last handover against now, and a receiver's name put to it."""
        from screens import _launch

        if self.session is not None and self.hub is not None:
            self.push_screen(_launch.VerifyDialog(self.session, self.hub, self.who))
        if self.hub is not None and (derived := self.hub.session.derived_checks()):
            self.hub.look(derived, group="look-derived")  # what was written is held against the journal

    # ---- a shared screen ----
    @property
    def masked(self) -> bool:
        """True while mail addresses, names and subjects are hidden."""
        return self._safe.masked

    def action_mask(self) -> None:
        """Hide mail addresses, account names and IP addresses in everything that is shown, or show them again."""
        self._safe = Safe(masked=not self._safe.masked, names=self._names())
        for screen in self.screen_stack:
            if isinstance(screen, Dialog):
                screen.mask_changed()
            for widget in screen.walk_children(with_self=True):
                widget.refresh()
        said = (
            "Mail addresses, account names and IP addresses are hidden." if self._safe.masked else "Nothing is hidden."
        )
        self.notify(said, markup=False, timeout=3)

    def _names(self) -> frozenset[str]:
        from screens import _launch

        if self.session is None:
            return frozenset()
        return _launch.names_of(self.session.owners) | _launch.accounts_of(self.session.connection)

    def learn_names(self) -> None:
        """Hide the names of a launch that was opened, or that were just given."""
        self._safe = Safe(masked=self._safe.masked, names=self._names())

    def action_dark(self) -> None:
        self.theme = "launchready-light" if self.theme == "launchready-dark" else "launchready-dark"

    # ---- the way out ----
    @work(exclusive=True, group="leave")
    async def action_leave(self) -> None:
        """Leave; ask first where something is being written."""
        from screens import _launch

        if self.hub is not None and self.hub.writing:
            sentence = "A change is being written. Leave now, and it is settled when you open this launch again."
            if not await self.push_screen_wait(_launch.ConfirmDialog("A change is under way", sentence, "Leave now")):
                return
        self.exit()

    def catch_signals(self) -> None:
        """Leave on SIGTERM and SIGHUP as on ctrl+q: what is known is on disk already, the terminal is put right."""
        if threading.current_thread() is not threading.main_thread() or os.name == "nt":
            return
        for number in _SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, self.exit)

    def drop_signals(self) -> None:
        if threading.current_thread() is threading.main_thread() and os.name != "nt":
            for number in _SIGNALS:
                asyncio.get_running_loop().remove_signal_handler(number)
