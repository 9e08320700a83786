"""Who may send as you: every service that was named or seen, and what your SPF record costs its receivers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Static

from launchready_tui import limits
from launchready_tui.mail.spf_tree import Node
from launchready_tui.sendersight import Need, SenderState
from launchready_tui.session import Session
from launchready_tui.session.mailing import WhoSends
from launchready_tui.text import listed, plural
from screens._hub import Hub
from screens._page import Dialog
from screens._problems import PROBLEMS, told
from screens.dialogs.sender import SenderDialog
from screens.widgets.rows import Row, Rows

VIEWS = ("senders", "lookups")
_STATES = {
    "there": ("✓", "sound", "good"),
    "missing": ("✗", "missing", "bad"),
    "unknown": ("?", "?", "ask"),
    "page": ("·", "look", "quiet"),
}
_NEEDS = {"there": "✓", "missing": "✗", "other": "✗", "unknown": "?", "page": "·"}
_PARTS = {"spf": "SPF", "dkim": "key", "return-path": "return path", "verify": "proof", "inbox": "inbox"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What to do: plan a change for a `sender` (the id of a guide, or a host), or name who sends. `keys`: with keys."""

    verb: Literal["add", "remove", "name"]
    sender: str = ""


def sender_row(state: SenderState) -> Row:
    """One sender. Seen and not named: may it still send for you?"""
    glyph, word, tone = _STATES[state.state]
    if not state.declared:
        glyph, word, tone = "!", "unnamed", "poor"
    seen = listed(list(state.seen)) if state.seen else "seen nowhere"
    return Row(state.id, glyph, word, tone, state.name, seen)


def sender_words(state: SenderState) -> Content:
    """All that is known of one."""
    said = "You named it." if state.declared else "Nobody named it. Is it still used? If not, x takes it away."
    parts: list[Content | tuple[str, str]] = [(f"{state.name}. ", "bold"), Content(said)]
    if state.declared:  # what somebody would need who may not send at all is of no interest
        parts += [Content(f"\n{_need(need)}") for need in state.needs if need.needed]
    return Content.assemble(*parts)


def _need(need: Need) -> str:
    return f"{_NEEDS[need.state]} {_PARTS.get(need.part, need.part)}: {need.say or need.name}"


def tree_rows(node: Node, before: str = "", path: str = "") -> Iterator[Row]:
    """The look-ups below a node: the term, what it costs in all, whose it is or what is wrong with it."""
    for at, child in enumerate(node.children):
        last = child is node.children[-1] and not node.left_out
        id = f"{path}/{at}"
        tone = "bad" if child.fault else "ask" if child.unsure else "poor" if child.dead else "quiet"
        cells = (f"{before}{'└' if last else '├'} {child.term}", str(child.total), _whose(child))
        yield Row(id, tone=tone, cells=cells)
        yield from tree_rows(child, f"{before}{'  ' if last else '│ '}", id)


def _whose(node: Node) -> str:
    if node.fault:
        return f"? {node.fault}"
    if node.unsure:
        return f"? {node.unsure}"
    if node.dead:
        return "? comes back empty"
    return node.sender or {"a": "addresses of yours", "mx": "your mail servers"}.get(node.kind, "")


def at_path(node: Node, path: str) -> Node:
    """The node of a row's id."""
    for step in path.strip("/").split("/"):
        node = node.children[int(step)]
    return node


def node_words(node: Node) -> Content:
    """One term of the record."""
    below = f", {plural(len(node.children), 'term')} below" if node.children else ""
    cost = f"{plural(node.total, 'look-up')}{below}"
    lines = [f"{node.target or 'a name of its own for each message'}: {cost}."]
    if node.fault:
        lines.append(f"Receivers give up here: {node.fault}.")
    if node.unsure:
        lines.append(f"We could not tell: {node.unsure}.")
    if node.record:
        lines.append(node.record)
    if node.hosts or node.addresses:
        lines.append(listed([*node.hosts, *node.addresses]))
    return Content.assemble((f"{node.term}\n", "bold"), "\n".join(lines))


