"""The keys that the scan found, in the code and in its history: each is made new on a day, or is no key at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Button, Static

from launchready_tui.checks import Check
from launchready_tui.checks.audit import _keys_found as words
from launchready_tui.checks.audit._keys_found import provider_of, worst_first
from launchready_tui.secretmarks import SecretMarks
from launchready_tui.secretscan.report import Found
from launchready_tui.secretscan.source import Scanned
from launchready_tui.session import Session
from launchready_tui.sources.repo import NoRepo
from launchready_tui.text import clean
from screens import _page
from screens._hub import Hub
from screens._page import Dialog, SaveDialog, launch_ready
from screens._problems import PROBLEMS, told
from screens._words import now
from screens.widgets.rows import Row, Rows

_NOTHING = "No key was found. What is meant to be seen (a publishable key, say) is not listed."


def found_row(found: Found, marks: SecretMarks) -> Row:
    """One key. A sign and a word say how it stands."""
    mark = marks.of(found)
    if mark is not None:
        glyph, word, tone = ("✓", "made new", "good") if mark.state == "rotated" else ("-", "no key", "quiet")
    else:
        glyph, word, tone = ("✗", "open", "bad") if found.what == "secret" else ("!", "look", "poor")
    where = f"{clean(found.path, limit=80)}:{found.line}" + (f" at {found.commit[:7]}" if found.commit else "")
    return Row(found.print, glyph, word, tone, found.name, where, found.shown)


class MarkDialog(SaveDialog[str | None]):
    """Asks for one thing about a key: the day, or the reason. Comes back with what was typed."""

    def __init__(self, heading: str, lead: str, label: str, value: str, hint: str) -> None:
        super().__init__(heading)
        self._lead, self._field = lead, (label, value, hint)

    def body(self) -> ComposeResult:
        yield Static(Content(self._lead), classes="lead")
        label, value, hint = self._field
        yield from _page.field("mark", label, value, hint)

    def action_save(self) -> None:
        typed = self.need("mark", "Write it in the field.")
        if typed is not None:
            self.dismiss(typed)


class FoundDialog(Dialog[None]):
    """r: a new key was made, and when; n: it is no key, and why; u takes that back; g scans again."""

    AUTO_FOCUS: ClassVar[str | None] = "Rows"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r,enter", "rotated", "Made new", show=False),
        Binding("n", "none", "No key", show=False),
        Binding("u", "undo", "Take it back", show=False),
        Binding("g", "again", "Scan again", show=False),
    ]

    def __init__(self, session: Session, hub: Hub) -> None:
        super().__init__("Keys found in your code and its history")
        self._session, self._hub = session, hub
        self._found: dict[str, Found] = {}
        self._said = ""

    def body(self) -> ComposeResult:
        yield Static(id="said", classes="quiet")
        yield Rows(id="found", empty=_NOTHING)
        yield Static(id="about")

    def buttons(self) -> ComposeResult:
        yield Button("Made new (r)", id="rotated", variant="primary")
        yield Button("No key (n)", id="none")
        yield Button("Take back (u)", id="undo")
        yield Button("Scan again (g)", id="again")
        yield Button("Close", id="cancel")

    def on_mount(self) -> None:
        self._load(again=False)

    @work(exclusive=True, group="scan")
    async def _load(self, *, again: bool) -> None:
        """What the last look found, or a new scan; values stay in the process that scans."""
        self.query_one("#said", Static).update(Content("Reading your code and its history …"))
        try:
            parts, _ = await self._session.found_keys(again=again)
        except PROBLEMS as problem:
            self.problem(told(problem))
            return
        self._said = _summary(parts)
        every = [one for part in parts.values() if isinstance(part, Scanned) for one in part.found]
        self._found = {one.print: one for one in worst_first(one for one in every if one.what != "public")}
        self._show()

    def _show(self) -> None:
        marks = self._session.secret_marks
        order = sorted(self._found.values(), key=lambda one: (not marks.open(one), one.what != "secret"))
        rows = self.query_one("#found", Rows)
        rows.show([found_row(one, marks) for one in order])
        self.query_one("#said", Static).update(Content(self._said))
        self._about(rows.current or "")

    def _about(self, id: str) -> None:
        found = self._found.get(id)
        if found is None:
            self.query_one("#about", Static).update(Content(""))
            return
        provider, mark = provider_of(found), self._session.secret_marks.of(found)
        told_so = f"\nYou said: {mark.said}." if mark else ""
        tell = words.in_history if found.commit else words.in_tree
        text = f"{provider.name}: {provider.path}.\n{provider.page}{told_so}"
        head = tell(found)
        self.query_one("#about", Static).update(Content.assemble((f"{head[0].upper()}{head[1:]}\n", "bold"), text))

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        self._about(event.id)

    @on(Rows.Opened)
    def _opened(self) -> None:
        self.action_rotated()

    # ---- keys and mouse ----
    def on_button_pressed(self, event: Button.Pressed) -> None:
        match event.button.id:
            case "rotated":
                self.action_rotated()
            case "none":
                self.action_none()
            case "undo":
                self.action_undo()
            case "again":
                self.action_again()

    def _current(self) -> Found | None:
        found = self._found.get(self.query_one("#found", Rows).current or "")
        if found is None:
            self.problem("Go to a key in the list first.")
        return found

    @work(exclusive=True, group="mark")
    async def action_rotated(self) -> None:
        found = self._current()
        if found is None:
            return
        lead = "On which day was a new key made in its place, and the old one deleted there?"
        typed = await self.app.push_screen_wait(
            MarkDialog(f"{found.name}: made new", lead, "Made new", "today", "YYYY-MM-DD, or today")
        )
        if typed is None:
            return
        try:
            day = now().astimezone().date() if typed.lower() == "today" else dt.date.fromisoformat(typed)
        except ValueError:
            self.problem("Write the day as year-month-day, or today.")
            return
        await self._do(lambda: self._session.mark_rotated(found, day, self._who()))

    @work(exclusive=True, group="mark")
    async def action_none(self) -> None:
        found = self._current()
        if found is None:
            return
        lead = "Why is it no key? It stays on this list with your name and the reason."
        typed = await self.app.push_screen_wait(
            MarkDialog(f"{found.name}: no key", lead, "Reason", "", "a test's made-up value, say")
        )
        if typed is not None:
            await self._do(lambda: self._session.mark_false(found, typed, self._who()))

    def action_undo(self) -> None:
        found = self._current()
        if found is None:
            return
        try:
            checks = self._session.unmark(found, self._who())
        except PROBLEMS as problem:
            self.problem(told(problem))
            return
        self._done(checks)

    def action_again(self) -> None:
        self._load(again=True)

    def _who(self) -> str:
        return launch_ready(self).who or "the founder"

    async def _do(self, mark: Callable[[], Coroutine[Any, Any, tuple[Check, ...]]]) -> None:
        try:
            checks = await mark()
        except PROBLEMS as problem:
            self.problem(told(problem))
            return
        self._done(checks)

    def _done(self, checks: Iterable[Check]) -> None:
        """Something was said: show it, and look again at what it bears on."""
        self.problem("")
        self._show()
        self.query_one("#found", Rows).focus()
        checks = tuple(checks)
        if checks:
            self._hub.look(checks, group="look-keys")


def _summary(parts: dict[str, Scanned | NoRepo]) -> str:
    """What was read, by which engine, and what could not be."""
    if not parts:
        return "There is no code folder to read: give it with d."
    said = []
    for name, part in parts.items():
        where = "history" if name == "history" else "code"
        if isinstance(part, NoRepo):
            said.append(f"Your {where} could not be read: {part.say}.")
        else:
            said.append(f"Your {where}: {words.engine_said(part)}.")
    return f"{' '.join(said)} Values are neither kept nor shown."
