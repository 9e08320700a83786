"""Where names and tokens are kept: the keyring, an encrypted file, or this sitting only. Chosen, never slipped in."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, RadioSet, Static

from launchready_tui.session import Session
from launchready_tui.vault import VaultPlace
from launchready_tui.vault.file import passphrase_problem
from screens._page import Dialog
from screens._problems import PROBLEMS, told
from screens.widgets.choice import Choice
from screens.widgets.token import TokenInput

PLACES: tuple[VaultPlace, ...] = ("keyring", "file", "session")
_LABELS: dict[str, str] = {
    "keyring": "In your system's keyring",
    "file": "In an encrypted file, which a passphrase opens",
    "session": "For this sitting only: nothing is stored",
}
_NEW = "Nobody can open the file without its passphrase, and nobody can reset it: keep it where you keep your others."


class VaultDialog(Dialog[bool]):
    """Comes back with True where a vault was chosen that keeps what it is given. A passphrase goes from its field into
    a Secret, and from there to the session alone."""

    AUTO_FOCUS: ClassVar[str | None] = None
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "save", "Save", show=False)]

    def __init__(self, session: Session) -> None:
        super().__init__("Where names and tokens are kept")
        self._session = session
        self._waiting = False
        vaults = session.vaults
        self._known = vaults is not None and vaults.has_file
        wanted: VaultPlace = vaults.chosen or "keyring" if vaults is not None else "session"
        if session.vault_trouble is None:
            wanted = session.vault.kind
        elif wanted == "keyring" and session.vault_trouble.problem in ("none", "unsafe"):
            wanted = "file"  # it cannot help to try again
        self._wanted: VaultPlace = wanted
        self._places = (wanted, *(place for place in PLACES if place != wanted))  # the cursor stands on the first

    def body(self) -> ComposeResult:
        session = self._session
        trouble = session.vault_trouble
        yield Static(Content(trouble.say if trouble is not None else session.vault_say), classes="lead", id="now")
        if session.vaults is None:
            yield Static("The practice startup keeps everything for this sitting only.", classes="quiet")
            return
        with RadioSet(id="place", compact=True):
            for place in self._places:
                yield Choice(Content(_LABELS[place]), value=place == self._wanted)
        with Vertical(id="file"):
            with Horizontal(classes="field"):
                yield Static("Passphrase", classes="label")
                yield TokenInput(id="passphrase")
            if not self._known:
                with Horizontal(classes="field"):
                    yield Static("The same again", classes="label")
                    yield TokenInput(id="again")
                yield Static(Content(_NEW), classes="quiet")
        yield Static("What is kept already goes along. Nothing is ever stored in plain text.", classes="quiet")

    def buttons(self) -> ComposeResult:
        if self._session.vaults is not None:
            yield Button("Keep it there", id="save", variant="primary")
            yield Button("Not now", id="cancel")
        else:
            yield Button("Close", id="cancel")

    def on_mount(self) -> None:
        if self._session.vaults is None:
            self.query_one("#cancel", Button).focus()
            return
        self._fields()
        waits = self._session.vault_wants == "passphrase"
        self.query_one("#passphrase" if waits else "#place").focus()

    @property
    def _place(self) -> VaultPlace:
        pressed = self.query_one("#place", RadioSet).pressed_index
        return self._places[pressed] if pressed >= 0 else self._wanted

    def _fields(self) -> None:
        self.query_one("#file").display = self._place == "file"

    @on(RadioSet.Changed)
    def _chosen(self) -> None:
        self._fields()
        self.problem("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.input.id == "again" or self._known:
            event.prevent_default()  # the last field: enter keeps it
            self.action_save()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "save":
            self.action_save()

    def action_save(self) -> None:
        if self._session.vaults is None or self._waiting:
            return
        place, passphrase = self._place, None
        if place == "file":
            typed = self.query_one("#passphrase", TokenInput).take()
            again = None if self._known else self.query_one("#again", TokenInput).take()
            if not typed:
                self.problem("Type the passphrase first.")
                self.query_one("#passphrase").focus()
                return
            if not self._known and (problem := passphrase_problem(typed, again)):
                self.problem(problem)
                self.query_one("#passphrase").focus()
                return
            passphrase = typed
        self._waiting = True
        self.problem("A test entry is written, read back and deleted …")

        async def choose() -> None:
            try:
                said = await self._session.choose_vault(place, passphrase)
            except PROBLEMS as problem:
                self._waiting = False
                self.problem(told(problem))
                self.query_one("#passphrase" if place == "file" else "#place").focus()
                return
            self.app.notify(said, markup=False, timeout=8)
            self.dismiss(True)

        self.run_worker(choose(), group="vault", exclusive=True)

    def action_cancel(self) -> None:
        self.dismiss(False)
