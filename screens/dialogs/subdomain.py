"""What is planned for one subdomain: needed now, later, or to be removed."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import RadioSet, Static

from launchready_tui.subdomains import WHENS, Planned, When
from screens import _page
from screens._page import SaveDialog
from screens._written import planned_words
from screens.widgets.choice import Choice

_LABELS: dict[When, str] = {
    "now": "Needed now",
    "later": "Needed later: it can wait until after the launch",
    "remove": "Not needed: its records can go",
}


@dataclass(frozen=True, slots=True)
class Choose:
    """What somebody decided."""

    when: When
    why: str
    who: str


class SubdomainDialog(SaveDialog[Choose | None]):
    """Comes back with the decision, or None."""

    def __init__(self, planned: Planned, *, who: str = "") -> None:
        super().__init__("Is this subdomain needed?")
        self._planned, self._who = planned, who or planned.who

    def body(self) -> ComposeResult:
        yield Static(Content.assemble(planned_words(self._planned)), classes="lead")
        with RadioSet(id="choice", compact=True):
            for when in WHENS:
                yield Choice(Content(_LABELS[when]), value=self._planned.when == when)
        yield from _page.field("why", "Why", self._planned.why if self._planned.who else "", "our help pages run there")
        yield from _page.field("who", "Said by", self._who, "your name")

    def action_save(self) -> None:
        pressed = self.query_one("#choice", RadioSet).pressed_index
        if pressed < 0:
            self.problem("Choose one: now, later, or not at all.")
            self.query_one("#choice", RadioSet).focus()
            return
        who = self.need("who", "Say who decided: a name that the team knows.")
        if who is not None:
            self.dismiss(Choose(WHENS[pressed], self.value("why"), who))
