"""One system: whose service it is, who owns it, who can stand in, and when that was last proved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from launchready_tui.ownerform import TEXTS, BadOwner, asked, filled, shown
from launchready_tui.owners import LABELS, Owner
from launchready_tui.session.owning import Proposed
from launchready_tui.text import clean, listed
from screens import _page
from screens._page import SaveDialog
from screens._words import now
from screens.widgets.tick import Tick

FIELD_LABELS = {name: label for name, label, _ in TEXTS}


def proposal_line(owner: Owner, proposals: Iterable[Proposed], none: str) -> str:
    """What was seen and is not written down yet, in one line: what fills an empty field, and what says otherwise."""
    known = shown(owner)
    fills = [f"{FIELD_LABELS[one.field]} ({one.by})" for one in proposals if not known[one.field]]
    other = [f"{one.by} says {one.text}" for one in proposals if known[one.field]]
    said = [f"Proposed, as we saw it: {listed(fills)}. Save keeps it; change what is wrong."] if fills else []
    said += [f"Look again at this: {listed(other)}."] if other else []
    said += [f"We saw none ({none}); if that is right, tick the last box."] if none and not owner.told else []
    return clean(" ".join(said))


class OwnerDialog(SaveDialog[Owner | None]):
    """Comes back with the owner as it is to be stored. `kept` says where that is; `proposals` fill what is empty."""

    AUTO_FOCUS: ClassVar[str | None] = "#owner"

    def __init__(self, owner: Owner, kept: str, proposals: tuple[Proposed, ...] = (), none: str = "") -> None:
        super().__init__(f"Who owns it: {LABELS[owner.system]}")
        self._owner, self._kept, self._proposals, self._none = owner, kept, proposals, none

    def body(self) -> ComposeResult:
        owner, (texts, ticks) = self._owner, asked(self._owner.system)
        line = proposal_line(owner, self._proposals, self._none)
        if line:
            yield Static(Content(line), classes="lead", id="proposed")
        proposed = {one.field: one.text for one in reversed(self._proposals)}
        for name, text in shown(owner).items():
            proposed[name] = text or proposed.get(name, "")
        for name, label, hint in texts:
            yield from _page.field(name, label, proposed[name], hint)
        for name, label in ticks:
            yield Tick(Content(label), bool(getattr(owner, name)), id=name, compact=True)
        kept = self._kept if self._kept[:1].isupper() else f"Kept {self._kept}"
        kept = f"{kept.rstrip('.')}. " if self._kept else ""
        yield Static(Content(f"{kept}No password and no code goes in here."), classes="quiet")

    def action_save(self) -> None:
        texts, ticks = asked(self._owner.system)
        try:
            owner = filled(
                self._owner,
                {name: self.value(name) for name, _, _ in texts},
                {name: self.query_one(f"#{name}", Tick).value for name, _ in ticks},
                now().astimezone().date(),
            )
        except BadOwner as bad:
            self.problem(bad.sentence)
            for field in self.query(f"#{bad.field}").results(Input):
                field.focus()
            return
        self.dismiss(owner)
