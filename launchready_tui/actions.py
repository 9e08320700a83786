"""What is to be done after the launch, and by when. `handover/actions.py` suggests; a person agrees or moves it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from launchready_tui.text import clean

# The three that every handover has (catalogue, handover.actions.next): action id -> what it is called in a sentence.
ALWAYS = {
    "dmarc-step-up": "the DMARC step-up",
    "secret-rotation": "the secret rotation",
    "restore-test": "the restore test",
}


@dataclass(frozen=True, slots=True)
class NextAction:
    """One thing to do. `id` is stable across suggestions; `due` is None where nobody set a day; `who` may be empty."""

    id: str
    what: str
    who: str = ""
    due: dt.date | None = None
    done: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", clean(self.id, limit=120))
        object.__setattr__(self, "what", clean(self.what))
        object.__setattr__(self, "who", clean(self.who, limit=120))


class NextActions:
    """The next actions of a project, for the check that counts them."""

    needs = "your next actions"

    def __init__(self, actions: Iterable[NextAction] = ()) -> None:
        self._actions = tuple(actions)

    def all(self) -> tuple[NextAction, ...]:
        return self._actions
