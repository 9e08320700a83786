"""The risk list: every open finding of every stage, the worst first, one line a fault. Enter opens it."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Button, Static

from launchready_tui.model import Status
from launchready_tui.risks import Risk
from launchready_tui.text import minutes
from screens._page import Dialog
from screens.widgets.rail import NAMES
from screens.widgets.rows import Row, Rows


def risk_row(risk: Risk) -> Row:
    """One risk in one line: how bad, what we saw, how long it takes."""
    glyph = {Status.FAIL: "✗", Status.WAITING: "…"}.get(risk.status, "!")
    tone = "bad" if risk.blocks else "quiet" if risk.accepted else "poor"
    word = "accepted" if risk.accepted else risk.severity.value.upper() if risk.status is Status.FAIL else "improve"
    return Row(risk.cause, glyph, word, tone, risk.line, risk.status_note, minutes(risk.minutes))


class RisksDialog(Dialog[Risk | None]):
    """Comes back with the risk to open."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "open", "Open", show=False)]

    def __init__(self, risks: tuple[Risk, ...]) -> None:
        blocking = sum(risk.blocks for risk in risks)
        keep = f"{blocking} {'keeps' if blocking == 1 else 'keep'} you from being ready"
        super().__init__(f"Risks: {len(risks)} open, {keep}" if risks else "Risks: none")
        self._risks = {risk.cause: risk for risk in risks}

    def body(self) -> ComposeResult:
        yield Rows(id="risks", empty="Nothing is open that we know of.")
        yield Static(id="risk")

    def buttons(self) -> ComposeResult:
        if self._risks:
            yield Button("Open", id="open", variant="primary")
        yield Button("Close", id="cancel")

    def on_mount(self) -> None:
        rows: list[Row] = []
        for title, these in (
            ("These keep you from being ready", [risk for risk in self._risks.values() if risk.blocks]),
            ("These can wait", [risk for risk in self._risks.values() if not risk.blocks and not risk.accepted]),
            ("Accepted, by name", [risk for risk in self._risks.values() if risk.accepted]),
        ):
            if these:
                rows.append(Row(f"heading-{title}", title=title, heading=True))
                rows += [risk_row(risk) for risk in these]
        self.query_one(Rows).show(rows)

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        risk = self._risks.get(event.id)
        if risk is not None:
            who = f"{risk.who}, about" if risk.who else "About"
            note = f" {risk.status_note[:1].upper()}{risk.status_note[1:]}." if risk.status_note else ""
            self.query_one("#risk", Static).update(
                Content.assemble(
                    (f"{NAMES[risk.stage]}: ", "bold"),
                    f"{risk.line}\n{risk.consequence}\n",
                    (f"{who} {minutes(risk.minutes)}.{note}", "$foreground-muted"),
                )
            )

    @on(Rows.Opened)
    def _opened(self) -> None:
        self.action_open()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "open":
            self.action_open()

    def action_open(self) -> None:
        self.dismiss(self._risks.get(self.query_one(Rows).current or ""))
