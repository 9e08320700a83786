"""Every token by name: where it is kept, since when, what it was last seen to reach; removed with a yes."""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Button, Static

from launchready_tui.session import Session, Token
from launchready_tui.text import listed, plural
from screens._page import Dialog
from screens._problems import PROBLEMS, told
from screens._words import ago, day
from screens.dialogs.confirm import ConfirmDialog
from screens.widgets.rows import Row, Rows


def token_row(token: Token) -> Row:
    """One token. A sign says whether a connection of this launch uses it."""
    glyph, tone = ("✓", "good") if token.used else ("-", "quiet")
    zone = f" for {token.zone}" if token.zone else ""
    right = f"stored {day(token.at)}" if token.at else ""
    return Row(token.name, glyph, title=f"{token.provider}{zone}", note=token.where, right=right, tone=tone)


def token_words(token: Token) -> Content:
    """All that is known of one, but its value."""
    stored = f", since {day(token.at)}" if token.at else ""
    kept = f"Kept {token.where}" if token.kept else f"Stands in {token.where} of this window"
    lines = [f"{kept}{stored}."]
    if token.kept:
        lines.append("This launch's connection uses it." if token.used else "No connection of this launch uses it.")
    else:
        lines.append("It is read from there each time, and cannot be removed here.")
    if token.reach and token.reached:
        lines.append(f"Last tried {ago(token.reached)}: {token.reach}")
    return Content.assemble((f"{token.name}\n", "bold"), "\n".join(lines))


class TokensDialog(Dialog[bool]):
    """Comes back with True where something was changed. r tries this launch's token, x removes one."""

    AUTO_FOCUS: ClassVar[str | None] = "Rows"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "reach", "Try it", show=False),
        Binding("x,delete", "remove", "Remove", show=False),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__("Tokens")
        self._session = session
        self._tokens: dict[str, Token] = {}
        self._changed = False

    def body(self) -> ComposeResult:
        yield Static(id="said", classes="quiet")
        yield Rows(id="tokens", empty="No token is kept. h on a stage connects your DNS host with one.")
        yield Static(id="about")
        yield Static(id="came", classes="quiet")

    def buttons(self) -> ComposeResult:
        yield Button("Try it (r)", id="reach", variant="primary")
        yield Button("Remove (x)", id="remove")
        yield Button("Close", id="cancel")

    def on_mount(self) -> None:
        self._show()

    def _show(self) -> None:
        self._tokens = {token.name: token for token in self._session.tokens()}
        said = f"{plural(len(self._tokens), 'token')}. None is ever shown. {self._session.vault_say}"
        self.query_one("#said", Static).update(Content(said.strip()))
        rows = self.query_one("#tokens", Rows)
        rows.show([token_row(token) for token in self._tokens.values()])
        self.query_one("#reach", Button).display = any(token.used for token in self._tokens.values())
        self.query_one("#remove", Button).display = any(token.kept for token in self._tokens.values())
        self._about(rows.current or "")

    def _about(self, id: str) -> None:
        token = self._tokens.get(id)
        about = token_words(token) if token is not None else Content("")
        self.query_one("#about", Static).update(Content.assemble(about))

    def _came(self, sentence: str) -> None:
        self.query_one("#came", Static).update(Content(sentence))

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        self._about(event.id)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "reach":
            self.action_reach()
        elif event.button.id == "remove":
            self.action_remove()

    @work(exclusive=True, group="token")
    async def action_reach(self) -> None:
        """What the token of this launch may do now."""
        self.problem("")
        if self._session.connection is None:
            self.problem("No DNS host is connected, so there is no token to try.")
            return
        self._came("Asking what it may do …")
        try:
            reach = await self._session.check_reach()
        except PROBLEMS as problem:
            self._came("")
            self.problem(told(problem))
            return
        self._changed = True
        self._show()
        lacks = f" What is missing: {listed(reach.missing)}." if reach is not None and reach.missing else ""
        self._came(f"{reach.say}{lacks}" if reach is not None else "Its token is not here any more. Connect it again.")

    @work(exclusive=True, group="token")
    async def action_remove(self) -> None:
        self.problem("")
        token = self._tokens.get(self.query_one("#tokens", Rows).current or "")
        if token is None:
            return
        if not token.kept:
            self.problem(f"{token.name} stands in the environment of this window; take it out there.")
            return
        used = " This launch's DNS host is disconnected with it." if token.used else ""
        sentence = (
            f"{token.name} is deleted here.{used} At the provider it stays valid until you delete it there as well."
        )
        if not await self.app.push_screen_wait(ConfirmDialog("Remove this token?", sentence, "Remove it")):
            return
        try:
            said = await self._session.remove_token(token.name)
        except PROBLEMS as problem:
            self.problem(told(problem))
            return
        self._changed = True
        self._show()
        self._came(said)

    def action_cancel(self) -> None:
        self.dismiss(self._changed)
