"""What is written down of the DNS stage: each record's purpose, the subdomain plan, the redirects with their proof."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Static

from launchready_tui.checks import Check
from launchready_tui.handover.redirects import Leg
from launchready_tui.recordlist import Noted, annotate
from launchready_tui.session import RecordList, Session
from launchready_tui.subdomains import Planned
from screens._hub import Hub
from screens._page import Dialog, launch_ready
from screens._problems import PROBLEMS, told
from screens._written import leg_row, leg_words, planned_row, planned_words, record_row, record_words
from screens.dialogs.copy import CopyScreen
from screens.dialogs.old import OldDialog
from screens.dialogs.purpose import PurposeDialog
from screens.dialogs.subdomain import SubdomainDialog
from screens.widgets.rows import Row, Rows

VIEWS = ("records", "subdomains", "redirects")
_SOMEONE = "the founder"  # who said so, where no name was given; never proposed as a name


class RecordsDialog(Dialog[None]):
    """Three lists, one at a time: left and right change between them, enter edits a row, c copies a line."""

    AUTO_FOCUS: ClassVar[str | None] = "Rows"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "edit", "Edit", show=False),
        Binding("left", "turn(-1)", "The list before", show=False),
        Binding("right", "turn(1)", "The next list", show=False),
        Binding("a", "take", "Take what is certain", show=False),
        Binding("c", "copy", "Copy", show=False),
        Binding("o", "old", "Old addresses", show=False),
    ]

    def __init__(self, session: Session, hub: Hub) -> None:
        super().__init__("Records, subdomains, redirects")
        self._session, self._hub = session, hub
        self._view = VIEWS[0]
        self._list = RecordList(())
        self._listed = False
        self._records: dict[str, Noted] = {}
        self._planned: dict[str, Planned] = {}
        self._legs: dict[str, Leg] = {}

    def body(self) -> ComposeResult:
        with Horizontal(id="views"):
            for view in VIEWS:
                yield Button(Content(view), id=f"view-{view}", compact=True)
        yield Static(id="said", classes="quiet")
        yield Rows(id="written", empty="Nothing is known yet. Look at the stage first.")
        yield Static(id="about")

    def buttons(self) -> ComposeResult:
        yield Button("Edit", id="edit", variant="primary")
        yield Button("Take what is certain (a)", id="take")
        yield Button("Old addresses (o)", id="old")
        yield Button("Copy (c)", id="copy")
        yield Button("Close", id="cancel")

    def on_mount(self) -> None:
        for button in self.query("#views Button"):
            button.can_focus = False  # left and right turn; the keys stay with the rows
        self.show_view()
        self._load()

    @work(exclusive=True, group="list")
    async def _load(self) -> None:
        """List the records, where they are kept or as the world sees them; the cursor then stands on the first gap."""
        try:
            self._list = await self._session.record_list()
        except PROBLEMS as problem:
            self.problem(told(problem))
            return
        self._listed = True
        self.show_view()
        gap = next((id for id, each in self._records.items() if not each.noted), None)
        if gap is not None and self._view == "records":
            rows = self.query_one("#written", Rows)
            self.call_after_refresh(rows.go, gap)  # laid out first: else the row stays out of sight

    # ---- showing ----
    def show_changes(self, changed: frozenset[str] | None) -> None:
        """A look has found something: the rows that it bears on change in place."""
        self._read()
        rows = self.query_one("#written", Rows)
        for each in self._rows():
            rows.change(each)
        self._show_about(rows.current or "")

    def _read(self) -> None:
        session = self._session
        sets = [each.set for each in self._list.records]
        self._records = {"/".join(each.key): each for each in annotate(sets, session.project, session.purposes)}
        self._planned = {each.host: each for each in session.subdomain_plan(self._records.values())}
        self._legs = {leg.url: leg for leg in session.redirect_matrix()}

    def _rows(self) -> list[Row]:
        domain = self._session.project.domain
        if self._view == "records":
            return [record_row(each, domain) for each in self._records.values()]
        if self._view == "subdomains":
            return [planned_row(each, domain) for each in self._planned.values()]
        return [leg_row(leg) for leg in self._legs.values()]

    def show_view(self) -> None:
        """The list that is chosen, anew."""
        self._read()
        noted = sum(each.noted for each in self._records.values())
        right = sum(leg.verdict in ("right", "long") for leg in self._legs.values())
        open_ = sum(not each.when for each in self._planned.values())
        names = {
            "records": f"Records {noted}/{len(self._records)}" if self._listed else "Records …",
            "subdomains": f"Subdomains {len(self._planned)}" + (f", {open_} to decide" if open_ else ""),
            "redirects": f"Redirects {right}/{len(self._legs)}",
        }
        for view in VIEWS:
            button = self.query_one(f"#view-{view}", Button)
            chosen = view == self._view
            button.label = Content(f"▸{names[view]}" if chosen else f" {names[view]}")
            button.set_class(chosen, "-primary")
        says = {
            "records": self._list.say if self._listed else "Asking for the list of your records …",
            "subdomains": "Set subdomains up only if they are needed now.",
            "redirects": "As the last look saw it. Each row has the line that proves it.",
        }
        self.query_one("#said", Static).update(Content(says[self._view]))
        self.query_one("#edit", Button).display = self._view != "redirects"
        self.query_one("#take", Button).display = self._view == "records"
        self.query_one("#old", Button).display = self._view == "redirects"
        rows = self.query_one("#written", Rows)
        rows.show(self._rows())
        self._show_about(rows.current or "")

    def _show_about(self, id: str) -> None:
        about = Content("")
        if self._view == "records" and id in self._records:
            about = record_words(self._records[id])
        elif self._view == "subdomains" and id in self._planned:
            about = planned_words(self._planned[id])
        elif self._view == "redirects" and id in self._legs:
            about = leg_words(self._legs[id])
        self.query_one("#about", Static).update(Content.assemble(about))

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        self._show_about(event.id)

    # ---- keys and mouse ----
    @on(Rows.Opened)
    def _opened(self) -> None:
        self.action_edit()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        name = event.button.id or ""
        if name.startswith("view-"):
            self._turn_to(name.removeprefix("view-"))
        elif name == "edit":
            self.action_edit()
        elif name == "take":
            self.action_take()
        elif name == "old":
            self.action_old()
        elif name == "copy":
            self.action_copy()

    def action_turn(self, by: int) -> None:
        self._turn_to(VIEWS[(VIEWS.index(self._view) + by) % len(VIEWS)])

    def _turn_to(self, view: str) -> None:
        self._view = view
        self.problem("")
        self.show_view()
        self.query_one("#written", Rows).focus()

    def action_copy(self) -> None:
        """The curl line of a redirect, the values of a record, the name of a subdomain."""
        id = self.query_one("#written", Rows).current or ""
        if self._view == "redirects" and id in self._legs:
            self.app.push_screen(CopyScreen(self._legs[id].curl, "the line"))
        elif self._view == "records" and id in self._records:
            self.app.push_screen(CopyScreen("\n".join(self._records[id].set.values), "the value"))
        elif id:
            self.app.push_screen(CopyScreen(id, "the name"))

    def action_edit(self) -> None:
        """What enter does for the row: write it down, decide, or copy the line."""
        id = self.query_one("#written", Rows).current or ""
        if self._view == "records" and id in self._records:
            self._edit_purpose(self._records[id])
        elif self._view == "subdomains" and id in self._planned:
            self._edit_subdomain(self._planned[id])
        elif self._view == "redirects":
            self.action_copy()

    @work(exclusive=True, group="edit")
    async def _edit_purpose(self, record: Noted) -> None:
        app = launch_ready(self)
        written = await app.push_screen_wait(PurposeDialog(record, who=app.who))
        if written is None:
            return
        app.who = written.who
        try:
            checks = self._session.set_purpose(*record.key, written.text, written.who)
        except PROBLEMS as problem:
            self.problem(told(problem))
            return
        self._kept(checks)

    @work(exclusive=True, group="edit")
    async def _edit_subdomain(self, planned: Planned) -> None:
        app = launch_ready(self)
        chosen = await app.push_screen_wait(SubdomainDialog(planned, who=app.who))
        if chosen is None:
            return
        app.who = chosen.who
        try:
            self._session.plan_subdomain(planned.host, chosen.when, chosen.why, chosen.who)
        except PROBLEMS as problem:
            self.problem(told(problem))
            return
        self._kept(())

    @work(exclusive=True, group="edit")
    async def action_take(self) -> None:
        """What the records say by themselves, taken as said by whoever speaks."""
        if self._view != "records":
            return
        try:
            checks = await self._session.confirm_purposes(launch_ready(self).who or _SOMEONE, self._records.values())
        except PROBLEMS as problem:
            self.problem(told(problem))
            return
        self._kept(checks)

    @work(exclusive=True, group="edit")
    async def action_old(self) -> None:
        if self._view != "redirects":
            return
        session = self._session
        typed = await self.app.push_screen_wait(OldDialog(session.project.domain, session.project.old_paths))
        if typed is None:
            return
        try:
            checks = session.set_old_paths(typed)
        except PROBLEMS as problem:
            self.problem(told(problem))
            return
        self._kept(checks)

    def _kept(self, checks: Iterable[Check]) -> None:
        """Something was written down: show it, and look again at what it bears on."""
        self.problem("")
        self.show_view()
        checks = tuple(checks)
        if checks:
            self._hub.look(checks, group="look-written")
