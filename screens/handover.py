"""The handover: who owns what, what comes next, and the file that says so."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from launchready_tui.actions import NextAction
from launchready_tui.checks.handover.rest import REST
from launchready_tui.model import Stage, Status
from launchready_tui.ownerform import renewal
from launchready_tui.owners import CRITICAL, LABELS, Owner, lacks, proof_days
from launchready_tui.text import listed, plural
from launchready_tui.vault import VaultProblem
from screens._detail import Lines
from screens._page import launch_ready
from screens._problems import PROBLEMS
from screens._problems import told as in_words
from screens._stage import StageScreen
from screens._words import day, now
from screens.dialogs.action import ActionDialog
from screens.dialogs.owner import FIELD_LABELS, OwnerDialog
from screens.widgets.detail import Detail
from screens.widgets.keys import Hint
from screens.widgets.rows import Row, Rows

_NOBODY = "? nobody"
# A check of accounts -> what enter does for it. They are mended in the rows above it.
_MENDED = {
    "handover.owner.primary": Hint("enter", "Name owners", "app.owners"),
    "handover.owner.backup": Hint("enter", "Name owners", "app.owners"),
    "handover.owner.loop": Hint("enter", "Say which mail", "to_way_in"),
    "handover.access.rest": Hint("enter", "To the accounts", "to_open_account"),
    "handover.secrets.inventory": Hint("enter", "Write them down", "app.secrets"),
    "handover.secrets.rotated": Hint("enter", "Write them down", "app.secrets"),
    "handover.runbook.verify": Hint("enter", "Verify", "app.verify"),
    "handover.runbook.drift": Hint("enter", "Verify", "app.verify"),
    "handover.actions.next": Hint("enter", "To the actions", "to_actions"),
    "handover.risks.open": Hint("enter", "What is left", "app.risks"),
    "handover.journal.changes": Hint("enter", "Export again", "app.export"),
}


def _today() -> dt.date:
    return now().astimezone().date()


def _proved(owner: Owner) -> str:
    if owner.proved is None:
        return "? never"
    if not owner.counts(_today()):
        return f"? {day(owner.proved)}"
    return "today" if owner.proved == _today() else day(owner.proved)


def system_row(owner: Owner) -> Row:
    """One system as a table row. A question mark stands before what keeps it from being handed over."""
    label, critical = LABELS[owner.system], owner.system in CRITICAL
    if owner.absent:
        return Row(f"system:{owner.system}", tone="quiet", cells=(label, "none", "", "", ""))
    backup = owner.backup or (_NOBODY if critical else "-")
    factor = "on" if owner.second_factor else "?"
    cells = (label, owner.owner or _NOBODY, backup, _proved(owner), factor)
    return Row(f"system:{owner.system}", tone="poor", cells=cells)


def action_row(action: NextAction) -> Row:
    """One next action as a table row."""
    due = "done" if action.done else day(action.due) if action.due else "? no day"
    return Row(f"action:{action.id}", tone="poor", title=action.what, glyph="✓" if action.done else "-", right=due)


class HandoverScreen(StageScreen):
    """Stage seven: systems and next actions over the checks."""

    STAGE = Stage.HANDOVER
    TITLE_LINE = "Handover"
    INTRO = "who owns what, how to get back in, what comes next."
    AUTO_FOCUS: ClassVar[str | None] = "Rows"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("S", "app.secrets", "Keys and passwords", show=False)]

    def make_rows(self) -> Rows:
        return Rows(id="checks", weights=(0, 1, 1, 0, 0), empty="Nothing fits the filter. Escape shows all.")

    def first_row(self) -> str:
        """The first system that lacks a name."""
        return f"system:{next((system for system, _ in self.session.owners_lack()), '')}"

    # ---- what is listed ----
    def actions(self) -> dict[str, NextAction]:
        """What was agreed, and what is only proposed, by id."""
        proposed = {action.id: action for action in self.session.suggested_actions()}
        return proposed | {action.id: action for action in self.session.next_actions()}

    def rows(self) -> list[Row]:
        checks = super().rows()
        if self._filter:
            return checks
        missing = len(self.session.owners_lack())
        said = (
            f"{plural(missing, 'thing')} {'keeps' if missing == 1 else 'keep'} this handover from being complete."
            if missing
            else "Every account has its owner, and somebody signed in at each."
        )
        rows = [
            Row("head:missing", title=said, heading=True),
            Row("head:systems", cells=("System", "Owner", "Backup", "Last proved", "Second factor"), heading=True),
            *(system_row(owner) for owner in self.session.owner_list()),
        ]
        actions = self.actions()
        if actions:
            rows += [Row("head:actions", title="Next actions", heading=True)]
            rows += [action_row(action) for action in actions.values()]
        return [*rows, Row("head:checks", title="Checks", heading=True), *checks]

    def changed_rows(self, changed: frozenset[str] | None) -> list[Row]:
        rows = super().changed_rows(changed)
        return [*rows, *(system_row(owner) for owner in self.session.owner_list())]

    def _under(self, kind: str) -> str | None:
        """The system or the action under the cursor."""
        current = self.query_one("#checks", Rows).current or ""
        return current.removeprefix(f"{kind}:") if current.startswith(f"{kind}:") else None

    # ---- showing ----
    def show_detail(self, *, top: bool = True) -> None:
        system, action = self._under("system"), self.actions().get(self._under("action") or "")
        if system is not None:
            self.query_one(Detail).show(lambda width: self._system(system, width), top=top)
        elif action is not None:
            self.query_one(Detail).show(lambda width: self._action(action, width), top=top)
        else:
            super().show_detail(top=top)

    def _system(self, system: str, width: int) -> Content:
        owner = self.session.owner(system)
        lines = Lines(width)
        lines.text(LABELS[system], "bold")
        if owner.absent:
            said = self.session.project.absent.get(system, "")
            lines.text(f"We have none{f': {said}' if said else ''}.")
            return lines.content()
        missing = lacks(owner, _today())
        if missing:
            lines.text(f"? To be written down: {listed(list(missing))}.", "$text-warning")
        if system in CRITICAL:
            lines.text("Without it the launch cannot be repaired, so two people must be able to get in.")
        for one in self.session.proposals(system):
            lines.item("Proposed", f"{FIELD_LABELS[one.field]}: {one.text} (seen: {one.by})")
        none = self.session.no_such_system(system)
        if none and not owner.told:
            lines.item("Proposed", f"that there is none (seen: {none})")
        by = f", by {owner.proved_by}" if owner.proved_by else ""
        old = "" if owner.counts(_today()) else f" (counts for {proof_days(system)} days)"
        lines.item("Service", owner.provider)
        lines.item("Account", owner.account)
        lines.item("Sign-in page", owner.page)
        lines.item("Owner", f"{owner.owner}  {owner.contact}".strip())
        lines.item("Last signed in", "never" if owner.proved is None else f"{day(owner.proved)}{by}{old}")
        lines.item("Second factor", "on" if owner.second_factor else "not known")
        lines.item("Backup owner", f"{owner.backup}  {owner.backup_contact}".strip() + self._backup(owner))
        lines.item("Recovery codes", owner.recovery)
        lines.item("Login mail", owner.login_mail)
        lines.item("Recovery mail", owner.recovery_mail)
        lines.item("Renewal", renewal(owner))
        lines.item("Kept", self.session.vault_say)
        return lines.content()

    def _backup(self, owner: Owner) -> str:
        if not owner.backup:
            return ""
        if owner.backup_proved is None:
            return " (has signed in once)" if owner.backup_confirmed else " (has not signed in yet)"
        return f" (signed in on {day(owner.backup_proved)})"

    def _action(self, action: NextAction, width: int) -> Content:
        lines = Lines(width)
        lines.text(action.what, "bold")
        lines.item("Who", action.who or "nobody yet")
        lines.item("By", day(action.due) if action.due else "no day yet")
        agreed = any(each.id == action.id for each in self.session.next_actions())
        lines.text("Agreed." if agreed else "Proposed. Enter agrees to it, with a name and a day.", "$foreground-muted")
        return lines.content()

    def hints(self) -> list[Hint]:
        if self.check() is not None:
            return super().hints()
        word = "Agree" if self._under("action") else "Name the owner"
        rest = [hint for hint in super().hints() if hint.action not in ("app.signals",)]
        return [Hint("enter", word, "help_on"), *rest]

    # ---- doing ----
    def best(self) -> Hint | None:
        """A check of owners or actions is mended in the rows above it."""
        check, finding = self.check(), self.finding()
        if check is not None and finding is not None and finding.status not in (Status.PASS, Status.INFO):
            hint = _MENDED.get(check.id)
            if check.id == "handover.vault.keyring" and self.session.vaults is not None:
                hint = Hint("enter", "Choose where", "app.vault")
            if hint is not None:
                return hint
        return super().best()

    def action_to_open_account(self) -> None:
        """To the first account beside the three that matter most that nobody has proved."""
        today = _today()
        rest = [owner for owner in self.session.owner_list() if owner.system in REST and not owner.absent]
        bare = (one for one in rest if one.contractor or not (one.counts(today) and one.second_factor and one.recovery))
        self.go(f"system:{next((one.system for one in bare), REST[0])}")

    def action_to_way_in(self) -> None:
        """To the registrar, or to the DNS host where the registrar's mail is told."""
        finding = self.finding()
        registrar = self.session.owners.get("registrar")
        unsaid = finding is not None and finding.status is Status.UNKNOWN
        self.go("system:dns" if unsaid and registrar.login_mail else "system:registrar")

    def action_to_actions(self) -> None:
        """To the first action that is only proposed."""
        agreed = {action.id for action in self.session.next_actions()}
        first = next((id for id in self.actions() if id not in agreed), next(iter(self.actions()), ""))
        self.go(f"action:{first}")

    async def action_help_on(self) -> None:
        if self.check() is not None:
            await super().action_help_on()
        elif self._under("system"):
            self._edit_owner()
        elif self._under("action"):
            self._edit_action()

    @work(exclusive=True, group="dialog")
    async def _edit_owner(self) -> None:
        system = self._under("system")
        if system is None:
            return
        session = self.session
        told = replace(session.owners.get(system), absent=session.owner(system).absent)
        proposals = session.proposals(system)
        dialog = OwnerDialog(told, session.vault_say, proposals, session.no_such_system(system))
        owner = await self.app.push_screen_wait(dialog)
        if owner is None:
            return
        await launch_ready(self).ask_vault()
        try:
            try:
                checks = await session.save_owner(owner, launch_ready(self).who)
            except VaultProblem as problem:
                checks = session.hold_owner(owner, problem)
        except PROBLEMS as problem:
            self.say(in_words(problem))
            return
        launch_ready(self).learn_names()
        self.sort_rows()
        self.show_changes(None)
        self.hub.look(checks, group="look-owners")

    @work(exclusive=True, group="dialog")
    async def _edit_action(self) -> None:
        action = self.actions().get(self._under("action") or "")
        if action is None:
            return
        app = launch_ready(self)
        agreed = await app.push_screen_wait(ActionDialog(action, who=app.who))
        if agreed is None:
            return
        try:
            checks = self.session.keep_action(agreed)
        except PROBLEMS as problem:
            self.say(in_words(problem))
            return
        self.sort_rows()
        self.show_changes(None)
        self.hub.look(checks, group="look-actions")