class SendersDialog(Dialog[Wish | None]):
    """Two lists: left and right change between them. + adds a sender, x takes one away: each is shown before it is
    made. Comes back with what to plan, or None."""

    AUTO_FOCUS: ClassVar[str | None] = "Rows"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn(-1)", "The list before", show=False),
        Binding("right", "turn(1)", "The next list", show=False),
        Binding("plus", "add", "Add a sender", show=False),
        Binding("x,delete", "remove", "Take it away", show=False),
        Binding("a", "name", "Name who sends", show=False),
    ]

    def __init__(self, session: Session, hub: Hub, view: str = VIEWS[0], *, who: str = "") -> None:
        super().__init__(f"Who may send as {session.project.domain}")
        self._session, self._hub, self._view = session, hub, view
        self._seen: WhoSends | None = None

    @property
    def listed(self) -> bool:
        """Was everything asked?"""
        return self._seen is not None

    def body(self) -> ComposeResult:
        with Horizontal(id="views"):
            for view in VIEWS:
                yield Button(Content(view), id=f"view-{view}", compact=True)
        yield Static(id="said", classes="quiet")
        yield Rows(id="senders", empty="Nobody was named or seen yet. + adds a sender, a names them all.")
        yield Rows(id="lookups", weights=(4, 0, 3), empty="No look-up to show.")
        yield Static(id="about")

    def buttons(self) -> ComposeResult:
        yield Button("Add a sender (+)", id="add", variant="primary")
        yield Button("Take it away (x)", id="remove")
        yield Button("Name who sends (a)", id="name")
        yield Button("Close", id="cancel")

    def on_mount(self) -> None:
        for button in self.query("#views Button"):
            button.can_focus = False  # left and right turn; the keys stay with the rows
        self.show_view()
        self._load()

    @work(exclusive=True, group="list")
    async def _load(self) -> None:
        try:
            self._seen = await self._session.who_sends()
        except PROBLEMS as problem:
            self.problem(told(problem))
            return
        self.show_view()

    # ---- showing ----
    def show_view(self) -> None:
        """The list that is chosen, anew."""
        seen = self._seen
        cost = seen.cost if seen is not None else None
        names = {
            "senders": f"Senders {len(seen.states)}" if seen is not None else "Senders …",
            "lookups": f"Look-ups {cost.lookups}/{limits.SPF_LOOKUPS}" if cost is not None else "Look-ups",
        }
        for view in VIEWS:
            button = self.query_one(f"#view-{view}", Button)
            chosen = view == self._view
            button.label = Content(f"▸{names[view]}" if chosen else f" {names[view]}")
            button.set_class(chosen, "-primary")
            button.refresh(layout=True)  # the label has become longer
            self.query_one(f"#{view}", Rows).display = chosen
        self.query_one("#said", Static).update(Content(self._say()))
        if seen is not None:
            self.query_one("#senders", Rows).show(sender_row(state) for state in seen.states)
            head = Row("head", cells=("What the record asks for", "Costs", "Whose it is"), heading=True)
            rows = list(tree_rows(cost.root)) if cost is not None else []
            self.query_one("#lookups", Rows).show([head, *rows] if rows else [])
        self._rows.focus()
        self._about(self._rows.current or "")

    @property
    def _rows(self) -> Rows:
        return self.query_one(f"#{self._view}", Rows)

    def _say(self) -> str:
        seen = self._seen
        if seen is None:
            return "Asking for the records …"
        if self._view == "senders":
            return seen.say
        if seen.cost is None:
            return seen.no_cost
        return f"{seen.cost.said()[:1].upper()}{seen.cost.said()[1:]}: past {limits.SPF_LOOKUPS}, nothing of it counts."

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        if event.rows.id == self._view:
            self._about(event.id)

    def _about(self, id: str) -> None:
        about = Content("")
        state = self._state(id)
        if self._view == "senders" and state is not None:
            about = sender_words(state)
        elif self._view == "lookups" and self._seen is not None and self._seen.cost is not None and id.startswith("/"):
            about = node_words(at_path(self._seen.cost.root, id))
        self.query_one("#about", Static).update(Content.assemble(about))

    def _state(self, id: str) -> SenderState | None:
        return next((state for state in self._seen.states if state.id == id), None) if self._seen is not None else None

    def action_turn(self, by: int) -> None:
        self._view = VIEWS[(VIEWS.index(self._view) + by) % len(VIEWS)]
        self.show_view()

    # ---- doing ----
    def on_button_pressed(self, event: Button.Pressed) -> None:
        pressed = event.button.id or ""
        acts: dict[str, Callable[[], object]] = {
            "add": self.action_add,
            "remove": self.action_remove,
            "name": self.action_name,
        }
        if pressed in acts:
            acts[pressed]()
        elif pressed.startswith("view-"):
            self._view = pressed.removeprefix("view-")
            self.show_view()

    def action_name(self) -> None:
        self.dismiss(Wish("name"))

    @work(exclusive=True, group="add")
    async def action_add(self) -> None:
        chosen = await self.app.push_screen_wait(SenderDialog())
        if chosen:
            self.dismiss(Wish("add", chosen))

    def action_remove(self) -> None:
        """Take the sender under the cursor away; in the tree, the one that the term stands for."""
        id = self._rows.current or ""
        if self._view == "lookups" and self._seen is not None and self._seen.cost is not None and id:
            top = at_path(self._seen.cost.root, f"/{id.strip('/').split('/')[0]}")
            if top.kind not in ("include", "redirect"):
                self.problem(
                    "These are your own machines. They stand in the record by a word of its own: change it by hand."
                )
                return
            known = next((state for state in self._seen.states if top.sender and state.name == top.sender), None)
            self.dismiss(Wish("remove", known.id if known is not None else top.target))
        elif self._state(id) is not None:
            self.dismiss(Wish("remove", id))
        else:
            self.problem("Go to a sender: x takes it away.")
