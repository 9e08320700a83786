"""Connect the DNS host: which, where its token is made and what to tick there, the token itself, and what it may do."""

from __future__ import annotations

from collections.abc import Mapping

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, Static

from launchready_tui.domain import registrable
from launchready_tui.fixes.place import Reach
from launchready_tui.fixes.providers import Provider
from launchready_tui.secret import Secret
from launchready_tui.session import Level, Session
from launchready_tui.text import listed
from screens import _page
from screens._problems import PROBLEMS, told
from screens.dialogs._trying import TryingDialog
from screens.dialogs.confirm import ConfirmDialog
from screens.widgets.rows import Row, Rows
from screens.widgets.token import TokenInput


def verdict(reach: Reach, name: str) -> tuple[str, str]:
    """(sign, sentences): what a token may do, and what to tick where that is not enough."""
    tick = f" What is missing: {listed(reach.missing)}." if reach.missing else ""
    if reach.read and reach.write:
        return "✓", f"It may write. {reach.say}"
    if reach.read and reach.write is False:
        return "!", f"It may only read, so nothing can be changed with it yet. {reach.say}{tick}"
    if reach.read:
        return "?", f"It may read; whether it may write, we could not tell. {reach.say}{tick}"
    if reach.read is False or reach.write is False:
        return "✗", f"{name} refused the token, and it is not kept. {reach.say}{tick}"
    return "?", f"We could not tell what the token may do, and it is not kept. {reach.say}{tick}"


