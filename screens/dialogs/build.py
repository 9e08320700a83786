"""A clean build: the very commands and a yes to them, the log while it runs, and in words what came of it."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import ClassVar, Literal

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Button, Input, Static
from textual.worker import Worker

from launchready_tui import limits
from launchready_tui.checks import Check
from launchready_tui.checks.deploy.build_clean import judge
from launchready_tui.cleanbuild.model import PHASES, Built, Order, Progress
from launchready_tui.session import Session
from launchready_tui.sources.repo import NoRepo
from launchready_tui.system import build_limits
from launchready_tui.text import clean, clock_of, listed, plural
from screens import _page
from screens._page import Dialog
from screens._problems import PROBLEMS, told
from screens.widgets.tick import Tick

_MARKS = {"pass": "✓", "warn": "!", "fail": "✗"}


class BuildDialog(Dialog[tuple[Check, ...] | None]):
    """Comes back with the checks to look at again once something was built, or None."""

    AUTO_FOCUS: ClassVar[str | None] = "#begin"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "begin", "Build", show=False),
        Binding("s", "stop", "Stop", show=False),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__("Build it from a fresh copy")
        self._session = session
        self._order: Order | None = None
        self._worker: Worker[None] | None = None
        self.phase: Literal["ask", "runs", "stopping", "done", "stopped"] = "ask"
        self.built: Built | None = None

    def body(self) -> ComposeResult:
        yield Static(
            Content(
                "We clone what is committed into a temporary folder and run these commands there, with the variables "
                "of the example file only. They run as you, on this machine: it is a fresh start and no sandbox. It is "
                f"ended after {limits.BUILD_SECONDS / 60:.0f} minutes, and the folder goes."
            ),
            id="lead",
            classes="lead",
        )
        yield from _page.field("install", "Install", "", "(nothing to install)")
        yield from _page.field("build", "Build", "", "(the command that builds it)")
        yield Tick("It may use the network (packages are fetched from it)", value=True, id="network", compact=True)
        yield Static(id="given", classes="quiet")
        yield Static(id="how")
        yield Static(id="log")

    def buttons(self) -> ComposeResult:
        yield Button("Yes, run it", id="begin", variant="primary")
        yield Button("Stop (s)", id="stop", variant="warning")
        yield Button("Not now", id="cancel")

    def on_mount(self) -> None:
        self.query_one("#stop").display = False
        self.query_one("#log").display = False
        self._ask()

    @work(exclusive=True, group="order")
    async def _ask(self) -> None:
        """What would run, as the folder says."""
        try:
            order = await self._session.build_order()
        except PROBLEMS as problem:
            self.problem(told(problem))
            return
        if isinstance(order, NoRepo):
            self.problem(f"We could not read your code folder: {order.say}.")
            self.query_one("#begin", Button).disabled = True
            return
        self._order = order
        self.query_one("#install", Input).value = order.install
        self.query_one("#build", Input).value = order.build
        where = f"In the folder {order.folder}. " if order.folder else ""
        given = f"Variables from {listed(list(order.examples))}." if order.examples else "There is no example file."
        self.query_one("#given", Static).update(Content(clean(f"{where}{given} {build_limits()}".strip())))

    # ---- keys ----
    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "begin":
            self.action_begin()
        elif event.button.id == "stop":
            self.action_stop()

    def action_begin(self) -> None:
        if self.phase != "ask" or self._order is None:
            return
        install, build = self.value("install"), self.value("build")
        if not install and not build:
            self.problem("Give the command that builds your product.")
            self.query_one("#build", Input).focus()
            return
        given = self._order.given or (install, build) != (self._order.install, self._order.build)
        network = self.query_one("#network", Tick).value
        order = replace(self._order, install=install, build=build, network=network, given=given)
        try:
            for _, command in order.commands:
                self._session.no_secret(command)
        except PROBLEMS as problem:
            self.problem(told(problem))
            return
        self.problem("")
        self._turn("runs")
        self._worker = self._run(order)

    def action_stop(self) -> None:
        if self.phase == "runs" and self._worker is not None:
            self._turn("stopping")
            self._worker.cancel()

    def action_cancel(self) -> None:
        """Escape: while it runs, it is stopped first."""
        if self.phase in ("runs", "stopping"):
            self.action_stop()
            return
        self.dismiss(self._session.build_checks() if self.built is not None else None)

    # ---- showing ----
    def _turn(self, phase: Literal["runs", "stopping", "done", "stopped"]) -> None:
        self.phase = phase
        running = phase in ("runs", "stopping")
        for field in self.query(".field"):
            field.display = False
        for id in ("#lead", "#network", "#given", "#begin"):
            self.query_one(id).display = False
        self.query_one("#log").display = True
        self.query_one("#stop").display = running
        self.query_one("#cancel", Button).display = not running
        self.query_one("#cancel", Button).label = Content("Close")
        self.query_one("#stop" if running else "#cancel", Button).focus()
        if phase == "stopping":
            self._how("Stopping, and taking the folder away …")

    def _how(self, sentence: str) -> None:
        self.query_one("#how", Static).update(Content(sentence))

    def _lines(self, lines: tuple[str, ...]) -> None:
        room = max(4, self.app.size.height - 11)
        self.query_one("#log", Static).update(Content("\n".join(lines[-room:])))

    # ---- running ----
    @work(exclusive=True, group="build")
    async def _run(self, order: Order) -> None:
        try:
            async with aclosing(self._session.clean_build(order)) as events:
                async for event in events:
                    if isinstance(event, Progress):
                        self._show(event)
                    else:
                        self.built = event
        except PROBLEMS as problem:
            self.problem(told(problem))
        finally:
            if self.is_attached:
                self._end()

    def _show(self, at: Progress) -> None:
        if self.phase != "runs":
            return
        command = f": {at.command}" if at.command else " what is committed"
        counts = f"{plural(at.lines, 'line')}, {plural(at.warnings, 'warning')}"
        self._how(clean(f"{PHASES[at.phase]}{command}   {clock_of(at.seconds)}, {counts}"))
        self._lines(at.tail)

    def _end(self) -> None:
        if self.built is None:
            self._turn("stopped")
            self._how("Stopped. Nothing of it runs any more, and its folder is gone.")
            return
        self._turn("done")
        finding = judge(self.built, self.built.commit, {})
        self._how(f"{_MARKS.get(finding.status.value, '?')} {finding.saw}")
        self._lines(self.built.tail)
