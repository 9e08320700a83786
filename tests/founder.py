"""A founder at the keyboard: presses keys, reads the screen, and nothing else. Counts every key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from textual.pilot import Pilot
from textual.widgets import Checkbox, Input, RadioSet

from launchready_tui.model import Stage
from launchready_tui.questions import QUESTIONS
from launchready_tui.senders import QUESTION as SENDERS
from launchready_tui.session import Session
from screens.dialogs.action import ActionDialog
from screens.dialogs.addresses import AddressesDialog
from screens.dialogs.answer import AnswerDialog
from screens.dialogs.build import BuildDialog
from screens.dialogs.consent import ConsentDialog
from screens.dialogs.document import DocumentDialog
from screens.dialogs.flow import FlowDialog
from screens.dialogs.found import FoundDialog, MarkDialog
from screens.dialogs.owner import OwnerDialog
from screens.dialogs.plan import PlanDialog
from screens.dialogs.purpose import PurposeDialog
from screens.dialogs.records import RecordsDialog
from screens.dialogs.secret import SecretDialog
from screens.dialogs.secrets import SecretsDialog
from screens.dialogs.stopwatch import StopwatchDialog
from screens.dialogs.verify import VerifyDialog
from screens.widgets.pick import Pick
from screens.widgets.rows import Rows
from tests.screens.pilot import app_of, rows_of, stage_of, until

TYPED = {
    "minutes": "4",
    "date": "today",
    "host": "ours",
    "values": "127.0.0.1",
}  # into the fields that are more than a note
# Dialogs that enter may open, and in which something is to be said.
_ASKING = (
    BuildDialog
    | StopwatchDialog
    | DocumentDialog
    | PlanDialog
    | AnswerDialog
    | ConsentDialog
    | AddressesDialog
    | RecordsDialog
    | SecretsDialog
    | FoundDialog
    | FlowDialog
)
TRIES = 1_500  # hundredths of a second to wait for an event


@dataclass
class Founder:
    """`keys` counts what was pressed. `name` is typed where a dialog wants to know who."""

    pilot: Pilot[None]
    name: str = "Ada"
    keys: int = 0
    fixed: list[str] = field(default_factory=list)

    @property
    def session(self) -> Session:
        session = app_of(self.pilot).session
        assert session is not None
        return session

    @property
    def dialog(self) -> object:
        return self.pilot.app.screen

    def focus(self) -> object:
        """What has the focus now."""
        return self.pilot.app.focused

    async def press(self, *keys: str) -> None:
        self.keys += len(keys)
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        await self.press(*("space" if char == " " else char for char in text))

    async def until(self, condition: Callable[[], object]) -> None:
        await until(self.pilot, condition, tries=TRIES)

    async def quiet(self) -> None:
        """Nothing is being looked at, written or watched."""
        hub = app_of(self.pilot).hub
        assert hub is not None
        await self.until(lambda: not hub.looking and not hub.writing and not hub.watching)

    async def to_stage(self, stage: Stage) -> None:
        await self.press(f"{stage.number}")
        await self.until(lambda: stage_of(self.pilot).STAGE is stage)

    async def down_to(self, row: str) -> None:
        """Arrow keys until the cursor stands on a row."""
        order = [each.id for each in rows_of(self.pilot).rows if not each.heading]
        here = order.index(rows_of(self.pilot).current or order[0])
        steps = order.index(row) - here
        await self.press(*(["down"] * steps if steps > 0 else ["up"] * -steps))
        assert rows_of(self.pilot).current == row

    # ---- the next step ----
    async def next_step(self) -> str:
        """`t`, enter, and whatever the dialog asks. Returns the id of the check that it was about."""
        check = self.session.readiness().next_check
        assert check is not None, self.session.readiness().line
        await self.press("t")
        await self.until(lambda: rows_of(self.pilot).current is not None)
        await self.press("enter")
        await self.settle_dialog(check)
        await self.quiet()
        return check

    async def settle_dialog(self, check: str = "") -> None:
        """Say yes to a plan, answer a question, agree to a measurement, name owners."""
        for _ in range(40):
            if isinstance(self.dialog, _ASKING):
                break
            await self.pilot.pause(0.02)
        dialog = self.dialog
        if isinstance(dialog, BuildDialog):
            await self.build(dialog)
        elif isinstance(dialog, StopwatchDialog):
            await self.time(dialog)
        elif isinstance(dialog, DocumentDialog):
            await self.press("ctrl+s")
            await self.until(lambda: isinstance(self.dialog, PlanDialog))
            dialog = self.dialog
            self.fixed += [check] if check else []
            await self.press("enter")
        elif isinstance(dialog, PlanDialog):
            self.fixed += [check] if check else []  # an undo shows its plan too, and is no fix
            await self.press("enter")
        elif isinstance(dialog, AnswerDialog):
            await self.answer(dialog)
        elif isinstance(dialog, ConsentDialog):
            await self.press("y")
        elif isinstance(dialog, AddressesDialog):
            await self.press("ctrl+s")
        elif isinstance(dialog, RecordsDialog):
            await self.write_down(dialog)
            await self.press("escape")
        elif isinstance(dialog, FlowDialog):
            await self.try_out(dialog)
        elif isinstance(dialog, SecretsDialog):
            await self.list_secrets(dialog)
            await self.press("escape")
        elif isinstance(dialog, FoundDialog):
            await self.mark_keys(dialog)
            await self.press("escape")
        else:
            return  # enter looked again, or went to where it is done
        await self.until(lambda: self.dialog is not dialog)

    async def answer(self, dialog: AnswerDialog) -> None:
        """The first choice (the sound one), every tick, every field, the name."""
        question = QUESTIONS[dialog._question.id]
        assert isinstance(self.focus(), RadioSet)
        await self.press("enter")
        boxes = [dialog.query_one(f"#tick-{name}", Checkbox) for name, _ in question.ticks]
        if question.id == SENDERS:  # its own machines send, and nobody else: what was seen of others is an old one's
            boxes = [box for box in boxes if box.value]
        for box in boxes:
            await self.tab_to(box.id or "")
            await self.press("space")
        for name, _ in question.fields:
            if name in self.session.proposed_answer(question.id) or question.id == SENDERS:
                continue  # what is proposed is right, and there is nobody else
            while getattr(self.focus(), "id", "") != f"field-{name}":
                await self.press("tab")
            if isinstance(self.focus(), Pick):
                await self.press("right")  # the best comes first
                continue
            await self.type(TYPED.get(name, "press Roll back at the host"))
        who = dialog.query_one("#who", Input)
        if not who.value:
            while self.focus() is not who:
                await self.press("tab")
            await self.type(self.name)
        await self.press("ctrl+s")

    async def try_out(self, dialog: FlowDialog) -> None:
        """Ask the practice site for a reset and an invite to both inboxes; what comes is the proof."""
        for turn in ("", "right"):
            if turn:
                await self.press(turn, "up")
            for step in ("", "down"):
                if step:
                    await self.press(step)
                each = dialog._tries[dialog._kind][dialog._inbox()]
                await self.press("a")
                await self.until(lambda: each.proof is not None)  # noqa: B023
        if not dialog.query_one("#who", Input).value:
            await self.tab_to("who")
            await self.type(self.name)
        await self.press("ctrl+s")

    async def mark_keys(self, dialog: FoundDialog) -> None:
        """Say of every key that was found that a new one was made today."""
        await self.until(lambda: dialog.query_one("#found", Rows).rows)
        for each in dialog.query_one("#found", Rows).rows:
            assert dialog.query_one("#found", Rows).current == each.id
            await self.press("r")
            await self.until(lambda: isinstance(self.dialog, MarkDialog))
            await self.press("ctrl+s")
            await self.until(lambda: self.dialog is dialog)

    async def build(self, dialog: BuildDialog) -> None:
        """Yes to the commands that stand there; wait for the end; close."""
        await self.until(lambda: dialog._order is not None)
        await self.press("enter")
        await self.until(lambda: dialog.phase == "done")
        await self.press("escape")

    async def time(self, dialog: StopwatchDialog) -> None:
        """Start, do it, stop; say who; keep it."""
        await self.press("s", "s")
        for id in ("told", "who"):
            if not dialog.query_one(f"#{id}", Input).value:
                await self.tab_to(id)
                await self.type(self.name)
        await self.press("ctrl+s")

    async def list_secrets(self, dialog: SecretsDialog) -> None:
        """Write down every secret that the code names: where it is kept, who answers for it, made today."""
        await self.until(lambda: dialog._listed)
        while dialog._found:
            first = dialog._found[0].name
            await self.until(lambda: dialog.query_one("#secrets", Rows).current == f"found:{first}")  # noqa: B023
            await self.press("enter")
            await self.until(lambda: isinstance(self.dialog, SecretDialog))
            await self.tab_to("location")
            await self.type("safe")
            await self.press("tab")
            if not self.pilot.app.screen.query_one("#owner", Input).value:
                await self.type(self.name)
            await self.press("tab")
            await self.type("today")
            await self.press("ctrl+s")
            await self.until(lambda: self.dialog is dialog)

    async def write_down(self, dialog: RecordsDialog) -> None:
        """Say of every record that nobody explained what it is for."""
        await self.until(lambda: dialog._listed)
        rows = dialog.query_one("#written", Rows)
        for id in [id for id, each in dialog._records.items() if not each.noted]:
            order = [each.id for each in rows.rows]
            steps = order.index(id) - order.index(rows.current or order[0])
            await self.press(*(["down"] * steps if steps > 0 else ["up"] * -steps))
            await self.press("enter")
            await self.until(lambda: isinstance(self.dialog, PurposeDialog))
            await self.type("ask Grace first")
            while self.focus() is not self.pilot.app.screen.query_one("#who", Input):
                await self.press("tab")
            if not self.pilot.app.screen.query_one("#who", Input).value:
                await self.type(self.name)
            await self.press("ctrl+s")
            await self.until(lambda: self.dialog is dialog)

    async def open_owner(self, system: str) -> OwnerDialog:
        await self.down_to(f"system:{system}")
        await self.press("enter")
        await self.until(lambda: isinstance(self.dialog, OwnerDialog))
        dialog = self.dialog
        assert isinstance(dialog, OwnerDialog)
        return dialog

    async def tab_to(self, id: str, key: str = "tab") -> None:
        while getattr(self.focus(), "id", None) != id:
            await self.press(key)

    async def name_owner(self, system: str, *, backup: str) -> None:
        """On the handover's row of a system: owner, contact, who signed in when, backup, codes, the way back in."""
        dialog = await self.open_owner(system)
        if not dialog.query_one("#provider", Input).value:
            await self.tab_to("provider", "shift+tab")
            await self.type(f"Host {system}")
            await self.tab_to("owner")
        typed = {"owner": self.name, "contact": "a@x.example", "proved": "t"}
        typed |= {"backup": backup, "backup_proved": "t"} if backup else {}
        typed |= {"recovery": "safe"}
        typed |= {"login_mail": "a@x.example"} if dialog.query("#login_mail") else {}
        for box, text in typed.items():
            if not dialog.query_one(f"#{box}", Input).value:  # what is proposed is right
                await self.tab_to(box)
                await self.type(text)
        await self.tab_to("second_factor")
        await self.press("space")
        await self.press("ctrl+s")
        await self.until(lambda: not isinstance(self.dialog, OwnerDialog))
        await self.until(lambda: self.session.owners.get(system).owner == self.name)
        await self.quiet()

    async def declare_absent(self, system: str) -> None:
        """On the handover's row of a system: we have none."""
        await self.open_owner(system)
        await self.tab_to("absent", "shift+tab")
        await self.press("space", "ctrl+s")
        await self.until(lambda: not isinstance(self.dialog, OwnerDialog))
        await self.until(lambda: self.session.owners.get(system).absent)
        await self.quiet()

    async def verify(self, receiver: str) -> None:
        """Hold the last export against now, see that nothing drifted, put the receiver's name to it."""
        await self.press("y")
        await self.until(lambda: isinstance(self.dialog, VerifyDialog) and self.focus() is not None)
        dialog = self.dialog
        assert isinstance(dialog, VerifyDialog)
        await self.press("enter")
        await self.until(lambda: dialog.phase == "done")
        assert dialog.done is not None
        assert dialog.done.result == "equal", dialog.done.lines
        await self.type(receiver)
        await self.press("ctrl+s")
        await self.until(lambda: self.dialog is not dialog)
        await self.quiet()

    async def agree(self, action: str) -> None:
        """On the handover's row of a proposed action: agree, with the day that is proposed."""
        await self.down_to(f"action:{action}")
        await self.press("enter")
        await self.until(lambda: isinstance(self.dialog, ActionDialog))
        dialog = self.dialog
        assert isinstance(dialog, ActionDialog)
        if not dialog.query_one("#who", Input).value:
            await self.type(self.name)
        await self.press("ctrl+s")
        await self.until(lambda: not isinstance(self.dialog, ActionDialog))
        await self.quiet()
