"""A new launch: one domain, read as it is typed, a code folder if there is one, another launch to start from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widgets import Button, Input, Static

from launchready_tui.domain import BadDomain, parse_domain
from screens import _page
from screens._page import Dialog


class Launch(NamedTuple):
    """What was typed."""

    domain: str
    repo: str | None
    like: str | None = None


class NewDialog(Dialog[Launch | None]):
    """Comes back with a domain that can be used. `known` are the launches that there are: one may be its template."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "save", "Start", show=False)]

    def __init__(self, known: Sequence[str] = ()) -> None:
        super().__init__("A new launch")
        self._known = tuple(known)

    def body(self) -> ComposeResult:
        yield Static("Type the domain that people will type. Nothing is changed: we only look.", classes="lead")
        yield from _page.field("domain", "Domain", "", "creatorhub.example")
        yield Static(id="read", classes="why")
        yield from _page.field("repo", "Code folder", "", "optional: a folder on this machine")
        yield Static("The folder is read, never run: secrets in git, a lockfile, the platform.", classes="quiet")
        if self._known:
            with Horizontal(classes="field"):
                yield Static("Start from", classes="label")
                hint = "optional: one of your launches, as a template"
                yield Input(
                    id="like",
                    placeholder=hint,
                    compact=True,
                    suggester=SuggestFromList(self._known, case_sensitive=False),
                )
            yield Static(
                "Taken over: subdomains, kinds of addresses, the marker, senders, what records are for, what does not "
                "exist, next actions. Never: owners, answers, connections, secrets.",
                classes="quiet",
            )

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
        like = self._like()
        if like is not None:
            self.dismiss(Launch(self.value("domain"), repo or None, like or None))

    def _like(self) -> str | None:
        """The launch to start from, "" for none; None after saying that it is not one of them."""
        typed = self.value("like") if self._known else ""
        if not typed:
            return ""
        try:
            named = parse_domain(typed).domain
        except BadDomain:
            named = ""
        if named == parse_domain(self.value("domain")).domain:
            self.problem("A launch cannot start from itself. Name another one, or leave it empty.")
        elif named not in self._known:
            self.problem("That is not one of your launches. Type its domain (→ takes the one that is proposed).")
        else:
            return named
        self.query_one("#like", Input).focus()
        return None
