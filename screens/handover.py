"""The handover: who owns what, what comes next, and the file that says so."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.content import Content

from launchready_tui.actions import NextAction
from launchready_tui.model import Stage, Status
from launchready_tui.owners import SYSTEMS, Owner
from launchready_tui.text import plural
from screens._detail import Lines
from screens._page import launch_ready
from screens._problems import PROBLEMS, told
from screens._stage import StageScreen
from screens._words import day, now
from screens.dialogs.action import ActionDialog
from screens.dialogs.owner import OwnerDialog
from screens.widgets.detail import Detail
from screens.widgets.keys import Hint
from screens.widgets.rows import Row, Rows

_LABELS = {system: (label, critical) for system, label, critical in SYSTEMS}
_NOBODY = "? nobody"


def lacks(owner: Owner) -> list[str]:
    """What keeps a system from being handed over: an owner for each, a backup for the critical ones."""
    if owner.absent:
        return []
    _, critical = _LABELS[owner.system]
    missing = [] if owner.owner else ["an owner"]
    return [*missing, "a backup owner"] if critical and not owner.backup else missing


def _proved(owner: Owner) -> str:
    if owner.proved is None:
        return "? never"
    return "today" if owner.proved == now().astimezone().date() else day(owner.proved)


def system_row(owner: Owner) -> Row:
    """One system as a table row."""
    label, critical = _LABELS[owner.system]
    if owner.absent:
        return Row(f"system:{owner.system}", tone="quiet", cells=(label, "we have none", "", "", ""))
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

    def make_rows(self) -> Rows:
        return Rows(id="checks", weights=(0, 1, 1, 0, 0), empty="Nothing fits the filter. Escape shows all.")

    def first_row(self) -> str:
        """The first system that lacks a name."""
        first = next((owner.system for owner in self.session.owners.all() if lacks(owner)), "")
        return f"system:{first}"

    # ---- what is listed ----
    def actions(self) -> dict[str, NextAction]:
        """What was agreed, and what is only proposed, by id."""
        proposed = {action.id: action for action in self.session.suggested_actions()}
        return proposed | {action.id: action for action in self.session.next_actions()}

    def rows(self) -> list[Row]:
        checks = super().rows()
        if self._filter:
            return checks
        owners = self.session.owners.all()
        missing = sum(len(lacks(owner)) for owner in owners)
        keeps = "keeps" if missing == 1 else "keep"
        said = (
            f"{plural(missing, 'name')} {keeps} this handover from being complete."
            if missing
            else "Every owner is named."
        )
        rows = [
            Row("head:missing", title=said, heading=True),
            Row("head:systems", cells=("System", "Owner", "Backup", "Last proved", "Second factor"), heading=True),
            *(system_row(owner) for owner in owners),
        ]
        actions = self.actions()
        if actions:
            rows += [Row("head:actions", title="Next actions", heading=True)]
            rows += [action_row(action) for action in actions.values()]
        return [*rows, Row("head:checks", title="Checks", heading=True), *checks]

    def changed_rows(self, changed: frozenset[str] | None) -> list[Row]:
        rows = super().changed_rows(changed)
        return [*rows, *(system_row(owner) for owner in self.session.owners.all())]

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
        owner = self.session.suggested_owner(system)
        label, critical = _LABELS[system]
        lines = Lines(width)
        lines.text(label, "bold")
        missing = lacks(owner)
        if missing:
            lines.text(f"? {' and '.join(missing)} to be named", "$text-warning")
        if critical:
            lines.text("Without it the launch cannot be repaired, so two people must be able to get in.")
        lines.item("Service", owner.provider)
        lines.item("Account", owner.account)
        lines.item("Sign-in page", owner.page)
        lines.item("Owner", f"{owner.owner}  {owner.contact}".strip())
        confirmed = " (has signed in once)" if owner.backup and owner.backup_confirmed else ""
        lines.item("Backup owner", f"{owner.backup}  {owner.backup_contact}".strip() + confirmed)
        lines.item("Recovery codes", owner.recovery)
        lines.item("Last proved", "never" if owner.proved is None else day(owner.proved))
        lines.item("Kept", self.session.vault_say)
        return lines.content()

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
            if check.id in ("handover.owner.primary", "handover.owner.backup"):
                return Hint("enter", "Name owners", "app.owners")
            if check.id == "handover.actions.next":
                return Hint("enter", "To the actions", "to_actions")
        return super().best()

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
        dialog = OwnerDialog(_LABELS[system][0], self.session.suggested_owner(system), self.session.vault_say)
        owner = await self.app.push_screen_wait(dialog)
        if owner is None:
            return
        try:
            checks = await self.session.save_owner(owner)
        except PROBLEMS as problem:
            self.say(told(problem))
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
            self.say(told(problem))
            return
        self.sort_rows()
        self.show_changes(None)
        self.hub.look(checks, group="look-actions")
