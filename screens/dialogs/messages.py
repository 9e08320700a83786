"""The founder's own messages: add one (typed, pasted or dropped), and what each proves, in one sentence first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Input, Static

from launchready_tui.disk import shown
from launchready_tui.dropped import message_bytes, path_of
from launchready_tui.proofs import Kind, Proof
from launchready_tui.session import Session
from launchready_tui.text import plural
from screens import _page
from screens._hub import Hub
from screens._page import Dialog, launch_ready
from screens._problems import PROBLEMS, told
from screens._proof import KINDS, MARKS, STYLES, proof_row
from screens._words import ago
from screens.dialogs.confirm import ConfirmDialog
from screens.dialogs.proof import ProofDialog
from screens.widgets.pasted import PathInput
from screens.widgets.pick import Pick
from screens.widgets.rows import Row, Rows

_FOUND = "found:"
_HOW = (
    "A message that your product sent, as it arrived. Gmail: ⋮, “Download message”. Outlook: …, “Save as”. Type its "
    "path, drop the file here, or paste all of its text. Nothing in it is opened."
)


def found_row(path: Path) -> Row:
    """A message in a practice inbox that was not added yet."""
    where = " · ".join(part for part in path.parts[path.parts.index("inbox") + 1 : -1]) if "inbox" in path.parts else ""
    at = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
    return Row(f"{_FOUND}{path}", "+", "found", "ask", path.name, where, ago(at))


class MessagesDialog(Dialog[Proof | None]):
    """Enter on a row opens what it proves; on one that was found it adds it first. x takes one off.

    With a `kind` it was opened for one message: it comes back with what was added. `at` is the path that it proposes.
    """

    AUTO_FOCUS: ClassVar[str | None] = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", show=False),
        Binding("plus,a", "type", "Add one", show=False),
        Binding("x,delete", "remove", "Take it off", show=False),
    ]

    def __init__(self, session: Session, hub: Hub, kind: Kind | None = None) -> None:
        super().__init__("Messages of yours" if kind is None else f"The message: {KINDS[kind].lower()}")
        self._session, self._hub, self._kind = session, hub, kind
        self._proofs: dict[str, Proof] = {}
        self.read = False  # were the messages on file judged?

    def body(self) -> ComposeResult:
        yield Static(Content(_HOW), classes="lead")
        with Horizontal(classes="field"):
            yield Static("Message", classes="label")
            yield PathInput(id="path", placeholder="~/Downloads/reset.eml", compact=True)
        known = tuple((kind, label) for kind, label in KINDS.items())
        yield from _page.pick_field("kind", "It is", known, self._kind or "", "what its subject says")
        yield Rows(id="messages", empty="No message is on file yet.")
        yield Static(id="about")

    def buttons(self) -> ComposeResult:
        yield Button("Add", id="add", variant="primary")
        yield Button("What it proves", id="open")
        yield Button("Take it off (x)", id="remove")
        yield Button("Close", id="cancel")

    def on_mount(self) -> None:
        self._show()
        self._focus_first()
        self._load()

    def _focus_first(self) -> None:
        rows = self.query_one("#messages", Rows)
        (rows if rows.current is not None else self.query_one("#path", Input)).focus()

    # ---- showing ----
    @work(exclusive=True, group="read")
    async def _load(self) -> None:
        """Judge what is on file: the keys are asked for again, since they may have changed."""
        try:
            self._proofs = {proof.name: proof for proof in await self._session.proofs()}
        except PROBLEMS as problem:
            self.problem(told(problem))
        self.read = True
        self._show()

    def mask_changed(self) -> None:
        self._show()

    def _show(self) -> None:
        stored = self._session.messages()
        masked = launch_ready(self).masked
        rows: list[Row] = []
        for message in stored:
            proof = self._proofs.get(message.name)
            if proof is not None:
                rows.append(proof_row(proof, masked=masked))
            else:
                rows.append(Row(message.name, "·", "…", "busy", KINDS[message.kind], "being read"))
        found = self._session.found_messages()
        if found:
            rows.append(Row("head:found", title="In your practice inbox, not added yet", heading=True))
            rows += [found_row(path) for path in found]
        shown_rows = self.query_one("#messages", Rows)
        shown_rows.show(rows)
        self.query_one("#open", Button).display = bool(rows)
        self.query_one("#remove", Button).display = bool(stored)
        self._about(shown_rows.current or "")

    def _about(self, id: str) -> None:
        proof = self._proofs.get(id)
        about = Content("")
        if proof is not None:
            glyph, tone = MARKS[proof.verdict]
            about = Content.assemble((f"{glyph} ", STYLES[tone]), proof.sentence)
        elif id.startswith(_FOUND):
            about = Content("Enter adds it, and says whether it proves that it is yours.")
        self.query_one("#about", Static).update(Content.assemble(about))

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        self._about(event.id)

    # ---- adding ----
    @on(Rows.Opened)
    def _opened(self) -> None:
        self.action_open()

    @on(Input.Submitted, "#path")
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        event.prevent_default()
        self._add_typed()

    @on(PathInput.Whole)
    def _pasted(self, event: PathInput.Whole) -> None:
        try:
            data = message_bytes(event.text)
        except PROBLEMS as problem:
            self.problem(told(problem))
            return
        self._add(self._session.add_message(data, self._chosen()))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        acts: dict[str, Callable[[], object]] = {
            "add": self._add_typed,
            "open": self.action_open,
            "remove": self.action_remove,
        }
        act = acts.get(event.button.id or "")
        if act is not None:
            event.stop()
            act()

    def _chosen(self) -> Kind | None:
        value = self.query_one("#kind", Pick).value
        return next((kind for kind in KINDS if kind == value), None)

    def _add_typed(self) -> None:
        try:
            path = path_of(self.value("path"))
        except PROBLEMS as problem:
            self.problem(told(problem))
            self.query_one("#path", Input).focus()
            return
        if path.is_dir():
            self.problem(f"{shown(path)} is a folder. Give the path of one message in it.")
            return
        self._add(self._session.add_message(path, self._chosen()))

    @work(exclusive=True, group="add")
    async def _add(self, adding: Awaitable[Proof]) -> None:
        self.problem("")
        self.query_one("#about", Static).update(Content("Reading it, and asking for the keys that it names …"))
        try:
            proof = await adding
        except PROBLEMS as problem:
            self.problem(told(problem))
            self._about(self.query_one("#messages", Rows).current or "")
            return
        self._proofs[proof.name] = proof
        self.query_one("#path", Input).value = ""
        launch_ready(self).learn_names()
        self._hub.look(self._session.message_checks(), group="look-messages")
        if self._kind is not None:
            self.dismiss(proof)
            return
        self._show()
        self.query_one("#messages", Rows).go(proof.name)
        self.query_one("#messages", Rows).focus()
        await self._tell(proof)

    def action_type(self) -> None:
        self.query_one("#path", Input).focus()

    # ---- what is on file ----
    def action_open(self) -> None:
        id = self.query_one("#messages", Rows).current or ""
        if id.startswith(_FOUND):
            self._add(self._session.add_message(Path(id.removeprefix(_FOUND)), self._chosen()))
        elif id in self._proofs:
            self._open(self._proofs[id])

    @work(exclusive=True, group="add")
    async def _open(self, proof: Proof) -> None:
        await self._tell(proof)

    async def _tell(self, proof: Proof) -> None:
        if await self.app.push_screen_wait(ProofDialog(proof)) == "remove":
            await self._take_off(proof.name)

    @work(exclusive=True, group="add")
    async def action_remove(self) -> None:
        name = self.query_one("#messages", Rows).current or ""
        if any(message.name == name for message in self._session.messages()):
            await self._take_off(name)
        else:
            self.problem("Go to a message that is on file: x takes it off.")

    async def _take_off(self, name: str) -> None:
        count = plural(len(self._session.messages()), "message")
        sentence = f"Our copy of it is deleted; yours stays where it is. {count} on file now."
        if not await self.app.push_screen_wait(ConfirmDialog("Take it off?", sentence, "Take it off")):
            return
        try:
            self._session.remove_message(name)
        except PROBLEMS as problem:
            self.problem(told(problem))
            return
        self._proofs.pop(name, None)
        self._hub.look(self._session.message_checks(), group="look-messages")
        self._show()
        self._focus_first()
