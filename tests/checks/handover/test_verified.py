"""Somebody who received the handover has tried it."""

from __future__ import annotations

import datetime as dt

import pytest

from launchready_tui.driftlook import ExportNote, Handed, WordNote
from launchready_tui.model import Status
from tests.world import Row, World, hold

AT = dt.datetime(2026, 11, 3, 9, 0, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
FIRST, SECOND = ExportNote(AT, "/exports", "a" * 64), ExportNote(LATER, "/exports", "b" * 64)


def word(sha256: str = "a" * 64, name: str = "Grace", result: str = "equal") -> WordNote:
    return WordNote(name, LATER, sha256, result, "one two three four five six")


def world(*words: WordNote, exports: tuple[ExportNote, ...] = (FIRST,), section: bool = True) -> World:
    return World(more=(Handed(exports, words, section),))


TABLE: dict[str, list[Row]] = {
    "handover.runbook.verify": [
        Row("run and signed", world(word()), Status.PASS, "Grace verified the handover on 20 Nov 2026"),
        Row("with drift", world(word(result="drift")), Status.PASS, "Some of it was not as the file says"),
        Row(
            "an older file",
            world(word(), exports=(FIRST, SECOND)),
            Status.PASS,
            "That was the file of 3 Nov 2026; a newer one was written on 20 Nov 2026",
        ),
        Row("another file", world(word("c" * 64)), Status.WARN, "Grace verified another file"),
        Row("written, not run", world(), Status.WARN, "nobody who received it has verified it"),
        Row("not exported", world(exports=()), Status.INFO, "x exports it, y verifies it"),
        Row("an old export without a digest", world(word(""), exports=(ExportNote(AT, "/x"),)), Status.WARN, "nobody"),
        Row("no section", world(section=False), Status.FAIL, "does not say how anybody can see"),
        Row("not asked", World(), Status.UNKNOWN, "a handover"),
        Row("hostile name", world(word(name="\x1b[2J\u202e[/]")), Status.PASS, hostile=True),
    ]
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)
