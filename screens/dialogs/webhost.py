"""Connect the web host, to read there: which, where its token is made, what to choose, and what the token opens."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from launchready_tui.hosts.account import Host
from launchready_tui.secret import Secret
from launchready_tui.session import HostReach, Session
from screens import _page
from screens._problems import PROBLEMS, told
from screens.dialogs._trying import TryingDialog
from screens.dialogs.confirm import ConfirmDialog
from screens.widgets.rows import Row, Rows
from screens.widgets.token import TokenInput


def verdict(reach: HostReach, name: str) -> tuple[str, str]:
    """(sign, sentences): what a token opens, and what to allow where that is not enough."""
    more = f" What is missing: {' '.join(reach.missing)}" if reach.missing else ""
    if reach.ok:
        return "!" if reach.missing else "✓", f"{reach.say}{more}"
    if reach.choose:
        return "?", f"{reach.say} Type its name above, and paste the token again; it is not kept yet."
    if reach.ok is False:
        return "✗", f"{name} opens nothing with this token, and it is not kept. {reach.say}"
    return "?", f"We could not tell what the token opens, and it is not kept. {reach.say}"


class HostDialog(TryingDialog):
    """For the rows that the web host's account can answer."""

    def __init__(self, session: Session) -> None:
        super().__init__("Connect your web host")
        self._session = session
        self._hosts = {one.kind: one for one in session.web_hosts()}
        self._shown = ""

    def body(self) -> ComposeResult:
        yield Static(Content(self._intro()), classes="lead")
        yield Rows(id="providers")
        yield Static(id="how")
        with Vertical(id="typed"):
            connection = self._session.web_host or {}
            yield from _page.field("project", "Project there, if not by domain", connection.get("name", ""))
            with Horizontal(classes="field"):
                yield Static(id="secret", classes="label")
                yield TokenInput(id="token")
        kept = f" {self._session.vault_say}" if self._session.vault_say else ""
        yield Static(Content(f"The token is tried first, and never shown again.{kept}"), classes="quiet")

    def _intro(self) -> str:
        connection = self._session.web_host
        if connection is not None:
            name = self._hosts[connection["kind"]].name
            return f"{name} is connected. Another token takes the place of the one that is there."
        return (
            "With a token that reads, we see which settings production has (names, never values), what is live, and "
            "what can be put back. We change nothing there. Without one, a answers these rows."
        )

    def buttons(self) -> ComposeResult:
        yield Button("Try it", id="try", variant="primary")
        yield Button("Open page", id="open")
        yield Button("Disconnect", id="forget")
        yield Button("Stop", id="stop")
        yield Button("Close", id="cancel")

    def on_mount(self) -> None:
        self.query_one(Rows).show([self._row(one) for one in self._hosts.values()])
        self._show()

    def _row(self, one: Host) -> Row:
        if one.kind == (self._session.web_host or {}).get("kind"):
            return Row(one.kind, "✓", title=one.name, note="connected", tone="good")
        return Row(one.kind, "-", title=one.name)

    @property
    def _one(self) -> Host:
        return self._hosts[self.query_one(Rows).current or next(iter(self._hosts))]

    def page_of(self) -> str:
        return self._one.page

    def can_forget(self) -> bool:
        return self._session.web_host is not None

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        if event.id != self._shown:
            self.query_one(TokenInput).clear()  # a token for one host never goes to another
            self.tell("", "")
            self._show()

    @on(Rows.Opened)
    def action_onward(self) -> None:
        self.query_one(TokenInput).focus()

    def _show(self) -> None:
        one = self._one
        self._shown = one.kind
        self.query_one("#how", Static).update(
            Content.assemble(
                (f"Make one at {one.page}\n", ""), (f"{one.path}. Choose: {'; '.join(one.scopes)}.", "bold")
            )
        )
        self.query_one("#secret", Static).update(Content(one.secret))
        self.show_buttons()

    # ---- trying ----
    def action_try(self) -> None:
        if self.is_trying:
            return
        one, project = self._one, self.value("project")
        secret = self.query_one(TokenInput).take()
        if not secret:
            self.tell("✗", "Paste the token first.")
            self.query_one(TokenInput).focus()
            return
        self.wait(f"Trying the token at {one.name}")
        self.run_worker(self._try(one, project, secret), group="try", exclusive=True)

    async def _try(self, one: Host, project: str, secret: Secret) -> None:
        known = len(self._session.notes)
        given = {"project": project}
        connection = self._session.web_host or {}
        if connection.get("kind") == one.kind and connection.get("api"):
            given["api"] = connection["api"]  # an interface on the founder's own network stays where it is
        try:
            reach = await self._session.connect_host(one.kind, given, secret, for_now=True)
        except PROBLEMS as problem:
            self.over()
            self.tell("✗", told(problem))
            return
        self._changed = self._changed or bool(reach.ok)
        self.over()
        sign, said = verdict(reach, one.name)
        self.tell(sign, " ".join((said, *self._session.notes[known:])))
        if reach.ok:
            self.query_one("#cancel", Button).focus()
        elif reach.choose:
            self.query_one("#project").focus()
        else:
            self.again()

    async def forget(self) -> None:
        sentence = "Its token is deleted here. At the host it stays valid until you delete it there as well."
        if not await self.app.push_screen_wait(ConfirmDialog("Disconnect your web host?", sentence, "Disconnect")):
            return
        try:
            said = await self._session.disconnect_host()
        except PROBLEMS as problem:
            self.tell("✗", told(problem))
            return
        self._changed = True
        self.tell("✓", said)
        self.show_buttons()
        self.query_one(Rows).focus()
