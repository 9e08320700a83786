"""Whether a key was given away in words, as people say."""

from __future__ import annotations

import datetime as dt

import pytest

from launchready_tui.model import Status
from launchready_tui.secretlist import KeptSecret, SecretList
from tests.world import Row, World, hold, said

HOSTILE = "\x1b]52;c;eA==\x07\u202eevil[@click=app.quit]x[/]"
SEEN = KeptSecret("STRIPE_KEY", exposed=dt.date(2026, 11, 1), how="it was in a chat")
RENEWED = KeptSecret("STRIPE_KEY", exposed=dt.date(2026, 11, 1), rotated_on=dt.date(2026, 11, 2))


def world(choice: str, *kept: KeptSecret, days_ago: float = 1, who: str = "Ada") -> World:
    return World(answers=(said("secrets.shared", choice, days_ago=days_ago, who=who),), more=(SecretList(kept),))


TABLE: dict[str, list[Row]] = {
    "audit.secrets.chat": [
        Row("never", world("no"), Status.PASS, "No key was ever sent to anybody (Ada, 23 Nov 2026)"),
        Row("made new", world("replaced"), Status.PASS, "made new since"),
        Row("made new, as the list says", world("replaced", RENEWED), Status.PASS),
        Row("made new, but not by the list", world("replaced", SEEN), Status.FAIL, "by your list STRIPE_KEY was not"),
        Row("sent", world("yes"), Status.FAIL, "not made new since"),
        Row("nobody said", World(), Status.UNKNOWN, "your answer"),
        Row("does not know", world("unknown"), Status.UNKNOWN, "your answer"),
        Row("long ago", world("no", days_ago=900), Status.UNKNOWN, "so we ask again"),
        Row("hostile", world("yes", who=HOSTILE), Status.FAIL, hostile=True),
    ]
}


@pytest.mark.parametrize("row", TABLE["audit.secrets.chat"], ids=lambda row: row.label)
async def test_table(row: Row) -> None:
    await hold("audit.secrets.chat", row)
