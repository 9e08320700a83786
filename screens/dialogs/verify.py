"""The last handover against now: which hosts are asked, a yes, what changed, and a name put to it."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Button, Input, Static

from launchready_tui import disk
from launchready_tui.checks import Check
from launchready_tui.drift.compare import questions
from launchready_tui.drift.facts import Facts, from_handover
from launchready_tui.drift.told import MARKS, Verification, head, hosts_text, signature_lines
from launchready_tui.driftlook import Line, ordered
from launchready_tui.handover.reading import read_handover
from launchready_tui.handover.signing import Outcome, Verdict, digest
from launchready_tui.handover.verified import SUFFIX
from launchready_tui.session import Session
from launchready_tui.text import plural
from screens import _page
from screens._hub import Hub
from screens._page import Dialog
from screens._problems import PROBLEMS, told
from screens.widgets.rows import Row, Rows

# Only a key that is known is ever green.
STYLES: dict[Outcome, str] = {
    "known": "$text-success",
    "unknown-key": "$text-warning",
    "altered": "$text-error",
    "unsigned": "$foreground-muted",
    "malformed": "$text-error",
}
_GLYPHS = {"drift": ("✗", "bad"), "unknown": ("?", "ask"), "benign": ("✓", "good")}
_WORDS = {"unknown": "?", "benign": "fine"}
Phase = Literal["ask", "look", "done"]


def line_row(number: int, line: Line) -> Row:
    """One line of drift in the list."""
    glyph, tone = _GLYPHS[line.state]
    word = line.severity.value.upper() if line.state == "drift" else _WORDS[line.state]
    tone = "poor" if line.state == "drift" and not line.severity.blocks else tone
    return Row(f"line:{number}", glyph=glyph, word=word, tone=tone, title=line.say)


class VerifyDialog(Dialog[None]):
    """Asks nothing before the yes. Escape while it looks stops the look; what was handed over is never changed."""

    AUTO_FOCUS: ClassVar[str | None] = "#go"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "next", "Go on", show=False),
    ]

    def __init__(self, session: Session, hub: Hub, who: str = "") -> None:
        super().__init__("Verify the handover")
        self._session, self._hub, self._who = session, hub, who
        self.phase: Phase = "ask"
        self.done: Verification | None = None
        self._facts: Facts | None = None
        self._data = b""
        self._file = Path()
        self._verdict = Verdict("unsigned", "")
        self._lines: dict[str, Line] = {}
        self._answers = 0

    def body(self) -> ComposeResult:
        yield Static(id="signature")
        yield Static(id="line")
        yield Rows(id="drift", empty="")
        yield Static(id="about")
        with Vertical(id="word"):
            hint = f"the receiver's name, not {self._who}" if self._who else "the receiver's name"
            yield from _page.field("name", "Verified by", "", hint)
        with Vertical(id="theirs"):
            yield from _page.field("file", "Their word", "", f"the {SUFFIX} file that came back")

    def buttons(self) -> ComposeResult:
        yield Button("Ask them", id="go", variant="primary")
        yield Button("Put the name to it", id="sign", variant="primary")
        yield Button("Trust the key", id="trust")
        yield Button("Take it in", id="take")
        yield Button("Close", id="cancel")

    def on_mount(self) -> None:
        try:
            self._file, self._data = self._session.last_handover()
            self._facts = from_handover(read_handover(self._data))
            self._verdict = self._session.signature_of(self._file, self._data)
        except PROBLEMS as problem:
            self._show("ask")
            self.query_one("#line", Static).update(Content(told(problem)))
            self.query_one("#cancel", Button).focus()
            return
        self._show("ask")
        # The heading of the dialog says what it is for; its own first line is the list that a yes is for.
        first, *hosts = hosts_text(self._facts)
        self.query_one("#line", Static).update(Content(first))
        self.query_one("#drift", Rows).show([Row(f"host:{n}", title=each.strip()) for n, each in enumerate(hosts)])
        back = self._file.with_name(self._file.name + SUFFIX)
        if back.exists():
            self.query_one("#file", Input).value = str(back)

    def _show(self, phase: Phase) -> None:
        """Put the parts of a phase on, the others off."""
        self.phase = phase
        verdict, ready = self._verdict, self._facts is not None
        mark = (f"{MARKS[verdict.outcome]} ", STYLES[verdict.outcome])
        self.query_one("#signature", Static).update(Content.assemble(mark, f"Signature: {verdict.say}"))
        shown = {
            "#signature": ready,
            "#about": phase == "done" and bool(self._lines),
            "#drift": ready and phase != "look" and not (phase == "done" and not self._lines),
            "#word": phase == "done",
            "#theirs": phase == "ask" and ready,
            "#go": phase == "ask" and ready,
            "#sign": phase == "done",
            "#trust": verdict.outcome == "unknown-key" and phase != "look",
            "#take": phase == "ask" and ready,
        }
        for where, on_screen in shown.items():
            self.query_one(where).display = on_screen

    # ---- looking ----
    def on_button_pressed(self, event: Button.Pressed) -> None:
        acts = {"go": self.action_next, "sign": self.action_next, "trust": self._trust, "take": self._take}
        act = acts.get(event.button.id or "")
        if act is not None:
            event.stop()
            act()

    def action_next(self) -> None:
        """The one thing to do next: ask them, or put the name to it."""
        if self.phase == "ask" and self._facts is not None:
            self._look(self._facts)
        elif self.phase == "done":
            self._sign()

    def action_cancel(self) -> None:
        if self.phase == "look":
            self.workers.cancel_group(self, "verify")
            return
        self.dismiss(None)

    def _step(self, what: str) -> None:
        self._answers += 1
        assert self._facts is not None
        of = questions(self._facts).count
        self.query_one("#line", Static).update(
            Content(f"Asking again: {self._answers} of {plural(of, 'answer')}. {what}. Escape stops it.")
        )

    @work(exclusive=True, group="verify")
    async def _look(self, facts: Facts) -> None:
        self._answers = 0
        self._show("look")
        self.query_one("#line", Static).update(Content("Asking again. Escape stops it."))
        try:
            lines = await self._session.compare_last(facts, self._step)
        except PROBLEMS as problem:
            self._show("ask")
            self.problem(told(problem))
            return
        finally:
            if self.phase == "look" and self.is_attached:
                self._show("ask")
                self.query_one("#line", Static).update(Content("Stopped. Nothing was compared."))
        self._tell(facts, lines)

    def _tell(self, facts: Facts, lines: tuple[Line, ...]) -> None:
        every = ordered((*signature_lines(self._verdict), *lines))
        at = self._session.clock.now()
        self.done = Verification(str(self._file), digest(self._data), facts, self._verdict, every, at)
        self._lines = {f"line:{number}": line for number, line in enumerate(every)}
        self._show("done")
        self.query_one("#line", Static).update(Content(head(self.done)))
        rows = self.query_one("#drift", Rows)
        rows.show([line_row(number, line) for number, line in enumerate(every)])
        self._about(rows.current or "")
        self.query_one("#name", Input).focus()

    @on(Rows.Moved, "#drift")
    def _moved(self, event: Rows.Moved) -> None:
        self._about(event.id)

    def _about(self, id: str) -> None:
        line = self._lines.get(id)
        if line is None:
            return
        parts = [Content(f"{line.say}")]
        if line.todo:
            parts.append(Content.assemble(("To do  ", "bold"), line.todo))
        self.query_one("#about", Static).update(Content("\n").join(parts))

    # ---- names put to it ----
    @work(exclusive=True, group="verify")
    async def _sign(self) -> None:
        who = self.need("name", "Whose name? Whoever receives the handover puts theirs to it.")
        if who is None or self.done is None:
            return
        try:
            checks = await self._session.give_word(who, self.done.result)
        except PROBLEMS as problem:
            self.problem(told(problem))
            return
        self._kept(checks, f"{who} put their name to it: {self._file.name}{SUFFIX} stands beside the handover.")

    def _take(self) -> None:
        """Take in the word of a receiver who verified elsewhere."""
        typed = self.need("file", "Which file? Your receiver sends it back after they verified.")
        if typed is None:
            return
        try:
            checks = self._session.take_word(disk.read_capped(Path(typed).expanduser()))
        except PROBLEMS as problem:
            self.problem(told(problem))
            return
        self._kept(checks, "Their word is kept.")

    def _kept(self, checks: tuple[Check, ...], said: str) -> None:
        self._hub.look(checks, group="look-verify")
        self._hub.say(said)
        self.dismiss(None)

    def _trust(self) -> None:
        try:
            said = self._session.trust_key(self._verdict)
            self._verdict = self._session.signature_of(self._file, self._data)
        except PROBLEMS as problem:
            self.problem(told(problem))
            return
        self._show(self.phase)
        self.problem("")
        self.app.notify(said, markup=False, timeout=12)