class ConnectDialog(TryingDialog):
    """`host` is where the records are kept, "" where that is not known."""

    def __init__(self, session: Session, host: str = "") -> None:
        super().__init__("Connect your DNS host")
        self._session, self._host = session, host
        # What is connected comes first, then what was recognised.
        ordered = sorted(session.providers(host), key=lambda one: one.kind != self._connected)
        self._providers = {one.kind: one for one in ordered}
        self._shown = ""

    # ---- what it shows ----
    def body(self) -> ComposeResult:
        yield Static(Content(self._intro()), classes="lead")
        yield Rows(id="providers")
        yield Static(id="how")
        with Vertical(id="typed"):
            yield from _page.field("zone", "Zone", registrable(self._session.project.domain))
            for one in self._providers.values():
                for ask in one.asks:
                    with Horizontal(classes=f"field of-{one.kind}"):
                        yield Static(Content(ask.label), classes="label")
                        known = self._typed_before(one.kind).get(ask.name, ask.default)
                        yield Input(known, id=f"{one.kind}-{ask.name}", placeholder=ask.example, compact=True)
            with Horizontal(classes="field"):
                yield Static(id="secret", classes="label")
                yield TokenInput(id="token")
        kept = f" Kept {self._session.vault_say}." if self._session.vault_say[:1].islower() else ""
        kept = kept or (f" {self._session.vault_say}" if self._session.vault_say else "")
        yield Static(Content(f"The token is tried first, and never shown again.{kept}"), classes="quiet")

    def _intro(self) -> str:
        if self._session.connection is not None:
            return f"{self._session.standing().say} Another token takes the place of the one that is there."
        if self._host and not any(self._host in one.hosts for one in self._providers.values()):
            return (
                f"{self._host} keeps your records, and we cannot write there: f on a row shows what to type, and "
                "watches for it. If you run one of these, connect it."
            )
        return "With a token we can make the changes that you say yes to, and take them back. It may do nothing else."

    def buttons(self) -> ComposeResult:
        yield Button("Try it", id="try", variant="primary")
        yield Button("Open page", id="open")
        yield Button("Disconnect", id="forget")
        yield Button("Stop", id="stop")
        yield Button("Close", id="cancel")

    def on_mount(self) -> None:
        self.query_one(Rows).show([self._row(one) for one in self._providers.values()])
        self._show()
        if self._session.connection is not None:
            self.run_worker(self._look(), group="try", exclusive=True)

    def _row(self, one: Provider) -> Row:
        name = f"A{one.name[1:]}" if one.name.startswith("a ") else one.name
        if one.kind == self._connected:
            return Row(one.kind, "✓", title=name, note="connected", tone="good")
        if self._host in one.hosts:
            return Row(one.kind, "✓", title=name, note="keeps your records, by what we saw", tone="good")
        return Row(one.kind, "-", title=name)

    def _typed_before(self, kind: str) -> Mapping[str, str]:
        """What stands in the connection already: everything but the token, which is only named there."""
        connection = self._session.connection
        return connection if connection is not None and connection.get("kind") == kind else {}

    @property
    def _connected(self) -> str:
        connection = self._session.connection
        return connection.get("kind", "") if connection is not None else ""

    @property
    def _provider(self) -> Provider:
        return self._providers[self.query_one(Rows).current or next(iter(self._providers))]

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        if event.id != self._shown:
            self.query_one(TokenInput).clear()  # a token for one host never goes to another
            self.tell("", "")
            self._show()

    def _show(self) -> None:
        one = self._provider
        self._shown = one.kind
        ticks = "; ".join(one.scopes)
        parts = [(f"Make a token at {one.page}\n", "")] if one.page else []
        parts += [(f"{'Choose' if one.page else 'It needs'}: {ticks}.", "bold")] if ticks else []
        self.query_one("#how", Static).update(Content.assemble(*parts))
        self.query_one("#secret", Static).update(Content(one.secret))
        for other in self._providers.values():
            for line in self.query(f".of-{other.kind}"):
                line.display = other.kind == one.kind
        self.show_buttons()

    def page_of(self) -> str:
        return self._provider.page

    def can_forget(self) -> bool:
        return self._session.connection is not None

    # ---- trying ----
    @on(Rows.Opened)
    def _opened(self) -> None:
        self.action_onward()

    def action_onward(self) -> None:
        """From the list to the first field that is still empty."""
        asks = [self.query_one(f"#{self._provider.kind}-{ask.name}", Input) for ask in self._provider.asks]
        empty = [field for field in asks if not field.value.strip()]
        (empty[0] if empty else self.query_one(TokenInput)).focus()

    def action_try(self) -> None:
        if self.is_trying:
            return
        one = self._provider
        given = {"zone": self.value("zone")}
        for ask in one.asks:
            given[ask.name] = self.value(f"{one.kind}-{ask.name}") or ask.default
            if not given[ask.name]:
                self.tell("✗", f"Say this too: {ask.label}.")
                self.query_one(f"#{one.kind}-{ask.name}", Input).focus()
                return
        secret = self.query_one(TokenInput).take()
        if not secret:
            self.tell("✗", "Paste the token first.")
            self.query_one(TokenInput).focus()
            return
        self.wait(f"Trying the token at {one.name}")
        self.run_worker(self._try(one, given, secret), group="try", exclusive=True)

    async def _try(self, one: Provider, given: dict[str, str], secret: Secret) -> None:
        try:
            known = len(self._session.notes)
            reach = await self._session.connect(one.kind, given, secret, for_now=True)
        except PROBLEMS as problem:
            self.over()
            self.tell("✗", told(problem))
            return
        self._changed = self._changed or bool(reach.read)
        self.over()
        sign, said = verdict(reach, one.name)
        self.tell(sign, " ".join((said, *self._session.notes[known:])))
        if reach.read:
            self.query_one("#cancel", Button).focus()
            return
        self.again()

    async def _look(self) -> None:
        """What the token that is there may do now."""
        self.wait("Asking what your token may do")
        try:
            reach = await self._session.check_reach()
        except PROBLEMS as problem:
            self.over()
            self.tell("?", told(problem))
            return
        self.over()
        self._changed = True
        if reach is not None and self._session.standing().level is Level.MAY_WRITE:
            self.tell("✓", f"Connected, and it may write. {reach.say}")
        elif reach is not None:
            sign = "!" if reach.write is False else "?"
            tick = f" What is missing: {listed(reach.missing)}." if reach.missing else ""
            self.tell(sign, f"Connected. {reach.say}{tick}")

    async def forget(self) -> None:
        sentence = "Its token is deleted here. At the host it stays valid until you delete it there as well."
        if not await self.app.push_screen_wait(ConfirmDialog("Disconnect your DNS host?", sentence, "Disconnect")):
            return
        try:
            said = await self._session.disconnect()
        except PROBLEMS as problem:
            self.tell("✗", told(problem))
            return
        self._changed = True
        self.tell("✓", said)
        self.show_buttons()
        self.query_one(Rows).focus()
