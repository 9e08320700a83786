"""Your addresses: login, signup, the API's health page, subdomains, the code folder, words on the home page."""

from __future__ import annotations

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Checkbox, Input, Static

from launchready_tui.session import Session
from screens import _page
from screens._page import Dialog, launch_ready
from screens._problems import PROBLEMS, told
from screens._words import fold
from screens.widgets.tick import Tick

_KINDS = (("login", "Login page"), ("signup", "Signup page"), ("api", "API health"))


class AddressesDialog(Dialog[bool | None]):
    """Proposes what the home page links to; each is confirmed, changed, or "we have none". True once they are kept."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "save", "Save", show=False)]

    def __init__(self, session: Session) -> None:
        super().__init__("Your addresses")
        self._session = session

    def body(self) -> ComposeResult:
        project = self._session.project
        yield Static(
            Content(f"Where people meet {project.domain}. Leave a line empty if you do not know it yet."),
            classes="lead",
        )
        for kind, label in _KINDS:
            known = project.url(kind)
            with Horizontal(classes="field"):
                yield Static(Content(label), classes="label")
                yield Input(known or "", id=f"url-{kind}", placeholder="https://…", compact=True, disabled=known == "")
                yield Tick("we have none", known == "", id=f"none-{kind}", compact=True)
            yield Static(id=f"why-{kind}", classes="why")
        yield from _page.field("subs", "Subdomains", ", ".join(project.subs or ()), "app, api (only those in use now)")
        yield Static(id="why-subs", classes="why")
        codeless = "repository" in project.absent
        with Horizontal(classes="field"):
            yield Static("Code folder", classes="label")
            yield Input(project.repo or "", id="repo", placeholder="on this machine", compact=True, disabled=codeless)
            yield Tick("we have none", codeless, id="none-repo", compact=True)
        yield from _page.field("marker", "Words on home", project.marker, "words that stand on your home page")
        yield from _page.field("who", "Said by", launch_ready(self).who, "your name")

    def buttons(self) -> ComposeResult:
        yield Button("These are right", id="save", variant="primary")
        yield Button("Later", id="cancel")

    def on_mount(self) -> None:
        for why in self.query(".why"):
            why.display = False
        self._propose()

    @work(exclusive=True, group="propose")
    async def _propose(self) -> None:
        """Fill in what was found, where nothing was typed or known."""
        project = self._session.project
        if all(project.url(kind) is not None for kind, _ in _KINDS) and project.subs is not None:
            return
        self._why("subs", "Looking at your home page for links …")
        try:
            found = await self._session.propose_addresses()
        except PROBLEMS as problem:
            self._why("subs", told(problem))
            return
        subs: list[str] = []
        self._why("subs", "" if found else "Your home page shows us none of these. Type what you know.")
        for proposal in found:
            if proposal.kind.startswith("sub"):
                subs.append(proposal.value)
            elif proposal.kind in dict(_KINDS):
                box = self.query_one(f"#url-{proposal.kind}", Input)
                if not box.value and not box.disabled:
                    box.value = proposal.value
                    self._why(proposal.kind, f"proposed: {proposal.why}")
        box = self.query_one("#subs", Input)
        if subs and not box.value and project.subs is None:
            box.value = ", ".join(subs)
            self._why("subs", "proposed: these names exist, or your home page links to them")

    def _why(self, kind: str, text: str) -> None:
        line = self.query_one(f"#why-{kind}", Static)
        line.display = bool(text)
        line.update(Content("\n".join(fold(text, 56))))

    @on(Checkbox.Changed)
    def _none(self, event: Checkbox.Changed) -> None:
        kind = (event.checkbox.id or "").removeprefix("none-")
        box = self.query_one("#repo" if kind == "repo" else f"#url-{kind}", Input)
        box.disabled = event.value
        if event.value:
            box.value = ""
            if kind != "repo":
                self._why(kind, "")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "save":
            self.action_save()

    def action_save(self) -> None:
        urls: dict[str, str] = {}
        for kind, _ in _KINDS:
            typed = self.value(f"url-{kind}")
            if typed or self.query_one(f"#none-{kind}", Tick).value:
                urls[kind] = typed
        subs = tuple(part for part in self.value("subs").replace(",", " ").split() if part)
        app, who, code = launch_ready(self), self.value("who"), not self.query_one("#none-repo", Tick).value
        app.who = who or app.who
        try:
            self._session.save_addresses(
                urls, subs, self.value("repo") or None, self.value("marker"), code=code, who=who
            )
        except PROBLEMS as problem:
            self.problem(told(problem))
            return
        self.dismiss(True)
