"""clean() is the one door: nothing that a terminal acts on, and nothing hidden, comes through."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.model import Evidence, Finding, Fix, Status
from launchready_tui.text import clean, listed, minutes, plural


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain", "plain"),
        ("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇"),
        ("\x9b31m", "«U+009B»31m"),
        ("a\x00b", "a␀b"),
        ("\u202eevil", "«U+202E»evil"),
        ("two\nlines\tand tab", "two lines and tab"),
        ("zero\u200bwidth", "zero«U+200B»width"),
        ("漢字 ü 👋", "漢字 ü 👋"),
        (b"\xff\xfebytes", "\ufffd\ufffdbytes"),
        ("\ud800lone", "\ufffdlone"),
        ("[@click=app.quit]x[/]", "[@click=app.quit]x[/]"),
    ],
)
def test_clean(raw: str | bytes, shown: str) -> None:
    assert clean(raw) == shown


def test_lines_stay_where_they_are_wanted() -> None:
    assert clean("a\nb\r", lines=True) == "a\nb␍"


def test_a_flood_is_cut() -> None:
    assert clean("x" * 5_000, limit=10) == "x" * 10 + "…"
    assert len(clean(b"x" * 50_000_000, limit=10)) == 11


@given(st.text() | st.binary())
def test_nothing_that_acts_comes_through(raw: str | bytes) -> None:
    shown = clean(raw)
    assert all(unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for char in shown)
    shown.encode("utf-8")


def test_findings_clean_what_they_are_made_of() -> None:
    finding = Finding(Status.FAIL, "saw \x1b[2J", Fix("steps", "say\x07"), (Evidence("TXT \x1b", "a\x1bb"),), "s\u202e")
    said = [finding.saw, finding.subject, finding.evidence[0].text, finding.evidence[0].source]
    assert not any("\x1b" in text or "\u202e" in text for text in said)
    assert finding.fix is not None
    assert finding.fix.say == "say␇"


def test_counting_words() -> None:
    assert plural(1, "record") == "1 record"
    assert plural(1200, "look-up") == "1,200 look-ups"
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(list("abcdefgh"), most=2) == "a, b and 6 more"
    assert minutes(5) == "5 min"
    assert minutes(100) == "1 h 40 min"
    assert minutes(120) == "2 h"
