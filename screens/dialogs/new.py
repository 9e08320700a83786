"""A new launch: one domain, read as it is typed, and a code folder if there is one."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Button, Input, Static

from launchready_tui.domain import BadDomain, parse_domain
from screens import _page
from screens._page import Dialog


class Launch(NamedTuple):
    """What was typed."""

    domain: str
    repo: str | None


class NewDialog(Dialog[Launch | None]):
    """Comes back with a domain that can be used."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "save", "Start", show=False)]

    def __init__(self) -> None:
        super().__init__("A new launch")

    def body(self) -> ComposeResult:
        yield Static("Type the domain that people will type. Nothing is changed: we only look.", classes="lead")
        yield from _page.field("domain", "Domain", "", "creatorhub.example")
        yield Static(id="read", classes="why")
        yield from _page.field("repo", "Code folder", "", "optional: a folder on this machine")
        yield Static("The folder is read, never run: secrets in git, a lockfile, the platform.", classes="quiet")

    def buttons(self) -> ComposeResult:
        yield Button("Start", id="save", variant="primary")
        yield Button("Not now", id="cancel")

    @on(Input.Changed, "#domain")
    def _typed(self, event: Input.Changed) -> None:
        line = self.query_one("#read", Static)
        self.problem("")
        if not event.value.strip():
            line.update(Content(""))
            return
        try:
            read = parse_domain(event.value)
        except BadDomain as bad:
            line.update(Content.assemble(("- ", "$text-warning"), bad.sentence))
            return
        other = f", written {read.domain}" if read.unicode != read.domain else ""
        notes = "".join(f"\n{note}" for note in read.notes)
        line.update(Content.assemble(("✓ ", "$text-success"), (read.unicode, "bold"), f"{other}{notes}"))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.prevent_default()  # not the next field: enter starts
        self.action_save()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "save":
            self.action_save()

    def action_save(self) -> None:
        try:
            parse_domain(self.value("domain"))
        except BadDomain as bad:
            self.problem(bad.sentence)
            self.query_one("#domain", Input).focus()
            return
        repo = self.value("repo")
        if repo:
            try:
                folder = Path(repo).expanduser()
                there = folder.is_dir()
            except (OSError, RuntimeError, ValueError):
                there = False
            if not there:
                self.problem("That folder is not there, or we may not read it. Leave it empty to go on without.")
                self.query_one("#repo", Input).focus()
                return
        self.dismiss(Launch(self.value("domain"), repo or None))
