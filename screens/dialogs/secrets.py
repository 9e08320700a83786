"""The product's keys and passwords: what is written down, and what your code names and nobody has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Button, Static

from launchready_tui.checks import Check
from launchready_tui.secretlist import KeptSecret, Suggested, proposed
from launchready_tui.session import Session
from launchready_tui.text import listed, plural
from screens._hub import Hub
from screens._page import Dialog, launch_ready
from screens._problems import PROBLEMS, told
from screens._words import day, now
from screens.dialogs.confirm import ConfirmDialog
from screens.dialogs.left import LeftDialog
from screens.dialogs.secret import SecretDialog
from screens.widgets.rows import Row, Rows

_KEPT, _FOUND = "kept:", "found:"


def kept_row(each: KeptSecret) -> Row:
    """One that is written down. A sign and a word say what is to be done."""
    glyph, word, tone = ("✓", "listed", "good")
    if each.seen_by_others:
        glyph, word, tone = ("✗", "renew", "bad")
    elif each.lacking:
        glyph, word, tone = ("?", "fill in", "ask")
    elif each.rotate_by is not None and each.rotate_by < now().astimezone().date():
        glyph, word, tone = ("!", "due", "poor")
    note = f"{each.location or 'kept where?'} · {each.owner or 'no owner'}"
    right = f"new by {day(each.rotate_by)}" if each.rotate_by else ""
    return Row(f"{_KEPT}{each.name}", glyph, word, tone, each.name, note, right)


def found_row(each: Suggested) -> Row:
    """One that the code names and nobody has written down."""
    note = f"{each.where}{', its value stands in git' if each.leaked else ''}"
    return Row(f"{_FOUND}{each.name}", "+", "found", "ask", each.name, note)


def kept_words(each: KeptSecret) -> Content:
    """All that is known of one."""

    def said(date: dt.date | None) -> str:
        return day(date) if date else "nobody said"

    renewed = f"made new {day(each.rotated_on)}" if each.rotated_on else "not made new since"
    head = f"{each.name}: {each.system or 'for which system?'}"
    lines = [
        f"Kept: {each.location or 'nobody said where'}. Owner: {each.owner or 'nobody'}.",
        f"Made {said(each.created)}, {renewed}, next by {said(each.rotate_by)}.",
    ]
    if each.had:
        lines.append(f"Known to {listed(list(each.had))}.")
    if each.seen_by_others:
        why = f" ({each.how})" if each.how else ""
        lines.append(f"Others may know it since {said(each.exposed)}{why}: make it new, then r here.")
    return Content.assemble((f"{head}\n", "bold"), "\n".join(lines))


class SecretsDialog(Dialog[None]):
    """Enter edits a row or takes what was found; + adds, r says that it was made new today, x removes, l: who left."""

    AUTO_FOCUS: ClassVar[str | None] = "Rows"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "edit", "Edit", show=False),
        Binding("plus,a", "add", "Add one", show=False),
        Binding("r", "renewed", "Made new today", show=False),
        Binding("x,delete", "remove", "Remove", show=False),
        Binding("l", "left", "Somebody left", show=False),
        Binding("z", "none", "We have none", show=False),
    ]

    def __init__(self, session: Session, hub: Hub) -> None:
        super().__init__("Keys and passwords of your product")
        self._session, self._hub = session, hub
        self._found: tuple[Suggested, ...] = ()
        self._listed = False

    def body(self) -> ComposeResult:
        yield Static(id="said", classes="quiet")
        yield Rows(id="secrets", empty="None is known yet. + writes one down; z says that the product has none.")
        yield Static(id="about")

    def buttons(self) -> ComposeResult:
        yield Button("Edit", id="edit", variant="primary")
        yield Button("Add (+)", id="add")
        yield Button("Made new (r)", id="renewed")
        yield Button("Remove (x)", id="remove")
        yield Button("Left (l)", id="left")
        yield Button("None (z)", id="none")
        yield Button("Close", id="cancel")

    def on_mount(self) -> None:
        self._show()
        self._load()

    @work(exclusive=True, group="list")
    async def _load(self) -> None:
        """What the code names; the cursor then stands on the first that is not written down."""
        try:
            self._found = await self._session.suggested_secrets()
        except PROBLEMS as problem:
            self.problem(told(problem))
        self._listed = True
        self._show()
        if self._found:
            rows = self.query_one("#secrets", Rows)
            self.call_after_refresh(rows.go, f"{_FOUND}{self._found[0].name}")  # laid out first

    # ---- showing ----
    @property
    def _kept(self) -> dict[str, KeptSecret]:
        kept = self._session.secret_list.kept
        order = sorted(kept, key=lambda each: (not each.seen_by_others, not each.lacking, each.name))
        return {each.name: each for each in order}

    def _show(self) -> None:
        kept = self._kept
        rows = [kept_row(each) for each in kept.values()]
        if self._found:
            rows.append(Row("head:found", title="Your code names these, and nobody wrote them down", heading=True))
            rows += [found_row(each) for each in self._found]
        none = self._session.secret_list.none
        said = f"{plural(len(kept), 'secret')} on the list, by name and place. The values stay where they are."
        if not kept and none:
            said = f"{none} said that the product has no secrets."
        if not self._listed:
            said = f"{said} Reading what your code names …"
        self.query_one("#said", Static).update(Content(said))
        shown = self.query_one("#secrets", Rows)
        shown.show(rows)
        self.query_one("#none", Button).display = not kept
        self._about(shown.current or "")

    def _about(self, id: str) -> None:
        about = Content("")
        kept = self._kept.get(id.removeprefix(_KEPT)) if id.startswith(_KEPT) else None
        found = self._suggested(id)
        if kept is not None:
            about = kept_words(kept)
        elif found is not None:
            leaked = " Its value stands in a file that is in git: make it new, and say when." if found.leaked else ""
            about = Content.assemble(
                (f"{found.name}\n", "bold"), f"Seen in {found.where}. Enter writes it down.{leaked}"
            )
        self.query_one("#about", Static).update(Content.assemble(about))

    def _suggested(self, id: str) -> Suggested | None:
        return next((each for each in self._found if id == f"{_FOUND}{each.name}"), None)

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        self._about(event.id)

    # ---- keys and mouse ----
    @on(Rows.Opened)
    def _opened(self) -> None:
        self.action_edit()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        match event.button.id:
            case "edit":
                self.action_edit()
            case "add":
                self.action_add()
            case "renewed":
                self.action_renewed()
            case "remove":
                self.action_remove()
            case "left":
                self.action_left()
            case "none":
                self.action_none()

    def _current(self) -> KeptSecret | None:
        id = self.query_one("#secrets", Rows).current or ""
        return self._kept.get(id.removeprefix(_KEPT)) if id.startswith(_KEPT) else None

    def action_edit(self) -> None:
        """Enter: change what is written down, or write down what was found."""
        found, kept = self._suggested(self.query_one("#secrets", Rows).current or ""), self._current()
        if found is not None:
            today = now().astimezone().date()
            lead = f"Your code names it ({found.where})."
            self._edit(proposed(found, launch_ready(self).who, today), lead)
        elif kept is not None:
            self._edit(kept, was=kept.name)
        else:
            self.action_add()

    def action_add(self) -> None:
        self._edit(KeptSecret("", owner=launch_ready(self).who))

    @work(exclusive=True, group="edit")
    async def _edit(self, secret: KeptSecret, lead: str = "", *, was: str = "") -> None:
        """Ask until it can be kept, or until it is not wanted: what was typed is not lost to a day in the future."""
        while True:
            written = await self.app.push_screen_wait(SecretDialog(secret, lead))
            if written is None:
                return
            try:
                checks = self._session.keep_secret(written, was=was, who=launch_ready(self).who)
            except PROBLEMS as problem:
                secret, lead = written, told(problem)
                continue
            self._found = tuple(each for each in self._found if not self._session.secret_list.lists(each.name))
            self._done(checks, f"{_KEPT}{written.name}")
            return

    @work(exclusive=True, group="edit")
    async def action_renewed(self) -> None:
        kept = self._current()
        if kept is None:
            self.problem("Go to one that is on the list: r says that it was made new today.")
            return
        sentence = f"Was a new value made for {kept.name} today, and does the product work with it?"
        if await self.app.push_screen_wait(ConfirmDialog("Made new today?", sentence, "Yes, today")):
            self._do(
                lambda: self._session.rotate_secret(kept.name, now().astimezone().date(), who=launch_ready(self).who)
            )

    @work(exclusive=True, group="edit")
    async def action_remove(self) -> None:
        kept = self._current()
        if kept is None:
            self.problem("Go to one that is on the list: x takes it off.")
            return
        sentence = f"{kept.name} is taken off this list. Its value is not touched."
        if await self.app.push_screen_wait(ConfirmDialog("Take it off the list?", sentence, "Take it off")):
            self._do(lambda: self._session.remove_secret(kept.name, who=launch_ready(self).who))
            self._load()

    @work(exclusive=True, group="edit")
    async def action_left(self) -> None:
        people = [name for each in self._kept.values() for name in (*each.had, each.owner) if name]
        left = await self.app.push_screen_wait(LeftDialog(people))
        if left is None:
            return
        try:
            names, checks = self._session.person_left(left.who, left.day, who=launch_ready(self).who)
        except PROBLEMS as problem:
            self.problem(told(problem))
            return
        self._done(checks)
        if not names:
            self.problem(f"{left.who} had none of these, by what the list says.")

    def action_none(self) -> None:
        """Somebody says that there are none."""
        if not self._kept:
            self._do(lambda: self._session.no_secrets(launch_ready(self).who or "the founder"))

    def _do(self, change: Callable[[], Iterable[Check]]) -> None:
        try:
            checks = change()
        except PROBLEMS as problem:
            self.problem(told(problem))
            return
        self._done(checks)

    def _done(self, checks: Iterable[Check], go: str = "") -> None:
        """Something was written down: show it, and look again at what it bears on."""
        self.problem("")
        self._show()
        if self._found:
            go = f"{_FOUND}{self._found[0].name}"
        if go:
            self.query_one("#secrets", Rows).go(go)
        checks = tuple(checks)
        if checks:
            self._hub.look(checks, group="look-secrets")
