"""Try it: does a reset, does an invite arrive at two inboxes? A clock for each, where it was found, the message."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Static

from launchready_tui.checks import Check
from launchready_tui.proofs import Proof
from launchready_tui.questions import ARRIVED, INBOXES, LINK
from launchready_tui.session import Session
from launchready_tui.text import listed
from launchready_tui.tryout import Kind
from screens import _page
from screens._hub import Hub
from screens._page import SaveDialog, launch_ready
from screens._problems import PROBLEMS, told
from screens._proof import MARKS, took
from screens.dialogs.messages import MessagesDialog
from screens.widgets.pick import Pick
from screens.widgets.rows import Row, Rows

KINDS: tuple[Kind, ...] = ("reset", "invite")
_NAMES = {"reset": "Password reset", "invite": "Invite"}
_DO = {
    "reset": "Sign out, and ask for a new password with an address of yours at {inbox}.",
    "invite": "Invite an address of yours at {inbox}.",
}
_PLACES = {"i": "inbox", "p": "promotions", "j": "spam", "x": "missing"}
_TICK_SECONDS = 0.5
_SPAM = "spam"  # the folder of a practice inbox


@dataclass(slots=True)
class Try:
    """One mail to one inbox. `began` is when the clock was started, None where it does not run."""

    began: float | None = None
    seconds: str = ""
    place: str = ""
    proof: Proof | None = None

    @property
    def clock(self) -> str:
        if self.began is not None:
            return f"▶ {took(time.monotonic() - self.began)}"
        return f"{self.seconds} s" if self.seconds.isdigit() else self.seconds or "-"

    def stop(self) -> None:
        if self.began is not None:
            self.seconds, self.began = str(max(1, round(time.monotonic() - self.began))), None


class FlowDialog(SaveDialog[tuple[Check, ...] | None]):
    """Left and right turn between reset and invite; the keys that stand in the text act on the inbox under the cursor.
    Comes back with the checks to look at again, or None."""

    SAVES = "Keep it"
    AUTO_FOCUS: ClassVar[str | None] = "#tries"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn(-1)", "Reset", show=False),
        Binding("right", "turn(1)", "Invite", show=False),
        Binding("s", "clock", "Start or stop the clock", show=False),
        *(Binding(key, f"found('{place}')", place, show=False) for key, place in _PLACES.items()),
        Binding("l", "link", "The link", show=False),
        Binding("e", "message", "The message", show=False),
        Binding("a", "ask", "Ask the practice site", show=False),
        Binding("n", "none", "We send none", show=False),
    ]

    def __init__(self, session: Session, hub: Hub, kind: Kind = "reset", *, who: str = "") -> None:
        super().__init__("Try it: does it arrive?")
        self._session, self._hub, self._who = session, hub, who
        self._kind = kind
        self._tries = {kind: {inbox: Try() for inbox, _ in INBOXES} for kind in KINDS}
        self._links = dict.fromkeys(KINDS, "")
        self._asking: set[tuple[Kind, str]] = set()
        for each in KINDS:
            self._recall(each)

    def _recall(self, kind: Kind) -> None:
        """What was said before stands there, until something else is."""
        answer = self._session.answers.newest(f"flow.{kind}")
        if answer is None or answer.choice != "tried":
            return
        for inbox, _ in INBOXES:
            self._tries[kind][inbox].place = answer.fields.get(inbox, "")
            self._tries[kind][inbox].seconds = answer.fields.get(f"{inbox}_seconds", "")
        self._links[kind] = answer.fields.get("link", "")

    def body(self) -> ComposeResult:
        with Horizontal(id="views"):
            for kind in KINDS:
                yield Button(Content(_NAMES[kind]), id=f"view-{kind}", compact=True)
        yield Static(id="steps")
        yield Rows(id="tries", weights=(0, 0, 1, 1))
        yield from _page.pick_field("link", "The link (l)", LINK)
        yield from _page.field("who", "Said by", self._who, "your name")
        yield Static(id="state", classes="quiet")

    def buttons(self) -> ComposeResult:
        yield Button(Content(self.SAVES), id="save", variant="primary")
        if self._session.tryout is not None:
            yield Button("Ask (a)", id="ask")
        yield Button("Clock (s)", id="clock")
        yield Button("Mail (e)", id="letter")
        yield Button("None (n)", id="none")
        yield Button("Not now", id="cancel")

    def on_mount(self) -> None:
        for button in self.query("#views Button"):
            button.can_focus = False  # left and right turn; the keys stay with the rows
        self._show()
        self.set_interval(_TICK_SECONDS, self._tick)

    # ---- showing ----
    def _tick(self) -> None:
        if any(each.began is not None for each in self._tries[self._kind].values()):
            self._rows()

    def _show(self) -> None:
        for kind in KINDS:
            button = self.query_one(f"#view-{kind}", Button)
            chosen = kind == self._kind
            button.label = Content(f"▸{_NAMES[kind]}" if chosen else f" {_NAMES[kind]}")
            button.set_class(chosen, "-primary")
        self.query_one("#link", Pick).value = self._links[self._kind]
        self._rows()
        self._steps()

    def _rows(self) -> None:
        places = dict(ARRIVED)
        rows = [Row("head", cells=("Inbox", "Clock", "Where it was found", "The message"), heading=True)]
        for inbox, name in INBOXES:
            each = self._tries[self._kind][inbox]
            said = "? nobody looked" if not each.place else places.get(each.place, each.place)
            proof = "-"
            if each.proof is not None:
                proof = f"{MARKS[each.proof.verdict][0]} {'it is yours' if each.proof.proves else 'not proven'}"
            rows.append(Row(inbox, tone="poor", cells=(name, each.clock, said, proof)))
        self.query_one("#tries", Rows).show(rows)
        self._state()

    def _inbox(self) -> str:
        return self.query_one("#tries", Rows).current or INBOXES[0][0]

    @on(Rows.Moved)
    def _moved(self) -> None:
        self._steps()

    def _steps(self) -> None:
        inbox = self._inbox()
        tryout = self._session.tryout
        do = _DO[self._kind].format(inbox=dict(INBOXES)[inbox])
        look = "Look in every folder: i inbox, p promotions, j spam, x not at all."
        after = "l: use the link twice, and say what came of it. e: the message as a file, for the proof."
        if tryout is None:
            lines = (f"1. {do} Press s as you do: the clock runs.", f"2. {look} That stops it.", f"3. {after}")
        else:
            lines = (
                f"a asks the practice site for one, to {tryout.address(inbox)}. The clock runs,",
                "what comes is found, its link is used twice, it is taken as the proof.",
                "By hand: s clock, i p j x where it was, l link, e message. Right: more.",
            )
        self.query_one("#steps", Static).update(Content("\n".join(lines)))

    def _state(self) -> None:
        """What is still to be said, and of a message that came what it proves."""
        tries = self._tries[self._kind]
        proof = tries[self._inbox()].proof
        missing = [name for inbox, name in INBOXES if not tries[inbox].place]
        said = f"Still to try: {listed(missing)}." if missing else "Both were tried."
        if not missing and not self._links[self._kind]:
            said = "Both were tried. Now the link: l."
        self.query_one("#state", Static).update(Content(proof.sentence if proof is not None else said))

    # ---- keys ----
    def on_button_pressed(self, event: Button.Pressed) -> None:
        pressed = event.button.id or ""
        acts: dict[str, Callable[[], object]] = {
            "ask": self.action_ask,
            "clock": self.action_clock,
            "letter": self.action_message,
        }
        if pressed in acts:
            acts[pressed]()
        elif pressed == "none":
            self.action_none()
        elif pressed.startswith("view-"):
            self._turn_to(next(kind for kind in KINDS if pressed == f"view-{kind}"))

    def action_turn(self, by: int) -> None:
        self._turn_to(KINDS[(KINDS.index(self._kind) + by) % len(KINDS)])

    def _turn_to(self, kind: Kind) -> None:
        self._kind = kind
        self._show()

    def action_clock(self) -> None:
        each = self._tries[self._kind][self._inbox()]
        if each.began is None:
            each.began, each.seconds, each.place = time.monotonic(), "", ""
        else:
            each.stop()
        self._rows()

    def action_found(self, place: str) -> None:
        each = self._tries[self._kind][self._inbox()]
        each.stop()
        each.place = place
        if place == "missing":
            each.seconds = ""
        self._rows()

    def action_link(self) -> None:
        self.query_one("#link", Pick).action_turn(1)

    @on(Pick.Turned, "#link")
    def _linked(self, event: Pick.Turned) -> None:
        self._links[self._kind] = event.pick.value
        self._state()

    @work(exclusive=True, group="message")
    async def action_message(self) -> None:
        kind, inbox = self._kind, self._inbox()
        proof = await self.app.push_screen_wait(MessagesDialog(self._session, self._hub, kind))
        if proof is not None:
            self._tries[kind][inbox].proof = proof
            self._rows()

    @work(group="ask")
    async def action_ask(self) -> None:
        """The practice startup: ask its site, see where the mail lands, take it as the proof."""
        tryout, kind, inbox = self._session.tryout, self._kind, self._inbox()
        if tryout is None or (kind, inbox) in self._asking:
            return
        self._asking.add((kind, inbox))
        each = self._tries[kind][inbox]
        each.began, each.seconds, each.place, each.proof = time.monotonic(), "", "", None
        self._rows()
        before = set(tryout.messages(inbox))
        try:
            await tryout.trigger(kind, inbox)
            came = next((path for path in tryout.messages(inbox) if path not in before), None)
            each.stop()
            each.place = "missing" if came is None else "spam" if _SPAM in came.parts else "inbox"
            if came is not None:
                self._links[kind] = await tryout.use_link(came)
                each.proof = await self._session.add_message(came, kind)
                launch_ready(self).learn_names()
            self.problem("")
        except PROBLEMS as problem:
            each.stop()
            self.problem(told(problem))
        finally:
            self._asking.discard((kind, inbox))
        if self.is_attached:
            self._show()

    # ---- keeping ----
    def action_none(self) -> None:
        """There is no such mail."""
        who = self.need("who", "Say who says so: a name that the team knows.")
        if who is not None:
            self._keep([(self._kind, "none", {})], who)

    def action_save(self) -> None:
        tried = [kind for kind in KINDS if any(each.place for each in self._tries[kind].values())]
        if not tried:
            self.problem("Try one first: send it, then say where it was found.")
            self.query_one("#tries", Rows).focus()
            return
        who = self.need("who", "Say who tried it: a name that the team knows.")
        if who is None:
            return
        said = []
        for kind in tried:
            fields = {"link": self._links[kind]}
            for inbox, each in self._tries[kind].items():
                each.stop()
                fields |= {inbox: each.place, f"{inbox}_seconds": each.seconds}
            said.append((kind, "tried", {name: value for name, value in fields.items() if value}))
        self._keep(said, who)

    def _keep(self, said: list[tuple[Kind, str, dict[str, str]]], who: str) -> None:
        launch_ready(self).who = who
        checks: dict[str, Check] = {check.id: check for check in self._session.message_checks()}
        try:
            for kind, choice, fields in said:
                checks |= {
                    check.id: check for check in self._session.answer(f"flow.{kind}", choice, who, fields=fields)
                }
        except PROBLEMS as problem:
            self.problem(told(problem))
            return
        self.dismiss(tuple(checks.values()))
