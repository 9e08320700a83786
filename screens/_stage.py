"""What the seven stages share: the list of checks, the words beside it, the rail, and one line of what to do next."""

from __future__ import annotations

import time
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from launchready_tui.checks import Check
from launchready_tui.model import Stage, Status
from launchready_tui.session import Session
from screens._actions import Actions
from screens._detail import describe, value_of
from screens._faces import row, stage_state, worst_first
from screens._hub import Hub
from screens._page import launch_ready
from screens.widgets.bearings import Bearings
from screens.widgets.detail import Detail
from screens.widgets.keys import Hint, Keys
from screens.widgets.line import Line
from screens.widgets.rail import Rail
from screens.widgets.rows import Row, Rows
from screens.widgets.top import Top

_BEARINGS_SECONDS = 0.5  # while findings stream, deliverable and signals are read at most this often


class StageScreen(Actions):
    """One stage. A subclass says which, its title and one line of what it is for."""

    STAGE: ClassVar[Stage]
    TITLE_LINE: ClassVar[str]
    INTRO: ClassVar[str]
    AUTO_FOCUS: ClassVar[str | None] = "Rows"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g", "look_all", "Look at everything", show=False),
        Binding("R", "look_stage", "Look at this stage", show=False),
        Binding("s", "stop", "Stop looking", show=False),
        Binding("v", "evidence", "Show the evidence", show=False),
        Binding("i", "app.signals", "Signals", show=False),
        Binding("t", "app.next_step", "To the next step", show=False),
        Binding("w", "sort_rows", "Worst first", show=False),
        Binding("slash", "filter", "Filter", show=False),
        Binding("space", "more", "More", show=False),
        Binding("escape", "back", "Back", show=False),
    ]

    def __init__(self, session: Session, hub: Hub) -> None:
        super().__init__(session, hub)
        self.checks = hub.stages[self.STAGE]
        self._by_id = {check.id: check for check in self.checks}
        self._evidence = False
        self._filter = ""
        self._bearings_at = 0.0
        self._standing, self._wanted = False, ""

    def compose(self) -> ComposeResult:
        yield Top()
        if self.session.read_only:
            yield Static(Content(f"Read only. {self.session.holder}"), id="read-only")
        with Container(id="stage"):
            yield Rail(self.STAGE)
            with Container(id="main"):
                yield Bearings(self.TITLE_LINE, self.INTRO)
                with Horizontal(id="filter-line"):
                    yield Static("Filter", classes="label")
                    yield Input(id="filter", compact=True, placeholder="a word, or a status: unknown, high, sound")
                with Container(id="panes"):
                    yield self.make_rows()
                    yield Detail(id="detail")
                yield Line("app.next_step", id="next")
        yield Keys()

    def make_rows(self) -> Rows:
        return Rows(id="checks", empty="No check fits the filter. Escape shows all.")

    def on_mount(self) -> None:
        self.query_one("#filter-line").display = False
        self._standing = True
        self.sort_rows()
        self.go(self._wanted or self.first_row())
        self.show_changes(None)
        if not self.session.outcomes and not self.hub.looking and not launch_ready(self).holding:
            self.hub.look()

    def first_row(self) -> str:
        """Where the cursor is at first; "" is the first row."""
        return ""

    def on_screen_resume(self) -> None:
        self.show_changes(None)

    # ---- what is listed ----
    def rows(self) -> list[Row]:
        """The rows in the order in which they are shown."""
        return [
            each
            for each in (row(check, self.session, self.hub) for check in worst_first(self.checks, self.session))
            if self._fits(each)
        ]

    def _fits(self, each: Row) -> bool:
        words = self._filter.lower().split()
        text = f"{each.id} {each.word} {each.title} {each.note}".lower()
        return all(word in text for word in words)

    def sort_rows(self) -> None:
        """Put the worst first. Only when the stage is opened, a look starts, or the reader asks: never under them."""
        self.query_one("#checks", Rows).show(self.rows())

    def _unsorted(self) -> bool:
        """Has the order been overtaken by what was found?"""
        shown = [each.id for each in self.query_one("#checks", Rows).rows if each.id in self._by_id]
        now = [check.id for check in worst_first(self.checks, self.session) if check.id in shown]
        return shown != now

    def check(self) -> Check | None:
        return self._by_id.get(self.query_one("#checks", Rows).current or "")

    def go(self, check: str) -> None:
        """Put the cursor on a check, without the filter if that hides it. Before the screen stands, once it does."""
        if not self._standing:
            self._wanted = check
            return
        rows = self.query_one("#checks", Rows)
        if not rows.go(check) and self._filter:
            self._clear_filter()
            rows.go(check)
        rows.focus()

    # ---- showing ----
    def show_changes(self, changed: frozenset[str] | None) -> None:
        if not self._standing:
            return
        rows = self.query_one("#checks", Rows)
        for each in self.changed_rows(changed):
            rows.change(each)
        if changed is None or rows.current in changed:
            self.show_detail(top=False)
        self._show_frame()
        self.show_keys()

    def changed_rows(self, changed: frozenset[str] | None) -> list[Row]:
        which = self.checks if changed is None else [self._by_id[id] for id in changed if id in self._by_id]
        return [row(check, self.session, self.hub) for check in which]

    def show_detail(self, *, top: bool = True) -> None:
        check = self.check()
        if check is None:
            self.query_one(Detail).show(lambda width: Content(""))
            return
        evidence = self._evidence
        self.query_one(Detail).show(
            lambda width: describe(check, self.session, self.hub, width, evidence=evidence), top=top
        )

    def _show_frame(self) -> None:
        """Everything around the list: verdict, rail, next step, deliverable and signals."""
        session, hub = self.session, self.hub
        launch_ready(self).tell_notes()
        readiness = hub.readiness()
        verdict, _, after = readiness.line.partition(" Next: ")
        name = f"{session.project.product}  {session.project.domain}".strip()
        tone = "good" if readiness.ready else "bad" if readiness.blockers else "quiet"
        if hub.looking:
            verdict = f"Looking … {verdict.removeprefix('Not ready: ')}" if len(session.outcomes) else "Looking …"
        self.query_one(Top).show(name, verdict.rstrip("."), tone)
        self.query_one(Rail).show([stage_state(hub.stages[stage], session, hub) for stage in Stage])
        step, _, work = after.partition(". About ")
        left = work.removesuffix(" of work left.")
        lines = (after, f"{step}. {left} left." if work else after, f"{step}.") if after else ()
        self.query_one(Line).show(*(f"Next (t): {line}" for line in lines), *([] if lines else [""]))
        if not hub.looking or time.monotonic() - self._bearings_at > _BEARINGS_SECONDS:
            self._bearings_at = time.monotonic()
            settled = sum(check.id in session.outcomes for check in self.checks)
            sound = sum(
                session.outcomes[check.id].finding.status in (Status.PASS, Status.INFO)
                for check in self.checks
                if check.id in session.outcomes
            )
            count = f"{sound}/{len(self.checks)} sound" if settled else f"{len(self.checks)} checks"
            self.query_one(Bearings).show(count, session.deliverable(self.STAGE), session.signals(self.STAGE))

    def hints(self) -> list[Hint]:
        """What applies to the row under the cursor, the most helpful first."""
        check, finding, best = self.check(), self.finding(), self.best()
        hints = [best] if best else []
        if self.hub.looking:
            hints.append(Hint("s", "Stop", "stop"))
        elif self._unsorted():
            hints.append(Hint("w", "Worst first", "sort_rows"))
        if check is not None and finding is not None:
            done = {hint.action for hint in hints}
            if self.session.last_change(check.id) is not None:
                hints.append(Hint("u", "Undo", "undo"))
            if self.question() is not None and "answer" not in done:
                hints.append(Hint("a", "Answer", "answer"))
            if finding.status.open and value_of(finding):
                hints.append(Hint("c", "Copy", "copy"))
            if finding.status.open and finding.fix is not None and finding.fix.page:
                hints.append(Hint("o", "Open page", "open"))
            if finding.status.open or finding.status is Status.UNKNOWN:
                hints.append(Hint("e", "Ask someone", "ask"))
            if finding.evidence:
                hints.append(Hint("v", "Evidence", "evidence"))
            if "look_row" not in done:
                hints.append(Hint("r", "Look again", "look_row"))
            if finding.status.open:
                hints.append(Hint("k", "Accept risk", "accept"))
        if self.stand_matters() or self.web_host_matters():
            hints.insert(1, Hint("h", "Connect host", "connect"))
        if self.session.changes:
            hints.append(Hint("j", "Changes", "changes"))
        if not self.hub.looking:
            hints.append(Hint("g", "Look at all", "look_all"))
        hints += [Hint("i", "Signals", "app.signals"), Hint("/", "Filter", "filter"), Hint("l", "Risks", "app.risks")]
        return [*hints, Hint("m", "Map", "app.map"), Hint("d", "Addresses", "app.addresses")]

    def show_keys(self) -> None:
        last = self.STAGE is Stage.HANDOVER
        onward = Hint("x", "Export", "app.export") if last else Hint("n", "Next stage", "app.step(1)")
        self.query_one(Keys).show(self.hints(), (onward, Hint("?", "Help", "app.help")))

    # ---- keys and mouse ----
    @on(Rows.Moved)
    def _moved(self) -> None:
        self.show_detail()
        self.show_keys()

    @on(Rows.Opened)
    async def _opened(self) -> None:
        await self.action_help_on()

    @on(Rail.Chosen)
    def _chosen(self, event: Rail.Chosen) -> None:
        launch_ready(self).go(event.stage)

    def action_look_all(self) -> None:
        self.sort_rows()
        self.hub.look()

    def action_look_stage(self) -> None:
        self.sort_rows()
        self.hub.look(self.checks, group=f"look-stage-{self.STAGE}")

    def action_stop(self) -> None:
        self.hub.stop()

    def action_evidence(self) -> None:
        self._evidence = not self._evidence
        self.show_detail(top=not self._evidence)
        if self._evidence:
            self.call_after_refresh(self.query_one(Detail).reveal, "Evidence")

    def action_sort_rows(self) -> None:
        self.sort_rows()

    def action_more(self) -> None:
        self.query_one(Detail).more()

    def action_filter(self) -> None:
        self.query_one("#filter-line").display = True
        self.set_focus(self.query_one("#filter", Input))  # at once: the next key is typed, and does nothing else

    @on(Input.Changed, "#filter")
    def _filtered(self, event: Input.Changed) -> None:
        self._filter = event.value
        self.sort_rows()
        self.show_detail()
        self.show_keys()

    @on(Input.Submitted, "#filter")
    def _filter_done(self) -> None:
        self.query_one("#checks", Rows).focus()

    def _clear_filter(self) -> None:
        with self.prevent(Input.Changed):
            self.query_one("#filter", Input).value = ""
        self._filter = ""
        self.query_one("#filter-line").display = False
        self.sort_rows()

    def action_back(self) -> None:
        """Escape: out of the filter, then home."""
        if self.query_one("#filter-line").display:
            self._clear_filter()
            self.query_one("#checks", Rows).focus()
            self.show_detail()
            self.show_keys()
        else:
            launch_ready(self).action_home()
